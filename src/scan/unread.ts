/** What a scan did not read, counted by reason: a report says so, or a part would pass for the whole. Pure. */

export type Reason =
  /** An archive in an archive in an archive. */
  | "archive-in-archive"
  /** An archive that cannot be read to its end. */
  | "damaged"
  /** It is in an archive, behind a password. */
  | "encrypted"
  /** The disk failed. */
  | "io-error"
  /** It was read and could not be made sense of: a fault of ours. */
  | "look-failed"
  | "name-too-long"
  | "network-mount"
  | "no-permission"
  /** Another file system, and crossing into those was not asked for. */
  | "other-mount"
  /** A socket, a pipe or a device. */
  | "special-file"
  /** Its beginning was read, as far as one file is read. */
  | "too-big"
  | "too-many-open-files"
  | "vanished"
  /** Who was to read it ended before its time. */
  | "worker-ended";

export interface Unread {
  why: Reason;
  count: number;
  /** The path of one of them. */
  example: string;
}

/** Adds to a list, in place. */
export function addUnread(list: Unread[], { why, count, example }: Unread): void {
  const known = list.find((each) => each.why === why);
  if (known === undefined) list.push({ why, count, example });
  else known.count += count;
}
