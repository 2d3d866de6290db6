/** Edits of git-rekey's list of accounts, and the list as single entries. It holds no secret. */
import { type Account, type AccountList, NO_ACCOUNTS, type Unrevoked } from "../core/account.ts";
import { readAccounts, writeAccounts } from "../core/account-file.ts";
import { cannotEdit, type Edited } from "./edited.ts";

function read(bytes: Uint8Array) {
  return bytes.length === 0
    ? ({ ok: true, list: NO_ACCOUNTS } as const)
    : readAccounts(Buffer.from(bytes).toString("utf8"));
}

function edit(bytes: Uint8Array, change: (list: AccountList) => AccountList): Edited {
  const before = read(bytes);
  if (!before.ok) return cannotEdit(before.reason);
  return { ok: true, bytes: new Uint8Array(Buffer.from(writeAccounts(change(before.list)))) };
}

/** In the place of the account with its name, else last. */
export function putAccount(bytes: Uint8Array, account: Account): Edited {
  return edit(bytes, (list) => {
    const at = list.accounts.findIndex(({ name }) => name === account.name);
    const accounts = at < 0 ? [...list.accounts, account] : list.accounts.with(at, account);
    return { ...list, accounts };
  });
}

/** Takes an account out, and remembers what is left to revoke. */
export function dropAccount(bytes: Uint8Array, name: string, revoke: Unrevoked | null): Edited {
  const before = read(bytes);
  if (before.ok && !before.list.accounts.some((one) => one.name === name))
    return cannotEdit(`has no account \`${name}\` any more`);
  return edit(bytes, (list) => ({
    ...list,
    accounts: list.accounts.filter((one) => one.name !== name),
    toRevoke: revoke === null ? list.toRevoke : [...list.toRevoke, revoke],
  }));
}

/** Remembers a token that is to be revoked. */
export function addUnrevoked(bytes: Uint8Array, revoke: Unrevoked): Edited {
  return edit(bytes, (list) => ({ ...list, toRevoke: [...list.toRevoke, revoke] }));
}

/** What tells the two kinds of entries apart. */
const REVOKE = "revoke ";

/** Each account and each token to revoke as one text; null where the file cannot be read. */
export function accountEntries(bytes: Uint8Array): string[] | null {
  const list = read(bytes);
  if (!list.ok) return null;
  return [
    ...list.list.accounts.map((one) => JSON.stringify(one)),
    ...list.list.toRevoke.map((one) => REVOKE + JSON.stringify(one)),
  ];
}

/** The file that these entries make; nothing where there are none. */
export function accountsOf(entries: readonly string[]): Uint8Array {
  if (entries.length === 0) return new Uint8Array();
  const accounts = entries.filter((entry) => !entry.startsWith(REVOKE)).map((entry) => JSON.parse(entry));
  const toRevoke = entries
    .filter((entry) => entry.startsWith(REVOKE))
    .map((entry) => JSON.parse(entry.slice(REVOKE.length)));
  return new Uint8Array(Buffer.from(writeAccounts({ ...NO_ACCOUNTS, accounts, toRevoke })));
}

/** Two entries with the same owner cannot both be there. */
export function ownerOfEntry(entry: string): string | null {
  return entry.startsWith(REVOKE) ? null : (JSON.parse(entry) as Account).name;
}
