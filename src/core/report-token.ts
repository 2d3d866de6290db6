/** Which token of git-rekey's own answers for a remote, and why. Pure. */
import { type AccountKind, reachText } from "./account.ts";
import type { AccountAnswer } from "./known-account.ts";
import type { Route } from "./setup.ts";

/** What Bitbucket says to a token. */
type State = "ok" | "refused" | "unknown";

export interface ReportedToken {
  name: string;
  kind: AccountKind;
  /** What it is for, in words. */
  reach: string;
  /** Why it and no other, in words. */
  why: string;
  /** Whether it is what Git sends. */
  sent: boolean;
  fetch: State;
  push: State;
  /** `YYYY-MM-DD`; null where nobody said. */
  expires: string | null;
  daysLeft: number | null;
  /** ISO 8601: when it was last accepted, and last refused since; null for never. */
  accepted: string | null;
  refused: string | null;
}

function why({ named, others, known: { account } }: AccountAnswer): string {
  if (named !== null)
    return account.username === null
      ? `Git asks for \`${named}\`, who has none of their own here`
      : `Git asks for \`${named}\``;
  if (others.length === 0) return "no other fits";
  const count = others.length + 1;
  return account.reach === null ? `the first of ${count} that fit` : `the closest of ${count} that fit`;
}

function stateOf(answers: readonly AccountAnswer[], direction: Route["direction"]): State {
  const all = answers.filter(({ route }) => route.direction === direction).map(({ status }) => status);
  if (all.some((status) => status !== null && status >= 400 && status < 429)) return "refused";
  return all.length > 0 && all.every((status) => status === 200) ? "ok" : "unknown";
}

/** The token for these routes of one remote; null where git-rekey has none for them. */
export function reportToken(
  routes: readonly Route[],
  answers: readonly AccountAnswer[],
): ReportedToken | null {
  const its = answers.filter(({ route }) => routes.includes(route));
  const [first] = its;
  if (first === undefined) return null;
  const { account, daysLeft, acceptedAt, refusedAt } = first.known;
  return {
    name: account.name,
    kind: account.kind,
    reach: reachText(account.reach),
    why: why(first),
    sent: first.asked && first.front === null,
    fetch: stateOf(its, "fetch"),
    push: stateOf(its, "push"),
    expires: account.expires,
    daysLeft,
    accepted: acceptedAt,
    refused: refusedAt.at(-1) ?? null,
  };
}
