/** What stands only while a command of ours runs, as its note on the disk tells it. Pure. */

/** A value that holds a token for the length of one operation. */
export interface LentEntry {
  /** The entry's name when it was lent. */
  key: string;
  /** SHA-256 of the value with the token in it. */
  hash: string;
  /** The value to put back; free of secrets. */
  to: string;
}

/** URLs of one remote that hold a token, in one file. */
export interface LentUrl {
  kind: "lent-url";
  /** The receipt that tells of it. */
  receipt: number;
  file: string;
  entries: readonly LentEntry[];
  /** SHA-256 of the token: Git writes URLs that it makes from a remote's into other places. */
  secret: string;
  /** The repository's own folder, in which its submodules' are; null where it is not known. */
  folder: string | null;
  /** The key of the line that keeps helpers from storing the token. */
  silence: string;
  /** The file's mode before; while it holds the token only its owner reads it. */
  mode: number;
  /** Whether the file was free of a secret there: then it is put back byte for byte, if nobody wrote to it since. */
  whole: boolean;
  /** Where the token is revoked. */
  page: string;
}

/** What is to be put right if the command is killed. */
export type Left = { kind: "folder"; path: string } | LentUrl;

export interface Standing {
  schema: "git-rekey/standing@1";
  pid: number;
  /** Tells this process from a later one with its number. */
  began: string | null;
  host: string;
  /** ISO 8601. */
  at: string;
  left: Left;
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

function isLeft(left: unknown): left is Left {
  if (!isFields(left)) return false;
  if (left.kind === "folder") return typeof left.path === "string";
  return left.kind === "lent-url" && typeof left.file === "string" && Array.isArray(left.entries);
}

/** Null for a note that a crash cut off: what it was to speak of was not begun. */
export function readStanding(text: string): Standing | null {
  try {
    const json: unknown = JSON.parse(text);
    const known = isFields(json) && json.schema === "git-rekey/standing@1" && isLeft(json.left);
    // The folder is the user's alone, so a note of this schema is one we wrote.
    return known ? (json as unknown as Standing) : null;
  } catch {
    return null;
  }
}
