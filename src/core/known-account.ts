import type { Account } from "./account.ts";
import type { Route } from "./setup.ts";

/** An account of the list, and what became of its answers so far. */
export interface KnownAccount {
  account: Omit<Account, "digest">;
  /** Whole days; negative once it has expired; null where its last day is not known. */
  daysLeft: number | null;
  /** ISO 8601; null: never yet, or nobody counted. */
  acceptedAt: string | null;
  /** Since it was last accepted, ISO 8601, oldest first. */
  refusedAt: readonly string[];
}

/** The account that git-rekey's helper answers with for one route, asked or not. */
export interface AccountAnswer {
  route: Route;
  known: KnownAccount;
  /** The user name Git asks for; null where it names nobody, or a name that all tokens share. */
  named: string | null;
  /** Others that are for this repository as well. */
  others: readonly string[];
  /** Whether Git asks the helper. */
  asked: boolean;
  /** How a person knows what Git sends before or instead of it; null where it sends this token. */
  front: string | null;
  /** Why the token could not be had, as the rest of a sentence. */
  trouble: string | null;
  /** Bitbucket's answer to the token; null where nobody asked. */
  status: number | null;
}

/** What git-rekey's own helper has to answer with. */
export interface OwnAccounts {
  file: string | null;
  /** Why the list cannot be used; then nothing is known. */
  trouble: string | null;
  known: readonly KnownAccount[];
  answers: readonly AccountAnswer[];
}
