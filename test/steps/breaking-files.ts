/** Files that fail, or take the whole process with them, at a chosen change. */
import { FileError, type WriteFiles } from "../../src/world/ports.ts";

/** The end of a simulated process: from here on nothing reaches the disk, clean-up included. */
export class Crash extends Error {
  override name = "Crash";
}

const CHANGES = [
  "create",
  "append",
  "link",
  "rename",
  "remove",
  "makeFolder",
  "createFolder",
  "removeFolder",
  "setMode",
  "setOwner",
] as const;

type Change = (typeof CHANGES)[number];

/** Calls `before` in front of every change; what it throws comes instead of the change. */
export function watchChanges(
  files: WriteFiles,
  before: (count: number, name: Change, path: string) => void,
): WriteFiles {
  let count = 0;
  const watched: Record<string, unknown> = { ...files };
  for (const name of CHANGES) {
    const real = files[name] as (...args: unknown[]) => unknown;
    watched[name] = (...args: unknown[]) => {
      before(++count, name, String(name === "link" || name === "rename" ? args[1] : args[0]));
      return real(...args);
    };
  }
  return watched as unknown as WriteFiles;
}

/** The process dies right before change number `at`. */
export function crashAt(files: WriteFiles, at: number): WriteFiles {
  return watchChanges(files, (count) => {
    if (count >= at) throw new Crash();
  });
}

/** Change number `at` fails; with `forGood` every later one too. */
export function failAt(files: WriteFiles, at: number, code: string, forGood = false): WriteFiles {
  return watchChanges(files, (count, _, path) => {
    if (count === at || (forGood && count > at)) throw new FileError(code, path, code);
  });
}
