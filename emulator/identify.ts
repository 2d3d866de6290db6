/** Whose credential it is, and whether this surface takes it in this form. Pure. */
import { ACCESS_TOKEN_USER, API_TOKEN_USER } from "../src/core/bitbucket.ts";
import { shapeOfToken } from "../src/core/token.ts";
import { refusesAppPasswords } from "./brownout.ts";
import type { Switches } from "./switches.ts";
import { type Credential, ownerOf, type World } from "./world.ts";

/** The credential of a request, as it came. */
export type Presented =
  | { how: "none" }
  | { how: "basic"; user: string; secret: string }
  | { how: "bearer"; secret: string };

/** Git and LFS go by one set of rules, REST and archives by another. */
export type Surface = "git" | "rest";

/** What the rules depend on. */
export interface View {
  world: World;
  switches: Switches;
  now: Date;
}

/** Why a request is refused. */
export type Refusal =
  | "credential-needed"
  | "app-password-removed"
  | "account-password"
  | "login-failed"
  | "no-access"
  | "basic-refused"
  | "bearer-refused"
  | "bearer-refused-without-scopes"
  | "oauth-expired"
  | "api-token-expired"
  | "address-not-allowed"
  | "two-step-required"
  | "forbidden"
  | "scope-missing"
  | "account-needed"
  | "administrator-needed";

export type Identity =
  | { accepted: true; credential: Credential | null }
  | { accepted: false; refusal: Refusal; credential: Credential | null };

interface Case extends View {
  credential: Credential;
  presented: Exclude<Presented, { how: "none" }>;
}

type Rule = (of: Case) => Refusal | null;

/** The user name, if Basic; null for Bearer. */
function userOf({ presented }: Case): string | null {
  return presented.how === "basic" ? presented.user : null;
}

const hasExpired = ({ credential, now }: Case): boolean =>
  credential.expiresAt !== null && credential.expiresAt <= now;

const isDead = (of: Case): boolean => of.credential.revoked || hasExpired(of);

/** Wrong app or no scopes: such a token is of no use anywhere on Bitbucket. [doc; other app: seen] */
const isForElsewhere = ({ credential }: Case): boolean =>
  credential.scopes === null || credential.app !== "bitbucket";

function apiTokenOnGit(of: Case): Refusal | null {
  const { credential, world, switches } = of;
  if (of.presented.how === "bearer" && switches.apiTokenAsBearer === "401") return "no-access";
  const user = userOf(of);
  if (user !== null && user !== API_TOKEN_USER && user !== ownerOf(world, credential)?.username)
    return "no-access";
  if (hasExpired(of) && switches.expiredTokenOnGit === "expired") return "api-token-expired";
  return isDead(of) || isForElsewhere(of) ? "no-access" : null;
}

function apiTokenOnRest(of: Case): Refusal | null {
  const { credential, world, switches } = of;
  const useless = isDead(of) || isForElsewhere(of);
  if (of.presented.how === "bearer") {
    if (!useless && switches.apiTokenAsBearer === "accept") return null;
    const unmarked = credential.scopes === null && switches.unscopedRestFingerprint;
    return unmarked ? "bearer-refused-without-scopes" : "bearer-refused";
  }
  const email = ownerOf(world, credential)?.email;
  return useless || userOf(of)?.toLowerCase() !== email?.toLowerCase() ? "basic-refused" : null;
}

function accessTokenOnGit(of: Case): Refusal | null {
  const user = userOf(of);
  return isDead(of) || (user !== null && user !== ACCESS_TOKEN_USER) ? "no-access" : null;
}

function accessTokenOnRest(of: Case): Refusal | null {
  if (of.presented.how === "bearer") return isDead(of) ? "bearer-refused" : null;
  const taken = of.switches.accessTokenAsBasicOnRest && userOf(of) === ACCESS_TOKEN_USER;
  return taken && !isDead(of) ? null : "basic-refused";
}

function oauthOnGit(of: Case): Refusal | null {
  const user = userOf(of);
  const own = of.switches.oauthUnderOwnName && user === of.credential.owner;
  return isDead(of) || (user !== null && user !== ACCESS_TOKEN_USER && !own) ? "no-access" : null;
}

function oauthOnRest(of: Case): Refusal | null {
  if (of.presented.how === "basic") return "basic-refused";
  if (hasExpired(of)) return "oauth-expired";
  return of.credential.revoked ? "bearer-refused" : null;
}

/** Refused for good since CHANGE-3222; a pair that does not match is refused in another way, or so it is thought. */
function appPassword(of: Case, otherwise: Refusal): Refusal | null {
  if (of.presented.how === "bearer") return otherwise;
  const { credential, switches, now } = of;
  const matches = userOf(of) === credential.owner && !credential.revoked;
  const refused = refusesAppPasswords(switches.era, now);
  if (refused && (matches || switches.appPasswordWithWrongSecret === "410")) return "app-password-removed";
  return matches ? null : otherwise;
}

const bearerOr =
  (refusal: Refusal): Rule =>
  ({ presented }) =>
    presented.how === "bearer" ? "bearer-refused" : refusal;

const RULES: Readonly<Record<Credential["kind"], Readonly<Record<Surface, Rule>>>> = {
  "api-token": { git: apiTokenOnGit, rest: apiTokenOnRest },
  "repository-token": { git: accessTokenOnGit, rest: accessTokenOnRest },
  "project-token": { git: accessTokenOnGit, rest: accessTokenOnRest },
  "workspace-token": { git: accessTokenOnGit, rest: accessTokenOnRest },
  oauth: { git: oauthOnGit, rest: oauthOnRest },
  "app-password": {
    git: (of) => appPassword(of, "no-access"),
    rest: (of) => appPassword(of, of.presented.how === "bearer" ? "bearer-refused" : "basic-refused"),
  },
  "account-password": {
    git: (of) => (of.presented.how === "bearer" ? "no-access" : "account-password"),
    rest: bearerOr("login-failed"),
  },
  "data-center": { git: () => "no-access", rest: bearerOr("basic-refused") },
};

/** A secret that nobody issued. */
function strange(
  presented: Exclude<Presented, { how: "none" }>,
  surface: Surface,
  switches: Switches,
  now: Date,
): Refusal {
  const { kind } = shapeOfToken(presented.secret);
  const guessed = kind === "app-password" && presented.how === "basic";
  if (guessed && switches.appPasswordWithWrongSecret === "410" && refusesAppPasswords(switches.era, now))
    return "app-password-removed";
  if (surface === "git") return kind === "unknown" ? switches.unknownSecretOnGit : "no-access";
  return presented.how === "bearer" ? "bearer-refused" : "basic-refused";
}

/** An account password belongs to its account alone; all other secrets are found by their text. */
function credentialOf(world: World, presented: Exclude<Presented, { how: "none" }>): Credential | null {
  const found = world.credentials.find((each) => each.secret === presented.secret) ?? null;
  if (found?.kind !== "account-password" || presented.how === "bearer") return found;
  const owner = ownerOf(world, found);
  return presented.user === owner?.username || presented.user === owner?.email ? found : null;
}

/**
 * Who sends the request, as far as its credential tells. Accepted without credential: nobody in particular.
 * Permissions and scopes are not looked at here.
 */
export function identify(view: View, presented: Presented, surface: Surface): Identity {
  if (presented.how === "none") return { accepted: true, credential: null };
  const credential = credentialOf(view.world, presented);
  if (!credential) {
    const refusal = strange(presented, surface, view.switches, view.now);
    return { accepted: false, refusal, credential };
  }
  const refusal = RULES[credential.kind][surface]({ ...view, credential, presented });
  return refusal ? { accepted: false, refusal, credential } : { accepted: true, credential };
}
