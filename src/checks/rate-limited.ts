import { type CannotTell, defineCheck, type Found } from "../core/check.ts";
import type { Outcome } from "../core/setup.ts";
import { locationOf, refusalEvidence, severityOf, statusOf } from "./evidence.ts";
import { answer, healthy, outcome, route, source } from "./example.ts";
import { isUnanswered, UNANSWERED } from "./host-unreachable.ts";
import { sayingOf } from "./why-refused.ts";

interface Args {
  /** Seconds, where Bitbucket says so. */
  wait: number | null;
}

function isLimited(one: Outcome): boolean {
  return statusOf(one.last?.answer) === 429 || sayingOf(one) === "rate-limited";
}

function waitOf({ last }: Outcome): number {
  return last?.answer.kind === "http" ? (last.answer.retryAfter ?? 0) : 0;
}

export const rateLimited = defineCheck<"outcomes" | "intent", Args>({
  id: "rate-limited",
  title: "Bitbucket answers that there were too many requests",
  needs: ["outcomes", "intent"],
  find: ({ outcomes, intent }): Found<Args>[] | CannotTell => {
    if (isUnanswered(outcomes)) return UNANSWERED;
    const limited = outcomes.filter(isLimited);
    const [first] = limited;
    if (first === undefined) return [];
    const wait = Math.max(...limited.map(waitOf));
    return [
      {
        args: { wait: wait > 0 ? wait : null },
        severity: severityOf(limited, intent),
        confidence: "certain",
        cause: true,
        location: locationOf(first.used),
        evidence: refusalEvidence(limited),
      },
    ];
  },
  explain: ({ wait }) => ({
    what: `Git is answered 429${wait === null ? "" : `, and asked to wait ${wait} seconds`}`,
    why: "Bitbucket counts requests for each account, and for each address where no credential is sent; a 429 says nothing about the credential, and Git erases nothing on it",
    next: `try again ${wait === null ? "in an hour" : `after ${wait} seconds`}; where many machines share one account or one address, give each repository an access token of its own and let jobs fetch less often`,
  }),
  typical: { wait: null },
  examples: () => ({
    broken: [
      {
        intent: { push: false },
        outcomes: [
          outcome(source("helper"), answer(429)),
          outcome(source("helper"), answer(429), { route: route({ direction: "push" }) }),
        ],
      },
      {
        intent: { push: false },
        outcomes: [outcome(source("helper"), answer(403, { kind: "rate-limited" }))],
      },
    ],
    healthy: [
      { intent: { push: false }, outcomes: [healthy()] },
      { intent: { push: false }, outcomes: [outcome(source("helper"), answer(503))] },
    ],
  }),
});
