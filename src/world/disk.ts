/**
 * Folders and files for who looks at very many of them: nothing is made for an entry that need not be made, and every
 * failure is a number and no exception. Nothing here changes anything, follows a link or waits for another process.
 */
import { constants } from "node:fs";

/** What stands in a folder, as far as the folder itself tells. */
export const ENTRY = { file: 0, folder: 1, link: 2, other: 3 } as const;

/**
 * A path or a name: each sign is one byte of it, since names need not be text.
 */
export type RawPath = string;

export function rawPath(path: string): RawPath {
  return Buffer.from(path).toString("latin1");
}

/** As it is shown. What is no UTF-8 becomes U+FFFD. */
export function shownPath(path: RawPath): string {
  return Buffer.from(path, "latin1").toString("utf8");
}

/** Why something could not be read. */
export type WhyUnread =
  | "io-error"
  | "name-too-long"
  | "no-permission"
  | "special-file"
  | "too-many-open-files"
  | "vanished";

const REASONS: Readonly<Record<string, WhyUnread>> = {
  EACCES: "no-permission",
  EPERM: "no-permission",
  ENOENT: "vanished",
  ENOTDIR: "vanished",
  // A link took its place.
  ELOOP: "vanished",
  ENAMETOOLONG: "name-too-long",
  EMFILE: "too-many-open-files",
  ENFILE: "too-many-open-files",
  ENXIO: "special-file",
};

/** The same by the system's name of the failure. */
export function whyOf(code: string | undefined): WhyUnread {
  return REASONS[code ?? ""] ?? "io-error";
}

/** The entries of one folder, some at a time. */
export interface Listing {
  /** Reads on; how many entries there are now, 0 at the end, -1 when it failed. */
  next(): number;
  /** One of `ENTRY`. */
  kind(entry: number): number;
  name(entry: number): RawPath;
  /** The first byte of its name, which costs less. */
  initial(entry: number): number;
  /** Opens a file of those read last; -1 when it failed. */
  open(entry: number): number;
  /** Opens a file by its name; -1 when it failed. */
  openNamed(name: RawPath): number;
  close(): void;
}

export interface Disk {
  /** Null when it failed. */
  list(folder: RawPath): Listing | null;
  /** Opens a file; -1 when it failed. */
  open(file: RawPath): number;
  /** Reads on into the memory the disk was opened with; how many bytes, 0 at the end, -1 when it failed. */
  read(file: number, at: number, length: number): number;
  close(file: number): void;
  /** Why a file or a folder could not be opened or read: asks again, with the means that tell. */
  why(path: RawPath): WhyUnread;
  /** The length of an open file; 0 when it cannot be told. */
  size(file: number): number;
  /** Reads into memory of the caller's own from a place in the file. */
  readAt(file: number, into: Uint8Array, place: number): number;
}

/**
 * Never waits: a pipe that took a file's place since it was listed is opened without a writer. Never follows a link in
 * the last place. Both are not defined on Windows.
 */
export const CAREFULLY =
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);
