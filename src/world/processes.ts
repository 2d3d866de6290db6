/** Other processes of this machine, from `/proc` where there is one, else from `ps` and `lsof`. */
import { readFileSync, readlinkSync } from "node:fs";

export interface Process {
  pid: number;
  parent: number;
  /** Its program's file, links resolved; null where it is not to be seen. */
  program: string | null;
  /** What it was started with, the program's name included. Without `/proc`, split at blanks. */
  words: readonly string[];
}

const hasProc = process.platform === "linux";

/** The fields of `/proc/PID/stat` after the name in brackets, which may itself hold brackets and blanks. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function programOf(pid: number): string | null {
  try {
    // Of a program that was replaced while it runs, by an upgrade for example.
    return readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, "");
  } catch {
    return null;
  }
}

function zeroEnded(file: string): string[] {
  return readFileSync(file, "utf8").split("\0").slice(0, -1);
}

function fromProc(pid: number): Process | null {
  try {
    const [parent, words] = [Number(statOf(pid)[1]), zeroEnded(`/proc/${pid}/cmdline`)];
    return { pid, parent, program: programOf(pid), words };
  } catch {
    // It has ended meanwhile.
    return null;
  }
}

function ask(argv: readonly string[]): string {
  try {
    // Two commands with other time zones or languages must read the same of one process.
    const env = { ...process.env, TZ: "UTC", LC_ALL: "C" };
    return Bun.spawnSync([...argv], { env, stderr: "ignore" }).stdout.toString();
  } catch {
    return "";
  }
}

function fromPs(pid: number): Process | null {
  const column = (name: string) => ask(["ps", "-p", String(pid), "-o", `${name}=`]).trim();
  const [parent, program, line] = [Number(column("ppid")), column("comm"), column("args")];
  return parent === 0 ? null : { pid, parent, program: program || null, words: line.split(" ") };
}

/** Null where there is no such process. */
function lookAtProcess(pid: number): Process | null {
  return hasProc ? fromProc(pid) : fromPs(pid);
}

/** From a process to those that started it, the nearest first, up to `root`, which is the last. Null: not started by it. */
export function lineOfProcess(pid: number, root: number): Process[] | null {
  const line: Process[] = [];
  for (let at = pid; at > 1 && !line.some((one) => one.pid === at); ) {
    const found = lookAtProcess(at);
    if (found === null) return null;
    line.push(found);
    if (at === root) return line;
    at = found.parent;
  }
  return null;
}

/** The environment a process was started with; null where it is not to be seen. May hold secrets. */
export function environmentOfProcess(pid: number): ReadonlyMap<string, string> | null {
  if (!hasProc) return null;
  try {
    const pairs = zeroEnded(`/proc/${pid}/environ`).map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), pair.slice(at + 1)] as const;
    });
    return new Map(pairs);
  } catch {
    return null;
  }
}

/** The folder a process works in; null where it is not to be seen. */
export function folderOfProcess(pid: number): string | null {
  if (!hasProc)
    return /^n(.+)$/m.exec(ask(["lsof", "-a", "-d", "cwd", "-p", String(pid), "-Fn"]))?.[1] ?? null;
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

/**
 * When a process began, in words of the system's own: a number is used again, a beginning is not. Null where it cannot
 * be told, and for one that has ended and that nobody has waited for.
 */
export function beginningOfProcess(pid: number): string | null {
  if (!hasProc) return ask(["ps", "-p", String(pid), "-o", "lstart="]).trim() || null;
  try {
    const stat = statOf(pid);
    return stat[0] === "Z" ? null : (stat[19] ?? null);
  } catch {
    return null;
  }
}
