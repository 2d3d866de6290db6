import { resolve } from "node:path";
import { readDays } from "../../core/expiry.ts";
import type { Scheduler } from "../../core/timer.ts";
import { expiringWithin, type TokenReport } from "../../core/token-report.ts";
import { hint } from "../../report/terminal.ts";
import { tokenMetrics } from "../../report/token-metrics.ts";
import { expiringText } from "../../report/token-table.ts";
import { refusalFor } from "../../steps/refusal.ts";
import { randomName } from "../../world/hash.ts";
import { perform } from "../command.ts";
import { EXIT, Stop } from "../exit.ts";
import { finish } from "../finish.ts";
import type { Shell } from "../shell.ts";
import { listOf } from "./accounts.ts";
import { reportOfTokens } from "./report.ts";
import { installTimer, jobOf, removeTimer } from "./timer.ts";

export interface ExpiringFlags {
  within: string;
  format: "text" | "json" | "prometheus";
  json: boolean;
  output?: string;
  installTimer?: Scheduler;
  removeTimer: boolean;
  yes: boolean;
}

function daysFrom(text: string): number {
  const days = readDays(text);
  if (days !== null) return days;
  throw new Stop(
    EXIT.misuse,
    `\`${text}\`, given to \`--within\`, is no number of days`,
    "`git rekey token expiring --within 30d` means a month",
  );
}

function formatOf({ format, json }: ExpiringFlags): ExpiringFlags["format"] {
  return json ? "json" : format;
}

function resultText(
  shell: Shell,
  report: TokenReport,
  soon: TokenReport["tokens"],
  flags: ExpiringFlags,
): string {
  switch (formatOf(flags)) {
    case "json":
      return `${JSON.stringify({ ...report, tokens: soon }, null, 2)}\n`;
    case "prometheus":
      return tokenMetrics(report);
    case "text":
      return expiringText(soon, flags.output === undefined ? shell.outStyle : { colour: false, width: 100 });
  }
}

/** In one step: whoever reads the file at that moment gets the old one or the new one, whole. Others may read it. */
function writeResult(shell: Shell, file: string, text: string): void {
  // Not `.prom`: an exporter would read it half written.
  const made = `${file}.${randomName()}.new`;
  try {
    shell.files.create(made, Buffer.from(text), 0o644);
    try {
      shell.files.rename(made, file);
    } catch (error) {
      shell.files.remove(made);
      throw error;
    }
  } catch (error) {
    throw refusalFor(error, `\`${file}\` was not written`);
  }
}

/** Said to people only: whoever is mailed a timer's words wants none where there is no news. */
function remarkOnRest(shell: Shell, report: TokenReport, soon: TokenReport["tokens"], days: number): void {
  if (!process.stderr.isTTY) return;
  if (soon.length === 0) shell.err(`git-rekey: no token expires within ${days} days\n`);
  const open = report.tokens.filter(({ expires }) => expires === null).map(({ name }) => `\`${name}\``);
  if (open.length > 0)
    shell.err(`note: nobody said when ${open.join(", ")} ${open.length === 1 ? "expires" : "expire"}\n`);
}

function tell(shell: Shell, flags: ExpiringFlags): number {
  const days = daysFrom(flags.within);
  const report = reportOfTokens(shell, listOf(shell));
  const soon = expiringWithin(report.tokens, days);
  const text = resultText(shell, report, soon, flags);
  if (flags.output === undefined) shell.out(text);
  else writeResult(shell, resolve(shell.self.cwd, flags.output), text);
  remarkOnRest(shell, report, soon, days);
  const [first] = soon;
  if (first !== undefined && formatOf(flags) === "text" && flags.output === undefined)
    shell.err(hint(`\`git rekey token rotate ${first.name}\` replaces it`, shell.errStyle));
  return soon.length > 0 ? EXIT.findings : EXIT.ok;
}

/** The options that the timer passes on. */
function argumentsOf(shell: Shell, flags: ExpiringFlags): string[] {
  const format = formatOf(flags);
  return [
    "--within",
    `${daysFrom(flags.within)}d`,
    ...(format === "text" ? [] : ["--format", format]),
    ...(flags.output === undefined ? [] : ["--output", resolve(shell.self.cwd, flags.output)]),
  ];
}

/** `git rekey token expiring`: 1 if a token has expired or will soon. Asks nobody; a timer can run it every day. */
export async function expiring(this: unknown, flags: ExpiringFlags): Promise<void> {
  await perform(async (shell) => {
    if (flags.installTimer !== undefined && flags.removeTimer)
      throw new Stop(EXIT.misuse, "`--install-timer` and `--remove-timer` exclude each other");
    const talk = { yes: flags.yes, quiet: false };
    if (flags.installTimer !== undefined) {
      const job = jobOf(shell, argumentsOf(shell, flags), flags.output !== undefined);
      return finish(shell, await installTimer(shell, flags.installTimer, job, talk), false);
    }
    if (!flags.removeTimer) return tell(shell, flags);
    const removed = await removeTimer(shell, talk);
    if (removed !== null) return finish(shell, removed, false);
    shell.err("git-rekey: no timer is installed\n");
    return EXIT.ok;
  });
}
