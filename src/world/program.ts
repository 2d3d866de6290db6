import type { ProgramResult } from "./ports.ts";

/** In bytes; more than any token. */
const MOST = 65_536;

/** Milliseconds, twice: on a machine that stood still, what was written is read between the two. */
const AFTER_ITS_END = 100;

/** Resolves when a program that has ended can have nothing more to say: who still holds its pipe is another, that stays. */
function silenceAfter(ended: Promise<unknown>): { silence: Promise<void>; cancel(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (next: () => void) => {
    timer = setTimeout(next, AFTER_ITS_END);
  };
  void ended.then(() => wait(() => wait(resolve)));
  return { silence: promise, cancel: () => clearTimeout(timer) };
}

/** What comes until the end, too much of it, or `enough`. */
async function readUntil(stream: ReadableStream<Uint8Array>, enough: Promise<void>): Promise<string> {
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  for (let size = 0; size <= MOST; ) {
    const read = await Promise.race([reader.read(), enough]);
    if (!read || read.done) break;
    parts.push(read.value);
    size += read.value.length;
  }
  void reader.cancel();
  return Buffer.concat(parts).toString("utf8");
}

/**
 * The real `RunProgram`. Whatever the program started is ended with it when the time is up. What it left running when
 * it ended by itself (a password manager's daemon) may run on, and is not waited for.
 */
export async function runProgram(
  argv: readonly string[],
  cwd: string,
  timeout: number,
): Promise<ProgramResult | null> {
  let child: Bun.Subprocess<"ignore", "pipe", "ignore">;
  try {
    child = Bun.spawn([...argv], { cwd, stdin: "ignore", stdout: "pipe", stderr: "ignore" });
  } catch {
    return null;
  }
  let timedOut = false;
  const timer = setTimeout(async () => {
    timedOut = true;
    const { endTree } = await import("./process-tree.ts");
    endTree(child.pid);
  }, timeout);
  const { silence, cancel } = silenceAfter(child.exited);
  const stdout = await readUntil(child.stdout, silence);
  await child.exited;
  cancel();
  clearTimeout(timer);
  return { code: child.exitCode, stdout, timedOut };
}
