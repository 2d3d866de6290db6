/** Small text files that a stranger may have put there: never a pipe, never a disk full. */
import { type ConfigTextEntry, readConfigText } from "../formats/git-config.ts";
import { FileError, type ReadFiles } from "../world/ports.ts";

/** No configuration that a person or a program has written is larger. In bytes. */
const MOST = 4 * 2 ** 20;

/** What a file holds; null where there is none, or it may not or should not be read. Links are followed. */
export function readSmall(files: ReadFiles, path: string): Uint8Array | null {
  try {
    const real = files.resolve(path);
    const facts = real === null ? null : files.facts(real);
    return real !== null && facts?.kind === "file" && facts.size <= MOST ? files.read(real) : null;
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

/** The entries of a Git configuration file; null where there is none that Git could read. They can hold secrets. */
export function readSmallConfig(files: ReadFiles, path: string): readonly ConfigTextEntry[] | null {
  const bytes = readSmall(files, path);
  const config = bytes === null ? null : readConfigText(bytes);
  return config?.ok ? config.entries : null;
}

/** Its first line; null where there is none. */
export function readLine(files: ReadFiles, path: string): string | null {
  const bytes = readSmall(files, path);
  return bytes === null ? null : (Buffer.from(bytes).toString("utf8").split(/\r?\n/, 1)[0] ?? null);
}
