/** Which check each of Bitbucket's sentences and each bare status stands for, and how surely. */
import type { BitbucketSaying, SayingKind } from "../core/bitbucket-says.ts";
import { type Claim, PROXY, REFUSED } from "./git-says.ts";

type Simple = Exclude<SayingKind, "scope-missing" | "no-access-or-bad-credential">;

const CLAIMS: Readonly<Record<Simple, readonly Claim[]>> = {
  "app-password": [["app-password-sent", "certain"]],
  "account-password": [["account-password-sent", "certain"]],
  // "or method": an account password is by far the usual reason, not the only one.
  "login-failed": [["account-password-sent", "likely"]],
  "ip-not-allowed": [["ip-not-allowed", "certain"]],
  "two-step-required": [["two-step-required", "certain"]],
  "no-permission": [["repository-not-accessible", "certain"]],
  "branch-restricted": [["branch-restricted", "certain"]],
  "rate-limited": [["rate-limited", "certain"]],
  "endpoint-removed": [["rest-endpoint-removed", "certain"]],
  // Names three reasons; the check knows which questions tell them apart.
  "token-invalid-bearer": [["token-refused", "certain"]],
  "oauth-expired": [["token-expired", "certain"]],
  // A mistake in a script's URL: no check is about that, and to guess another would be wrong.
  "rest-base-missing": [],
  "repository-missing": [["repository-not-accessible", "certain"]],
};

/** The scopes that were asked for and not granted; all that were asked for where that leaves none. */
function missingScopes(required: readonly string[], granted: readonly string[] | null): readonly string[] {
  const missing = required.filter((scope) => !granted?.includes(scope));
  return missing.length > 0 ? missing : required;
}

function isWrite(scope: string): boolean {
  return /^(?:write|admin|delete|manage):|:(?:write|admin|delete)$/.test(scope);
}

function scopeClaims(
  saying: Extract<BitbucketSaying, { kind: "scope-missing" }>,
  operation: "fetch" | "push" | "unknown",
): readonly Claim[] {
  if (saying.required?.length) {
    const missing = missingScopes(saying.required, saying.granted);
    const claims: Claim[] = [];
    if (missing.some((scope) => !isWrite(scope))) claims.push(["read-scope-missing", "certain"]);
    if (missing.some(isWrite)) claims.push(["write-scope-missing", "certain"]);
    return claims;
  }
  if (operation === "push") return [["write-scope-missing", "certain"]];
  if (operation === "fetch") return [["read-scope-missing", "certain"]];
  // The sentence is the same for both. A token that lacks read fails at everything, so that is what people meet
  // first; a token made for reading only fails later, at the first push.
  return [
    ["read-scope-missing", "likely"],
    ["write-scope-missing", "possible"],
  ];
}

/** `json`: it came as a REST body, where the catch-all is a 404 and the credential itself was accepted. */
export function claimsOfSaying(
  saying: BitbucketSaying,
  operation: "fetch" | "push" | "unknown",
  json: boolean,
): readonly Claim[] {
  if (saying.kind === "scope-missing") return scopeClaims(saying, operation);
  if (saying.kind !== "no-access-or-bad-credential") return CLAIMS[saying.kind];
  if (!json) return [["token-refused", "certain"]];
  return [
    ["repository-not-accessible", "likely"],
    ["token-refused", "possible"],
  ];
}

/** What a status means when no sentence explains it. 403 depends on the direction; the caller knows that. */
export function claimsOfStatus(status: number, rest: boolean, push: boolean): readonly Claim[] {
  if (status === 410) return rest ? [["rest-endpoint-removed", "likely"]] : [["app-password-sent", "likely"]];
  if (status === 401) return REFUSED;
  if (status === 403 && push) return [["write-scope-missing", "likely"]];
  if (status === 403)
    return [
      ["read-scope-missing", "possible"],
      ["repository-not-accessible", "possible"],
      ["ip-not-allowed", "possible"],
    ];
  if (status === 404) return [["repository-not-accessible", "likely"]];
  if (status === 407) return PROXY;
  if (status === 429) return [["rate-limited", "certain"]];
  return status >= 500 ? [["service-unavailable", "likely"]] : [];
}
