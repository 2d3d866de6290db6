/** Child processes that end with the emulator, in an environment without the user's Git configuration. */
import { devNull } from "node:os";
import type { Subprocess } from "bun";

type Child = Subprocess<"pipe", "pipe", "pipe">;

export interface Children {
  /** Starts `git`; ends when `signal` does. */
  git(args: readonly string[], env?: Readonly<Record<string, string>>, signal?: AbortSignal): Child;
  /** Runs `git` to its end; throws with its stderr if it fails. */
  run(args: readonly string[], input?: string): Promise<Uint8Array<ArrayBuffer>>;
  stop(): Promise<void>;
}

/** `home`: an empty folder that stands for the home of the user. */
export function makeChildren(home: string): Children {
  const alive = new Set<Child>();
  const { PATH = "", SystemRoot } = process.env;
  const base = {
    PATH,
    HOME: home,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: devNull,
    ...(SystemRoot ? { SystemRoot } : {}),
  };

  function git(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
  ): Child {
    const child = Bun.spawn(["git", ...args], {
      cwd: home,
      env: { ...base, ...env },
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    });
    alive.add(child);
    child.exited.then(() => alive.delete(child));
    signal?.addEventListener("abort", () => child.kill(), { once: true });
    return child;
  }

  async function run(args: readonly string[], input = ""): Promise<Uint8Array<ArrayBuffer>> {
    const child = git(args);
    child.stdin.write(input);
    child.stdin.end();
    const [output, errors, code] = await Promise.all([
      new Response(child.stdout).arrayBuffer(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    if (code !== 0) throw new Error(`git ${args[0]}: ${errors.trim()}`);
    return new Uint8Array(output);
  }

  async function stop(): Promise<void> {
    for (const child of alive) child.kill();
    await Promise.all([...alive].map((child) => child.exited));
  }

  return { git, run, stop };
}
