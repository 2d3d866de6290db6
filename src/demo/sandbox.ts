/** A home folder for somebody who does not exist. Nothing of the person at the keyboard is read or written. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { ownScript } from "./own-command.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface Sandbox {
  /** Everything is in here, and goes with it. */
  root: string;
  home: string;
  /** The whole environment of everything that is started; of the person's own only what a terminal needs. */
  env: Record<string, string>;
  /** Adds a program to PATH. */
  addProgram(name: string, script: string): void;
  /** Writes a file below the home folder that only its owner can read. */
  write(name: string, text: string): void;
  remove(): void;
}

/** What tells a program about the terminal and nothing about the person. */
const PASSED_ON = ["TERM", "COLORTERM", "NO_COLOR", "LANG", "TZ", "USER", "LOGNAME", "SystemRoot"];

const FOLDERS = { XDG_CONFIG_HOME: ".config", XDG_CACHE_HOME: ".cache", XDG_STATE_HOME: ".local/state" };

/** Ana, of the emulator's world. */
const IDENTITY = "[user]\n\tname = Ana\n\temail = ana@acme.example\n[pull]\n\tff = only\n";

/** What every `~/.gitconfig` in the sandbox begins with; `more` follows. */
export function gitConfig(more = ""): string {
  return IDENTITY + more;
}

function environment(root: string, home: string, own: Environment): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = own[name];
    if (value !== undefined) env[name] = value;
  }
  for (const [name, folder] of Object.entries(FOLDERS)) env[name] = join(home, folder);
  return {
    ...env,
    PATH: `${join(root, "bin")}${delimiter}${own.PATH ?? ""}`,
    HOME: home,
    // What is set wins over `LC_ALL`, which would take the person's letters away along with Git's translations.
    LC_CTYPE: own.LC_ALL || own.LC_CTYPE || own.LANG || "C",
    LC_MESSAGES: "C",
    LANGUAGE: "",
    TMPDIR: join(root, "tmp"),
    GIT_CONFIG_NOSYSTEM: "1",
  };
}

/** Makes the folders. `own`: the environment of this process. */
export function openSandbox(own: Environment): Sandbox {
  const root = mkdtempSync(join(tmpdir(), "git-rekey-demo-"));
  const home = join(root, "home");
  for (const folder of ["home", "bin", "tmp"]) mkdirSync(join(root, folder), { mode: 0o700 });
  const write = (name: string, text: string) => writeFileSync(join(home, name), text, { mode: 0o600 });
  const addProgram = (name: string, script: string) => {
    writeFileSync(join(root, "bin", name), script);
    chmodSync(join(root, "bin", name), 0o700);
  };
  addProgram("git-rekey", ownScript());
  write(".gitconfig", gitConfig());
  return {
    root,
    home,
    env: environment(root, home, own),
    addProgram,
    write,
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
  };
}

/** Where a repair may have changed something: all of the home folder but caches, git-rekey's own records and work trees. */
function isOfInterest(path: string): boolean {
  if (path.startsWith(".cache/") || path.startsWith(".local/")) return false;
  return !path.includes("/") || path.startsWith(".config/") || path.endsWith("/.git/config");
}

/** The bytes of every file in which Git could find a setting or a credential, by path below the home folder. */
export function photograph(home: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(home, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(home, path).replaceAll("\\", "/");
    if (entry.isFile() && isOfInterest(name)) files.set(name, readFileSync(path));
  }
  return files;
}

/** Whether two photographs show the same files with the same bytes. */
export function sameFiles(before: Map<string, Buffer>, after: Map<string, Buffer>): boolean {
  if (before.size !== after.size) return false;
  return [...before].every(([name, bytes]) => after.get(name)?.equals(bytes) === true);
}
