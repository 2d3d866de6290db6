/** Which scopes a credential has and which a request needs, in both vocabularies. */
import { SCOPES } from "../src/core/bitbucket.ts";
import type { Credential } from "./world.ts";

/** What a request needs: all of either list, by the vocabulary of the credential. */
export interface Needed {
  /** API tokens. */
  scopes: readonly string[];
  /** Access tokens, OAuth, app passwords. */
  legacy: readonly string[];
}

/** A legacy scope and those it brings along; in the new vocabulary no scope implies another. [doc] */
const IMPLIED: Readonly<Record<string, readonly string[]>> = {
  "repository:write": ["repository"],
  pullrequest: ["repository"],
  "pullrequest:write": ["repository:write", "pullrequest"],
  project: ["repository"],
  "pipeline:write": ["pipeline"],
  "account:write": ["account"],
  account: ["email"],
};

/** To fetch. [doc] */
export const TO_READ: Needed = { scopes: [SCOPES.apiToken.read], legacy: [SCOPES.accessToken.read] };

/** To push: with an API token, writing does not include reading. [doc] */
export const TO_WRITE: Needed = {
  scopes: [SCOPES.apiToken.read, SCOPES.apiToken.write],
  legacy: [SCOPES.accessToken.write],
};

function withImplied(scopes: readonly string[]): Set<string> {
  const all = new Set(scopes);
  // A set that grows while it is walked is walked to its end.
  for (const scope of all) for (const implied of IMPLIED[scope] ?? []) all.add(implied);
  return all;
}

/** The list that counts for this credential. */
export function neededOf(credential: Credential, needed: Needed): readonly string[] {
  return credential.kind === "api-token" ? needed.scopes : needed.legacy;
}

/** Whether the credential's scopes suffice. */
export function suffices(credential: Credential, needed: Needed): boolean {
  const own = credential.scopes ?? [];
  const granted = credential.kind === "api-token" ? new Set(own) : withImplied(own);
  return neededOf(credential, needed).every((scope) => granted.has(scope));
}
