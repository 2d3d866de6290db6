/** How Bitbucket is asked whether a credential is alive, and what its answer means. Pure. */
import { ACCESS_TOKEN_USER, API_TOKEN_USER, GIT_HOST, REST_HOST } from "../core/bitbucket.ts";
import type { Answer } from "../core/setup.ts";
import type { Alive, Seen } from "../core/spot.ts";

/** One request. Its address is always one of Bitbucket's own, whatever a file says. */
export interface Question {
  url: string;
  scheme: "basic" | "bearer";
  /** Empty for Bearer. */
  user: string;
}

/** What is known without asking, or the request that tells. */
export type Plan = { alive: Alive } | { question: Question };

const NAME = /^(?!\.{1,2}\/)[\w.-]{1,100}\/(?!\.{1,2}$)[\w.-]{1,100}$/;

/** The first repository that the places of one credential lead to, if its name can stand in an address. */
function repositoryOf(places: readonly Seen[]): string | null {
  return places.map(({ repository }) => repository ?? "").find((name) => NAME.test(name)) ?? null;
}

const basic = (url: string, user: string): Plan => ({ question: { url, scheme: "basic", user } });

/** REST wants the account's e-mail. Without one only Git's door takes it, and that one opens for a repository. */
function forApiToken(places: readonly Seen[], repository: string | null): Plan {
  const email = places.map(({ user }) => user ?? "").find((user) => /^[^\s@:]+@[^\s@:]+$/.test(user));
  if (email !== undefined) return basic(`https://${REST_HOST}/2.0/user`, email);
  if (repository === null) return { alive: "unknown" };
  return basic(`https://${GIT_HOST}/${repository}.git/info/refs?service=git-upload-pack`, API_TOKEN_USER);
}

/** REST knows whose they are by themselves; what they have no scope for is refused in words that tell it. */
function asBearer(repository: string | null): Plan {
  const path = repository === null ? "user" : `repositories/${repository}`;
  return { question: { url: `https://${REST_HOST}/2.0/${path}`, scheme: "bearer", user: "" } };
}

/**
 * How to find out about one credential, by all places where it was seen. What is not certainly Bitbucket Cloud's is not
 * sent to it: it would be somebody else's secret.
 */
export function planFor(places: readonly Seen[]): Plan {
  const kind = places.find((place) => place.kind !== "unknown")?.kind ?? "unknown";
  // Bitbucket never made one like that, and counts who fails to sign in.
  const isToken = kind === "api-token" || kind === "access-token";
  if (isToken && places.every(({ secret }) => secret?.checksum === "wrong")) return { alive: "unknown" };
  const repository = repositoryOf(places);
  switch (kind) {
    case "app-password":
    case "legacy-app-password":
      // Refused for good since CHANGE-3222.
      return { alive: "dead" };
    case "api-token":
      return forApiToken(places, repository);
    case "access-token":
      return asBearer(repository);
    case "oauth":
      // Many services have tokens of this form.
      return places.some(({ user }) => user === ACCESS_TOKEN_USER)
        ? asBearer(repository)
        : { alive: "unknown" };
    case "data-center":
    case "unknown":
      return { alive: "unknown" };
  }
}

/** Refusals that only somebody who is known gets. */
const KNOWN: readonly string[] = ["scope-missing", "ip-not-allowed", "two-step-required", "no-permission"];

/** Whether nobody got an answer of Bitbucket's; then the next question will fare no better. */
export function isUnanswered(answer: Answer): boolean {
  return answer.kind === "none" || !answer.fromBitbucket || answer.status >= 500;
}

export function isRateLimited(answer: Answer): boolean {
  return answer.kind === "http" && answer.status === 429;
}

/** What an answer tells of the credential; `unknown` where a credential that works can be answered alike. */
export function judge({ url }: Question, answer: Answer): Alive {
  if (answer.kind === "none" || isUnanswered(answer) || isRateLimited(answer)) return "unknown";
  const { status, saying, scopes, credentialType } = answer;
  if (KNOWN.includes(saying?.kind ?? "")) return "alive";
  const isRest = url.startsWith(`https://${REST_HOST}/`);
  // Git's door says the same to a token that is dead and to one that may not see this repository.
  if (status === 401) return isRest ? "dead" : "unknown";
  if (!isRest) return status === 200 ? "alive" : "unknown";
  // A public repository is shown to nobody in particular, too.
  const isNamed = scopes !== null || credentialType !== null;
  return isNamed || (status === 200 && url.endsWith("/user")) ? "alive" : "unknown";
}
