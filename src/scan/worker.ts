/** A worker of `scanTrees`: started by it, told once what to do, and heard until it is done. */
import { ALWAYS } from "../formats/always.ts";
import { shownPath } from "../world/disk.ts";
import { openDisk } from "../world/open-disk.ts";
import { hearOnce, tell } from "../world/worker.ts";
import { alwaysLooked } from "./always.ts";
import { openBoard } from "./board.ts";
import { type LookHeard, lookAtFiles } from "./look-at-files.ts";
import { makeReader, SIEVE_SIZE } from "./read.ts";
import { makeSieve } from "./sieve.ts";
import { addUnread, type Unread } from "./unread.ts";
import { Walk, type WalkHeard } from "./walk.ts";
import type { Told, Work } from "./work.ts";

/** The formats with their parsers, loaded at the first file that is looked at: many a scan has none. */
function formats(): typeof import("./look.ts") {
  return require("./look.ts");
}

function work({ board: memory, workers, worker, roots, mounts, salt, most }: Work): void {
  const say: (told: Told) => void = tell;
  const board = openBoard(memory, workers);
  const counts = board.countsOf(worker);
  const sieve = makeSieve(SIEVE_SIZE);
  const disk = openDisk(sieve.memory);
  const isStopped = board.isStopped;
  const unread: Unread[] = [];
  let binary = 0;
  const heard: Omit<WalkHeard, "file"> & LookHeard = {
    spots: (spots) => say({ tells: "spots", spots: [...spots] }),
    repository: (path) => say({ tells: "repository", path: shownPath(path) }),
    unread: (why, path) => addUnread(unread, { why, count: 1, example: shownPath(path) }),
    binary: () => void binary++,
  };
  const reader = makeReader(disk, sieve, most, isStopped);
  const look = (bytes: Uint8Array, path: string) => formats().lookAt(bytes, path, { salt });
  const file = lookAtFiles(disk, reader, counts, look, isStopped, heard);
  new Walk(disk, board, counts, { roots: new Set(roots), mounts: new Map(mounts) }, alwaysLooked(ALWAYS), {
    ...heard,
    file,
  }).run();
  say({ tells: "done", unread, binary });
}

hearOnce<Work>(work);
