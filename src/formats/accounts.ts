/** Edits of git-rekey's list of accounts, and the list as single entries. It holds no secret. */
import { type Account, type AccountList, NO_ACCOUNTS, type Unrevoked } from "../core/account.ts";
import { LARGEST_LIST, readAccounts, writeAccounts } from "../core/account-file.ts";
import { cannotEdit, type Edited } from "./edited.ts";

function read(bytes: Uint8Array) {
  return bytes.length === 0
    ? ({ ok: true, list: NO_ACCOUNTS } as const)
    : readAccounts(Buffer.from(bytes).toString("utf8"));
}

function edit(bytes: Uint8Array, change: (list: AccountList) => AccountList): Edited {
  const before = read(bytes);
  if (!before.ok) return cannotEdit(before.reason);
  const text = writeAccounts(change(before.list));
  // A list that nobody can read any more would take every token in it from Git.
  const after = new Uint8Array(Buffer.from(text));
  if (after.length > LARGEST_LIST || !readAccounts(text).ok)
    return cannotEdit("could not be read any more with that in it");
  return { ok: true, bytes: after };
}

/** Somebody else may have removed it meanwhile, or given it another token. */
function whyNotThere(list: AccountList, name: string, added: string): string | null {
  const found = list.accounts.find((one) => one.name === name);
  if (found === undefined) return `has no account \`${name}\` any more`;
  return found.added === added ? null : `has got another token for \`${name}\` meanwhile`;
}

function whyNotPut(list: AccountList, { name }: Account, replaces: string | null): string | null {
  if (replaces !== null) return whyNotThere(list, name, replaces);
  return list.accounts.some((one) => one.name === name) ? `has an account \`${name}\` already` : null;
}

/** In the place of the account with its name, which must be the one added at `replaces`; else last. */
export function putAccount(bytes: Uint8Array, account: Account, replaces: string | null): Edited {
  const before = read(bytes);
  const wrong = before.ok ? whyNotPut(before.list, account, replaces) : null;
  if (wrong !== null) return cannotEdit(wrong);
  return edit(bytes, (list) => {
    const at = list.accounts.findIndex(({ name }) => name === account.name);
    const accounts = at < 0 ? [...list.accounts, account] : list.accounts.with(at, account);
    return { ...list, accounts };
  });
}

/** Takes the account out that was added then, and remembers what is left to revoke. */
export function dropAccount(
  bytes: Uint8Array,
  { name, added }: Pick<Account, "name" | "added">,
  revoke: Unrevoked | null,
): Edited {
  const before = read(bytes);
  const wrong = before.ok ? whyNotThere(before.list, name, added) : null;
  if (wrong !== null) return cannotEdit(wrong);
  return edit(bytes, (list) => ({
    ...list,
    accounts: list.accounts.filter((one) => one.name !== name),
    toRevoke: revoke === null ? list.toRevoke : [...list.toRevoke, revoke],
  }));
}

/** Adds to what is left to revoke. */
export function putUnrevoked(bytes: Uint8Array, revoke: Unrevoked): Edited {
  return edit(bytes, (list) => ({ ...list, toRevoke: [...list.toRevoke, revoke] }));
}

/** Takes everything of that name from what is left to revoke. */
export function dropUnrevoked(bytes: Uint8Array, name: string): Edited {
  const before = read(bytes);
  if (before.ok && !before.list.toRevoke.some((one) => one.name === name))
    return cannotEdit(`has no token \`${name}\` left to revoke any more`);
  return edit(bytes, (list) => ({ ...list, toRevoke: list.toRevoke.filter((one) => one.name !== name) }));
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

/** A token in a file or in the keychain, as one word. */
export function tokenName(kind: "file" | "keychain", name: string): string {
  return `${kind} ${name}`;
}

/** The tokens that the list's accounts have in files and in the keychain; null where the list cannot be read. */
export function namedTokens(bytes: Uint8Array): ReadonlySet<string> | null {
  const list = read(bytes);
  if (!list.ok) return null;
  const names = list.list.accounts.flatMap(({ secret }) =>
    secret.kind === "file" || secret.kind === "keychain" ? [tokenName(secret.kind, secret.name)] : [],
  );
  return new Set(names);
}
