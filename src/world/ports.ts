/** What git-rekey may do to a machine. The only way out of `core`; each port has a real implementation in this folder. */
import type { SecretShape } from "../core/secret.ts";

/** What `lstat` tells, in the parts that matter. */
export interface FileFacts {
  kind: "file" | "folder" | "symlink" | "other";
  /** Permission bits only, those above 0777 included. */
  mode: number;
  uid: number;
  gid: number;
  /** In bytes. */
  size: number;
  /** Identity on its device: two names with the same `dev` and `inode` are one file. */
  dev: number;
  inode: number;
}

/** A failure of the file system, by its POSIX name (`EACCES`, `ENOSPC`, `EROFS` …). */
export class FileError extends Error {
  override name = "FileError";
  constructor(
    readonly code: string,
    readonly path: string,
    message: string,
  ) {
    super(message);
  }
}

/** Reading. Nothing here changes anything. Missing files are null, every other failure throws `FileError`. */
export interface ReadFiles {
  read(path: string): Uint8Array | null;
  /** The first bytes of a file, at most so many: of a private key, what is open in it and no more. */
  readStart(path: string, length: number): Uint8Array | null;
  facts(path: string): FileFacts | null;
  /** The path with every symbolic link resolved; null where it leads nowhere. */
  resolve(path: string): string | null;
  /** Names in a folder, sorted; null where there is no folder. */
  list(path: string): readonly string[] | null;
}

/** Writing. Each call is one change to the disk, in the order given: a crash can come between any two. */
export interface WriteFiles extends ReadFiles {
  /** Makes a new file (never follows a link, never replaces), writes all bytes, syncs it. `EEXIST` if it is there. */
  create(path: string, bytes: Uint8Array, mode: number): void;
  /** Adds to a file (made with 0600 if missing) and syncs it. */
  append(path: string, bytes: Uint8Array): void;
  /** Gives a file a second name. `EEXIST` if the name is taken. */
  link(from: string, to: string): void;
  /** Replaces `to` in one step and syncs the folder. */
  rename(from: string, to: string): void;
  /** Removes a file; nothing to remove is fine. */
  remove(path: string): void;
  /** Makes a folder and those above it, new ones with this mode. */
  makeFolder(path: string, mode: number): void;
  /** Makes one folder. `EEXIST` if the name is taken. */
  createFolder(path: string, mode: number): void;
  /** Removes an empty folder; nothing to remove is fine. `ENOTEMPTY` if something is in it. */
  removeFolder(path: string): void;
  setMode(path: string, mode: number): void;
  setOwner(path: string, uid: number, gid: number): void;
}

export interface GitRun {
  /** The whole path of another git than the one on PATH. */
  program?: string;
  /** Arguments after `git`. Never a secret: other users can read them. */
  args: readonly string[];
  cwd?: string;
  /** Variables over the clean base environment; undefined removes one. Never a secret. */
  env?: Readonly<Record<string, string | undefined>>;
  stdin?: Uint8Array | string;
  /** Milliseconds. */
  timeout?: number;
  /** Given to the child as file descriptor 3: the only way a secret reaches a git we run. */
  secretPipe?: string;
}

export interface GitResult {
  /** Git's exit code; null when it was killed or could not be started. */
  code: number | null;
  stdout: Uint8Array;
  stderr: string;
  timedOut: boolean;
  /** Set when there was no program to start. */
  missing: boolean;
}

export interface Git {
  run(call: GitRun): Promise<GitResult>;
}

/** A keychain that is locked, absent or too slow. Its message is one sentence for a person, without secrets. */
export class KeychainError extends Error {
  override name = "KeychainError";
}

/** The keychain of the operating system; items of git-rekey only. Throws `KeychainError`, also after 3 seconds. */
export interface Keychain {
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
  /** Nothing to remove is fine. */
  remove(name: string): Promise<void>;
}

/** The person's web browser. */
export interface Browser {
  /** False where there is nothing to show a page on: a server, a session over SSH. */
  hasScreen: boolean;
  /** Whether it was opened. The page is never one with a secret in it. */
  open(page: string): Promise<boolean>;
}

/** What a program printed; null where it could not be started. */
export interface ProgramResult {
  code: number | null;
  stdout: string;
  timedOut: boolean;
}

/** Runs a program without a shell, with nothing on its stdin; what it says on stderr is nobody's business. */
export type RunProgram = (
  argv: readonly string[],
  cwd: string,
  timeout: number,
) => Promise<ProgramResult | null>;

/** What a tool of the system printed. */
export interface ToolResult {
  code: number | null;
  /** As it came: a crontab is in whatever encoding its owner wrote it. */
  stdout: Uint8Array;
  stderr: string;
}

/** Runs a tool of the system (`crontab`, `systemctl`) in its untranslated words; null where it cannot be started. */
export type RunTool = (argv: readonly string[], stdin?: Uint8Array) => Promise<ToolResult | null>;

/** One run of a program of OpenSSH. */
export interface SshRun {
  argv: readonly string[];
  cwd: string;
  /** Variables over the person's own; undefined removes one. */
  env?: Readonly<Record<string, string | undefined>>;
  /** All it can read. */
  stdin?: string;
  /** Milliseconds. */
  timeout: number;
}

export interface SshResult {
  /** Null when it was ended. */
  code: number | null;
  /** Its beginning; the rest is read and dropped. */
  stdout: string;
  stderr: string;
  timedOut: boolean;
}

/** Runs a program of OpenSSH in its untranslated words, unable to ask a person; null where it cannot be started. */
export type RunSsh = (call: SshRun) => Promise<SshResult | null>;

/** Keeps secrets for the length of one run, and gives out their shapes. */
export interface Vault {
  keep(secret: string): SecretShape;
  /** The secret behind a shape; only for the call that must send or store it. */
  reveal(ref: SecretShape): string;
  /** The text with every secret this run has seen masked, in each encoding that occurs. */
  mask(text: string): string;
}

export interface HttpQuestion {
  /** Free of secrets. */
  url: string;
  /** Null: anonymous. */
  credential: { scheme: "basic" | "bearer" | "raw"; user: string; secret: SecretShape } | null;
  /** Proxy URL as configured; may carry its own user and password. Null: none. */
  proxy: string | null;
  /** PEM text to trust instead of the system's. Null: the system's. */
  ca: string | null;
  /** Milliseconds. */
  timeout: number;
}

/** An answer as it came, or the error code of the failure to get one. */
export type HttpReply =
  | { kind: "answer"; status: number; headers: Readonly<Record<string, string>>; body: string; took: number }
  | { kind: "failure"; code: string; message: string };

/** A request that changes something at Bitbucket. */
export interface HttpOrder extends HttpQuestion {
  method: "POST" | "DELETE";
  /** Free of secrets; undefined: no body. */
  json?: unknown;
}

/** No redirects are followed, and nothing is kept. */
export interface Http {
  get(question: HttpQuestion): Promise<HttpReply>;
  send(order: HttpOrder): Promise<HttpReply>;
}

/** What is known of the person or the machine we run for. */
export interface Self {
  /** The environment as it was at the start. */
  env: Readonly<Record<string, string | undefined>>;
  /** Null where the system has no numeric users. */
  uid: number | null;
  user: string;
  host: string;
  home: string | null;
  /** The home folder in the password database, which OpenSSH goes by, whatever `HOME` says; null without an entry. */
  sshHome(): string | null;
  cwd: string;
  platform: string;
  /** Milliseconds since 1970. */
  now(): number;
  pid: number;
  isAlive(pid: number): boolean;
  /** The name behind a numeric user, or null. */
  nameOf(uid: number): string | null;
}
