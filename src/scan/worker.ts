/** A worker of `scanTrees`: started by it, told once what to do, and heard until it is done. */
import { posix } from "node:path";
import { ALWAYS } from "../formats/always.ts";
import { shownPath } from "../world/disk.ts";
import { openDisk } from "../world/open-disk.ts";
import { hearOnce, tell } from "../world/worker.ts";
import { alwaysLooked } from "./always.ts";
import { ArchiveFiles } from "./archive/files.ts";
import { COUNT, openBoard } from "./board.ts";
import { type LookHeard, lookAtFiles } from "./look-at-files.ts";
import { makeReader, mayHold, SIEVE_SIZE } from "./read.ts";
import { makeSieve } from "./sieve.ts";
import { addUnread, type Unread } from "./unread.ts";
import { Walk, type WalkHeard } from "./walk.ts";
import type { Told, Work } from "./work.ts";

async function work(told: Work): Promise<void> {
  const { board: memory, workers, worker, roots, mounts, archives, salt, most } = told;
  const say: (told: Told) => void = tell;
  const board = openBoard(memory, workers);
  const counts = board.countsOf(worker);
  const sieve = makeSieve(SIEVE_SIZE);
  const disk = openDisk(sieve.memory);
  const isStopped = board.isStopped;
  const unread: Unread[] = [];
  let binary = 0;
  let allowed = 0;
  const heard: Omit<WalkHeard, "file"> & LookHeard = {
    spots: (spots) => say({ tells: "spots", spots: [...spots] }),
    repository: (path) => say({ tells: "repository", path: shownPath(path) }),
    unread: (why, path) => addUnread(unread, { why, count: 1, example: shownPath(path) }),
    binary: () => void binary++,
  };
  const reader = makeReader(disk, sieve, most, isStopped);
  const look = (bytes: Uint8Array, path: string) => {
    // The formats with their parsers: loaded at the first file that is looked at, as many a scan has none.
    const { keepShapes, lookAtText } = require("./look.ts") as typeof import("./look.ts");
    const found = lookAtText(bytes, path, keepShapes(salt));
    allowed += found.allowed;
    return found.seen;
  };
  const lookAtFile = lookAtFiles(disk, reader, counts, look, isStopped, heard);
  const always = alwaysLooked(ALWAYS);
  const packed = new ArchiveFiles(disk, {
    mayHold: (bytes, path) =>
      always.includes(posix.dirname(path), posix.basename(path)) || mayHold(sieve, bytes),
    lookAt: look,
    isStopped,
    spots: heard.spots,
    done(bytes) {
      counts[COUNT.bytes] = (counts[COUNT.bytes] ?? 0) + bytes;
    },
    unread: (why, example) => addUnread(unread, { why, count: 1, example }),
  });
  const file: WalkHeard["file"] = (opened, path, isAlways) => {
    if (!archives || opened < 0 || !packed.takes(opened, path)) lookAtFile(opened, path, isAlways);
  };
  const bounds = { roots: new Set(roots), mounts: new Map(mounts) };
  new Walk(disk, board, counts, bounds, always, { ...heard, file }).run();
  await packed.look();
  say({ tells: "done", unread, binary, allowed });
}

hearOnce<Work>((told) => void work(told));
