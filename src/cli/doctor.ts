import type { Report } from "../core/report.ts";
import { type Outcome, Unavailable } from "../core/setup.ts";
import { isAskable, unaskedIn } from "../core/unasked.ts";
import type { Inquiry } from "../probes/gather.ts";
import { readHostKeys } from "../probes/ssh-host-keys.ts";
import { hint, reportText } from "../report/terminal.ts";
import { becomeUser } from "./as-user.ts";
import { type FormatFlags, perform, printJson, wantsJson } from "./command.ts";
import { type Diagnosed, diagnoseTarget, exitCodeOfAll, loadChecks, reportOf } from "./diagnosis.ts";
import { EXIT, Stop } from "./exit.ts";
import { ownHelperValue } from "./own-helper.ts";
import { openShell, type Shell } from "./shell.ts";

export interface LookFlags {
  offline: boolean;
  push: boolean;
  email?: string;
  runHelpers: boolean;
  trustRepository: boolean;
}

interface DoctorFlags extends LookFlags, FormatFlags {
  as?: string;
}

/** Looks at all targets, one after the other. A target that is no repository ends the command with its sentence. */
export async function diagnoseAll(
  shell: Shell,
  flags: LookFlags & Partial<Pick<Inquiry, "ssh">>,
  targets: readonly string[],
): Promise<Diagnosed[]> {
  const hostKeys = readHostKeys(shell);
  if (hostKeys instanceof Unavailable) throw new Stop(EXIT.misuse, hostKeys.reason);
  const all: Diagnosed[] = [];
  for (const target of targets.length > 0 ? targets : ["."]) {
    const inquiry = {
      target,
      ...flags,
      email: flags.email ?? null,
      hasTerminal: shell.hasTerminal,
      ownHelper: ownHelperValue(shell),
      ssh: flags.ssh ?? "routes",
    };
    const diagnosed = await diagnoseTarget(shell, inquiry);
    if (diagnosed.survey.stand === null && diagnosed.diagnosis.findings.length === 0) {
      throw new Stop(
        EXIT.misuse,
        diagnosed.survey.problem ?? `\`${target}\` could not be looked at`,
        "`git rekey doctor URL` asks about a URL outside any repository",
      );
    }
    all.push(diagnosed);
  }
  return all;
}

/** Says so when nothing of what was looked at is Bitbucket's business. */
export function remarkOnOthers(shell: Shell, report: Report, all: readonly Diagnosed[]): void {
  const isOurs = all.some(({ outcomes, overSsh }) => outcomes.length > 0 || overSsh.length > 0);
  if (isOurs || report.findings.length > 0) return;
  const remotes = report.repositories.flatMap((repository) => repository.remotes);
  shell.err(
    remotes.length === 0
      ? "git-rekey: this repository has no remote, so there is nothing to sign in to\n"
      : "git-rekey: no remote here points to bitbucket.org, so there is nothing to look at\n",
  );
}

function printReport(shell: Shell, report: Report, all: readonly Diagnosed[], json: boolean): void {
  if (json) {
    printJson(shell, report);
    return;
  }
  remarkOnOthers(shell, report, all);
  shell.out(reportText(report, shell.outStyle, shell.self.home));
  if (report.findings.some(({ remedy, severity }) => remedy !== null && severity !== "note")) {
    shell.err(hint("`git rekey fix` shows the plan and changes nothing until you agree", shell.errStyle));
  } else if (all.some(({ outcomes }) => outcomes.some(isUnaskedButAskable))) {
    shell.err(hint("`git rekey doctor --run-helpers` asks the helper that decides", shell.errStyle));
  }
}

async function shellOf(first: Shell, user: string): Promise<Shell> {
  // While we still may: that user need not be able to read where we are installed.
  await loadChecks();
  return openShell(becomeUser(first, user));
}

function isUnaskedButAskable(outcome: Outcome): boolean {
  const unasked = unaskedIn(outcome);
  return unasked !== null && isAskable(unasked);
}

/** `git rekey doctor`: read-only. */
export async function doctor(this: unknown, flags: DoctorFlags, ...targets: string[]): Promise<void> {
  await perform(async (first) => {
    const shell = flags.as === undefined ? first : await shellOf(first, flags.as);
    const all = await diagnoseAll(shell, flags, targets);
    printReport(shell, reportOf(shell, all), all, wantsJson(flags));
    return exitCodeOfAll(all);
  });
}
