/**
 * Somebody with a home folder of their own and nothing of this machine around them. Nothing is inherited but PATH, and
 * nobody can be asked: children have no terminal. `await using` takes it all away again; what a failed test leaves
 * behind goes when the process ends.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, relative, resolve } from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator/index.ts";

/** The checkout under test. */
export const CHECKOUT = resolve(import.meta.dir, "..");

/** The folder with `git-rekey` and `git-credential-rekey` to test. */
const PROGRAMS = process.env.GIT_REKEY_PROGRAMS ?? join(CHECKOUT, "bin");

/** git-rekey: the executable that `npm test` built, else `bin/git-rekey` of the checkout. */
export const PROGRAM = join(PROGRAMS, "git-rekey");

/** What became of a child. `code` is null where a signal ended it. */
export interface Ran {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** Within the sandbox, or absolute. Default: the home folder. */
  cwd?: string;
  stdin?: string | Uint8Array;
  /** Over the sandbox's own; undefined removes a variable. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds until the child and its children are killed. Default: 30 seconds. */
  timeout?: number;
}

/** Every file under a folder: mode and content, so that two of them compare byte for byte. */
export type Snapshot = Readonly<Record<string, string>>;

export interface Sandbox extends AsyncDisposable {
  readonly root: string;
  readonly home: string;
  /** The children's environment. May be changed. */
  readonly env: Record<string, string>;
  run(argv: readonly string[], options?: RunOptions): Promise<Ran>;
  git(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Runs `PROGRAM`. */
  rekey(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** The absolute path of something in the home folder. */
  path(...parts: string[]): string;
  /** Writes a file (and the folders above it); its absolute path. */
  write(file: string, content: string | Uint8Array, mode?: number): string;
  /** The text of a file. */
  read(file: string): string;
  exists(file: string): boolean;
  /** Default: of the home folder. `skip` leaves out what it names, by path within the folder. */
  snapshot(folder?: string, skip?: (path: string) => boolean): Snapshot;
  remove(): Promise<void>;
}

const left = new Set<string>();
process.on("exit", () => {
  for (const root of left) removeFolder(root);
});

/** Read-only folders are what some tests are about; they must not survive them. */
function removeFolder(root: string): void {
  try {
    rmSync(root, { recursive: true, force: true });
  } catch {
    spawnSync("chmod", ["-R", "u+rwX", root]);
    rmSync(root, { recursive: true, force: true });
  }
}

const NAME = { GIT_AUTHOR_NAME: "Ana", GIT_COMMITTER_NAME: "Ana" };
const EMAIL = { GIT_AUTHOR_EMAIL: "ana@acme.example", GIT_COMMITTER_EMAIL: "ana@acme.example" };

function environmentOf(root: string, home: string): Record<string, string> {
  const folders = {
    HOME: home,
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_CACHE_HOME: join(home, ".cache"),
    XDG_DATA_HOME: join(home, ".local/share"),
    XDG_STATE_HOME: join(home, ".local/state"),
    XDG_RUNTIME_DIR: join(root, "run"),
    TMPDIR: join(root, "tmp"),
  };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    PATH: [PROGRAMS, process.env.PATH ?? ""].join(delimiter),
    ...folders,
    ...NAME,
    ...EMAIL,
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
    USER: "ana",
    LOGNAME: "ana",
    GIT_CONFIG_NOSYSTEM: "1",
    // No test runs ssh or asks for a name by chance; test/system/ssh-room.ts takes this away.
    GIT_ALLOW_PROTOCOL: "file:http:https",
  };
}

function killAll(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // They are all gone.
  }
}

async function runChild(
  argv: readonly string[],
  cwd: string,
  env: Record<string, string>,
  options: RunOptions,
): Promise<Ran> {
  const { stdin, timeout = 30_000 } = options;
  const child = Bun.spawn([...argv], {
    cwd,
    env,
    stdin: stdin === undefined ? "ignore" : Buffer.from(stdin),
    stdout: "pipe",
    stderr: "pipe",
    // A session of its own: it has no terminal to ask at, and ends as a whole.
    detached: true,
  });
  const timer = setTimeout(() => killAll(child.pid), timeout);
  try {
    const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    const { exitCode, signalCode } = child;
    const signal = signalCode as NodeJS.Signals | null;
    return { code: signal === null ? exitCode : null, signal, stdout, stderr };
  } finally {
    clearTimeout(timer);
  }
}

function describeFile(path: string): string {
  const stats = lstatSync(path);
  const mode = (stats.mode & 0o7777).toString(8).padStart(4, "0");
  if (stats.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  if (stats.isDirectory()) return `${mode} folder`;
  // Latin-1 keeps every byte and still reads well when two snapshots differ.
  return stats.isFile() ? `${mode} ${readFileSync(path, "latin1")}` : `${mode} neither file nor folder`;
}

function snapshotOf(folder: string, skip: (path: string) => boolean): Snapshot {
  const found: Record<string, string> = {};
  const visit = (path: string): void => {
    const name = relative(folder, path);
    if (name !== "" && skip(name)) return;
    if (name !== "") found[name] = describeFile(path);
    if (!lstatSync(path).isDirectory()) return;
    for (const entry of readdirSync(path).sort()) visit(join(path, entry));
  };
  visit(folder);
  return found;
}

/** A `git credential-cache` that a test has started outlives its folder unless it is told to go. */
function endCredentialCache(env: Record<string, string>, home: string): void {
  const sockets = [".cache/git/credential/socket", ".git-credential-cache/socket"];
  if (sockets.some((socket) => existsSync(join(home, socket))))
    spawnSync("git", ["credential-cache", "exit"], { env, cwd: home, timeout: 5000 });
}

/** `env`: over the sandbox's own. */
export function makeSandbox(given: Readonly<Record<string, string>> = {}): Sandbox {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "rekey-")));
  left.add(root);
  const home = join(root, "home");
  const env = { ...environmentOf(root, home), ...given };
  const path = (...parts: string[]) => resolve(home, ...parts);

  async function run(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
    const own = Object.entries({ ...env, ...options.env }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return runChild(argv, path(options.cwd ?? ""), Object.fromEntries(own), options);
  }

  async function remove(): Promise<void> {
    endCredentialCache(env, home);
    removeFolder(root);
    left.delete(root);
  }

  return {
    root,
    home,
    env,
    run,
    git: (args, options) => run(["git", ...args], options),
    rekey: (args, options) => run([PROGRAM, ...args], options),
    path,
    write(file, content, mode = 0o644) {
      const target = path(file);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
      chmodSync(target, mode);
      return target;
    },
    read: (file) => readFileSync(path(file), "utf8"),
    exists: (file) => existsSync(path(file)),
    snapshot: (folder = home, skip = () => false) => snapshotOf(path(folder), skip),
    remove,
    [Symbol.asyncDispose]: remove,
  };
}

export interface EmulatedSandbox extends Sandbox {
  readonly emulator: Emulator;
  /** The URL of a repository with this user and the secret of that label in it. */
  urlWith(user: string, label: string, repository?: string): string;
}

/** A sandbox for which bitbucket.org is an emulator of its own; both go together. */
export async function withEmulator(options: EmulatorOptions = {}): Promise<EmulatedSandbox> {
  const emulator = await startEmulator(options);
  const sandbox = makeSandbox(emulator.env);
  const remove = async () => {
    await emulator.stop();
    await sandbox.remove();
  };
  return {
    ...sandbox,
    emulator,
    urlWith(user, label, repository = "acme/site") {
      const pair = `${encodeURIComponent(user)}:${encodeURIComponent(emulator.secret(label))}`;
      return `https://${pair}@bitbucket.org/${repository}.git`;
    },
    remove,
    [Symbol.asyncDispose]: remove,
  };
}
