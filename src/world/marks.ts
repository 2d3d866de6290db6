/** Small remarks for later, which may be lost: no sync, no lock, and no failure is worth a word. */
import {
  appendFileSync,
  closeSync,
  constants,
  futimesSync,
  mkdirSync,
  openSync,
  readFileSync,
  type Stats,
  statSync,
  unlinkSync,
} from "node:fs";
import { dirname } from "node:path";

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;

/** In bytes; beyond that nobody learns more from one more line. */
const MOST = 4096;

function open(path: string): number {
  // A pipe in its place would hold Git up until somebody reads from it. Windows has neither flag.
  const flags = O_APPEND | O_CREAT | O_WRONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0);
  try {
    return openSync(path, flags, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, flags, 0o600);
  }
}

function withOpen(path: string, use: (file: number) => void): void {
  try {
    const file = open(path);
    try {
      use(file);
    } finally {
      closeSync(file);
    }
  } catch {
    // A full or read-only disk: the answer that was given is right all the same.
  }
}

/** Sets the time of a file, which is made where it is missing. `at` in milliseconds. */
export function touch(path: string, at: number): void {
  withOpen(path, (file) => futimesSync(file, at / 1000, at / 1000));
}

/** Adds a line in one write, which other processes' lines do not come between. */
export function addMark(path: string, line: string): void {
  withOpen(path, (file) => {
    if ((statsOf(path)?.size ?? 0) < MOST) appendFileSync(file, `${line}\n`);
  });
}

function statsOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

/** When a file was last touched, in milliseconds; null where it is not there or cannot be looked at. */
export function touchedAt(path: string): number | null {
  return statsOf(path)?.mtimeMs ?? null;
}

/** The lines added to a file; none where it is not there or cannot be read. */
export function marksIn(path: string): string[] {
  // Usually there is none, and an exception would take longer than the look.
  const stats = statsOf(path);
  if (stats === null || !stats.isFile() || stats.size > 2 * MOST) return [];
  try {
    return readFileSync(path, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

export function removeMark(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is not there, which is as well.
  }
}
