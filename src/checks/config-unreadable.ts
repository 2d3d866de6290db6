import { defineCheck, type Found } from "../core/check.ts";
import type { EvidenceSource } from "../core/finding.ts";
import type { Location } from "../core/setup.ts";
import type { SshView } from "../core/ssh.ts";
import { ssh, sshOutcome } from "./example.ts";
import { faultsOf, sshEvidence } from "./ssh-evidence.ts";

interface Args {
  program: "Git" | "ssh";
  file: string | null;
  line: number | null;
  reason: string;
}

/** `~/.gitconfig:7`, in backticks; empty where nothing is known. */
export function standsAt(location: Pick<Location, "file" | "line"> | null): string {
  if (location === null) return "";
  return `\`${location.file}${location.line === null ? "" : `:${location.line}`}\``;
}

/** A path or a name for a command that a person copies: quoted where a shell would see more in it than a word. */
export function inShell(text: string): string {
  return /^[\w./@:+~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

const IMPOSED = "what a variable (`GIT_CONFIG_…`) or `git -c` brings";

function placeOf({ file, line }: Pick<Args, "file" | "line">): Location | null {
  return file === null ? null : { file, line, scope: null };
}

function sourceOf({ file, line }: Pick<Args, "file" | "line">): EvidenceSource {
  return file === null
    ? { kind: "command", command: "`GIT_CONFIG_…` or `git -c`" }
    : { kind: "file", file, line };
}

const WHY: Readonly<Record<Args["program"], string>> = {
  Git: "Git reads its configuration before it does anything: a line or a value it cannot use ends the command, and a file it may not open is passed over, with the helpers and settings in it",
  ssh: "ssh reads its configuration before it connects, and ends at a word it does not know; most often that is one of a newer ssh, or of the one on macOS",
};

function nextFor(args: Args): string {
  if (args.file === null) return "mend it or take it away";
  return `look at ${standsAt(placeOf(args))} and mend it, or give its owner's rights back (\`ls -l ${inShell(args.file)}\`)`;
}

/** `/home/ana/.ssh/config: line 3: Bad configuration option: foo`, as ssh says it. */
function sshProblem(text: string): Omit<Args, "program"> | null {
  const [, file = null, line, reason = ""] = /^(\S[^\n]*?):? line (\d+): ([^\n]+)$/m.exec(text) ?? [];
  return file === null ? null : { file, line: Number(line), reason: reason.trim() };
}

function inSsh(view: SshView): Found<Args>[] {
  return faultsOf(view, ["config-unreadable"]).map((fault) => {
    const text = `${fault.outcomes[0].text}\n${fault.destination.attempt?.text ?? ""}`;
    const problem = sshProblem(text) ?? { file: null, line: null, reason: "it says no more" };
    return {
      args: { program: "ssh", ...problem },
      severity: "error",
      confidence: "certain",
      cause: true,
      location: placeOf(problem),
      evidence: sshEvidence(fault),
    };
  });
}

export const configUnreadable = defineCheck<"configProblems", Args, "ssh">({
  id: "config-unreadable",
  title: "Git or ssh cannot read one of its configuration files",
  needs: ["configProblems"],
  uses: ["ssh"],
  find: ({ configProblems, ssh }): Found<Args>[] => [
    ...configProblems.map(
      (problem): Found<Args> => ({
        args: { program: "Git", ...problem },
        severity: "error",
        confidence: "certain",
        cause: true,
        location: placeOf(problem),
        evidence: [{ what: problem.reason, source: sourceOf(problem) }],
      }),
    ),
    ...(ssh === undefined ? [] : inSsh(ssh)),
  ],
  explain: (args) => {
    const unknown = args.program === "ssh" ? "its configuration" : IMPOSED;
    return {
      what: `${args.program} cannot read ${standsAt(placeOf(args)) || unknown}: ${args.reason}`,
      why: WHY[args.program],
      next: `${nextFor(args)}; until then nothing that it says is known`,
    };
  },
  typical: { program: "Git", file: "~/.gitconfig", line: 12, reason: "the line is not what Git expects" },
  examples: () => ({
    broken: [
      { configProblems: [{ file: "/home/ana/.gitconfig", reason: "bad config line", line: 12 }] },
      { configProblems: [{ file: "/etc/gitconfig", reason: "permission denied", line: null }] },
      { configProblems: [{ file: null, reason: "`http.sslverify` is neither on nor off", line: null }] },
      {
        configProblems: [],
        ssh: ssh({
          outcomes: [
            sshOutcome({
              state: "unknown",
              saying: "config-unreadable",
              text: "/home/ana/.ssh/config: line 3: Bad configuration option: usekeychain\n/home/ana/.ssh/config: terminating, 1 bad configuration options",
            }),
          ],
        }),
      },
    ],
    healthy: [{ configProblems: [] }, { configProblems: [], ssh: ssh() }],
  }),
});
