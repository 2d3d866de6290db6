import { defineCheck, type Found } from "../core/check.ts";
import type { Location } from "../core/setup.ts";

interface Args {
  file: string;
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
      location: { file: problem.file, line: problem.line, scope: null },
      evidence: [{ what: problem.reason, source: { kind: "file", file: problem.file, line: problem.line } }],
    })),
  explain: ({ file, line, reason }) => ({
    what: `Git cannot read ${standsAt({ file, line })}: ${reason}`,
    why: "Git reads all of its configuration before it does anything: a line it cannot read ends every command, and a file it may not open is passed over, with the helpers and settings in it",
    next: `look at ${standsAt({ file, line })} and mend it, or give its owner's rights back (\`ls -l ${inShell(file)}\`); until then nothing that it says is known`,
  }),
  typical: { file: "~/.gitconfig", line: 12, reason: "the line is not what Git expects" },
  examples: () => ({
    broken: [
      { configProblems: [{ file: "/home/ana/.gitconfig", reason: "bad config line", line: 12 }] },
      { configProblems: [{ file: "/etc/gitconfig", reason: "permission denied", line: null }] },
    ],
    healthy: [{ configProblems: [] }],
  }),
});
