/** A user and what signs in with it: what the two together tell. */
import { ACCESS_TOKEN_USER, API_TOKEN_USER, type SecretKind } from "../../core/bitbucket.ts";
import type { Certainty, Trouble, Use } from "../../core/spot.ts";
import { hasRightChecksum, kindByPrefix } from "../../core/token.ts";
import { holdsVariable, isPlaceholder, isVariable, unquoted, variableName } from "../placeholder.ts";
import { nameAt, type Sighting, secretAt } from "../sighting.ts";
import { plainToken } from "./tokens.ts";

/** Names that say "app password", whatever they hold. */
const APP_PASSWORD_NAME = /app_?-?(?:passw(?:or)?d|pass|pwd|pw)\b|appPassword/i;

/** Names of variables that hold an e-mail address. */
const MAIL_NAME = /mail/i;

export interface Pair {
  /** As it is written, decoded; null where none is written. */
  user: string | null;
  /** As it is written, decoded. */
  secret: string;
  /** Offsets of the secret as written. */
  start: number;
  end: number;
  use: Use;
  place: string;
}

/** Whether a user name is an e-mail address. */
export const isMail = (user: string): boolean => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(user);

const EXAMPLE_NAME =
  /^(?:user(?:name)?|your[-_ ]?.*|<.*>?|my[-_]?user.*|someuser|example|x{3,}|login|name|email|id)$/i;

/** A user of documentation. */
const isExampleName = (user: string): boolean => EXAMPLE_NAME.test(unquoted(user));

/** Whether this user can only be a person's name, which REST takes with no token. */
function isPersonsName(user: string): boolean {
  const name = variableName(user);
  if (holdsVariable(user))
    return name !== null && !MAIL_NAME.test(name) && /user|login|uname|_un\b/i.test(name);
  return (
    !isMail(user) &&
    user !== API_TOKEN_USER &&
    user !== ACCESS_TOKEN_USER &&
    user !== "" &&
    !isExampleName(user)
  );
}

/** What a variable with this name, used so, can only be; null where it may be any token. */
export function kindByName(name: string | null, user: string | null, use: Use): SecretKind | null {
  if (user !== null && unquoted(user) === ACCESS_TOKEN_USER) return "access-token";
  if (user !== null && unquoted(user) === API_TOKEN_USER) return "api-token";
  if (name !== null && APP_PASSWORD_NAME.test(name)) {
    // With an e-mail as the user somebody has put a token under the old name.
    const isRenewed = user !== null && (isMail(user) || MAIL_NAME.test(variableName(user) ?? ""));
    return isRenewed ? null : "app-password";
  }
  return use === "rest" && user !== null && isPersonsName(user) ? "app-password" : null;
}

/** By its name alone, or also by how it signs in. */
function certaintyOf(name: string | null, user: string | null, use: Use): Certainty {
  const isByShape = user !== null && use === "rest" && isPersonsName(user);
  return isByShape || (user !== null && name !== null && APP_PASSWORD_NAME.test(name) && isPersonsName(user))
    ? "legacy-by-shape"
    : "variable-named";
}

/** The user name that Bitbucket does not take with a secret of this kind, for this use. */
function troubleOf(kind: SecretKind | null, user: string | null, use: Use): Trouble | null {
  if (user === null || user === "" || holdsVariable(user)) return null;
  if (kind === "api-token") {
    if (use === "git" && (isMail(user) || user === ACCESS_TOKEN_USER)) return "wrong-user";
    if (use === "rest" && !isMail(user)) return "wrong-user";
  }
  if (kind === "access-token" && use === "git" && user !== ACCESS_TOKEN_USER) return "wrong-user";
  return null;
}

/** What a pair of user and secret is: one sighting; none where it only shows where a secret would be. */
export function pairSeen(pair: Pair & Partial<Sighting>): Sighting[] {
  const { user, use } = pair;
  const secret = plainToken(unquoted(pair.secret));
  if (secret === "") return [];
  if (isVariable(secret) || (holdsVariable(secret) && kindByPrefix(secret) === null)) {
    const name = variableName(secret);
    return [
      nameAt(name ?? secret, certaintyOf(name, user, use), {
        kind: kindByName(name, user, use),
        ...withoutSecret(pair),
      }),
    ];
  }
  const kind = kindByPrefix(secret);
  if (!hasRightChecksum(secret) && isPlaceholder(secret)) return [];
  if (kind === null && user !== null && isExampleUser(user, secret)) return [];
  return [secretAt(secret, { ...withoutSecret(pair), trouble: pair.trouble ?? troubleOf(kind, user, use) })];
}

function withoutSecret({
  secret: _,
  ...rest
}: Pair & Partial<Sighting>): Omit<Pair, "secret"> & Partial<Sighting> {
  return rest;
}

/** `user:password` of documentation: the user says that nobody is meant. */
function isExampleUser(user: string, secret: string): boolean {
  return isExampleName(user) && !/^[A-Za-z0-9]{20}$/.test(secret);
}

/** `user:secret` in one value; null where it is none. */
export function splitPair(text: string): { user: string; secret: string; colon: number } | null {
  const joined =
    /^((?:\$\{\{[^{}]*\}\}|\{\{[^{}]*\}\}|\$\{[^{}]*\}|\$\([^()]*\)|[^:\s"'])*?)(?::|%3[aA])(.+)$/s.exec(
      text,
    );
  const [, user, secret] = joined ?? [];
  if (user === undefined || secret === undefined || user === "") return null;
  return { user, secret, colon: user.length };
}
