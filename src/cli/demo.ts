import { Interrupted, onStage } from "../demo/stage.ts";
import { farewell, walk } from "../demo/walk.ts";
import { Cancelled } from "../world/terminal.ts";
import { perform } from "./command.ts";
import { EXIT, Stop } from "./exit.ts";
import type { Shell } from "./shell.ts";

interface DemoFlags {
  shell: boolean;
}

/** A person reads along and can press a key. */
function isWatched(shell: Shell): boolean {
  const atTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  return atTerminal && !shell.self.env.CI;
}

async function show(shell: Shell): Promise<number> {
  const pauses = isWatched(shell);
  await onStage(shell, (stage) => walk(shell, stage, pauses));
  farewell(shell);
  return EXIT.ok;
}

/** Leaving early is no failure, but neither is it a demo that has been seen to its end. */
function cancelled(error: unknown): never {
  if (error instanceof Cancelled || error instanceof Interrupted) {
    // The terminal has written `^C` on this line.
    if (process.stderr.isTTY) process.stderr.write("\n");
    throw new Stop(EXIT.cancelled, "the demo was ended early; all that it made has been removed");
  }
  throw error;
}

/** `git rekey demo`: works on nothing of the person's. */
export async function demo(this: unknown, flags: DemoFlags): Promise<void> {
  await perform((shell) => (flags.shell ? practise(shell) : show(shell)).catch(cancelled));
}

async function practise(shell: Shell): Promise<number> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new Stop(
      EXIT.personNeeded,
      "`--shell` opens a shell for a person, and there is no terminal here",
      "`git rekey demo` needs none",
    );
  }
  const { openPractice } = await import("../demo/practice.ts");
  await onStage(shell, (stage) => openPractice(shell, stage));
  shell.err("The demo is over; all that it made has been removed.\n");
  return EXIT.ok;
}
