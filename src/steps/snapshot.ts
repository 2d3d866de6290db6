import { sha256 } from "../world/hash.ts";
import type { ReadFiles } from "../world/ports.ts";
import type { FileState } from "./journal.ts";

/** A file as it is now. The bytes can hold secrets. */
export interface Snapshot extends FileState {
  bytes: Uint8Array;
}

/** Owner and group of a file that is new: whoever makes it. */
export const MAKER = -1;

/**
 * Null where there is nothing; throws `FileError` where it cannot be read. A link or folder in the file's place has a
 * hash that no file has, so that it never counts as a state we know.
 */
export function takeSnapshot(files: ReadFiles, real: string): Snapshot | null {
  const facts = files.facts(real);
  if (facts === null) return null;
  const { mode, uid, gid } = facts;
  if (facts.kind !== "file")
    return { bytes: new Uint8Array(), hash: sha256(`not a file: ${facts.kind}`), mode, uid, gid };
  const bytes = files.read(real);
  return bytes === null ? null : { bytes, hash: sha256(bytes), mode, uid, gid };
}

export function stateOf({ hash, mode, uid, gid }: FileState): FileState {
  return { hash, mode, uid, gid };
}

/** What a file will be; owner and group stay. */
export function snapshotOf(bytes: Uint8Array, before: Snapshot | null, mode: number): Snapshot {
  const owner = { uid: before?.uid ?? MAKER, gid: before?.gid ?? MAKER };
  return { bytes, hash: sha256(bytes), mode, ...owner };
}
