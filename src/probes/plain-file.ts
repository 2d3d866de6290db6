import type { ReadFiles } from "../world/ports.ts";

/**
 * The bytes of a plain file that is not larger than `most`, by links too; null for anything else. Whoever reads a pipe
 * waits for somebody to write into it, and a device may never end.
 */
export function readPlainFile(files: ReadFiles, path: string, most: number): Uint8Array | null {
  const named = files.facts(path);
  const facts = named?.kind === "symlink" ? files.facts(files.resolve(path) ?? path) : named;
  return facts?.kind === "file" && facts.size <= most ? files.read(path) : null;
}
