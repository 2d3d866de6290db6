import { accountsFile, tokensFolder } from "../accounts/folders.ts";
import type { OwnAccounts } from "../core/known-account.ts";
import type { Places } from "../core/placement-parts.ts";
import { type Diagnosed, partOf } from "./diagnosis.ts";
import { ownHelperValue } from "./own-helper.ts";
import type { Shell } from "./shell.ts";
import { takenNames } from "./token/accounts.ts";

export const NO_OWN_ACCOUNTS: OwnAccounts = { file: null, trouble: null, known: [], answers: [] };

/** Accounts whose token Bitbucket takes wherever it is wanted here. */
function accepted({ answers }: OwnAccounts, push: boolean): string[] {
  const wanted = answers.filter(({ route }) => route.direction === "fetch" || push);
  const refused = new Set(
    wanted.filter(({ status }) => status !== 200).map(({ known }) => known.account.name),
  );
  const names = new Set(wanted.map(({ known }) => known.account.name));
  return [...names].filter((name) => !refused.has(name));
}

/** What git-rekey's own helper is and knows here, or why it knows nothing. */
export function ownPlaces(shell: Shell, { survey }: Diagnosed, push: boolean): Places["own"] {
  const accounts = accountsFile(shell.self);
  const tokens = tokensFolder(shell.self);
  const read = partOf(survey, "accounts", NO_OWN_ACCOUNTS);
  if (accounts === null || tokens === null) return { trouble: "HOME is not set" };
  if (read.trouble !== null) return { trouble: read.trouble };
  return {
    accounts,
    tokens,
    taken: takenNames(shell, tokens),
    helper: ownHelperValue(shell),
    known: read.known.map(({ account }) => ({ ...account, digest: null })),
    accepted: accepted(read, push),
  };
}
