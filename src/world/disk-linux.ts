/**
 * The disk by the system's own calls: a folder is read as the kernel writes it, and a file is opened by its name's
 * address in there. Beside Node's means the walk of a large tree, with one read of each file, takes a good half of the
 * time.
 */

import { ptr } from "bun:ffi";
import { constants, lstatSync } from "node:fs";
import { CAREFULLY, type Disk, ENTRY, type Listing, type RawPath } from "./disk.ts";
import { readAt, size, why } from "./disk-node.ts";
import { openLibrary } from "./libc.ts";

const FUNCTIONS = {
  openat: { args: ["i32", "ptr", "i32", "i32"], returns: "i32" },
  getdents64: { args: ["i32", "ptr", "u64"], returns: "i32" },
  read: { args: ["i32", "ptr", "u64"], returns: "i32" },
  close: { args: ["i32"], returns: "i32" },
} as const;

/** Instead of an open folder: paths begin where they begin. */
const AT_ROOT = -100;

const O_CLOEXEC = 0o2000000;
const FILE = CAREFULLY | O_CLOEXEC;
const FOLDER = FILE | constants.O_DIRECTORY;

/** The kernel takes no path of more bytes, the zero at its end included. */
const LONGEST = 4096;

/** `struct linux_dirent64`: number (8), place (8), length (2), type (1), name, zero. */
const DIRENT = { length: 16, type: 18, name: 19 } as const;

/** What the kernel calls a file's type; 0 is for file systems that do not tell. */
const TYPE = { unknown: 0, folder: 4, file: 8, link: 10 } as const;

const DOT = 0x2e;

/** Room for some hundred entries: more than most folders have. */
const ENTRIES = 32_768;

/** The shortest entry, with a name of up to four bytes. */
const SHORTEST = 24;

interface Means {
  calls: NonNullable<ReturnType<typeof openLibrary<keyof typeof FUNCTIONS>>>;
  /** A path, put where the kernel can see it. */
  addressOf(path: RawPath): number;
}

function openMeans(): Means | null {
  const calls = openLibrary(FUNCTIONS);
  if (calls === null) return null;
  const room = Buffer.alloc(LONGEST);
  const address = Number(ptr(room));
  return {
    calls,
    addressOf(path) {
      room[room.write(path, 0, "latin1")] = 0;
      return address;
    },
  };
}

/** Opens by path, however long: from folder to folder where the kernel would take no more. */
function openPath({ calls, addressOf }: Means, path: RawPath, flags: number): number {
  let [folder, rest] = [AT_ROOT, path];
  while (rest.length >= LONGEST) {
    const cut = rest.lastIndexOf("/", LONGEST - 2);
    const next = cut <= 0 ? -1 : calls.openat(folder, addressOf(rest.slice(0, cut)), FOLDER, 0);
    if (folder !== AT_ROOT) calls.close(folder);
    if (next < 0) return -1;
    [folder, rest] = [next, rest.slice(cut + 1)];
  }
  const opened = calls.openat(folder, addressOf(rest), flags, 0);
  if (folder !== AT_ROOT) calls.close(folder);
  return opened;
}

/** One folder is read at a time, so all use the same room. */
function makeLister(means: Means): (folder: RawPath) => Listing | null {
  const { calls, addressOf } = means;
  const room = Buffer.alloc(ENTRIES);
  const address = Number(ptr(room));
  const places = new Int32Array(ENTRIES / SHORTEST);
  let [path, folder] = ["", -1];

  const nameOf = (entry: number): RawPath => {
    const start = (places[entry] ?? 0) + DIRENT.name;
    return room.toString("latin1", start, room.indexOf(0, start));
  };
  const isDots = (name: number) =>
    room[name] === DOT && (room[name + 1] === 0 || (room[name + 1] === DOT && room[name + 2] === 0));
  const ask = (entry: number): number => {
    try {
      const facts = lstatSync(Buffer.from(`${path}/${nameOf(entry)}`, "latin1"));
      if (facts.isFile()) return ENTRY.file;
      if (facts.isDirectory()) return ENTRY.folder;
      return facts.isSymbolicLink() ? ENTRY.link : ENTRY.other;
    } catch {
      // Whoever opens it will hear why.
      return ENTRY.file;
    }
  };
  const listing: Listing = {
    next() {
      for (;;) {
        const filled = calls.getdents64(folder, address, ENTRIES);
        if (filled <= 0) return filled;
        let count = 0;
        for (let at = 0; at < filled; ) {
          if (!isDots(at + DIRENT.name)) places[count++] = at;
          at += (room[at + DIRENT.length] ?? 0) | ((room[at + DIRENT.length + 1] ?? 0) << 8);
        }
        // A folder with nothing but itself and the one above is at its end the next time.
        if (count > 0) return count;
      }
    },
    kind(entry) {
      const type = room[(places[entry] ?? 0) + DIRENT.type];
      if (type === TYPE.file) return ENTRY.file;
      if (type === TYPE.folder) return ENTRY.folder;
      if (type === TYPE.link) return ENTRY.link;
      return type === TYPE.unknown ? ask(entry) : ENTRY.other;
    },
    name: nameOf,
    initial: (entry) => room[(places[entry] ?? 0) + DIRENT.name] ?? 0,
    open: (entry) => calls.openat(folder, address + (places[entry] ?? 0) + DIRENT.name, FILE, 0),
    openNamed: (name) => calls.openat(folder, addressOf(name), FILE, 0),
    close: () => void calls.close(folder),
  };
  return (next) => {
    folder = openPath(means, next, FOLDER);
    path = next;
    return folder < 0 ? null : listing;
  };
}

/** A disk that reads into this memory; null where the system's own calls cannot be made. */
export function linuxDisk(memory: Uint8Array): Disk | null {
  if (process.platform !== "linux") return null;
  const means = openMeans();
  if (means === null) return null;
  const { calls } = means;
  const address = Number(ptr(memory));
  return {
    list: makeLister(means),
    open: (file) => openPath(means, file, FILE),
    read: (file, at, length) => calls.read(file, address + at, length),
    close: (file) => void calls.close(file),
    why,
    size,
    readAt,
  };
}
