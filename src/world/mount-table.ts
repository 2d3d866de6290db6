import { readFileSync } from "node:fs";

/** What is mounted where, as this system says it: the kernel's `mountinfo`, or what `mount` prints. */
export interface MountTable {
  form: "mountinfo" | "mount";
  /** Each sign is one byte. */
  text: string;
}

/** Null where it cannot be had. */
export function readMountTable(): MountTable | null {
  try {
    if (process.platform === "linux")
      return { form: "mountinfo", text: readFileSync("/proc/self/mountinfo", "latin1") };
    if (process.platform !== "darwin") return null;
    const { stdout } = Bun.spawnSync(["/sbin/mount"], { stdin: "ignore", stderr: "ignore" });
    return { form: "mount", text: stdout.toString("latin1") };
  } catch {
    return null;
  }
}
