/** What became of the answers the helper gave: Git tells it with `store` (accepted) and `erase` (refused with 401). */
import { join } from "node:path";
import type { Account } from "../core/account.ts";
import { addMark, marksIn, removeMark, touch, touchedAt } from "../world/marks.ts";
import { answersFolder } from "./folders.ts";
import type { Room } from "./room.ts";

type Where = Pick<Room, "env" | "home">;

function markOf(where: Where, { name }: Pick<Account, "name">, what: "accepted" | "refused"): string | null {
  const folder = answersFolder(where);
  return folder === null ? null : join(folder, `${encodeURIComponent(name)}.${what}`);
}

export function noteAccepted(where: Where, account: Pick<Account, "name">, now: number): void {
  const accepted = markOf(where, account, "accepted");
  const refused = markOf(where, account, "refused");
  if (accepted !== null) touch(accepted, now);
  if (refused !== null && touchedAt(refused) !== null) removeMark(refused);
}

export function noteRefused(where: Where, account: Pick<Account, "name">, now: number): void {
  const refused = markOf(where, account, "refused");
  if (refused !== null) addMark(refused, new Date(now).toISOString());
}

/** Times at which Bitbucket refused the token since it last accepted it, ISO 8601, oldest first. */
export function refusalsOf(where: Where, account: Pick<Account, "name">): readonly string[] {
  const refused = markOf(where, account, "refused");
  return refused === null ? [] : marksIn(refused);
}

/** What is known of an account's answers. */
export interface AnswersKnown {
  /** Milliseconds; null: never, or before anybody counted. */
  acceptedAt: number | null;
  refused: readonly string[];
}

export function answersOf(where: Where, account: Pick<Account, "name">): AnswersKnown {
  const accepted = markOf(where, account, "accepted");
  return {
    acceptedAt: accepted === null ? null : touchedAt(accepted),
    refused: refusalsOf(where, account),
  };
}

/** An account that is gone takes its marks with it. */
export function forgetAnswers(where: Where, account: Pick<Account, "name">): void {
  for (const what of ["accepted", "refused"] as const) {
    const mark = markOf(where, account, what);
    if (mark !== null) removeMark(mark);
  }
}
