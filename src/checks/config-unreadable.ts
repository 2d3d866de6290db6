import { defineCheck, type Found } from "../core/check.ts";
import type { EvidenceSource } from "../core/finding.ts";
import type { Location } from "../core/setup.ts";
import { sshConfigUnreadable } from "./config-unreadable-ssh.ts";
import { inShell, standsAt } from "./in-words.ts";

interface Args {
  file: string | null;
  line: number | null;
  reason: string;
}

const IMPOSED = "what a variable (`GIT_CONFIG_…`) or `git -c` brings";

function placeOf({ file, line }: Args): Location | null {
  return file === null ? null : { file, line, scope: null };
}

function sourceOf({ file, line }: Args): EvidenceSource {
  return file === null
    ? { kind: "command", command: "`GIT_CONFIG_…` or `git -c`" }
    : { kind: "file", file, line };
}

function nextFor(args: Args): string {
  if (args.file === null) return "mend it or take it away";
  return `look at ${standsAt(placeOf(args))} and mend it, or give its owner's rights back (\`ls -l ${inShell(args.file)}\`)`;
}

export const configUnreadable = defineCheck<"configProblems", Args>({
  id: "config-unreadable",
  title: "Git cannot read one of its configuration files",
  needs: ["configProblems"],
  find: ({ configProblems }): Found<Args>[] =>
    configProblems.map((problem) => ({
      args: problem,
      severity: "error",
      confidence: "certain",
      cause: true,
      location: placeOf(problem),
      evidence: [{ what: problem.reason, source: sourceOf(problem) }],
    })),
  explain: (args) => ({
    what: `Git cannot read ${standsAt(placeOf(args)) || IMPOSED}: ${args.reason}`,
    why: "Git reads its configuration before it does anything: a line or a value it cannot use ends the command, and a file it may not open is passed over, with the helpers and settings in it",
    next: `${nextFor(args)}; until then nothing that it says is known`,
  }),
  also: [sshConfigUnreadable],
  typical: { file: "~/.gitconfig", line: 12, reason: "the line is not what Git expects" },
  examples: () => ({
    broken: [
      { configProblems: [{ file: "/home/ana/.gitconfig", reason: "bad config line", line: 12 }] },
      { configProblems: [{ file: "/etc/gitconfig", reason: "permission denied", line: null }] },
      { configProblems: [{ file: null, reason: "`http.sslverify` is neither on nor off", line: null }] },
    ],
    healthy: [{ configProblems: [] }],
  }),
});
