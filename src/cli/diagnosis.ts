import type { AnyCheck } from "../core/check.ts";
import { diagnose } from "../core/diagnose.ts";
import type { Diagnosis } from "../core/finding.ts";
import type { AccountAnswer } from "../core/known-account.ts";
import { exitCodeOf, publish, type Report, type ReportedRepository, reportRemotes } from "../core/report.ts";
import { type Outcome, type Setup, Unavailable } from "../core/setup.ts";
import { presentOutcomes, type SshOutcome } from "../core/ssh.ts";
import { TOOL } from "../core/version.ts";
import { type Inquiry, type Survey, survey } from "../probes/gather.ts";
import type { Shell } from "./shell.ts";

/** One target looked at and judged. */
export interface Diagnosed {
  survey: Survey;
  diagnosis: Diagnosis;
  outcomes: readonly Outcome[];
  /** Of the ways that Git takes over SSH now. */
  overSsh: readonly SshOutcome[];
  repository: ReportedRepository | null;
}

/** A gathered part, or what stands for it where there is none. */
export function partOf<K extends keyof Setup>(from: Survey, key: K, otherwise: Setup[K]): Setup[K] {
  const part = from.gathered[key];
  return part instanceof Unavailable ? otherwise : (part as Setup[K]);
}

function answersIn(from: Survey): readonly AccountAnswer[] {
  const { accounts } = from.gathered;
  return accounts instanceof Unavailable ? [] : accounts.answers;
}

/** They are most of the program's code, and there is time to load them while git, which was asked first, is at work. */
export async function loadChecks(): Promise<readonly AnyCheck[]> {
  return (await import("../checks/index.ts")).CHECKS;
}

export async function diagnoseTarget(shell: Shell, inquiry: Inquiry): Promise<Diagnosed> {
  const [found, checks] = await Promise.all([survey(shell, inquiry), loadChecks()]);
  const outcomes = partOf(found, "outcomes", []);
  const { ssh } = found.gathered;
  const view = ssh instanceof Unavailable ? null : ssh;
  const overSsh = view === null ? [] : presentOutcomes(view);
  const remotes = reportRemotes(partOf(found, "routes", []), outcomes, {
    answers: answersIn(found),
    rest: partOf(found, "rest", []),
    ssh: view,
  });
  const repository = found.stand === null ? null : { path: found.stand.place.path, remotes };
  return { survey: found, diagnosis: diagnose(checks, found.gathered), outcomes, overSsh, repository };
}

/** One report over everything that was asked about. */
export function reportOf(shell: Shell, all: readonly Diagnosed[]): Report {
  const ruledOut = all.map(({ diagnosis }) => new Set(diagnosis.ruledOut));
  const found = new Set(all.flatMap(({ diagnosis }) => diagnosis.findings.map(({ id }) => id)));
  const notLooked = all.flatMap(({ diagnosis }) => diagnosis.notLooked);
  return {
    schema: "git-rekey/report@1",
    tool: TOOL,
    at: new Date(shell.self.now()).toISOString(),
    host: shell.self.host,
    user: shell.self.user,
    repositories: all.flatMap(({ repository }) => repository ?? []),
    findings: all.flatMap(({ diagnosis }) => diagnosis.findings.map(publish)),
    // Ruled out means: everywhere.
    ruledOut: [...(ruledOut[0] ?? [])].filter((id) => ruledOut.every((one) => one.has(id)) && !found.has(id)),
    notLooked: notLooked.filter(({ id }, index) => notLooked.findIndex((one) => one.id === id) === index),
    scanned: null,
  };
}

/** The worst of all targets: a fault outweighs what could not be determined. */
export function exitCodeOfAll(all: readonly Diagnosed[]): number {
  const codes = all.map(({ diagnosis, outcomes, overSsh }) => exitCodeOf(diagnosis, outcomes, overSsh));
  return [1, 3].find((code) => codes.includes(code as 1 | 3)) ?? 0;
}
