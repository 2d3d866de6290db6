import {
  appendFileSync,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmdirSync,
  type Stats,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { FileError, type FileFacts, type WriteFiles } from "./ports.ts";

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" ? code : "EIO";
}

/** Runs one call on a path, its failure as a `FileError`. Node's own message is dropped: it repeats path and code. */
function on<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    const code = codeOf(error);
    throw new FileError(code, path, `\`${path}\`: ${code}`);
  }
}

/** The same, with null where there is nothing. */
function ifThere<T>(
  path: string,
  call: () => T,
  missing: readonly string[] = ["ENOENT", "ENOTDIR"],
): T | null {
  try {
    return on(path, call);
  } catch (error) {
    if (error instanceof FileError && missing.includes(error.code)) return null;
    throw error;
  }
}

function readStart(path: string, length: number): Uint8Array {
  const file = openSync(path, "r");
  try {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, 0));
  } finally {
    closeSync(file);
  }
}

function kindOf(stats: Stats): FileFacts["kind"] {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  return stats.isSymbolicLink() ? "symlink" : "other";
}

/** Makes the names in a folder survive a power cut. Some systems cannot sync a folder, and need not. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, constants.O_RDONLY);
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    // The change itself is done and seen by everyone.
  }
}

function createNew(path: string, bytes: Uint8Array, mode: number): void {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  // O_NOFOLLOW is not defined on Windows, where O_EXCL alone has to do.
  const file = openSync(path, O_CREAT | O_EXCL | O_WRONLY | (O_NOFOLLOW ?? 0), mode & 0o777);
  try {
    // The umask took bits away, and the mode was asked for exactly.
    fchmodSync(file, mode);
    writeFileSync(file, bytes);
    fsyncSync(file);
  } catch (error) {
    closeSync(file);
    unlinkSync(path);
    throw error;
  }
  closeSync(file);
  syncFolder(dirname(path));
}

function appendTo(path: string, bytes: Uint8Array): void {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
  const file = openSync(path, O_APPEND | O_CREAT | O_WRONLY | (O_NOFOLLOW ?? 0), 0o600);
  const isNew = fstatSync(file).size === 0;
  try {
    appendFileSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  if (isNew) syncFolder(dirname(path));
}

/** The files of this machine. */
export function realFiles(): WriteFiles {
  return {
    read: (path) => ifThere(path, () => new Uint8Array(readFileSync(path))),
    facts: (path) =>
      ifThere(path, () => {
        const stats = lstatSync(path);
        const { uid, gid, size, dev, ino } = stats;
        return { kind: kindOf(stats), mode: stats.mode & 0o7777, uid, gid, size, dev, inode: ino };
      }),
    resolve: (path) => ifThere(path, () => realpathSync(path), ["ENOENT", "ENOTDIR", "ELOOP"]),
    readStart: (path, length) => ifThere(path, () => readStart(path, length)),
    list: (path) => ifThere(path, () => readdirSync(path).sort()),
    create: (path, bytes, mode) => on(path, () => createNew(path, bytes, mode)),
    append: (path, bytes) => on(path, () => appendTo(path, bytes)),
    link: (from, to) => on(to, () => linkSync(from, to)),
    rename: (from, to) =>
      on(to, () => {
        renameSync(from, to);
        syncFolder(dirname(to));
      }),
    remove: (path) => void ifThere(path, () => unlinkSync(path)),
    makeFolder: (path, mode) => on(path, () => void mkdirSync(path, { recursive: true, mode })),
    createFolder: (path, mode) =>
      on(path, () => {
        mkdirSync(path, { mode });
        syncFolder(dirname(path));
      }),
    removeFolder: (path) => void ifThere(path, () => rmdirSync(path)),
    setMode: (path, mode) => on(path, () => chmodSync(path, mode)),
    setOwner: (path, uid, gid) => on(path, () => chownSync(path, uid, gid)),
  };
}
