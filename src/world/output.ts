import { fstatSync, statSync, writeSync } from "node:fs";
import { pause } from "./pause.ts";

/**
 * One of the two ways out. Written to directly: the first touch of `process.stdout` loads Node's streams, which takes
 * longer than all else that a short command does.
 */
export interface Output {
  write(text: string): void;
  isTerminal: boolean;
  /** Null where nobody can say. */
  columns: number | null;
  /** Called once, when the reader turns out to be gone. */
  onUnread: (() => void) | null;
}

/**
 * Writes everything. False when the reader is gone (`| head`, a terminal that was closed): no failure of ours, and no
 * reason to leave work half done.
 */
function writeAll(descriptor: number, bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE" || code === "EIO") return false;
      if (code !== "EAGAIN") throw error;
      pause();
    }
  }
  return true;
}

/**
 * Whether a person is at the other end. Pipes, files and `/dev/null` are told by what they are, without `node:tty`,
 * which loads Node's streams as well.
 */
export function isTerminal(descriptor: 0 | 1 | 2): boolean {
  try {
    const facts = fstatSync(descriptor);
    if (!facts.isCharacterDevice() || facts.rdev === statSync("/dev/null").rdev) return false;
  } catch {
    // Closed, or a system without `/dev/null`: the slow way knows.
  }
  const { isatty } = require("node:tty") as typeof import("node:tty");
  return isatty(descriptor);
}

function columnsOf(descriptor: 1 | 2): number | null {
  const stream = descriptor === 1 ? process.stdout : process.stderr;
  return stream.columns || null;
}

/** Opens stdout (1) or stderr (2). */
export function openOutput(descriptor: 1 | 2): Output {
  const atTerminal = isTerminal(descriptor);
  let hasReader = true;
  const output: Output = {
    isTerminal: atTerminal,
    columns: atTerminal ? columnsOf(descriptor) : null,
    onUnread: null,
    write(text) {
      if (!hasReader) return;
      hasReader = writeAll(descriptor, Buffer.from(text));
      if (!hasReader) output.onUnread?.();
    },
  };
  return output;
}
