import { defineCheck, type Found } from "../core/check.ts";
import type { AccountAnswer } from "../core/known-account.ts";
import type { Intent, Outcome } from "../core/setup.ts";
import { answerEvidence, repositoryName, severityOf } from "./evidence.ts";
import { accountAnswer, answer, healthy, outcome, ownAccounts, source } from "./example.ts";
import { isWithoutCredential } from "./no-credential.ts";

interface Args {
  name: string;
  repository: string;
  /** What Git sends instead; null where it sends nothing. */
  front: string | null;
  asked: boolean;
  /** Whether its token would let Git in, where Git is refused. */
  mends: boolean;
}

const isUnsent = ({ asked, front }: AccountAnswer): boolean => !asked || front !== null;

function foundFor(
  answers: readonly [AccountAnswer, ...AccountAnswer[]],
  outcomes: readonly Outcome[],
  file: string | null,
  intent: Intent,
): Found<Args> {
  const [{ known, route, front, asked }] = answers;
  const routes = answers.map((one) => one.route);
  const its = outcomes.filter((one) => routes.includes(one.route));
  const refused = its.filter(({ state }) => state === "refused");
  const mends = refused.length > 0 && answers.every(({ status }) => status === 200);
  // What is sent and refused is a cause of its own; where nothing is sent, this is why.
  const cause = mends && refused.every(isWithoutCredential);
  const { name } = known.account;
  const at = file ?? "";
  return {
    args: { name, repository: repositoryName(route), front, asked, mends },
    severity: cause ? severityOf(refused, intent) : "note",
    confidence: "certain",
    cause,
    location: null,
    evidence: [
      ...refused.flatMap(answerEvidence),
      { what: `the account \`${name}\` is for it`, source: { kind: "file", file: at, line: null } },
    ],
  };
}

export const accountsNotAsked = defineCheck<"accounts" | "outcomes" | "intent", Args>({
  id: "accounts-not-asked",
  title: "git-rekey has a token for this repository, and Git does not send it",
  needs: ["accounts", "outcomes", "intent"],
  find: ({ accounts: { file, answers }, outcomes, intent }): Found<Args>[] => {
    const unsent = answers.filter(isUnsent);
    const groups = Map.groupBy(unsent, ({ known, front }) => `${known.account.name}\0${front}`);
    return [...groups.values()].flatMap(([first, ...others]) =>
      first === undefined ? [] : [foundFor([first, ...others], outcomes, file, intent)],
    );
  },
  explain: ({ name, repository, front, asked, mends }) => ({
    what: `the account \`${name}\` would answer for \`${repository}\`, and Git ${front === null ? "does not ask git-rekey's helper" : `sends what \`${front}\` gives`}`,
    why: asked
      ? "git-rekey's helper is only asked where nothing before it in Git's order has a credential"
      : "Git asks only the helpers that its configuration names; it has to name git-rekey's, after an empty `helper =` that forgets the others",
    next: mends
      ? "`git rekey fix --with helper` lets Git ask it; no new token is needed"
      : "nothing has to be done while Git signs in; `git rekey fix --with helper` lets Git ask it once something is refused",
  }),
  typical: { name: "NAME", repository: "WORKSPACE/REPOSITORY", front: null, asked: false, mends: true },
  remedy: ({ mends }) =>
    mends
      ? {
          safety: "safe",
          summary: "let Git ask git-rekey's helper, which has a good token",
          needsToken: true,
          // Placing the token, which is there already, is the step.
          steps: () => [],
        }
      : null,
  examples: () => {
    const refused = outcome(null, answer(401));
    const shadowed = outcome(source("helper"), answer(410));
    const fine = healthy();
    const unasked = (one: Outcome, more: Partial<AccountAnswer> = {}) => ({
      intent: { push: false },
      outcomes: [one],
      accounts: ownAccounts({
        answers: [accountAnswer({ route: one.route, asked: false, ...more })],
      }),
    });
    return {
      broken: [
        unasked(refused),
        unasked(shadowed, { front: "store" }),
        unasked(fine, { asked: true, front: "store" }),
      ],
      healthy: [
        { intent: { push: false }, outcomes: [fine], accounts: ownAccounts() },
        {
          intent: { push: false },
          outcomes: [fine],
          accounts: ownAccounts({ answers: [accountAnswer({ route: fine.route })] }),
        },
      ],
    };
  },
});
