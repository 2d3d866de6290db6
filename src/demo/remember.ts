/** How Ana's Git remembers her password: in the `cache` helper's daemon where one can run, else in `store`'s file. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { gitIn, type RunGit, tell } from "./child.ts";
import { gitConfig, type Sandbox } from "./sandbox.ts";

export type Memory = "cache" | "store";

/** Longer than anybody looks at a demo: the daemon must not forget in the middle. */
const TIMEOUT = 36_000;

/** A socket's path has room for about a hundred bytes. */
const LONGEST_SOCKET = 100;

function socketOf({ env }: Sandbox): string {
  return join(env.XDG_CACHE_HOME ?? "", "git", "credential", "socket");
}

async function keep(
  run: RunGit,
  sandbox: Sandbox,
  helper: string,
  user: string,
  secret: string,
): Promise<void> {
  sandbox.write(".gitconfig", gitConfig(`[credential]\n\thelper = ${helper}\n`));
  const text = `protocol=https\nhost=bitbucket.org\nusername=${user}\npassword=${secret}\n`;
  await tell(run, sandbox, ["credential", "approve"], text);
}

/** Has Git keep the pair, as it does after somebody has typed it once. */
export async function remember(run: RunGit, sandbox: Sandbox, user: string, secret: string): Promise<Memory> {
  const socket = socketOf(sandbox);
  if (process.platform !== "win32" && Buffer.byteLength(socket) <= LONGEST_SOCKET) {
    await keep(run, sandbox, `cache --timeout=${TIMEOUT}`, user, secret);
    if (existsSync(socket)) return "cache";
  }
  await keep(run, sandbox, "store", user, secret);
  return "store";
}

/** Ends the daemon, whoever started it, and waits until it has gone. */
export async function forgetAll(sandbox: Sandbox): Promise<void> {
  const socket = socketOf(sandbox);
  if (!existsSync(socket)) return;
  await gitIn(sandbox, null)({ args: ["credential-cache", "exit"], cwd: sandbox.root });
  for (let waited = 0; existsSync(socket) && waited < 1000; waited += 20) await Bun.sleep(20);
}
