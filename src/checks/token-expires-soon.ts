import { defineCheck, type Found } from "../core/check.ts";
import type { KnownAccount } from "../core/known-account.ts";
import { accountAnswer, knownAccount, ownAccounts } from "./example.ts";

interface Args {
  name: string;
  expires: string;
  days: number;
}

/** Days before the last one on which it is a remark, and on which it is more. */
const NOTICE = 30;
const WARNING = 14;

/** Accounts that answer here, each once. */
function answering(answers: readonly { known: KnownAccount }[]): KnownAccount[] {
  return [...new Map(answers.map(({ known }) => [known.account.name, known])).values()];
}

function found(
  file: string | null,
  { account: { name, expires }, daysLeft: days }: KnownAccount,
): Found<Args>[] {
  if (expires === null || days === null || days > NOTICE) return [];
  const source = { kind: "file", file: file ?? "", line: null } as const;
  return [
    {
      args: { name, expires, days },
      severity: days > WARNING ? "note" : "warning",
      confidence: "certain",
      cause: false,
      location: file === null ? null : { file, line: null, scope: null },
      evidence: [{ what: `the last day of \`${name}\` is ${expires}, as somebody said`, source }],
    },
  ];
}

function when(days: number): string {
  if (days < 0) return "was to expire on";
  return days === 0 ? "expires today," : `expires in ${days} ${days === 1 ? "day" : "days"}, on`;
}

export const tokenExpiresSoon = defineCheck<"accounts", Args>({
  id: "token-expires-soon",
  title: "The token that git-rekey answers with expires soon, or is taken to have expired",
  needs: ["accounts"],
  find: ({ accounts: { file, answers } }) => answering(answers).flatMap((known) => found(file, known)),
  explain: ({ name, expires, days }) => ({
    what: `the token \`${name}\` ${when(days)} ${expires} (UTC)`,
    why: "Bitbucket makes no token for more than a year, tells nobody when one ends, and answers an expired one like any wrong one",
    next: `\`git rekey token rotate ${name}\` puts a new one in its place everywhere it is used${days < 0 ? `; if Bitbucket takes it all the same, that day was wrong: \`git rekey token set ${name} --expires DAY\` puts it right` : ""}`,
  }),
  typical: { name: "NAME", expires: "2027-01-31", days: 14 },
  examples: () => {
    const ending = (days: number) => {
      const known = knownAccount({ expires: "2026-12-09" }, { daysLeft: days });
      return { accounts: ownAccounts({ known: [known], answers: [accountAnswer({ known })] }) };
    };
    return {
      broken: [ending(14), ending(30), ending(1), ending(0), ending(-3)],
      healthy: [ending(31), { accounts: ownAccounts() }],
    };
  },
});
