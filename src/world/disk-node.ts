/** The disk by Node's means, which every system has. */
import { closeSync, type Dirent, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { CAREFULLY, type Disk, ENTRY, type Listing, type RawPath, type WhyUnread, whyOf } from "./disk.ts";

function bytesOf(path: RawPath): Buffer {
  return Buffer.from(path, "latin1");
}

function open(path: RawPath): number {
  try {
    return openSync(bytesOf(path), CAREFULLY);
  } catch {
    return -1;
  }
}

/** A read of nothing tells what a file that opens is good for, a list of its names what a folder is. */
function tryAgain(path: RawPath): void {
  const file = openSync(bytesOf(path), CAREFULLY);
  try {
    if (fstatSync(file).isDirectory()) readdirSync(bytesOf(path));
    else readSync(file, new Uint8Array(1), 0, 1, 0);
  } finally {
    closeSync(file);
  }
}

/** Why a path cannot be read. What can be read after all was in the way for a moment only: still it was not read. */
export function why(path: RawPath): WhyUnread {
  try {
    tryAgain(path);
    return "io-error";
  } catch (error) {
    return whyOf((error as NodeJS.ErrnoException).code);
  }
}

export function size(file: number): number {
  try {
    return fstatSync(file).size;
  } catch {
    return 0;
  }
}

export function readAt(file: number, into: Uint8Array, place: number): number {
  try {
    return readSync(file, into, 0, into.length, place);
  } catch {
    return -1;
  }
}

function kindOf(entry: Dirent): number {
  if (entry.isFile()) return ENTRY.file;
  if (entry.isDirectory()) return ENTRY.folder;
  return entry.isSymbolicLink() ? ENTRY.link : ENTRY.other;
}

/** All entries at once: Node reads a folder whole. */
function listingOf(folder: RawPath, entries: readonly Dirent[]): Listing {
  let told = false;
  const nameOf = (entry: number) => entries[entry]?.name ?? "";
  const openNamed = (name: RawPath) => open(`${folder}/${name}`);
  return {
    next() {
      if (told) return 0;
      told = true;
      return entries.length;
    },
    kind: (entry) => (entries[entry] === undefined ? ENTRY.other : kindOf(entries[entry])),
    name: nameOf,
    initial: (entry) => nameOf(entry).charCodeAt(0),
    open: (entry) => openNamed(nameOf(entry)),
    openNamed,
    close: () => undefined,
  };
}

/** A disk that reads into this memory. */
export function nodeDisk(memory: Uint8Array): Disk {
  return {
    list(folder) {
      try {
        return listingOf(folder, readdirSync(bytesOf(folder), { withFileTypes: true, encoding: "latin1" }));
      } catch {
        return null;
      }
    },
    open,
    read(file, at, length) {
      try {
        return readSync(file, memory, at, length, null);
      } catch {
        return -1;
      }
    },
    close: closeSync,
    why,
    size,
    readAt,
  };
}
