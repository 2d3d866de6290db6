/** Undo brings back no account whose token is gone: Git would then be left without the token that works now. */
import { join } from "node:path";
import { isTokenOf } from "../accounts/digest.ts";
import { tokensFolder } from "../accounts/folders.ts";
import type { Account } from "../core/account.ts";
import { readAccounts } from "../core/account-file.ts";
import { inKeychain } from "../core/account-steps.ts";
import { tokenName } from "../formats/accounts.ts";
import { askHelper } from "./call-helper.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Ports } from "./state-folder.ts";

function accountsIn(list: Snapshot | null): readonly Account[] {
  const read = list === null ? null : readAccounts(Buffer.from(list.bytes).toString("utf8"));
  return read?.ok ? read.list.accounts : [];
}

async function tokenAt(ports: Ports, { secret }: Account): Promise<string | null> {
  if (secret.kind === "keychain") return askHelper(ports, inKeychain(secret.name));
  const folder = tokensFolder(ports.self);
  const bytes =
    secret.kind === "file" && folder !== null ? ports.files.read(join(folder, secret.name)) : null;
  return bytes === null ? null : Buffer.from(bytes).toString("utf8").trimEnd();
}

/** What is kept elsewhere is somebody else's, who need not be asked. */
async function hasToken(ports: Ports, account: Account): Promise<boolean> {
  if (account.secret.kind === "env" || account.secret.kind === "command") return true;
  const token = await tokenAt(ports, account);
  return token !== null && (account.digest === null || isTokenOf(account, token));
}

interface ListUndone {
  now: Snapshot | null;
  target: Snapshot | null;
  /** Tokens that the run brought or put aside, where it came to its end: what was not there then need not be now. */
  moved: ReadonlySet<string> | null;
}

function isMoved({ secret }: Account, moved: ReadonlySet<string> | null): boolean {
  if (moved === null) return true;
  return (
    (secret.kind === "file" || secret.kind === "keychain") && moved.has(tokenName(secret.kind, secret.name))
  );
}

/**
 * The name of an account that the list would have again, and not its token: a run was cut off before it put the token
 * aside, for one, and that was taken away since. Asked when those tokens are back that the receipt has.
 */
export async function lostAccount(ports: Ports, { now, target, moved }: ListUndone): Promise<string | null> {
  const there = new Set(accountsIn(now).map((one) => JSON.stringify(one)));
  for (const account of accountsIn(target)) {
    const comesBack = !there.has(JSON.stringify(account)) && isMoved(account, moved);
    if (comesBack && !(await hasToken(ports, account))) return account.name;
  }
  return null;
}
