/** The scan of whole trees: several workers walk, look and tell; this thread only listens. */

import type { Seen } from "../core/spot.ts";
import { realFiles } from "../world/files.ts";
import { readMountTable } from "../world/mount-table.ts";
import { processors } from "../world/processors.ts";
import { type RunningWorker, startWorker } from "../world/worker.ts";
import { type Board, newBoard, type Progress } from "./board.ts";
import { judgeMounts, type Mount, type MountWish, parseMountInfo, parseMountOutput } from "./mounts.ts";
import { beginAt } from "./roots.ts";
import { addUnread, type Unread } from "./unread.ts";
import type { Told, Work } from "./work.ts";

export interface ScanWish extends MountWish {
  /** Files and folders. A link is followed when it is named here, and nowhere else. */
  roots: readonly string[];
  /** Whether to look into tar, zip and gzip. */
  archives?: boolean;
  /** Fingerprints are made with it. */
  salt: Uint8Array;
  /** Bytes of one file that are read; the rest is not, and said so. */
  most?: number;
}

export interface ScanHeard {
  spots(spots: readonly Seen[]): void;
  /** Several times a second. */
  progress(progress: Progress): void;
  /** The folder that has `HEAD`, `objects` and `refs`, or the `.git` file that leads to one. */
  repository(path: string): void;
}

export interface ScanTotals {
  files: number;
  folders: number;
  bytes: number;
  /** Long files that are no text: only their beginning was looked at. */
  binary: number;
  /** Passed over because their line says `rekey:allow`. */
  allowed: number;
  unread: Unread[];
  /** Whether the walk came to its end. What it met and could not read is in `unread`. */
  complete: boolean;
}

const MOST = 2 ** 30;

/** Each has memory of its own, and few disks answer more at a time. */
const MOST_WORKERS = 8;

/** Milliseconds. */
const PROGRESS = 100;

/** How long a worker may take to hear that it is to stop: it may be waiting for a disk. In milliseconds. */
const GRACE = 1000;

function mountsNow(): Mount[] {
  const table = readMountTable();
  if (table === null) return [];
  return table.form === "mountinfo" ? parseMountInfo(table.text) : parseMountOutput(table.text);
}

/** Runs workers until all are done; null for one that ended before it could tell. */
function runWorkers(
  board: Board,
  work: Omit<Work, "worker" | "board">,
  heard: ScanHeard,
  cancelled: AbortSignal,
): Promise<(Extract<Told, { tells: "done" }> | null)[]> {
  const workers: RunningWorker[] = [];
  const endAll = () => {
    for (const worker of workers) worker.end();
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const start = (worker: number) =>
    new Promise<Extract<Told, { tells: "done" }> | null>((resolve) => {
      let isDone = false;
      const message: Work = { ...work, board: board.memory, worker };
      const running = startWorker<Told>("scan/worker", message, {
        told(told) {
          if (told.tells === "spots") heard.spots(told.spots);
          else if (told.tells === "repository") heard.repository(told.path);
          else {
            isDone = true;
            resolve(told);
          }
        },
        ended() {
          if (isDone) return;
          // The others must not wait for what it had taken.
          board.stop();
          resolve(null);
        },
      });
      workers.push(running);
    });
  const stop = () => {
    board.stop();
    timer ??= setTimeout(endAll, GRACE);
  };
  const all = Array.from({ length: work.workers }, (_, worker) => start(worker));
  if (cancelled.aborted) stop();
  cancelled.addEventListener("abort", stop);
  return Promise.all(all).finally(() => {
    cancelled.removeEventListener("abort", stop);
    clearTimeout(timer);
    endAll();
  });
}

/** Walks and looks; `heard` is told as things are met. Never throws for what a disk can hold. */
export async function scanTrees(
  wish: ScanWish,
  heard: ScanHeard,
  cancelled: AbortSignal,
): Promise<ScanTotals> {
  const mounts = mountsNow();
  const { roots, errands, unread } = beginAt(realFiles(), wish.roots, mounts);
  const workers = Math.min(processors(), MOST_WORKERS);
  const board = newBoard(workers, errands);
  const { archives = false, salt, most = MOST } = wish;
  const work = { workers, roots, mounts: [...judgeMounts(mounts, roots, wish)], archives, salt, most };
  const timer = setInterval(() => heard.progress(board.progress()), PROGRESS);
  const done = await runWorkers(board, work, heard, cancelled).finally(() => clearInterval(timer));
  let [binary, allowed] = [0, 0];
  for (const each of done) {
    binary += each?.binary ?? 0;
    allowed += each?.allowed ?? 0;
    const lost: Unread = { why: "worker-ended", count: 1, example: wish.roots[0] ?? "" };
    for (const reason of each?.unread ?? [lost]) addUnread(unread, reason);
  }
  const { files, folders, bytes } = board.progress();
  return { files, folders, bytes, binary, allowed, unread, complete: !board.isStopped() };
}
