/** What Bitbucket said about one token, door by door. Pure. */
import { isExcessiveScope } from "./bitbucket.ts";
import type { Direction } from "./plan.ts";
import type { Answer } from "./setup.ts";

/** One thing that was asked, or was not. */
export interface Look {
  /** `git fetch of \`acme/site\``, `REST as \`ana@acme.example\``. */
  what: string;
  state: "accepted" | "refused" | "unknown" | "not-asked";
  /** What is to be said about it, as a clause; null where nothing is. */
  why: string | null;
}

export interface TokenLook {
  looks: readonly Look[];
  /** Null where REST did not tell. */
  scopes: readonly string[] | null;
  /** The Bitbucket user name behind it, as REST tells it. */
  username: string | null;
}

export type Verdict = "accepted" | "refused" | "unknown" | "not-looked";

/** A refusal outweighs what could not be asked, and that outweighs what was accepted. */
export function verdictOf({ looks }: Pick<TokenLook, "looks">): Verdict {
  const has = (state: Look["state"]) => looks.some((look) => look.state === state);
  if (has("refused")) return "refused";
  if (has("unknown")) return "unknown";
  return has("accepted") ? "accepted" : "not-looked";
}

/** What became of one token of the list. */
export interface CheckedToken {
  name: string;
  verdict: Verdict;
  looks: readonly Look[];
  /** What REST says it may do; null where it did not tell. */
  scopes: readonly string[] | null;
}

/** Schema `git-rekey/token-check@1`. */
export interface TokenCheck {
  schema: "git-rekey/token-check@1";
  tool: { name: "git-rekey"; version: string };
  at: string;
  host: string;
  user: string;
  tokens: readonly CheckedToken[];
}

export function excessiveIn({ scopes }: Pick<TokenLook, "scopes">): readonly string[] {
  return (scopes ?? []).filter(isExcessiveScope);
}

/** The line, the load or somebody between us and Bitbucket is to blame, and not the token. */
export function isNobodysFault(answer: Answer): boolean {
  return answer.kind === "none" || answer.status >= 500 || answer.status === 429 || !answer.fromBitbucket;
}

/** What the refusal of a token by one of Git's doors means, in one clause. `whose`: "the new token". */
export function doorRefusal(
  answer: Answer,
  direction: Direction,
  repository: string,
  whose = "the new token",
): string {
  if (answer.kind === "none") return `Bitbucket could not be asked about ${whose} (${answer.fault})`;
  const saying = answer.saying?.kind;
  if (saying === "scope-missing") {
    return `${whose} may not ${direction === "fetch" ? "read" : "write to"} \`${repository}\`: the scope for it was not ticked`;
  }
  if (answer.status === 401) {
    return `Bitbucket refuses ${whose} for \`${repository}\`: it has no scopes for Bitbucket, belongs to an account or repository without access, expired, or was revoked`;
  }
  return `Bitbucket answers ${answer.status} to ${whose}${answer.text ? `: ${answer.text.split("\n", 1)[0]}` : ""}`;
}

/** The same for REST. `as`: the e-mail it was sent with, null where a token needs none. */
export function restRefusal(answer: Answer, as: string | null, whose: string): string {
  if (answer.kind === "none") return `Bitbucket's REST could not be asked about ${whose} (${answer.fault})`;
  if (answer.saying?.kind === "scope-missing") {
    const required = answer.saying.required ?? [];
    const names = required.length > 0 ? ` (${required.join(", ")})` : "";
    return `a scope that REST wants was not ticked for ${whose}${names}`;
  }
  if (answer.status === 401)
    return as === null
      ? `Bitbucket's REST refuses ${whose}: it expired, was revoked, or was never Bitbucket's`
      : `Bitbucket's REST refuses ${whose} with \`${as}\`: that is not the Atlassian account's e-mail, or the token has no scopes for Bitbucket, expired, or was revoked`;
  if (answer.status === 404)
    return `Bitbucket's REST knows ${whose}, which opens no such repository or workspace`;
  return `Bitbucket's REST answers ${answer.status} to ${whose}${answer.text ? `: ${answer.text.split("\n", 1)[0]}` : ""}`;
}

/** What REST's answer to an access token makes of its refusal by Git's host, which says the same to all of them. */
export function accessTokenRefusal(rest: Answer, repository: string): string | null {
  if (rest.kind === "none" || !rest.fromBitbucket) return null;
  if (rest.status === 401)
    return `Bitbucket refuses the new token, with Git and with REST: it expired, was revoked, or is cut off; ${ORGANISATION_KEY}`;
  if (rest.status === 403 || rest.status === 404)
    return `the new token is alive, but does not open \`${repository}\`: it was made in another repository, project or workspace`;
  return null;
}

/** Users report that tokens made without scopes, and only they, are answered like this as Bearer. */
export function looksUnscoped(answer: Answer): boolean {
  return (
    answer.kind === "http" &&
    answer.status === 401 &&
    (answer.challenge ?? "").startsWith("BitbucketCustom") &&
    !answer.acceptsScopes
  );
}

/** A candidate that nothing but the refusals themselves points to. */
export const ORGANISATION_KEY =
  "it may also be an admin API key of an organisation, which begins `ATCTT` as well and opens no repository";

export const WITHOUT_SCOPES =
  'REST answers it as it answers tokens made by "Create API token", without scopes, which Bitbucket never accepts';
