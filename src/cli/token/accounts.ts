import { accountsFile, tokensFolder } from "../../accounts/folders.ts";
import { loadAccounts } from "../../accounts/load.ts";
import type { Room } from "../../accounts/room.ts";
import type { Account, AccountList } from "../../core/account.ts";
import type { OwnFiles } from "../../core/account-steps.ts";
import { passingOverClosed } from "../../probes/world.ts";
import { EXIT, Stop } from "../exit.ts";
import type { Shell } from "../shell.ts";

/** What reading accounts and tokens needs. */
export function roomOf({ files, self, keychain, run }: Shell): Room {
  return { files, env: self.env, uid: self.uid, home: self.home, keychain, run };
}

/** Where git-rekey keeps what is its own. Throws a `Stop` where there is no home folder. */
export function ownFilesOf(shell: Pick<Shell, "self" | "files">): OwnFiles {
  const { self } = shell;
  const accounts = accountsFile(self);
  const tokens = tokensFolder(self);
  if (accounts === null || tokens === null)
    throw new Stop(
      EXIT.misuse,
      "HOME is not set, so nobody knows where the list of tokens is; set HOME and run it again",
    );
  return { accounts, tokens, taken: takenNames(shell, tokens) };
}

/** Those of kept tokens, and of files that a killed command left. */
export function takenNames({ files, self }: Pick<Shell, "self" | "files">, folder: string): string[] {
  const loaded = loadAccounts({ files, env: self.env, uid: self.uid, home: self.home });
  const accounts = "list" in loaded ? loaded.list.accounts : [];
  const named = accounts.flatMap(({ secret }) => ("name" in secret ? [secret.name] : []));
  return [...named, ...(passingOverClosed(files).list(folder) ?? [])];
}

/** The list of accounts. Throws a `Stop` where there is one that cannot be used: somebody has to look at it first. */
export function listOf(shell: Shell): AccountList {
  // A service that runs without HOME must not be told that no token expires.
  ownFilesOf(shell);
  const loaded = loadAccounts(roomOf(shell));
  if ("trouble" in loaded)
    throw new Stop(EXIT.personNeeded, `${loaded.trouble}; nothing has been changed`, EXPLAINS);
  return loaded.list;
}

/** The account of that name. Throws a `Stop` where there is none. */
export function accountNamed(
  { accounts }: Pick<AccountList, "accounts">,
  name: string | undefined,
  command: string,
): Account {
  if (name === undefined)
    throw new Stop(EXIT.misuse, `say which token: \`git rekey token ${command} NAME\``, LISTS);
  const found = accounts.find((one) => one.name === name);
  if (found) return found;
  throw new Stop(EXIT.misuse, `there is no token \`${name}\` here`, LISTS);
}

/** What a person types to say the e-mail that belongs to an account. */
export function emailBy({ name }: Pick<Account, "name">): string {
  return `git rekey token set ${name} --email ADDRESS`;
}

const EXPLAINS = "`git rekey explain accounts-unreadable` says what to do about it";

const LISTS = "`git rekey token list` lists them";
