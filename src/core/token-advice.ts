/** What to say about a token that was handed over, before anybody is asked. Pure. */
import type { AccountKind, Reach } from "./account.ts";
import {
  accessTokenPage,
  KIND_WORDS,
  PAGES,
  SCOPES,
  type SecretKind,
  workspaceSettingsPage,
} from "./bitbucket.ts";
import type { Choices } from "./plan.ts";
import { FLAW_WORDS, type TokenShape } from "./token.ts";

/** The way that fits a kind of token; null for kinds that fit none. */
export function wayOf(kind: SecretKind): "remote" | "access-token" | null {
  if (kind === "api-token") return "remote";
  return kind === "access-token" ? "access-token" : null;
}

/**
 * Why this text cannot be the token that is needed; null when nothing speaks against it. `way` is null where the
 * person left the way open: then the token decides it.
 */
export function whyNotThisToken(shape: TokenShape, way: Choices["with"] | null): string | null {
  const flaw = shape.flaws[0];
  if (flaw !== undefined) return `this cannot be the token: it ${FLAW_WORDS[flaw]}`;
  const fitting = wayOf(shape.kind);
  if (fitting !== null && (way === null || way === fitting)) return null;
  switch (shape.kind) {
    case "app-password":
    case "legacy-app-password":
      return `this is ${KIND_WORDS[shape.kind]}, which Bitbucket no longer accepts`;
    case "data-center":
      return `this is ${KIND_WORDS[shape.kind]}; bitbucket.org takes only tokens made there`;
    case "oauth":
      return "this is an OAuth token, which lives two hours: make an API token or an access token";
    case "unknown":
      return way === "access-token" ? NO_ACCESS_TOKEN : NO_TOKEN;
    case "access-token":
      return "this is an access token (it begins `ATCTT`): `--with access-token` is the way for it";
    case "api-token":
      return "this is an API token (it begins `ATATT`), which is a person's: leave `--with access-token` out for it, `--with helper` or `--with remote` is the way";
  }
}

const NO_TOKEN = "this is no token: API tokens begin `ATATT`, access tokens `ATCTT`";

const NO_ACCESS_TOKEN =
  "this is no token of a repository: access tokens begin `ATCTT`, a password is none, and an OAuth token lives two hours";

/** What a token is to be made for. */
export interface WantedRights extends Pick<Choices, "kind" | "push"> {
  /** Programs will use it for Bitbucket's REST interface as well. */
  rest?: boolean;
}

/** Exactly the scopes that are needed, in the words of the kind of token. */
function scopesFor({ kind, push, rest = false }: WantedRights): readonly string[] {
  if (kind === "access-token")
    return push ? [SCOPES.accessToken.read, SCOPES.accessToken.write] : [SCOPES.accessToken.read];
  const { read, write, user } = SCOPES.apiToken;
  return [read, ...(push ? [write] : []), ...(rest ? [user] : [])];
}

/** What an access token may do that is not wanted of it, out of what REST says it may. Writing implies reading. */
export function beyondNeed(scopes: readonly string[], { push }: Pick<WantedRights, "push">): string[] {
  const { read, write } = SCOPES.accessToken;
  const needed: readonly string[] = push ? [read, write] : [read];
  return scopes.filter((scope) => !needed.includes(scope));
}

function ticks(wanted: WantedRights): string {
  const scopes = scopesFor(wanted).map((scope) => `\`${scope}\``);
  const [last, ...others] = scopes.toReversed();
  const list = others.length === 0 ? last : `${others.toReversed().join(", ")} and ${last}`;
  return `tick ${list} and nothing else, above all nothing with \`admin\` or \`delete\` in it`;
}

/** Where an access token for these repositories is made, and by whom. */
function accessTokenPlace(place: Reach): string {
  if (place === null) return "Repository settings, Security, Access tokens";
  return place.repository === null
    ? `${workspaceSettingsPage(place.workspace)}, Access tokens (Premium; an administrator of the workspace must do this)`
    : `${accessTokenPage(place.workspace, place.repository)} (Repository settings, Security, Access tokens). It opens for administrators of the repository alone: anybody else asks one of them`;
}

function accessTokenSteps(wanted: WantedRights, place: Reach, madeFor: string | null): string[] {
  const name =
    madeFor === null
      ? "a name that says where it is used"
      : `a name that says where it is used, such as \`${madeFor}\``;
  const isCommitting = wanted.push
    ? "; beside it stands a `git config user.email` line with an address at bots.bitbucket.org, for commits that are the token's own"
    : "";
  return [
    `open ${accessTokenPlace(place)}`,
    `choose "Create Access Token" and give it ${name}`,
    'give it an expiry of a year at most. "No expiry" may be offered as well: then it lives until somebody revokes it',
    ticks(wanted),
    `create it and copy it: it is shown once${isCommitting}`,
  ];
}

/** The page where a token of this kind is made and revoked. */
export function pageOf(kind: AccountKind, reach: Reach): string {
  if (kind === "api-token" || reach === null) return PAGES.apiTokens;
  return reach.repository === null
    ? workspaceSettingsPage(reach.workspace)
    : accessTokenPage(reach.workspace, reach.repository);
}

/** The exact way to make the token, one step a line. `madeFor`: the machine it is for. */
export function stepsToMakeToken(
  wanted: WantedRights,
  place: Reach,
  madeFor: string | null = null,
): string[] {
  if (wanted.kind === "access-token") return accessTokenSteps(wanted, place, madeFor);
  return [
    `open ${PAGES.apiTokens}`,
    'choose "Create API token with scopes" (the other button makes one that Bitbucket never accepts)',
    "give it a name that says where it is used, and an expiry of at most a year",
    "choose the app Bitbucket",
    ticks(wanted),
    "create it and copy it: it is shown once",
  ];
}
