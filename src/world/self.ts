import { closeSync, existsSync, openSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { homeOfUid, nameOfUid } from "./accounts.ts";
import { isTerminal } from "./output.ts";
import type { Self } from "./ports.ts";

function userName(): string {
  const uid = process.getuid?.();
  try {
    const { username } = userInfo();
    if (username !== "" && username !== "unknown") return username;
  } catch {
    // A numeric user without an entry in the password database: usual in containers.
  }
  return (uid === undefined ? null : nameOfUid(uid)) ?? String(uid ?? "unknown");
}

/** Bun's own answer follows `HOME`, and so is only for systems that keep no such database in the usual places. */
function homeOfUser(): string | null {
  const uid = process.getuid?.();
  const home = uid === undefined ? null : homeOfUid(uid);
  if (home !== null) return home;
  try {
    return userInfo().homedir || null;
  } catch {
    // No entry there: OpenSSH says "No user exists for uid" and does nothing at all.
    return null;
  }
}

/** Thrown where the folder we were started in has been removed. */
export class FolderGone extends Error {
  override name = "FolderGone";
}

function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    throw new FolderGone();
  }
}

/** The process's own view of who and where it is. Throws `FolderGone`. */
export function readSelf(): Self {
  const env = { ...process.env };
  // Our launcher's word to Bun is none of git's business.
  delete env.BUN_RUNTIME_TRANSPILER_CACHE_PATH;
  let sshHome: { home: string | null } | null = null;
  return {
    env,
    uid: process.getuid?.() ?? null,
    user: userName(),
    host: hostname(),
    home: env.HOME || env.USERPROFILE || null,
    sshHome() {
      sshHome ??= { home: homeOfUser() };
      return sshHome.home;
    },
    cwd: workingFolder(),
    platform: process.platform,
    now: () => Date.now(),
    pid: process.pid,
    nameOf: nameOfUid,
    isAlive(pid) {
      try {
        process.kill(pid, 0);
        return true;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
      }
    },
  };
}

/** Whether a person could be asked: the terminal itself counts, whatever stdin is. */
export function hasTerminal(): boolean {
  if (isTerminal(0)) return true;
  if (!existsSync("/dev/tty")) return false;
  try {
    closeSync(openSync("/dev/tty", "r+"));
    return true;
  } catch {
    return false;
  }
}
