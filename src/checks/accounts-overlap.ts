import { reachText } from "../core/account.ts";
import { defineCheck, type Found } from "../core/check.ts";
import type { AccountAnswer, KnownAccount, OwnAccounts } from "../core/known-account.ts";
import { accountAnswer, knownAccount, ownAccounts } from "./example.ts";

interface Args {
  /** The one that answers. */
  first: string;
  others: readonly string[];
  reach: string;
  /** A user name in the URL chooses between them. */
  told: boolean;
}

type Account = KnownAccount["account"];

const sameReach = (a: Account, b: Account): boolean => reachText(a.reach) === reachText(b.reach);

/** Whether a user name tells them apart. */
function areTold(accounts: readonly Account[]): boolean {
  const names = accounts.map(({ username }) => username?.toLowerCase() ?? null);
  return !names.includes(null) && new Set(names).size === names.length;
}

function foundFor(
  { known: { account }, others, named }: AccountAnswer,
  { file, known }: OwnAccounts,
): Found<Args>[] {
  const twins = known
    .map((one) => one.account)
    .filter((one) => others.includes(one.name) && sameReach(one, account));
  // A name that Git asks for has chosen already.
  if (twins.length === 0 || named !== null) return [];
  const told = areTold([account, ...twins]);
  return [
    {
      args: {
        first: account.name,
        others: twins.map(({ name }) => name),
        reach: reachText(account.reach),
        told,
      },
      severity: told ? "note" : "warning",
      confidence: "certain",
      cause: false,
      location: file === null ? null : { file, line: null, scope: null },
      evidence: [
        {
          what: `${[account, ...twins].map(({ name }) => `\`${name}\``).join(", ")} are for ${reachText(account.reach)}`,
          source: { kind: "file", file: file ?? "", line: null },
        },
      ],
    },
  ];
}

export const accountsOverlap = defineCheck<"accounts", Args>({
  id: "accounts-overlap",
  title: "Several of git-rekey's accounts are for the same repositories",
  needs: ["accounts"],
  find: ({ accounts }) => {
    const answers = new Map(accounts.answers.map((one) => [one.known.account.name, one]));
    return [...answers.values()].flatMap((one) => foundFor(one, accounts));
  },
  explain: ({ first, others, reach, told }) => ({
    what: `${others.map((name) => `\`${name}\``).join(", ")} and \`${first}\` are for ${reach}, and \`${first}\` answers, because it comes first`,
    why: told
      ? "where Git names no user, git-rekey's helper answers with the first account that fits; a user name in the URL chooses another"
      : "where Git names no user, git-rekey's helper answers with the first account that fits, and no user name tells these apart, so the others are never used",
    next: `\`git rekey token list\` shows them; \`git rekey token remove ${others[0] ?? first}\` takes one away${told ? ", and both may stay where a URL names its user" : ""}`,
  }),
  typical: { first: "NAME", others: ["OTHER"], reach: "the workspace `WORKSPACE`", told: false },
  examples: () => {
    const pair = (a: string | null, b: string | null, named: string | null = null) => {
      const first = knownAccount({ name: "ana", username: a });
      const second = knownAccount({ name: "bob", username: b });
      const answers = [accountAnswer({ known: first, others: ["bob"], named })];
      return { accounts: ownAccounts({ known: [first, second], answers }) };
    };
    return {
      broken: [pair(null, null), pair("ana", null), pair("ana", "bob")],
      healthy: [pair("ana", "bob", "ana"), { accounts: ownAccounts() }],
    };
  },
});
