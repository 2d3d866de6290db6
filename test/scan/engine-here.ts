/** The engine of a scan in this thread: what a worker does, with a look that only writes down what it was given. */
import { alwaysLooked } from "../../src/scan/always.ts";
import { newBoard } from "../../src/scan/board.ts";
import { lookAtFiles } from "../../src/scan/look-at-files.ts";
import { judgeMounts, type Mount } from "../../src/scan/mounts.ts";
import { makeReader, SIEVE_SIZE } from "../../src/scan/read.ts";
import { beginAt } from "../../src/scan/roots.ts";
import { makeSieve } from "../../src/scan/sieve.ts";
import { addUnread, type Unread } from "../../src/scan/unread.ts";
import { Walk } from "../../src/scan/walk.ts";
import { type Disk, shownPath } from "../../src/world/disk.ts";
import { linuxDisk } from "../../src/world/disk-linux.ts";
import { nodeDisk } from "../../src/world/disk-node.ts";
import { realFiles } from "../../src/world/files.ts";

/** Both kinds of disk have to give the same. */
export const DISKS: readonly (readonly [string, (memory: Uint8Array) => Disk])[] =
  process.platform === "linux"
    ? [
        ["Node's means", nodeDisk],
        ["the system's calls", (memory) => linuxDisk(memory) ?? nodeDisk(memory)],
      ]
    : [["Node's means", nodeDisk]];

export interface Handed {
  path: string;
  /** Each sign is one byte. */
  text: string;
}

export interface Seen {
  handed: Handed[];
  repositories: string[];
  unread: Unread[];
  binary: number;
  files: number;
  folders: number;
  bytes: number;
}

export interface Options {
  disk?: (memory: Uint8Array) => Disk;
  most?: number;
  always?: readonly string[];
  mounts?: readonly Mount[];
  otherMounts?: boolean;
  networkMounts?: boolean;
  /** Called with each text that is handed over; true stops the scan. */
  stopAt?: (handed: Handed) => boolean;
}

export function walkHere(roots: readonly string[], options: Options = {}): Seen {
  const {
    disk: open = linuxOrNode,
    most = 2 ** 30,
    always = [],
    mounts = [],
    stopAt = () => false,
  } = options;
  const { otherMounts = true, networkMounts = false } = options;
  const start = beginAt(realFiles(), roots, mounts);
  const board = newBoard(1, start.errands);
  const counts = board.countsOf(0);
  const sieve = makeSieve(SIEVE_SIZE);
  const disk = open(sieve.memory);
  const seen = { handed: [] as Handed[], repositories: [] as string[], unread: start.unread, binary: 0 };
  const heard = {
    spots: () => undefined,
    repository: (path: string) => void seen.repositories.push(shownPath(path)),
    unread: (why: Unread["why"], path: string) =>
      addUnread(seen.unread, { why, count: 1, example: shownPath(path) }),
    binary: () => void seen.binary++,
  };
  const look = (bytes: Uint8Array, path: string) => {
    const handed = { path, text: Buffer.from(bytes).toString("latin1") };
    seen.handed.push(handed);
    if (stopAt(handed)) board.stop();
    return [];
  };
  const reader = makeReader(disk, sieve, most, board.isStopped);
  const file = lookAtFiles(disk, reader, counts, look, board.isStopped, heard);
  const bounds = {
    roots: new Set(start.roots),
    mounts: judgeMounts(mounts, start.roots, { otherMounts, networkMounts }),
  };
  new Walk(disk, board, counts, bounds, alwaysLooked(always), { ...heard, file }).run();
  const { files, folders, bytes } = board.progress();
  return { ...seen, files, folders, bytes };
}

function linuxOrNode(memory: Uint8Array): Disk {
  return linuxDisk(memory) ?? nodeDisk(memory);
}
