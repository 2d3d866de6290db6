/** What a killed run left lying about. */
import { join } from "node:path";
import type { Receipt } from "../core/receipt.ts";
import { FileError } from "../world/ports.ts";
import { beginningOfProcess } from "../world/processes.ts";
import {
  type Begin,
  beginOf,
  type Folders,
  type Intent,
  type JournalRecord,
  type Prepare,
  readJournal,
} from "./journal.ts";
import { isOurLock } from "./lock.ts";
import { listReceipts } from "./receipts.ts";
import { type Ports, receiptFolder, receiptIds } from "./state-folder.ts";

/** Milliseconds, by a clock that may have been set meanwhile: only where nothing better tells. */
const LONGEST_RUN = 24 * 3_600_000;

export interface Recovery {
  /** Locks and temporary files that were removed. */
  removed: readonly string[];
  /** Runs that changed something and did not finish: `git rekey undo ID` takes them back. */
  unfinished: readonly Receipt[];
  /** Numbers of runs that are still going on. */
  running: readonly number[];
}

function isRecent({ self }: Ports, { at }: Begin): boolean {
  return Math.abs(self.now() - Date.parse(at)) <= LONGEST_RUN;
}

/** Whether the process that writes this journal may still be at it. */
export function isRunning(ports: Ports, records: readonly JournalRecord[]): boolean {
  const begin = beginOf(records);
  if (begin === null) return false;
  const { pid, began = null, host } = begin;
  // Another machine with the same home folder: there is no way to see its processes.
  if (host !== ports.self.host) return isRecent(ports, begin);
  // In a container every run can have the same number: our own is no sign of life of another run.
  if (pid === ports.self.pid || !ports.self.isAlive(pid)) return false;
  return began === null ? isRecent(ports, begin) : beginningOfProcess(pid) === began;
}

/** Removes one file that is ours; a folder that cannot be written to keeps it for the next time. */
function removeOurs({ files }: Ports, path: string, removed: string[]): void {
  try {
    if (files.facts(path) === null) return;
    files.remove(path);
    removed.push(path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
  }
}

function removeEmpty({ files }: Ports, folders: readonly string[]): void {
  for (const folder of folders.toReversed()) {
    try {
      files.removeFolder(folder);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return;
    }
  }
}

/** Leftovers of one run that is over. The file itself is never touched: undo does that. */
function sweep(ports: Ports, id: number, records: readonly JournalRecord[], removed: string[]): void {
  for (const intent of records.filter((one): one is Intent => one.k === "intent")) {
    const lock = `${intent.real}.lock`;
    try {
      if (isOurLock(ports.files, lock, intent.held)) removeOurs(ports, lock, removed);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  }
  for (const { prepared } of records.filter((one): one is Prepare => one.k === "prepare"))
    removeOurs(ports, prepared, removed);
  removeOurs(ports, join(receiptFolder(ports.self, id), "receipt.json.new"), removed);
}

/** Folders made for a file that was never made. */
function sweepFolders(ports: Ports, records: readonly JournalRecord[]): void {
  for (const { real, paths } of records.filter((one): one is Folders => one.k === "folders")) {
    if (ports.files.facts(real) === null) removeEmpty(ports, paths);
  }
}

function changedSomething({ changed, helpers }: Receipt): boolean {
  return changed.length + helpers.length > 0;
}

/**
 * Removes locks and temporary files of runs that died, and names the runs that a person should undo. Safe to call at
 * any time before a transaction is opened; running it twice does nothing more.
 */
export function recover(ports: Ports): Recovery {
  const removed: string[] = [];
  const running: number[] = [];
  for (const id of receiptIds(ports)) {
    const isOver = ports.files.facts(join(receiptFolder(ports.self, id), "receipt.json")) !== null;
    const records = readJournal(ports, id);
    if (!isOver && isRunning(ports, records)) running.push(id);
    else {
      sweep(ports, id, records, removed);
      if (!isOver) sweepFolders(ports, records);
    }
  }
  const receipts = listReceipts(ports);
  const undone = new Set(receipts.flatMap(({ id, state }) => (state === "undone" ? [id] : [])));
  const unfinished = receipts.filter(
    (one) =>
      one.state === "incomplete" &&
      !running.includes(one.id ?? 0) &&
      changedSomething(one) &&
      !(one.undoes !== null && undone.has(one.undoes)),
  );
  return { removed, unfinished, running };
}
