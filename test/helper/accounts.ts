/** Accounts of a person in a sandbox, as `git rekey token add` would leave them. */
import { digestOf } from "../../src/accounts/digest.ts";
import { type Account, NO_ACCOUNTS } from "../../src/core/account.ts";
import { writeAccounts } from "../../src/core/account-file.ts";
import type { Sandbox } from "../sandbox.ts";

/** An account with its token in a file of its own. Default: an API token for everything. */
export function plantAccount(
  box: Sandbox,
  name: string,
  token: string,
  given: Partial<Account> = {},
): Account {
  const file = `${name.replaceAll("/", "-")}-1`;
  const made: Account = {
    name,
    kind: "api-token",
    reach: null,
    username: null,
    email: null,
    rights: ["pull", "push"],
    expires: null,
    added: "2026-11-25T00:00:00.000Z",
    secret: { kind: "file", name: file },
    digest: digestOf(token),
    ...given,
  };
  if (made.secret.kind === "file")
    box.write(`.local/share/git-rekey/tokens/${made.secret.name}`, `${token}\n`, 0o600);
  return made;
}

export const ACCOUNTS_FILE = ".config/git-rekey/accounts.json";

export function plantList(box: Sandbox, ...accounts: Account[]): void {
  box.write(ACCOUNTS_FILE, writeAccounts({ ...NO_ACCOUNTS, accounts }), 0o600);
}

/** The lines that make Git ask git-rekey's helper alone. */
export function plantHelper(box: Sandbox, more = ""): void {
  box.write(
    ".gitconfig",
    `[credential "https://bitbucket.org"]\n\thelper =\n\thelper = ${box.env.PATH?.split(":")[0]}/git-credential-rekey\n${more}`,
  );
}
