/** Whether accounts could be told apart when Git asks. Pure. */
import type { Account, Reach } from "./account.ts";

const lower = (text: string | null | undefined): string | null => text?.toLowerCase() ?? null;

function sameReach(a: Reach, b: Reach): boolean {
  return (
    lower(a?.workspace) === lower(b?.workspace) &&
    lower(a?.repository ?? null) === lower(b?.repository ?? null)
  );
}

export function isWithin(reach: Reach, { workspace, repository }: Exclude<Reach, null>): boolean {
  if (reach === null) return true;
  if (lower(reach.workspace) !== lower(workspace)) return false;
  return reach.repository === null || lower(reach.repository) === lower(repository);
}

/** What is known of an account that is about to be made. */
export interface Newcomer {
  reach: Reach;
  /** Undefined while it may still turn out; null where it is not known. */
  username: string | null | undefined;
}

/** An account for the same repositories, from which nothing that Git sends could tell the new one; null for none. */
export function clashWith({ reach, username }: Newcomer, accounts: readonly Account[]): Account | null {
  const isSame = (one: Account): boolean => {
    if (one.username === null || username === null) return true;
    return username !== undefined && lower(one.username) === lower(username);
  };
  return accounts.find((one) => sameReach(one.reach, reach) && isSame(one)) ?? null;
}

/** Which account answers requests that name nobody, where others are there for the same repositories; null for none. */
export function firstOf(reach: Reach, accounts: readonly Account[]): Account | null {
  return accounts.find((one) => sameReach(one.reach, reach)) ?? null;
}

/** Why this cannot be the name of an account, as the rest of a sentence; null when it can. */
export function whyNotThisName(name: string): string | null {
  if (name === "" || name.length > 100) return "must have 1 to 100 characters";
  // It stands in commands that people copy from our messages.
  if (!/^[\p{L}\p{N}][\p{L}\p{M}\p{N}_.@/+-]*$/u.test(name))
    return "must begin with a letter or digit and may hold only letters, digits and `_ . @ / + -`";
  return /^(?:AT(?:ATT|CTT|BB)|BBDC-)/.test(name) ? "looks like a token" : null;
}
