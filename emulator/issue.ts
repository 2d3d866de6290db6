/** Gives out a new credential: mints its secret and enters it into the world. */
import { randomUUID } from "node:crypto";
import {
  mintAccessToken,
  mintApiToken,
  mintAppPassword,
  mintDataCenterToken,
  mintLegacyAppPassword,
  mintOauthToken,
  mintPassword,
} from "./tokens.ts";
import type { Credential, CredentialKind, Limit, World } from "./world.ts";

/** What to issue. */
export interface Issue {
  kind: CredentialKind;
  /** Made from the kind and the owner if absent. */
  label?: string;
  /** A user name; absent for access tokens. */
  owner?: string;
  /** Null or absent: none, as of an API token made without scopes. */
  scopes?: readonly string[] | null;
  app?: Credential["app"];
  limit?: Limit;
  /** Negative: has expired. Absent: 365 for API tokens, two hours for OAuth, else never. */
  expiresInDays?: number;
  revoked?: boolean;
  /** An app password of 20 characters without prefix. */
  oldForm?: boolean;
}

const DAY = 86_400_000;

const MINT: Readonly<Record<CredentialKind, () => string>> = {
  "api-token": mintApiToken,
  "app-password": mintAppPassword,
  "repository-token": mintAccessToken,
  "project-token": mintAccessToken,
  "workspace-token": mintAccessToken,
  oauth: mintOauthToken,
  "account-password": mintPassword,
  "data-center": mintDataCenterToken,
};

/** A well-formed secret that nobody has issued: `unknown` in the log. */
export function mint(kind: CredentialKind): string {
  return MINT[kind]();
}

/** How long a credential lives that says nothing else, in days. [doc] */
const LIFE_DAYS: Partial<Record<CredentialKind, number>> = { "api-token": 365, oauth: 2 / 24 };

/** Issues a credential, whose secret is in the result. Labels must be unique; a number is added where they are not. */
export function issue(world: World, wanted: Issue, now: Date): Credential {
  const days = wanted.expiresInDays ?? LIFE_DAYS[wanted.kind];
  const name = wanted.label ?? [wanted.kind, wanted.owner].filter(Boolean).join("-");
  const taken = world.credentials.filter(
    ({ label }) => label === name || label.startsWith(`${name}-#`),
  ).length;
  const credential: Credential = {
    label: taken === 0 ? name : `${name}-#${taken + 1}`,
    kind: wanted.kind,
    secret: wanted.oldForm ? mintLegacyAppPassword() : mint(wanted.kind),
    owner: wanted.owner ?? null,
    scopes: wanted.scopes ? [...wanted.scopes] : null,
    app: wanted.app ?? "bitbucket",
    limit: wanted.limit ?? null,
    expiresAt: days === undefined ? null : new Date(now.getTime() + days * DAY),
    revoked: wanted.revoked ?? false,
    id: randomUUID(),
  };
  world.credentials.push(credential);
  return credential;
}
