/** Runs one git to its end, and ends it (with all that it started) when the person has had enough. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Sandbox } from "./sandbox.ts";

export interface Ran {
  /** Null: ended by a signal, or never started. */
  code: number | null;
  /** Both outputs, in the order in which they were written. */
  text: string;
}

export interface Call {
  args: readonly string[];
  cwd: string;
  /** A file that becomes its stdin; nothing if absent. */
  stdin?: string;
  env?: Readonly<Record<string, string>>;
}

/** Starts git in the sandbox. Throws `signal.reason` when that has been aborted. */
export type RunGit = (call: Call) => Promise<Ran>;

const WINDOWS = process.platform === "win32";

/** On POSIX each child leads a group of its own, so that a helper's daemon in the making ends with it. */
function end(child: ChildProcess): void {
  try {
    if (WINDOWS || child.pid === undefined) child.kill();
    else process.kill(-child.pid, "SIGTERM");
  } catch {
    // It has ended by itself meanwhile.
  }
}

function exitOf(child: ChildProcess, signal: AbortSignal | null): Promise<number | null> {
  return new Promise((done, fail) => {
    const stop = () => end(child);
    signal?.addEventListener("abort", stop, { once: true });
    child.once("error", fail);
    child.once("exit", (code) => {
      signal?.removeEventListener("abort", stop);
      done(code);
    });
  });
}

let count = 0;

/** Makes the function that runs git. Without a signal nothing interrupts it. */
export function gitIn(sandbox: Sandbox, signal: AbortSignal | null): RunGit {
  return async ({ args, cwd, stdin, env }) => {
    signal?.throwIfAborted();
    // One file for both outputs keeps their order, and a daemon that outlives the child cannot hold it open for us.
    const file = join(sandbox.root, `output-${++count}`);
    const output = openSync(file, "w", 0o600);
    const input = stdin === undefined ? null : openSync(stdin, "r");
    try {
      const child = spawn("git", [...args], {
        cwd,
        env: { ...sandbox.env, ...env },
        stdio: [input ?? "ignore", output, output],
        detached: !WINDOWS,
      });
      const code = await exitOf(child, signal);
      signal?.throwIfAborted();
      return { code, text: readFileSync(file, "utf8") };
    } finally {
      closeSync(output);
      if (input !== null) closeSync(input);
      rmSync(file, { force: true });
    }
  };
}

/** Runs git with a text as its stdin: a secret is never an argument. */
export async function tell(
  run: RunGit,
  sandbox: Sandbox,
  args: readonly string[],
  text: string,
): Promise<Ran> {
  const stdin = join(sandbox.root, `input-${++count}`);
  writeFileSync(stdin, text, { mode: 0o600 });
  try {
    return await run({ args, cwd: sandbox.home, stdin });
  } finally {
    rmSync(stdin, { force: true });
  }
}

/** Runs git for the demo's own ends: a failure is the demo's. */
export async function must(run: RunGit, call: Call): Promise<string> {
  const { code, text } = await run(call);
  if (code !== 0) throw new Error(`git ${call.args[0]} left with ${code}: ${text.trim()}`);
  return text.trim();
}
