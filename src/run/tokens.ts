/** Which token a run gives for which repository. */
import type { Room } from "../accounts/room.ts";
import { fetchSecret } from "../accounts/secret.ts";
import { type Account, type AccountRequest, chooseAccount, gitUserOf, placeOfPath } from "../core/account.ts";
import { GIT_HOST, type RepositoryName } from "../core/bitbucket.ts";
import { splitUrl } from "../core/url.ts";

/** What Git is told. */
export interface Pair {
  username: string;
  password: string;
}

export type Found = { pair: Pair } | { trouble: string } | null;

/** Where a run has its tokens from. */
export interface Supply {
  room: Room;
  accounts: readonly Account[];
  /** The account that was named answers for everything. */
  named: Account | null;
  /** What a person typed for this run, for all that no account is for. */
  typed: Pair | null;
}

/**
 * The name in a URL may be that of the account whose name nobody has told us: then it decides nothing. A known name of
 * somebody else gets no token of another person.
 */
export function accountFor(
  { named, accounts }: Pick<Supply, "named" | "accounts">,
  request: AccountRequest,
): Account | null {
  if (named !== null) return named;
  const nameless = accounts.filter(({ username }) => username === null);
  return chooseAccount(request, accounts) ?? chooseAccount({ ...request, username: null }, nameless);
}

async function fetchPair(room: Room, account: Account): Promise<Exclude<Found, null>> {
  const fetched = await fetchSecret(room, account);
  if ("trouble" in fetched)
    return { trouble: `the token \`${account.name}\` could not be read: ${fetched.trouble}` };
  return { pair: { username: gitUserOf(account), password: fetched.secret } };
}

export class Tokens {
  private readonly fetched = new Map<string, Promise<Exclude<Found, null>>>();

  constructor(private readonly supply: Supply) {}

  /** Each token is fetched once, however often Git asks. Null where there is none for this. */
  async find(request: AccountRequest): Promise<Found> {
    const account = accountFor(this.supply, request);
    if (account === null) return this.supply.typed && { pair: this.supply.typed };
    const known = this.fetched.get(account.name) ?? fetchPair(this.supply.room, account);
    this.fetched.set(account.name, known);
    return known;
  }
}

/** What a URL makes Git ask for; null where the URL names no repository. */
export function requestOf(url: string): (AccountRequest & { place: RepositoryName }) | null {
  const parts = splitUrl(url);
  const place = parts?.host === GIT_HOST ? placeOfPath(parts.path) : null;
  if (!place?.repository) return null;
  return {
    username: parts?.user ?? null,
    place: { workspace: place.workspace, repository: place.repository },
  };
}
