/** Files that are lists: others may write to them at any time, so what we did is taken back entry by entry. Pure. */
import { accountEntries, accountsOf, ownerOfEntry } from "../formats/accounts.ts";
import { ownerOfLine, storedFile, storedLines } from "../formats/git-credentials.ts";
import { knownHostLines, knownHostsFile } from "../formats/known-hosts.ts";
import { isOurBlock, sshConfigOf, sshConfigPieces } from "../formats/ssh-config.ts";
import { sha256 } from "../world/hash.ts";
import type { FileFormat } from "./journal.ts";

export interface EntryFormat {
  /** Null where the file cannot be read as a list. */
  split(bytes: Uint8Array): string[] | null;
  join(entries: readonly string[]): Uint8Array;
  /** Whose entry it is: of two with one owner only the newer stays. Null where nobody's. */
  ownerOf(entry: string): string | null;
  /** Whether a file without entries is none: nobody else makes it, and its readers take no empty one. */
  isGoneWhenEmpty: boolean;
  /** An entry that is ours and can be told even after somebody has changed it. */
  isOurs?(entry: string): boolean;
}

const nobodys = () => null;

const ENTRY_FORMATS: Partial<Record<FileFormat, EntryFormat>> = {
  "git-credentials": { split: storedLines, join: storedFile, ownerOf: ownerOfLine, isGoneWhenEmpty: false },
  accounts: { split: accountEntries, join: accountsOf, ownerOf: ownerOfEntry, isGoneWhenEmpty: true },
  // A host may have several keys of one kind, and ssh itself adds and removes lines.
  "known-hosts": {
    split: knownHostLines,
    join: knownHostsFile,
    ownerOf: nobodys,
    isGoneWhenEmpty: false,
  },
  "ssh-config": {
    split: sshConfigPieces,
    join: sshConfigOf,
    ownerOf: nobodys,
    isGoneWhenEmpty: false,
    isOurs: isOurBlock,
  },
};

/** Null for files that can only be judged as a whole. */
export function entryFormatOf(format: FileFormat | null): EntryFormat | null {
  return format === null ? null : (ENTRY_FORMATS[format] ?? null);
}

/** Of a list's entries in alphabetical order: the same however they are sorted. Null for files that are no lists. */
export function hashOfEntries(format: FileFormat | null, bytes: Uint8Array | null): string | null {
  const entries = bytes === null ? null : (entryFormatOf(format)?.split(bytes) ?? null);
  return entries === null ? null : sha256(entries.toSorted().join("\n"));
}
