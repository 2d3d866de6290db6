/** Takes one file back to what it was before a receipt, judged by what it is now. */
import { join } from "node:path";
import type { FileChange } from "../core/receipt.ts";
import { storedFile, storedLines } from "../formats/git-credentials.ts";
import { sha256 } from "../world/hash.ts";
import { FileError } from "../world/ports.ts";
import { type FileChain, isLineFile, netLines } from "./file-chain.ts";
import type { FileState, Journal } from "./journal.ts";
import { moveFile } from "./move.ts";
import { missingFolders } from "./place.ts";
import { Refusal, refusalFor } from "./refusal.ts";
import { restoreLines } from "./restore-lines.ts";
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

function lineTarget(journal: Journal, source: string, chain: FileChain, now: Snapshot) {
  const { put, dropped } = netLines(chain.intents);
  const backups = chain.intents
    .flatMap(({ backup }) => readBackup(journal, source, backup) ?? [])
    .map(storedLines);
  const lost = dropped.map((hash) => {
    // Where it stood last, its neighbours are those that may still be there.
    const neighbours = backups.findLast((lines) => lines.some((line) => sha256(line) === hash)) ?? [];
    return { line: neighbours.find((line) => sha256(line) === hash), neighbours };
  });
  const known = lost.flatMap(({ line, neighbours }) => (line === undefined ? [] : [{ line, neighbours }]));
  if (known.length < lost.length) return { reason: EXPIRED };
  const gone = new Set(put);
  const restored = restoreLines(storedLines(now.bytes), {
    put: (line) => gone.has(sha256(line)),
    dropped: known,
    old: new Set(backups.flat()),
  });
  const bytes = storedFile(restored);
  const same = storedFile(storedLines(now.bytes));
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

type Judgement = { target: Snapshot | null; by: "whole" | "lines" } | { already: true } | { reason: string };

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
  if (now === null) return { reason: "somebody has removed it since" };
  if (!isLineFile(chain)) return { reason: "somebody has changed it since" };
  const byLine = lineTarget(journal, source, chain, now);
  if ("reason" in byLine) return { reason: byLine.reason };
  if (chain.first === null && byLine.target.bytes.length === 0) return { target: null, by: "lines" };
  if (byLine.target.hash === now.hash && byLine.target.mode === now.mode) return { already: true };
  return { target: byLine.target, by: "lines" };
}

function told(target: Snapshot | null, by: "whole" | "lines"): Pick<FileChange, "what" | "state"> {
  if (by === "lines") {
    const what = "took back our own entries and kept what others wrote since";
    return { what, state: "restored-entries" };
  }
  return { what: target === null ? "removed it again" : "put it back as it was", state: "restored" };
}

/**
 * Restores one file, or says why not. `source`: the folder of the receipt that is taken back. A file that somebody
 * changed since is left alone; a file of Git's `store` is then restored entry by entry.
 */
export async function undoFile(
  journal: Journal,
  source: string,
  chain: FileChain,
): Promise<Restored<FileChange>> {
  const { file, real } = chain;
  const leave = (reason: string, hash: string | null, complete: boolean): Restored<FileChange> => ({
    change: { file, before: hash, after: hash, what: "left as it is", state: "left-alone", reason },
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
    const place = { file, real, missing: target === null ? [] : missingFolders(journal.ports, real) };
    const format = chain.intents.find((one) => one.format !== null)?.format ?? null;
    await moveFile(journal, { place, format, before: now, after: target, confirm: false });
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
