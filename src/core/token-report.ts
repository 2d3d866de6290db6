/** What is known of the tokens that git-rekey's helper answers with, for people and programs. Never a secret. */
import {
  type Account,
  type AccountKind,
  type AccountList,
  daysLeft,
  gitUserOf,
  type Reach,
  type Right,
  type SecretPlace,
  type Unrevoked,
} from "./account.ts";

export interface ReportedToken {
  name: string;
  kind: AccountKind;
  /** Null: all of bitbucket.org. */
  reach: Reach;
  /** The user name that Git sends with it. */
  gitUser: string;
  username: string | null;
  email: string | null;
  rights: readonly Right[];
  /** `YYYY-MM-DD`; null where nobody said. */
  expires: string | null;
  /** Whole days, negative once it has expired. */
  daysLeft: number | null;
  secret: SecretPlace;
  added: string;
  /** When Bitbucket last accepted it from Git, ISO 8601; null: not yet, or nobody counted. */
  acceptedAt: string | null;
  /** When Bitbucket last refused it since, and how often. */
  refusedAt: string | null;
  refusals: number;
}

/** Schema `git-rekey/tokens@1`. */
export interface TokenReport {
  schema: "git-rekey/tokens@1";
  tool: { name: "git-rekey"; version: string };
  at: string;
  host: string;
  user: string;
  tokens: readonly ReportedToken[];
  /** No longer used here, and alive at Bitbucket until somebody revokes them there. */
  toRevoke: readonly Unrevoked[];
}

/** What the helper has noted of its answers with one token. */
export interface AnswersNoted {
  acceptedAt: number | null;
  refused: readonly string[];
}

function reportToken(account: Account, { acceptedAt, refused }: AnswersNoted, now: number): ReportedToken {
  // Everything but the digest, which recognises the token.
  const { digest: _, ...known } = account;
  return {
    ...known,
    gitUser: gitUserOf(account),
    daysLeft: daysLeft(account, now),
    acceptedAt: acceptedAt === null ? null : new Date(acceptedAt).toISOString(),
    refusedAt: refused.at(-1) ?? null,
    refusals: refused.length,
  };
}

export function reportTokens(
  { accounts, toRevoke }: AccountList,
  answers: (account: Account) => AnswersNoted,
  now: number,
): Pick<TokenReport, "tokens" | "toRevoke"> {
  return { tokens: accounts.map((one) => reportToken(one, answers(one), now)), toRevoke };
}

/** Those that have expired or will within so many days; what nobody knows the last day of is not among them. */
export function expiringWithin(tokens: readonly ReportedToken[], days: number): ReportedToken[] {
  const soon = tokens.filter((one) => one.daysLeft !== null && one.daysLeft <= days);
  return soon.toSorted((a, b) => (a.daysLeft ?? 0) - (b.daysLeft ?? 0));
}
