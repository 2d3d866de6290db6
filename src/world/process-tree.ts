import { readdirSync, readFileSync } from "node:fs";

/** `[pid, parent]` of every process, from `/proc` where there is one. */
function allProcesses(): [number, number][] {
  try {
    return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (fromProc(name) ?? []) : []));
  } catch {
    return fromPs();
  }
}

function fromPs(): [number, number][] {
  try {
    const { stdout } = Bun.spawnSync(["ps", "-A", "-o", "pid=,ppid="], { stderr: "ignore" });
    return stdout
      .toString()
      .split("\n")
      .flatMap((line) => {
        const [, pid, parent] = /^\s*(\d+)\s+(\d+)/.exec(line) ?? [];
        return pid === undefined ? [] : [[Number(pid), Number(parent)] as [number, number]];
      });
  } catch {
    // No `ps` either: then only the process itself is ended.
    return [];
  }
}

function fromProc(pid: string): [[number, number]] | null {
  try {
    // The name in brackets may itself hold brackets and blanks.
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return [[Number(pid), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1])]];
  } catch {
    // It has ended meanwhile.
    return null;
  }
}

/** Ends a process we started and all it started: a helper that hangs would hold the pipes of its git open. */
export function endTree(root: number): void {
  const processes = allProcesses();
  const doomed = [root];
  // Grows while it is walked.
  for (const one of doomed) {
    for (const [pid, parent] of processes) if (parent === one && !doomed.includes(pid)) doomed.push(pid);
  }
  for (const pid of doomed) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}
