/**
 * Takes one file from one state to another so that a crash at any moment leaves either the old file or the new one,
 * and enough on the disk to know which and to clean up.
 */
import { basename } from "node:path";
import { randomName, sha256 } from "../world/hash.ts";
import { FileError, type WriteFiles } from "../world/ports.ts";
import { entryFormatOf } from "./entries.ts";
import { confirmWithGit } from "./git-agrees.ts";
import type { FileFormat, Held, Intent, Journal } from "./journal.ts";
import { mustNotBeLent } from "./lent-file.ts";
import { isOurLock, type LockKind, takeLock } from "./lock.ts";
import type { Place } from "./place.ts";
import { Refusal, refusalFor } from "./refusal.ts";
import { MAKER, type Snapshot, stateOf, takeSnapshot } from "./snapshot.ts";

export interface Move {
  place: Place;
  format: FileFormat | null;
  before: Snapshot | null;
  after: Snapshot | null;
  /** Have Git confirm that it reads both states as we do. Undo needs no Git. */
  confirm: boolean;
  /** Which of the two states holds a token for the length of one operation; of that one no copy is kept. */
  lent?: "before" | "after";
}

/** What one move has on the disk so far. */
interface Work {
  step: number;
  real: string;
  lock: string;
  prepared: string;
  folders: readonly string[];
  held: Held | null;
  acted: boolean;
}

function entriesMoved(move: Move): { put: string[]; dropped: string[] } {
  const list = entryFormatOf(move.format);
  if (list === null) return { put: [], dropped: [] };
  const hashes = (side: Snapshot | null) => (side === null ? [] : (list.split(side.bytes) ?? []).map(sha256));
  const put = hashes(move.after);
  const dropped: string[] = [];
  for (const entry of hashes(move.before)) {
    const at = put.indexOf(entry);
    if (at < 0) dropped.push(entry);
    else put.splice(at, 1);
  }
  return { put, dropped };
}

/** Owner and group as before. A group that this user cannot give is let go where the group may do nothing anyway. */
function giveOwner(files: WriteFiles, path: string, wanted: Snapshot): void {
  const facts = files.facts(path);
  if (facts === null || wanted.uid === MAKER || (facts.uid === wanted.uid && facts.gid === wanted.gid))
    return;
  try {
    files.setOwner(path, wanted.uid, wanted.gid);
  } catch (error) {
    const harmless = facts.uid === wanted.uid && (wanted.mode & 0o070) === 0;
    if (!(error instanceof FileError && error.code === "EPERM" && harmless)) throw error;
  }
}

/** Somebody else making the same folder at the same moment is fine. */
function makeOne(files: WriteFiles, path: string): void {
  try {
    files.createFolder(path, 0o700);
  } catch (error) {
    if (!(error instanceof FileError && error.code === "EEXIST")) throw error;
  }
}

function makeFolders(journal: Journal, { step, real }: Work, { missing }: Place): void {
  if (missing.length === 0) return;
  journal.add({ k: "folders", step, real, paths: missing });
  for (const path of missing) makeOne(journal.ports.files, path);
}

/** What will replace the file; null where something happens to the file that is there: it is removed or its mode set. */
function replacement({ before, after }: Move): Snapshot | null {
  return after !== null && after.hash !== before?.hash ? after : null;
}

/** The new file beside the old one. Where nothing is replaced it is only there to be the lock. */
async function prepare(journal: Journal, move: Move, work: Work): Promise<Held> {
  const { files } = journal.ports;
  const marker = `git-rekey ${basename(work.prepared)}\n`;
  const fresh = replacement(move);
  const bytes = fresh?.bytes ?? Buffer.from(marker);
  files.create(work.prepared, bytes, fresh?.mode ?? 0o600);
  if (fresh) giveOwner(files, work.prepared, fresh);
  if (fresh && move.confirm) await confirmWithGit(journal, move.place.file, work.prepared, fresh.bytes);
  const facts = files.facts(work.prepared);
  return { dev: facts?.dev ?? 0, inode: facts?.inode ?? 0, hash: sha256(bytes), marker };
}

function intentOf(move: Move, work: Work, backup: string | null, held: Held): Intent {
  return {
    k: "intent",
    step: work.step,
    file: move.place.file,
    real: work.real,
    format: move.format,
    before: move.before && stateOf(move.before),
    after: move.after && stateOf(move.after),
    ...(move.lent === "after" ? { lent: true } : {}),
    backup,
    held,
    ...entriesMoved(move),
  };
}

function checkStillBefore(files: WriteFiles, { place, before }: Move): void {
  const now = takeSnapshot(files, place.real);
  if (now?.hash === before?.hash) return;
  throw new Refusal(
    "changed-meanwhile",
    `\`${place.file}\` was not changed: somebody else wrote to it at the same moment`,
  );
}

/** The one moment in which the file changes; then everything beside it goes. */
function act(files: WriteFiles, move: Move, work: Work, kind: LockKind): void {
  const replaces = replacement(move) !== null;
  if (replaces) files.rename(kind === "linked" ? work.lock : work.prepared, work.real);
  else if (move.after === null) files.remove(work.real);
  else files.setMode(work.real, move.after.mode);
  work.acted = true;
  if (!(replaces && kind === "linked")) files.remove(work.lock);
  files.remove(work.prepared);
}

function quietly(call: () => void): void {
  try {
    call();
  } catch {
    // What cannot be removed now is in the journal, and recovery will remove it.
  }
}

/** Takes back everything that a failed move has on the disk, as far as the disk lets us. */
function abandon(journal: Journal, work: Work): void {
  const { files } = journal.ports;
  const { held, lock } = work;
  quietly(() => {
    if (held !== null && isOurLock(files, lock, held)) files.remove(lock);
  });
  quietly(() => files.remove(work.prepared));
  if (work.acted) return;
  for (const folder of work.folders.toReversed()) quietly(() => files.removeFolder(folder));
  quietly(() => journal.add({ k: "cancelled", step: work.step }));
}

/** Makes one move, or throws a `Refusal` and leaves the file as it was. */
export async function moveFile(journal: Journal, move: Move): Promise<void> {
  const { files } = journal.ports;
  const { real, file } = move.place;
  if (move.lent !== "before") mustNotBeLent(journal.ports, file);
  const step = journal.nextStep();
  const prepared = `${real}.rekey-${journal.id}-${step}-${randomName()}`;
  const work: Work = {
    step,
    real,
    lock: `${real}.lock`,
    prepared,
    folders: move.place.missing,
    held: null,
    acted: false,
  };
  try {
    journal.add({ k: "prepare", step, real, prepared });
    makeFolders(journal, work, move.place);
    const keeps = move.before !== null && move.lent !== "before";
    const backup = keeps && move.before ? journal.keep(String(step), move.before.bytes) : null;
    const asked = backup === null ? real : `${journal.folder}/backups/${backup}`;
    if (move.confirm && move.before) await confirmWithGit(journal, file, asked, move.before.bytes);
    const held = await prepare(journal, move, work);
    journal.add(intentOf(move, work, backup, held));
    work.held = held;
    const kind = await takeLock(files, prepared, real, held.marker);
    checkStillBefore(files, move);
    act(files, move, work, kind);
    journal.add({ k: "done", step });
  } catch (error) {
    abandon(journal, work);
    throw refusalFor(error, `\`${file}\` was not changed`);
  }
}
