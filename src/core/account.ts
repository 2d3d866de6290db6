/** The tokens git-rekey's own helper answers with: what is known of each, never the token itself. */
import { ACCESS_TOKEN_USER, API_TOKEN_USER, type RepositoryName } from "./bitbucket.ts";

export type AccountKind = "api-token" | "access-token";

/** Where the token of an account is kept. */
export type SecretPlace =
  /** A file of our own, by its name in our folder of tokens. */
  | { kind: "file"; name: string }
  /** The keychain of the operating system, by the name of the item. */
  | { kind: "keychain"; name: string }
  /** A variable of the environment that Git runs in. */
  | { kind: "env"; name: string }
  /** What a program prints. Run without a shell. */
  | { kind: "command"; argv: readonly string[] };

/** The kinds of places there are, before a token has a name in one. */
export type OwnStore =
  | { kind: "file" }
  | { kind: "keychain" }
  | { kind: "env"; name: string }
  | { kind: "command"; argv: readonly string[] };

/** What the token was made for. Bitbucket cannot be asked for it without the account's e-mail. */
export type Right = "pull" | "push" | "rest";

/** All of bitbucket.org, one workspace (`repository` null), or one repository. */
export type Reach = null | { workspace: string; repository: string | null };

export interface Account {
  /** What people call it. No other account has the same. */
  name: string;
  kind: AccountKind;
  /** Which repositories it answers for. */
  reach: Reach;
  /** The Bitbucket user name behind an API token: requests that name it are answered. Null where it is not known. */
  username: string | null;
  /** The Atlassian account's e-mail, which REST wants with an API token. */
  email: string | null;
  rights: readonly Right[];
  /** The last day on which it works, `YYYY-MM-DD`; null where nobody said. */
  expires: string | null;
  /** ISO 8601. */
  added: string;
  secret: SecretPlace;
  /** Recognises the token without holding it; null where the token may change behind our back. */
  digest: TokenDigest | null;
}

/** HMAC-SHA-256 of the token under a salt of its own, both in hex. */
export interface TokenDigest {
  salt: string;
  hash: string;
}

/** A token that is no longer used here and still lives at Bitbucket until somebody revokes it there. */
export interface Unrevoked {
  name: string;
  kind: AccountKind | "app-password";
  /** Where it is revoked. */
  page: string;
  /** ISO 8601. */
  since: string;
}

/** Schema `git-rekey/accounts@1`. */
export interface AccountList {
  schema: "git-rekey/accounts@1";
  /** The first that fits answers. */
  accounts: readonly Account[];
  toRevoke: readonly Unrevoked[];
}

export const NO_ACCOUNTS: AccountList = { schema: "git-rekey/accounts@1", accounts: [], toRevoke: [] };

/** The user name Git must send with the token of an account. */
export function gitUserOf({ kind }: Pick<Account, "kind">): string {
  return kind === "api-token" ? API_TOKEN_USER : ACCESS_TOKEN_USER;
}

/** `all of bitbucket.org`, `workspace acme`, `acme/site`: for sentences. */
export function reachText(reach: Reach): string {
  if (reach === null) return "all of bitbucket.org";
  return reach.repository === null
    ? `the workspace \`${reach.workspace}\``
    : `\`${reach.workspace}/${reach.repository}\``;
}

/** `acme` or `acme/site`, as a person writes it; null for anything else. Bitbucket's own names are in small letters. */
export function readReach(text: string): Exclude<Reach, null> | null {
  const found = /^([\w.-]+)(?:\/([\w.-]+?)(?:\.git)?)?\/?$/.exec(text.trim());
  const [, workspace, repository = null] = found ?? [];
  return workspace === undefined ? null : { workspace, repository };
}

/** The last moment at which a token with this last day is taken to work: the end of that day, UTC. In milliseconds. */
export function endOf(expires: string): number {
  return Date.parse(`${expires}T23:59:59Z`);
}

const DAY = 24 * 3_600_000;

/** Whole days from now until the token has expired; negative afterwards; null where its last day is not known. */
export function daysLeft({ expires }: Pick<Account, "expires">, now: number): number | null {
  return expires === null ? null : Math.floor((endOf(expires) - now) / DAY);
}

/** What Git asks for. */
export interface AccountRequest {
  /** Null where Git names nobody. */
  username: string | null;
  /** The repository's name, or only its workspace; null where Git does not say. */
  place: { workspace: string; repository: string | null } | null;
}

/** What is before `acme` in a path, if anything, and what Git and LFS append to it. */
export function placeOfPath(path: string | null): AccountRequest["place"] {
  if (path === null) return null;
  const found = /^\/?([^/?#]+)(?:\/([^/?#]+?)(?:\.git)?(?:\/.*)?)?\/?$/.exec(path);
  const [, workspace, repository = null] = found ?? [];
  return workspace === undefined ? null : { workspace, repository };
}

const same = (a: string | null, b: string | null): boolean =>
  a !== null && b !== null && a.toLowerCase() === b.toLowerCase();

const STATIC_USERS: Readonly<Record<string, AccountKind>> = {
  [API_TOKEN_USER]: "api-token",
  [ACCESS_TOKEN_USER]: "access-token",
};

/** The accounts a user name may mean: all where it is nobody's own, else those of that person. */
function namedBy(username: string | null, accounts: readonly Account[]): readonly Account[] {
  if (isNobodys(username)) return accounts;
  return accounts.filter((one) => same(one.username, username) || same(one.email, username));
}

/**
 * The accounts that may answer. Where none of that person's is for the place, those of which nobody knows whose they
 * are: an access token is nobody's, and whoever added an API token without an e-mail has said what it is for. The
 * clone URLs that Bitbucket shows name a person, so these would else answer hardly anybody.
 */
export function answeringFor(
  { username, place }: AccountRequest,
  accounts: readonly Account[],
): readonly Account[] {
  const fits = ({ reach }: Account) => closeness(reach, place) !== null;
  const named = namedBy(username, accounts).filter(fits);
  return named.length > 0 ? named : accounts.filter((one) => one.username === null && fits(one));
}

/** How closely a reach fits: 0 for everything, 1 for the workspace, 2 for the repository; null where it does not. */
function closeness(reach: Reach, place: AccountRequest["place"]): number | null {
  if (reach === null) return 0;
  if (!same(reach.workspace, place?.workspace ?? null)) return null;
  if (reach.repository === null) return 1;
  return same(reach.repository, place?.repository ?? null) ? 2 : null;
}

/** Whether a user name is nobody's own: none at all, or one that all tokens of a kind share. */
export function isNobodys(username: string | null): boolean {
  return !username || Object.hasOwn(STATIC_USERS, username);
}

/** Whether the answer depends on the repository: where Git does not name it, it has to be found out. */
export function dependsOnPlace(username: string | null, accounts: readonly Account[]): boolean {
  const named = namedBy(username, accounts);
  const fitsAnywhere = named.some(({ reach }) => reach === null);
  const open = fitsAnywhere ? named : [...named, ...accounts.filter((one) => one.username === null)];
  return open.some(({ reach }) => reach !== null);
}

/**
 * The account that answers; null for none, and Git goes on. A user name that is none of ours is somebody else's, so it
 * gets no token whose owner is known. Of several that fit, the one for the fewest repositories; of equals, the kind
 * that the user name goes with, then the first.
 */
export function chooseAccount(
  { username, place }: AccountRequest,
  accounts: readonly Account[],
): Account | null {
  const wanted = username === null ? undefined : STATIC_USERS[username];
  let best: { account: Account; rank: number } | null = null;
  for (const account of answeringFor({ username, place }, accounts)) {
    const rank = (closeness(account.reach, place) ?? 0) * 2 + Number(account.kind === wanted);
    if (best === null || rank > best.rank) best = { account, rank };
  }
  return best?.account ?? null;
}

/**
 * The one account for a set of repositories, for which Git did not say which it means. Null where they would get
 * different answers.
 */
export function chooseForAll(
  username: string | null,
  repositories: readonly RepositoryName[],
  accounts: readonly Account[],
): Account | null {
  const [first, ...others] = repositories.map((place) => chooseAccount({ username, place }, accounts));
  return first && others.every((one) => one === first) ? first : null;
}
