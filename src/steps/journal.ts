/**
 * What was about to be done and what was done, one JSON record a line, each on the disk before the change it speaks
 * of. No secrets; hashes of secrets of high entropy occur.
 */
import { join } from "node:path";
import type { RepositoryName } from "../core/bitbucket.ts";
import type { Receipt } from "../core/receipt.ts";
import type { Ports } from "./state-folder.ts";
import { receiptFolder } from "./state-folder.ts";

export type Action = Receipt["action"];

/** What makes a file the same again. */
export interface FileState {
  /** SHA-256 of its bytes. */
  hash: string;
  mode: number;
  uid: number;
  gid: number;
}

/** Decides how a file that somebody else wrote to since can be judged. */
export type FileFormat =
  | "git-config"
  | "netrc"
  | "git-credentials"
  | "accounts"
  | "token"
  | "timer"
  | "hook"
  | "ssh-key"
  | "known-hosts"
  | "ssh-config";

/** Files that hold secrets, or decide which one is used. */
export const HOLDS_SECRETS: ReadonlySet<FileFormat | null> = new Set([
  "netrc",
  "git-credentials",
  "accounts",
  "token",
  "ssh-key",
  "known-hosts",
  "ssh-config",
]);

export interface Begin {
  k: "begin";
  schema: "git-rekey/journal@1";
  version: string;
  pid: number;
  /** When that process began, as `beginningOfProcess` says it; null or missing where nobody can tell. */
  began?: string | null;
  host: string;
  at: string;
  action: Action;
  target: string;
  undoes: number | null;
}

/** A temporary file will be made under this name, which is nobody else's. */
export interface Prepare {
  k: "prepare";
  step: number;
  real: string;
  prepared: string;
}

/** Folders will be made, outermost first. */
export interface Folders {
  k: "folders";
  step: number;
  real: string;
  paths: readonly string[];
}

/** How to know that a lock is ours: the same file as the prepared one, or one with the marker in it. */
export interface Held {
  dev: number;
  inode: number;
  hash: string;
  marker: string;
}

/** A file will go from one state to another; null: it is not there. */
export interface Intent {
  k: "intent";
  step: number;
  /** As the person names it, and with links resolved. */
  file: string;
  real: string;
  format: FileFormat | null;
  before: FileState | null;
  after: FileState | null;
  /** Name in the folder of backups. */
  backup: string | null;
  held: Held;
  /** It will hold a token for a while: no copy is kept of it as it is then. */
  lent?: true;
  /** For files that are lists: SHA-256 of the entries that come and go. */
  put: readonly string[];
  dropped: readonly string[];
}

/** `cancelled`: nothing of the step was done. */
export interface Ended {
  k: "done" | "cancelled";
  step: number;
}

/** Git itself wrote the file again, and only moved lines. */
export interface Settled {
  k: "settled";
  real: string;
  hash: string;
}

/** Files that this run counts on without changing them: an earlier run may have written them. */
export interface Relies {
  k: "relies";
  /** With links resolved. */
  reals: readonly string[];
}

/** A helper will be told to keep or forget a secret. */
export interface HelperIntent {
  k: "helper";
  step: number;
  verb: "store" | "erase";
  helper: string;
  host: string;
  path: string | null;
  username: string;
  /** Backup of the secret it kept; null when there was none. */
  before: string | null;
  /** SHA-256 of the secret it will keep; null when none. */
  after: string | null;
}

/** Bitbucket will be told of a public key. */
export interface RegisterIntent {
  k: "register";
  step: number;
  repository: RepositoryName;
  label: string;
  /** Type and base64 of the public half, by which the key is found again. */
  key: string;
}

/** It has been told, and has this number for the key. */
export interface Registered {
  k: "registered";
  step: number;
  id: string;
}

export type JournalRecord =
  | Begin
  | Prepare
  | Folders
  | Intent
  | Ended
  | Settled
  | Relies
  | HelperIntent
  | RegisterIntent
  | Registered;

const KINDS = new Set([
  "begin",
  "prepare",
  "folders",
  "intent",
  "done",
  "cancelled",
  "settled",
  "relies",
  "helper",
  "register",
  "registered",
]);

function parseRecord(line: string): JournalRecord[] {
  try {
    const record: unknown = JSON.parse(line);
    const known =
      typeof record === "object" && record !== null && "k" in record && KINDS.has(String(record.k));
    // The folder is ours alone, so a record of a known kind is one we wrote.
    return known ? [record as JournalRecord] : [];
  } catch {
    // The line a crash or a full disk cut off: what it speaks of was not begun.
    return [];
  }
}

/** The journal of one receipt; empty where there is none. */
export function readJournal(ports: Ports, id: number): JournalRecord[] {
  const bytes = ports.files.read(join(receiptFolder(ports.self, id), "journal.ndjson"));
  return bytes === null ? [] : Buffer.from(bytes).toString("utf8").split("\n").flatMap(parseRecord);
}

export function beginOf(records: readonly JournalRecord[]): Begin | null {
  return records.find((record): record is Begin => record.k === "begin") ?? null;
}

/** The journal that is being written, and the folder of its receipt. */
export class Journal {
  readonly records: JournalRecord[] = [];
  private steps = 0;
  private torn = false;
  readonly folder: string;

  constructor(
    readonly ports: Ports,
    readonly id: number,
  ) {
    this.folder = receiptFolder(ports.self, id);
  }

  nextStep(): number {
    return ++this.steps;
  }

  /** Adds a record and waits until it is on the disk. */
  add(record: JournalRecord): void {
    const line = `${this.torn ? "\n" : ""}${JSON.stringify(record)}\n`;
    this.torn = true;
    this.ports.files.append(join(this.folder, "journal.ndjson"), Buffer.from(line));
    this.torn = false;
    this.records.push(record);
  }

  /** Keeps bytes that hold secrets until they expire. Returns their name. */
  keep(name: string, bytes: Uint8Array): string {
    this.ports.files.create(join(this.folder, "backups", name), bytes, 0o600);
    return name;
  }
}
