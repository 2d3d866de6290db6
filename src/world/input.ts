import { readSync } from "node:fs";
import { pause } from "./pause.ts";

/** In bytes. Git's own limit for a line is 64 KiB; nobody has as many lines. */
const MOST = 1_048_576;

function readSome(into: Uint8Array): number {
  for (;;) {
    try {
      return readSync(0, into);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Windows says so at the end of a pipe.
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      pause();
    }
  }
}

/**
 * All that comes on stdin, as text; at once and in place, because loading `process.stdin` or `Bun.stdin` takes longer
 * than all else that the credential helper does. What is beyond a megabyte is heard and forgotten.
 */
export function readInput(): string {
  const part = Buffer.allocUnsafe(65_536);
  const parts: Buffer[] = [];
  for (let count = readSome(part), size = 0; count > 0; count = readSome(part)) {
    if (size < MOST) parts.push(Buffer.from(part.subarray(0, count)));
    size += count;
  }
  const [only, more] = parts;
  return (more === undefined ? (only ?? part.subarray(0, 0)) : Buffer.concat(parts)).toString("utf8");
}
