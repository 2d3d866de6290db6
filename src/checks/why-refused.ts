/** Which single reason fits a refusal best, so that the general check speaks only where no special one does. Pure. */
import { ACCESS_TOKEN_USER, API_TOKEN_USER, gitUserFor } from "../core/bitbucket.ts";
import type { Outcome, RestView } from "../core/setup.ts";
import { statusOf } from "./evidence.ts";

export function sayingOf(outcome: Outcome): string | null {
  return outcome.last?.answer.kind === "http" ? (outcome.last.answer.saying?.kind ?? null) : null;
}

function isDeadPassword(outcome: Outcome): boolean {
  const kind = outcome.last?.secret?.kind;
  return kind === "app-password" || kind === "legacy-app-password";
}

/** Answered 401 with a credential: "this pair is not accepted", in Git's terms. */
function isRefusedPair(outcome: Outcome): boolean {
  return outcome.state === "refused" && outcome.last?.secret != null && statusOf(outcome.last.answer) === 401;
}

export function isAppPassword(outcome: Outcome): boolean {
  if (outcome.last?.secret == null || outcome.state === "ok") return false;
  if (sayingOf(outcome) === "app-password" || statusOf(outcome.last.answer) === 410) return true;
  return isDeadPassword(outcome) && (outcome.state === "refused" || outcome.last.answer.kind === "none");
}

export function isEmail(user: string | null | undefined): boolean {
  return /^[^@\s]+@[^@\s]+$/.test(user ?? "");
}

export function isEmailSent(outcome: Outcome): boolean {
  return isRefusedPair(outcome) && !isAppPassword(outcome) && isEmail(outcome.last?.user);
}

/** A user name that can never be right for a token of this kind. */
export function isWrongUser(outcome: Outcome): boolean {
  const { last } = outcome;
  if (!isRefusedPair(outcome) || last?.secret == null || outcome.used?.scheme === "bearer") return false;
  if (last.secret.kind === "api-token") return last.user === ACCESS_TOKEN_USER;
  if (last.secret.kind === "access-token") return last.user !== ACCESS_TOKEN_USER && !isEmail(last.user);
  return false;
}

export function isMalformed(outcome: Outcome): boolean {
  const flaws = outcome.last?.secret?.flaws ?? [];
  return isRefusedPair(outcome) && !isAppPassword(outcome) && flaws.length > 0;
}

export function isAccountPassword(outcome: Outcome): boolean {
  if (outcome.state !== "refused" || outcome.last?.secret == null) return false;
  const saying = sayingOf(outcome);
  if (saying === "account-password" || saying === "login-failed") return true;
  const { kind } = outcome.last.secret;
  const special = outcome.last.user === API_TOKEN_USER || outcome.last.user === ACCESS_TOKEN_USER;
  return isRefusedPair(outcome) && kind === "unknown" && !special && outcome.last.secret.length > 0;
}

function restOf(outcome: Outcome, rest: readonly RestView[], as: RestView["as"]): RestView | null {
  return rest.find((view) => view.as === as && view.secret.ref === outcome.last?.secret?.ref) ?? null;
}

/** Refused for a reason that Bitbucket's Git host does not tell. */
export function isUnexplained(outcome: Outcome): boolean {
  if (!isRefusedPair(outcome)) return false;
  const explained =
    isAppPassword(outcome) ||
    isEmailSent(outcome) ||
    isWrongUser(outcome) ||
    isMalformed(outcome) ||
    isAccountPassword(outcome);
  return !explained;
}

/** An access token that REST refuses as well is dead; for API tokens REST's refusal has more meanings. */
export function isDeadToken(one: Outcome, rest: readonly RestView[]): boolean {
  if (sayingOf(one) === "oauth-expired") return true;
  const view = restOf(one, rest, "bearer");
  return one.last?.secret?.kind === "access-token" && isUnexplained(one) && statusOf(view?.answer) === 401;
}

/** REST takes the credential (it says "not found", not "who are you"), Git does not: it is alive, elsewhere. */
export function isAliveElsewhere(one: Outcome, rest: readonly RestView[]): boolean {
  const status = statusOf(restOf(one, rest, "bearer")?.answer);
  return (
    one.last?.secret?.kind === "access-token" && isUnexplained(one) && (status === 404 || status === 403)
  );
}

/**
 * The fingerprint users report: as Bearer it is answered with the `BitbucketCustom` challenge and without the
 * header that names the scopes an endpoint accepts. Seen, not documented; so it is never more than likely.
 */
export function looksUnscoped(one: Outcome, rest: readonly RestView[]): boolean {
  const view = restOf(one, rest, "bearer");
  if (one.last?.secret?.kind !== "api-token" || !isUnexplained(one) || view?.answer.kind !== "http")
    return false;
  return (
    view.answer.status === 401 &&
    (view.answer.challenge ?? "").startsWith("BitbucketCustom") &&
    !view.answer.acceptsScopes
  );
}

/** REST took the credential and says "not found": the account is not let in, or the repository is not there. */
export function isUnknownToRest(one: Outcome, rest: readonly RestView[]): boolean {
  return isUnexplained(one) && statusOf(restOf(one, rest, "basic")?.answer) === 404;
}

/** REST knows the token, Git's host refuses the pair: what is left is the user name. */
export function isRightUnderAnotherName(one: Outcome, rest: readonly RestView[]): boolean {
  const alive = statusOf(restOf(one, rest, "basic")?.answer) === 200;
  return (
    alive &&
    isUnexplained(one) &&
    one.last?.secret?.kind === "api-token" &&
    one.last.user !== gitUserFor("api-token")
  );
}

const NARROWER = [isDeadToken, isAliveElsewhere, looksUnscoped, isUnknownToRest, isRightUnderAnotherName];

/** Whether what REST said explains the refusal better than "one of several reasons". */
export function restExplains(one: Outcome, rest: readonly RestView[]): boolean {
  return NARROWER.some((fits) => fits(one, rest));
}
