/** What Jenkins' credentials have in common, wherever they are written. */
import { ACCESS_TOKEN_USER, API_TOKEN_USER, type SecretKind } from "../../core/bitbucket.ts";
import type { Use } from "../../core/spot.ts";
import { kindByPrefix } from "../../core/token.ts";
import { isMail } from "../shapes/pair.ts";
import { isStaticUser } from "../shapes/urls.ts";

/** What to do with an entry, whatever it is called. */
export const SPLIT =
  "keep two entries: for the Bitbucket Branch Source plugin (937.0.0 or later) the Atlassian e-mail and an API token, for plain Git steps `x-bitbucket-api-token-auth` and the same token; or an access token as secret text for the plugin and with the user `x-token-auth` for Git";

/** Id, description and user of an entry, and its secret where that stands in the clear. */
export interface Entry {
  words: readonly (string | null | undefined)[];
  user: string | null;
  secret: string;
}

/** Whether an entry is Bitbucket Cloud's: by its words, its user, or its secret. */
export function isBitbuckets({ words, user, secret }: Entry): boolean {
  const kind = kindByPrefix(secret);
  if (kind !== null) return kind !== "data-center";
  return (
    isStaticUser(user) ||
    /bitbucket(?!\W?(?:server|data\W?center))|(?<![a-z])bb(?![a-z])/i.test(words.join(" "))
  );
}

/** What an entry with this user is for. */
export function useOf(user: string | null): Use {
  if (user === null) return "unknown";
  if (isStaticUser(user)) return "git";
  return isMail(user) ? "rest" : "both";
}

/** The kind that a user and the length of the secret leave open; null where that is not known. */
export function kindOf(user: string | null, length: { from: number; to: number } | null): SecretKind | null {
  if (user === ACCESS_TOKEN_USER) return "access-token";
  if (user === API_TOKEN_USER) return "api-token";
  if (length === null) return null;
  if (length.from >= 128) return user === null ? "access-token" : "api-token";
  if (length.from <= 36 && 36 <= length.to) return "app-password";
  return length.from <= 20 && 20 <= length.to ? "legacy-app-password" : null;
}
