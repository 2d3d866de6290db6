/** Has the system tell of tokens that expire, once a day: shown first, and undone like everything else. */
import { join } from "node:path";
import { hasControl } from "../../core/account-file.ts";
import type { TimerStep } from "../../core/plan.ts";
import type { Receipt } from "../../core/receipt.ts";
import {
  cronBlock,
  launchdPlist,
  SCHEDULERS,
  type Scheduler,
  systemdService,
  systemdTimer,
  type TimerJob,
  UNIT,
} from "../../core/timer.ts";
import { VERSION } from "../../core/version.ts";
import { paints, tame } from "../../report/style.ts";
import { shortPath } from "../../report/terminal.ts";
import { answers, askSchedule, IS_ON, launchdFile, systemdFiles } from "../../steps/schedule-place.ts";
import { openTransaction, type Transaction } from "../../steps/transaction.ts";
import { agree } from "../agree.ts";
import type { CarriedOut } from "../carry-out.ts";
import { EXIT, Stop } from "../exit.ts";
import { ownProgramPath } from "../own-helper.ts";
import type { Shell } from "../shell.ts";

/** What is written and told, for one scheduler. */
interface Change {
  files: readonly TimerStep[];
  scheduler: Scheduler;
  /** What the scheduler is told; null: to forget it. Undefined where it does not answer. */
  entry: string | null | undefined;
  todo: Receipt["todo"];
}

/** What is run each day, with the options that this command was given. */
export function jobOf(shell: Shell, args: readonly string[], isWatched: boolean): TimerJob {
  const { XDG_CONFIG_HOME, XDG_STATE_HOME } = shell.self.env;
  const usual = (folder: string) => join(shell.self.home ?? "/", folder);
  // A scheduler starts programs without the variables of a person's shell.
  const env = {
    ...(XDG_CONFIG_HOME && XDG_CONFIG_HOME !== usual(".config") ? { XDG_CONFIG_HOME } : {}),
    ...(XDG_STATE_HOME && XDG_STATE_HOME !== usual(".local/state") ? { XDG_STATE_HOME } : {}),
  };
  const argv = [ownProgramPath(shell, "git-rekey"), "token", "expiring", ...args];
  [...argv, ...Object.values(env)].forEach(mustFitOnOneLine);
  return { argv, env, isWatched };
}

/** Schedulers read lines: what comes after a line end in a folder's name would be a line of its own, and run. */
function mustFitOnOneLine(word: string): void {
  if (!hasControl(word)) return;
  throw new Stop(
    EXIT.misuse,
    "a path has a line end or another control character in it, which no schedule can hold; nothing has been changed",
  );
}

async function mustBeThere(shell: Shell, scheduler: "launchd" | "cron"): Promise<void> {
  if (await answers(shell, scheduler)) return;
  const program = scheduler === "cron" ? "crontab" : "launchctl";
  throw new Stop(
    EXIT.misuse,
    `\`${program}\` is not there, or does not answer, so ${scheduler} cannot be used; nothing has been changed`,
    `\`git rekey token expiring --install-timer ${SCHEDULERS.find((one) => one !== scheduler)}\` uses another, if it is there`,
  );
}

const ENABLE = `systemctl --user enable --now ${UNIT}.timer`;

async function installing(shell: Shell, scheduler: Scheduler, job: TimerJob): Promise<Change> {
  if (scheduler === "systemd") {
    const { service, timer } = systemdFiles(shell);
    const isOn = await answers(shell, "systemd");
    return {
      scheduler,
      files: [
        { kind: "put-timer", file: service, text: systemdService(job) },
        { kind: "put-timer", file: timer, text: systemdTimer() },
      ],
      entry: isOn ? IS_ON : undefined,
      todo: isOn
        ? []
        : [{ what: "systemd does not answer here; where it does, switch the timer on", command: ENABLE }],
    };
  }
  await mustBeThere(shell, scheduler);
  if (scheduler === "cron") return { scheduler, files: [], entry: cronBlock(job), todo: [] };
  const file = launchdFile(shell);
  return {
    scheduler,
    files: [{ kind: "put-timer", file, text: launchdPlist(job) }],
    entry: IS_ON,
    todo: [],
  };
}

/** What takes a timer away; null where there is none of that scheduler's. */
async function removing(shell: Shell, scheduler: Scheduler): Promise<Change | null> {
  const { service, timer } = systemdFiles(shell);
  const own = { systemd: [timer, service], launchd: [launchdFile(shell)], cron: [] }[scheduler];
  const files = own.filter((file) => shell.files.facts(file) !== null);
  const known = (await answers(shell, scheduler)) ? await askSchedule(shell, scheduler) : null;
  if (files.length === 0 && known === null) return null;
  return {
    scheduler,
    files: files.map((file) => ({ kind: "drop-timer", file })),
    entry: known === null ? undefined : null,
    todo: [],
  };
}

function show(shell: Shell, { files, scheduler, entry }: Change): void {
  const paint = paints(shell.outStyle);
  for (const step of files) {
    const path = tame(shortPath(step.file, shell.self.home));
    shell.out(step.kind === "put-timer" ? `${paint.bold(path)}\n` : `remove ${path}\n`);
    if (step.kind === "put-timer") shell.out(`${indented(step.text)}\n`);
  }
  if (scheduler === "cron" && typeof entry === "string")
    shell.out(`${paint.bold("crontab")}\n${indented(entry)}\n`);
  if (entry === null) shell.out(`take it out of the schedule of ${scheduler}\n`);
  if (entry === IS_ON) shell.out(`give it to ${scheduler}\n`);
}

function indented(text: string): string {
  return tame(text)
    .trimEnd()
    .replace(/^(?=.)/gm, "  ");
}

async function apply(tx: Transaction, { files, scheduler, entry }: Change): Promise<void> {
  // A timer is taken out of the schedule while its file is still there, and put into it when it is.
  if (entry === null) await tx.schedule(scheduler, null);
  for (const step of files) await tx.changeFile(step.file, [step], null);
  if (typeof entry === "string") await tx.schedule(scheduler, entry);
}

async function carryOut(shell: Shell, changes: readonly Change[]): Promise<CarriedOut> {
  const tx = openTransaction(shell, { action: "token", target: "timer", version: VERSION });
  try {
    for (const change of changes) await apply(tx, change);
    const todo = changes.flatMap((change) => change.todo);
    return { receipt: tx.close({ todo }), failed: null };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { receipt: await tx.rollBack(), failed: { reason, code: EXIT.findings } };
  }
}

const agreeing = (flag: string) => `\`git rekey token expiring ${flag} --yes\` agrees to it`;

export async function installTimer(
  shell: Shell,
  scheduler: Scheduler,
  job: TimerJob,
  { yes, quiet }: { yes: boolean; quiet: boolean },
): Promise<CarriedOut> {
  const change = await installing(shell, scheduler, job);
  if (!quiet) show(shell, change);
  await agree(shell, yes, "Install this timer?", agreeing(`--install-timer ${scheduler}`));
  return carryOut(shell, [change]);
}

/** Null where there is no timer. */
export async function removeTimer(
  shell: Shell,
  { yes, quiet }: { yes: boolean; quiet: boolean },
): Promise<CarriedOut | null> {
  const each = await Promise.all(SCHEDULERS.map((scheduler) => removing(shell, scheduler)));
  const changes = each.filter((change) => change !== null);
  if (changes.length === 0) return null;
  if (!quiet) for (const change of changes) show(shell, change);
  await agree(shell, yes, "Remove the timer?", agreeing("--remove-timer"));
  return carryOut(shell, changes);
}
