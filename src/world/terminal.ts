import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { TypedLine } from "./typed-line.ts";

/** Thrown when a person presses Ctrl-C or ends the input at a question. Nothing has been changed by then. */
export class Cancelled extends Error {
  override name = "Cancelled";
}

const TERMINAL = "/dev/tty";

/** What would leave the terminal mute if it ended us in the middle of a question. */
const ENDINGS = ["SIGTERM", "SIGHUP", "SIGINT"] as const;

/** How long to wait for the next key before looking again, in milliseconds: nobody notices. */
const NEXT_KEY = 15;

/** How long the rest of a paste may take to arrive, in milliseconds. */
const REST_OF_PASTE = 30;

/**
 * Forgets what was typed before it was asked for: nobody has agreed to a question that was not there yet, and what
 * follows the line end of a pasted token must not end up in the shell, on the screen.
 */
function forgetTyped(): void {
  const terminal = openSync(TERMINAL, constants.O_RDONLY | constants.O_NONBLOCK);
  const scrap = Buffer.alloc(4096);
  try {
    while (readSync(terminal, scrap) > 0);
  } catch {
    // EAGAIN: there is no more.
  }
  scrap.fill(0);
  closeSync(terminal);
}

/**
 * Zero when the terminal is gone, or nobody wants an answer any more. It looks again and again, because a read that
 * waits cannot be called off, and the process would live until somebody types.
 */
async function readSome(terminal: number, into: Buffer, wanted: AbortSignal): Promise<number> {
  while (!wanted.aborted) {
    try {
      return readSync(terminal, into);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return 0;
    }
    await new Promise((done) => setTimeout(done, NEXT_KEY));
  }
  return 0;
}

/** Reads keys until they make a line. Plain reads, because a second `ReadStream` of one process hears nothing in Bun. */
async function readKeys(
  terminal: number,
  from: number,
  hidden: boolean,
  wanted: AbortSignal,
): Promise<string> {
  const typed = new TypedLine();
  const decoder = new TextDecoder();
  const keys = Buffer.alloc(4096);
  while (typed.state === "open") {
    const count = await readSome(from, keys, wanted);
    if (count === 0) throw new Cancelled();
    const echo = typed.push(decoder.decode(keys.subarray(0, count), { stream: true }));
    if (!hidden && echo !== "") writeSync(terminal, echo);
  }
  keys.fill(0);
  if (typed.state === "cancelled") throw new Cancelled();
  return typed.line;
}

async function readLine(terminal: number, hidden: boolean, wanted: AbortSignal): Promise<string> {
  const from = openSync(TERMINAL, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return await readKeys(terminal, from, hidden, wanted);
  } finally {
    closeSync(from);
  }
}

async function ask(question: string, hidden: boolean): Promise<string> {
  // Brings along Node's streams, which take longer to load than anything else here; most commands never ask.
  const { ReadStream } = await import("node:tty");
  const terminal = openSync(TERMINAL, "r+");
  const modes = new ReadStream(terminal);
  const ended = new AbortController();
  const endedBy = (signal: NodeJS.Signals) => {
    modes.setRawMode(false);
    process.off(signal, endedBy);
    // Whoever hangs up has given no answer; what was changed so far is put back as after any other no.
    if (signal !== "SIGHUP") process.kill(process.pid, signal);
    // Somebody else may have heard it, and puts things back before we end.
    ended.abort();
  };
  // Before the question is shown: from its first letter on, nothing that is typed is echoed by the terminal itself.
  modes.setRawMode(true);
  for (const signal of ENDINGS) process.on(signal, endedBy);
  try {
    forgetTyped();
    writeSync(terminal, question);
    return await readLine(terminal, hidden, ended.signal);
  } finally {
    if (hidden) {
      await new Promise((done) => setTimeout(done, REST_OF_PASTE));
      forgetTyped();
    }
    writeSync(terminal, "\n");
    modes.setRawMode(false);
    for (const signal of ENDINGS) process.off(signal, endedBy);
    modes.destroy();
  }
}

/** A line that is shown while it is typed. */
export function askLine(question: string): Promise<string> {
  return ask(question, false);
}

/** A line of which nothing is shown, neither characters nor their number. */
export function askHidden(question: string): Promise<string> {
  return ask(question, true);
}

/** All of stdin as text; for tokens that come through a pipe. At most 64 KiB: no token is longer. */
export async function readStdin(limit = 65_536): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of process.stdin) {
    parts.push(part as Uint8Array);
    size += (part as Uint8Array).length;
    if (size > limit) break;
  }
  return Buffer.concat(parts).toString("utf8");
}
