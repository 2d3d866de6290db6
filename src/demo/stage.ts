/** What a demo plays on: an emulator, a home folder, and one way to end them both. */
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { EXIT, Stop } from "../cli/exit.ts";
import type { Shell } from "../cli/shell.ts";
import { gitIn, must, type RunGit } from "./child.ts";
import { forgetAll, type Memory, remember } from "./remember.ts";
import { openSandbox, photograph, type Sandbox } from "./sandbox.ts";

export interface Stage {
  emulator: Emulator;
  sandbox: Sandbox;
  run: RunGit;
  /** Aborted by the first signal. */
  ending: AbortSignal;
  /** Set while a shell has the terminal: a Ctrl-C is then meant for what runs in it. */
  shellIsOpen: boolean;
}

/** Thrown where a signal ended the demo. */
export class Interrupted extends Error {
  override name = "Interrupted";
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Plays on a new stage and removes all of it afterwards, whatever happens. Throws `Interrupted` after a signal. */
export async function onStage<T>(shell: Shell, play: (stage: Stage) => Promise<T>): Promise<T> {
  if (Bun.which("git") === null)
    throw new Stop(EXIT.misuse, "the demo shows real git, and there is no `git` on PATH");
  const ending = new AbortController();
  let stage: Stage | null = null;
  const interrupt = (signal: string) => {
    if (signal !== "SIGINT" || !stage?.shellIsOpen) ending.abort(new Interrupted());
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  // Nobody reads on, as after `| head`.
  shell.onUnread(() => interrupt("EPIPE"));
  const sandbox = openSandbox(shell.self.env);
  let emulator: Emulator | null = null;
  try {
    emulator = await startEmulator();
    Object.assign(sandbox.env, emulator.env);
    ending.signal.throwIfAborted();
    const run = gitIn(sandbox, ending.signal);
    stage = { emulator, sandbox, run, ending: ending.signal, shellIsOpen: false };
    return await play(stage);
  } finally {
    // One after the other and each in spite of the one before; the listeners stay until all is gone.
    await forgetAll(sandbox).catch(() => {});
    await emulator?.stop().catch(() => {});
    sandbox.remove();
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

/** What the walk through a repair begins with. */
export interface Site {
  /** The clone. */
  folder: string;
  memory: Memory;
  /** All files with settings and credentials as they are before the repair. */
  before: Map<string, Buffer>;
  /** A new API token, in a file. */
  tokenFile: string;
}

/** Clones `acme/site` the way most people have it, while app passwords still work; then they no longer do. */
export async function breakSite(stage: Stage): Promise<Site> {
  const { emulator, sandbox, run } = stage;
  emulator.switches.era = "before";
  const memory = await remember(run, sandbox, "ana", emulator.secret("app-password"));
  await must(run, {
    args: ["clone", "--quiet", "https://ana@bitbucket.org/acme/site.git"],
    cwd: sandbox.home,
  });
  emulator.switches.era = "after";
  await emulator.pushCommit("acme/site", {
    message: "Say hello",
    files: { "src/hello.html": "<h1>hello</h1>\n" },
  });
  const scopes = ["read:repository:bitbucket", "write:repository:bitbucket"];
  const token = emulator.issue({ kind: "api-token", label: NEW_TOKEN, owner: "ana", scopes });
  sandbox.write("new-token", `${token.secret}\n`);
  return {
    folder: `${sandbox.home}/site`,
    memory,
    before: photograph(sandbox.home),
    tokenFile: `${sandbox.home}/new-token`,
  };
}

/** How the emulator's log speaks of the two credentials of the walk. */
export const OLD_PASSWORD = "app-password";
export const NEW_TOKEN = "new-token";
