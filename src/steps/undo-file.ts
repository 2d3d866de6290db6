/** Takes one file back to what it was before a receipt, judged by what it is now. */
import { join } from "node:path";
import type { FileChange } from "../core/receipt.ts";
import { sha256 } from "../world/hash.ts";
import { FileError } from "../world/ports.ts";
import { type EntryFormat, entryFormatOf } from "./entries.ts";
import { type FileChain, formatOfChain, netEntries } from "./file-chain.ts";
import type { FileState, Journal } from "./journal.ts";
import { lostAccount } from "./lost-account.ts";
import { moveFile } from "./move.ts";
import { missingFolders } from "./place.ts";
import { Refusal, refusalFor } from "./refusal.ts";
import { restoreEntries } from "./restore-entries.ts";
import { type Snapshot, takeSnapshot } from "./snapshot.ts";

/** One result, and whether a second try could do better. */
export interface Restored<T> {
  change: T;
  complete: boolean;
}

/** The mode to restore; one that somebody else gave it since stays. */
function modeFor(chain: FileChain, now: Snapshot | null, first: FileState): number {
  const modes = new Set(chain.intents.map(({ after }) => after?.mode));
  return now === null || modes.has(now.mode) ? first.mode : now.mode;
}

function readBackup(journal: Journal, source: string, name: string | null): Uint8Array | null {
  return name === null ? null : journal.ports.files.read(join(source, "backups", name));
}

const EXPIRED = "its backup is no longer kept";
const CHANGED = "somebody has changed it since";

/** A list that went away with its last entry, to which entries can come back. */
function emptied(state: FileState): Snapshot {
  const bytes = new Uint8Array();
  return { ...state, bytes, hash: sha256(bytes) };
}

/** The file as a whole, or why it cannot be had. */
function wholeTarget(journal: Journal, source: string, chain: FileChain, now: Snapshot | null) {
  const { first } = chain;
  if (first === null) return { target: null };
  const mode = modeFor(chain, now, first);
  if (now?.hash === first.hash) return { target: { ...now, mode } };
  const bytes = readBackup(journal, source, chain.intents[0]?.backup ?? null);
  if (bytes === null) return { reason: EXPIRED };
  if (sha256(bytes) !== first.hash) return { reason: "its backup is damaged" };
  return { target: { ...first, mode, bytes } };
}

function entryTarget(
  journal: Journal,
  source: string,
  chain: FileChain,
  now: Snapshot,
  { split, join, ownerOf, isOurs }: EntryFormat,
) {
  const present = split(now.bytes);
  if (present === null) return { reason: CHANGED };
  const { put, dropped } = netEntries(chain.intents);
  const backups = chain.intents
    .flatMap(({ backup }) => readBackup(journal, source, backup) ?? [])
    .map((bytes) => split(bytes) ?? []);
  const lost = dropped.map((hash) => {
    // Where it stood last, its neighbours are those that may still be there.
    const neighbours = backups.findLast((entries) => entries.some((one) => sha256(one) === hash)) ?? [];
    return { entry: neighbours.find((one) => sha256(one) === hash), neighbours };
  });
  const known = lost.flatMap(({ entry, neighbours }) => (entry === undefined ? [] : [{ entry, neighbours }]));
  if (known.length < lost.length) return { reason: EXPIRED };
  const gone = new Set(put);
  const old = new Set(backups.flat());
  const here = new Set(present.map(sha256));
  if (isOurs && put.some((hash) => !here.has(hash)) && present.some((one) => isOurs(one) && !old.has(one)))
    return { reason: CHANGED };
  const restored = restoreEntries(
    present,
    { put: (entry) => gone.has(sha256(entry)), dropped: known, old },
    { ownerOf },
  );
  const bytes = join(restored);
  const same = join(present);
  const target = sha256(bytes) === sha256(same) ? now : { ...now, bytes, hash: sha256(bytes) };
  return { target: { ...target, mode: chain.first === null ? now.mode : modeFor(chain, now, chain.first) } };
}

/** Folders made for a file go with it, while nothing else is in them. */
function removeFolders(journal: Journal, folders: readonly string[]): void {
  for (const folder of folders.toReversed()) {
    try {
      journal.ports.files.removeFolder(folder);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return;
    }
  }
}

type Judgement =
  | { target: Snapshot | null; by: "whole" | "entries" }
  | { already: true }
  | { reason: string };

function judgeEntries(journal: Journal, source: string, chain: FileChain, now: Snapshot | null): Judgement {
  const list = entryFormatOf(formatOfChain(chain));
  const present = now ?? (list?.isGoneWhenEmpty && chain.first ? emptied(chain.first) : null);
  if (present === null) return { reason: "somebody has removed it since" };
  if (list === null) return { reason: CHANGED };
  const byEntry = entryTarget(journal, source, chain, present, list);
  if ("reason" in byEntry) return { reason: byEntry.reason };
  const isEmpty = byEntry.target.bytes.length === 0;
  const target = isEmpty && (chain.first === null || list.isGoneWhenEmpty) ? null : byEntry.target;
  const isSame = target?.hash === now?.hash && target?.mode === now?.mode;
  return isSame ? { already: true } : { target, by: "entries" };
}

function judge(journal: Journal, source: string, chain: FileChain, now: Snapshot | null): Judgement {
  const hash = now?.hash ?? null;
  const known = chain.ours.has(hash) && !chain.broken;
  const first = chain.first?.hash ?? null;
  if (hash === first && (!now || !chain.first || modeFor(chain, now, chain.first) === now.mode)) {
    return { already: true };
  }
  if (known || hash === first) {
    const whole = wholeTarget(journal, source, chain, now);
    return "reason" in whole ? { reason: whole.reason } : { target: whole.target, by: "whole" };
  }
  return judgeEntries(journal, source, chain, now);
}

function told(target: Snapshot | null, by: "whole" | "entries"): Pick<FileChange, "what" | "state"> {
  if (by === "entries") {
    const what = "took back our own entries and kept what others wrote since";
    return { what, state: "restored-entries" };
  }
  return { what: target === null ? "removed it again" : "put it back as it was", state: "restored" };
}

function left(file: string, hash: string | null, reason: string): FileChange {
  return { file, before: hash, after: hash, what: "left as it is", state: "left-alone", reason };
}

/** What is said of a file that is left as we left it. */
export function leaveFile({ file, intents }: FileChain, reason: string): FileChange {
  return left(file, intents.at(-1)?.after?.hash ?? null, reason);
}

/**
 * Restores one file, or says why not. `source`: the folder of the receipt that is taken back. A file that somebody
 * changed since is left alone; a list is then restored entry by entry. `moved`: see `lostAccount`.
 */
export async function undoFile(
  journal: Journal,
  source: string,
  chain: FileChain,
  moved: ReadonlySet<string> | null,
): Promise<Restored<FileChange>> {
  const { file, real } = chain;
  const leave = (reason: string, hash: string | null, complete: boolean): Restored<FileChange> => ({
    change: left(file, hash, reason),
    complete,
  });
  let hash: string | null = null;
  try {
    const now = takeSnapshot(journal.ports.files, real);
    hash = now?.hash ?? null;
    const verdict = judge(journal, source, chain, now);
    if ("reason" in verdict) return leave(verdict.reason, hash, true);
    if ("already" in verdict) {
      if (now === null) removeFolders(journal, chain.folders);
      const what = "was already as before";
      return {
        change: { file, before: hash, after: hash, what, state: "already-as-before", reason: null },
        complete: true,
      };
    }
    const { target, by } = verdict;
    const lost =
      formatOfChain(chain) === "accounts" ? await lostAccount(journal.ports, { now, target, moved }) : null;
    if (lost !== null)
      return leave(`the token that \`${lost}\` had before is gone, so what is there now stays`, hash, true);
    const place = { file, real, missing: target === null ? [] : missingFolders(journal.ports, real) };
    await moveFile(journal, {
      place,
      format: formatOfChain(chain),
      before: now,
      after: target,
      confirm: false,
      ...(chain.intents.some(({ lent }) => lent) ? { lent: "before" } : {}),
    });
    if (target === null) removeFolders(journal, chain.folders);
    return {
      change: { file, before: hash, after: target?.hash ?? null, ...told(target, by), reason: null },
      complete: true,
    };
  } catch (error) {
    const refusal = refusalFor(error, `\`${file}\` was not changed`);
    if (refusal instanceof Refusal) return leave(refusal.message, hash, false);
    throw error;
  }
}
