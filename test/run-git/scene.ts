/** Somebody with an account, and with everything that would win over it. */
import { readdirSync } from "node:fs";
import type { LogEntry } from "../../emulator/index.ts";
import { plantAccount, plantList } from "../helper/accounts.ts";
import { type EmulatedSandbox, type Ran, type RunOptions, type Snapshot, withEmulator } from "../sandbox.ts";

/** `ana` has an account with the API token that works. */
export async function withAccount(): Promise<EmulatedSandbox> {
  const box = await withEmulator();
  plantList(box, plantAccount(box, "ana", box.emulator.secret("api-token")));
  return box;
}

export function run(box: EmulatedSandbox, words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return box.rekey(["run", "--", "git", ...words], options);
}

/** A clone in `site`, made with the token in a way that leaves nothing. */
export async function cloneSite(
  box: EmulatedSandbox,
  url = "https://bitbucket.org/acme/site.git",
): Promise<void> {
  const { code, stderr } = await run(box, ["clone", "--quiet", url, "site"]);
  if (code !== 0) throw new Error(stderr);
  box.emulator.clearLog();
}

/** For a name in the URL curl first tries an empty password, which nobody issued. */
export const CURLS_OWN_TRY = "unknown";

/** What signed in, or tried to: each credential once. */
export function credentialsSeen(box: EmulatedSandbox): string[] {
  const shown = box.emulator.log.filter(({ how }) => how !== "none");
  return [...new Set(shown.map(({ credential }: LogEntry) => credential ?? ""))].sort();
}

/** Everything in the home folder but the clone, which git works in. */
export function belongings(box: EmulatedSandbox): Snapshot {
  return box.snapshot(box.home, (path) => /^(?:site|copy|\.cache)(?:\/|$)/.test(path));
}

/** What runs left in the folder for temporary files. */
export function leftovers(box: EmulatedSandbox): string[] {
  return readdirSync(box.env.TMPDIR ?? "").filter((name) => name.startsWith("git-rekey-"));
}

/** A hook that does this, in `site`. */
export function plantHook(box: EmulatedSandbox, name: string, body: string): void {
  box.write(`site/.git/hooks/${name}`, `#!/bin/sh\n${body}\n`, 0o755);
}

/** A commit in `site` to push. */
export async function commit(box: EmulatedSandbox, file = "new.txt", text = "new\n"): Promise<void> {
  box.write(`site/${file}`, text);
  await box.git(["add", "--all"], { cwd: "site" });
  await box.git(["commit", "--quiet", "--message", "New"], { cwd: "site" });
}
