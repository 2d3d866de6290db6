/**
 * What a scheduler has been told of git-rekey, seen as a place in a helper: given, asked for and taken back like a
 * secret, only that it is none. So undo knows how to put it back, whatever else has been scheduled since.
 */
import { join } from "node:path";
import { blockIn, LABEL, SCHEDULERS, type Scheduler, UNIT, withBlock, withoutBlock } from "../core/timer.ts";
import type { ToolResult } from "../world/ports.ts";
import type { HelperPlace } from "./call-helper.ts";
import { Refusal } from "./refusal.ts";
import type { Ports } from "./state-folder.ts";

const HEAD = "schedule:";

/** Systemd and launchd know only whether; what exactly is in a file. */
export const IS_ON = "on";

export function placeInSchedule(scheduler: Scheduler): HelperPlace {
  return { helper: HEAD + scheduler, host: "", path: null, username: UNIT };
}

/** Null for a real helper. */
export function schedulerOf({ helper }: Pick<HelperPlace, "helper">): Scheduler | null {
  return SCHEDULERS.find((one) => helper === HEAD + one) ?? null;
}

async function mustRun(ports: Ports, argv: readonly string[], stdin?: Uint8Array): Promise<void> {
  const ran = await ports.tool(argv, stdin);
  if (ran?.code === 0) return;
  const words = ran?.stderr.trim().split("\n", 1)[0];
  const why = ran === null ? "it cannot be started" : words || `it ended with ${ran.code ?? "a signal"}`;
  throw new Refusal("helper-failed", `\`${argv.slice(0, 3).join(" ")}\` failed: ${why}`);
}

const systemctl = (...words: string[]): string[] => ["systemctl", "--user", ...words];

/** A machine without a session of systemd for this user has the program and no answer. */
export async function answers(ports: Pick<Ports, "tool">, scheduler: Scheduler): Promise<boolean> {
  const question = {
    systemd: systemctl("show", "--property=Version"),
    launchd: ["launchctl", "version"],
    cron: ["crontab", "-l"],
  }[scheduler];
  const ran = await ports.tool(question);
  return ran !== null && (ran.code === 0 || (scheduler === "cron" && hasNone(ran)));
}

/** No crontab yet, in the words of the different crons; any other failure must not be taken for an empty one. */
function hasNone({ code, stdout, stderr }: ToolResult): boolean {
  return code !== 0 && stdout.length === 0 && /no crontab for|can't open '[^']*': No such file/i.test(stderr);
}

/** One character for each byte, so that others' lines come back as they were, whatever encoding they are in. */
async function readCrontab(ports: Ports): Promise<string> {
  const ran = await ports.tool(["crontab", "-l"]);
  if (ran?.code === 0) return Buffer.from(ran.stdout).toString("latin1");
  if (ran !== null && hasNone(ran)) return "";
  const why = ran === null ? "`crontab` cannot be started" : ran.stderr.trim().split("\n", 1)[0];
  throw new Refusal("helper-failed", `the crontab cannot be read: ${why || "no reason given"}`);
}

async function writeCrontab(ports: Ports, text: string): Promise<void> {
  if (text === "") await mustRun(ports, ["crontab", "-r"]);
  else await mustRun(ports, ["crontab", "-"], Buffer.from(text, "latin1"));
}

/** Our own lines are text. */
const toBytes = (text: string): string => Buffer.from(text, "utf8").toString("latin1");
const fromBytes = (bytes: string): string => Buffer.from(bytes, "latin1").toString("utf8");

const domain = ({ self }: Ports): string => `gui/${self.uid ?? 0}`;

export async function askSchedule(ports: Ports, scheduler: Scheduler): Promise<string | null> {
  if (scheduler === "cron") {
    const block = blockIn(await readCrontab(ports));
    return block === null ? null : fromBytes(block);
  }
  if (scheduler === "systemd") {
    const ran = await ports.tool(systemctl("is-enabled", `${UNIT}.timer`));
    return Buffer.from(ran?.stdout ?? [])
      .toString()
      .trim() === "enabled"
      ? IS_ON
      : null;
  }
  const ran = await ports.tool(["launchctl", "print", `${domain(ports)}/${LABEL}`]);
  return ran?.code === 0 ? IS_ON : null;
}

export async function storeInSchedule(ports: Ports, scheduler: Scheduler, entry: string): Promise<void> {
  if (scheduler === "cron") return writeCrontab(ports, withBlock(await readCrontab(ports), toBytes(entry)));
  if (scheduler === "systemd") {
    await mustRun(ports, systemctl("daemon-reload"));
    return mustRun(ports, systemctl("enable", "--now", `${UNIT}.timer`));
  }
  return mustRun(ports, ["launchctl", "bootstrap", domain(ports), launchdFile(ports)]);
}

export async function eraseInSchedule(ports: Ports, scheduler: Scheduler): Promise<void> {
  if (scheduler === "cron") return writeCrontab(ports, withoutBlock(await readCrontab(ports)));
  if (scheduler === "systemd") return mustRun(ports, systemctl("disable", "--now", `${UNIT}.timer`));
  return mustRun(ports, ["launchctl", "bootout", `${domain(ports)}/${LABEL}`]);
}

export function launchdFile({ self }: Pick<Ports, "self">): string {
  return join(self.home ?? "/", "Library", "LaunchAgents", `${LABEL}.plist`);
}

/** The two files of systemd: what is run, and when. */
export function systemdFiles({ self }: Pick<Ports, "self">): { service: string; timer: string } {
  const folder = join(self.env.XDG_CONFIG_HOME || join(self.home ?? "/", ".config"), "systemd", "user");
  return { service: join(folder, `${UNIT}.service`), timer: join(folder, `${UNIT}.timer`) };
}
