/** Somebody with a repository of `acme/site`, and what they do with tokens. */
import { type AccountList, NO_ACCOUNTS } from "../../src/core/account.ts";
import { ACCOUNTS_FILE } from "../helper/accounts.ts";
import { type EmulatedSandbox, type Ran, type RunOptions, type Sandbox, withEmulator } from "../sandbox.ts";

export const TOKENS = ".local/share/git-rekey/tokens";

export async function somebody(): Promise<EmulatedSandbox> {
  const box = await withEmulator();
  await box.git(["init", "--quiet", "--initial-branch=main", "site"]);
  await box.git(["-C", "site", "remote", "add", "origin", "https://ana@bitbucket.org/acme/site.git"]);
  return box;
}

export function token(box: Sandbox, argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return box.rekey(["token", ...argv], { cwd: "site", ...options });
}

/** Adds the credential of that label as a person's script would. */
export function addToken(box: EmulatedSandbox, label: string, ...more: string[]): Promise<Ran> {
  const argv = ["add", "--yes", "--store", "file", "--expires", "90d", ...more];
  return token(box, argv, { stdin: `${box.emulator.secret(label)}\n` });
}

export function listIn(box: Sandbox): AccountList {
  return box.exists(ACCOUNTS_FILE) ? JSON.parse(box.read(ACCOUNTS_FILE)) : NO_ACCOUNTS;
}

/** `token expiring` and the like count days from today, UTC. */
export function day(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** What helper and list would find: all but receipts, backups and what Bun keeps. */
export function kept(box: Sandbox) {
  return box.snapshot(box.home, (path) => path.startsWith(".local/state") || path.startsWith(".cache"));
}
