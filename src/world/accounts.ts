import { readFileSync } from "node:fs";
import type { Self } from "./ports.ts";

export interface Account {
  name: string;
  uid: number;
  gid: number;
  home: string;
}

function parse(line: string | undefined): Account | null {
  const [name = "", , uid = "", gid = "", , home = ""] = (line ?? "").trim().split(":");
  return name === "" || uid === "" ? null : { name, uid: Number(uid), gid: Number(gid), home };
}

/** What `getent passwd` answers; null where it knows nothing, or is not there. */
function askGetent(user: string): string | null {
  try {
    // A bare PATH must not make another home of it.
    const getent = Bun.which("getent") ?? "/usr/bin/getent";
    const { exitCode, stdout } = Bun.spawnSync([getent, "passwd", user], { stderr: "ignore" });
    return exitCode === 0 ? stdout.toString() : null;
  } catch {
    return null;
  }
}

/** Looks a user up as the system does (`getent` knows LDAP and the like), else in /etc/passwd. */
export function findAccount(user: string): Account | null {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.@-]*\$?$/.test(user)) return null;
  const answer = askGetent(user);
  if (answer !== null) return parse(answer.split("\n")[0]);
  try {
    const lines = readFileSync("/etc/passwd", "utf8").split("\n");
    return parse(lines.find((line) => line.startsWith(`${user}:`)));
  } catch {
    return null;
  }
}

/** The home folder of a numeric user, as the system looks it up; null where it knows none. */
export function homeOfUid(uid: number): string | null {
  return parse(askGetent(String(uid))?.split("\n")[0] ?? lineOfUid(uid))?.home || null;
}

/** The name behind a numeric user; null where the password database has none. */
export function nameOfUid(uid: number): string | null {
  return parse(lineOfUid(uid))?.name ?? null;
}

function lineOfUid(uid: number): string | undefined {
  try {
    const lines = readFileSync("/etc/passwd", "utf8").split("\n");
    return lines.find((line) => line.split(":")[2] === String(uid));
  } catch {
    return undefined;
  }
}

/** The variables a daemon gives a job: who it is, and where programs are. */
function bareEnvironment({ name, home }: Account): Record<string, string> {
  return { HOME: home, USER: name, LOGNAME: name, SHELL: "/bin/sh", PATH: "/usr/local/bin:/usr/bin:/bin" };
}

/** Gives up root for this account: groups first, because afterwards it is too late. Throws if the system refuses. */
export function becomeAccount(self: Self, account: Account): Self {
  // Bun's types leave this one out; it is there wherever setuid is.
  const { initgroups, setgid, setuid } = process as NodeJS.Process & {
    initgroups?: (user: string, group: number) => void;
  };
  if (!initgroups || !setgid || !setuid) throw new Error("this system has no users to become");
  initgroups.call(process, account.name, account.gid);
  setgid.call(process, account.gid);
  setuid.call(process, account.uid);
  const env = bareEnvironment(account);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  return {
    ...self,
    env,
    uid: account.uid,
    user: account.name,
    home: account.home,
    sshHome: () => account.home,
  };
}
