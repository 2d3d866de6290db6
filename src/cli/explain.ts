import { FILE_CHECKS } from "../checks/in-files/index.ts";
import { CHECKS } from "../checks/index.ts";
import { ALL_IDS, isCheckId } from "../core/ids.ts";
import type { Explanation, PublishedFinding } from "../core/report.ts";
import { TOOL } from "../core/version.ts";
import { readTranscript, type Said } from "../probes/transcript.ts";
import { explanationText } from "../report/terminal.ts";
import { type FormatFlags, perform, printJson, wantsJson } from "./command.ts";
import { EXIT, Stop } from "./exit.ts";
import type { Shell } from "./shell.ts";

/** Faults that are remarks beside the cause when a message shows them. */
const REMARKS: ReadonlySet<string> = new Set(["fails-without-terminal", "username-pinned-in-url"]);

function findingOf(said: Said): PublishedFinding[] {
  const check = CHECKS.find(({ id }) => id === said.id);
  if (check === undefined) return [];
  return [
    {
      id: said.id,
      severity: REMARKS.has(said.id) || said.confidence === "possible" ? "note" : "error",
      confidence: said.confidence,
      title: check.title,
      ...check.describe(),
      location: null,
      evidence: [{ what: said.quote, source: { kind: "pasted", line: said.line } }],
      remedy: null,
    },
  ];
}

function describeId(id: string): PublishedFinding {
  const check = CHECKS.find((one) => one.id === id) ?? FILE_CHECKS.find((one) => one.id === id);
  if (!isCheckId(id) || check === undefined) {
    const near = ALL_IDS.filter(
      (known) => known.includes(id) || id.split("-").some((word) => word.length > 3 && known.includes(word)),
    );
    const hint =
      near.length > 0
        ? `${near
            .slice(0, 3)
            .map((one) => `\`git rekey explain ${one}\``)
            .join(", ")} ${near.length === 1 ? "is" : "are"} near it`
        : "`git rekey doctor --json` lists the ids it looked for";
    throw new Stop(EXIT.misuse, `\`${id}\` is not the id of a finding`, hint);
  }
  const words = check.describe();
  return {
    id,
    severity: "note",
    confidence: "certain",
    title: check.title,
    ...words,
    location: null,
    evidence: [],
    remedy: null,
  };
}

function print(shell: Shell, findings: readonly PublishedFinding[], json: boolean): void {
  const explanation: Explanation = { schema: "git-rekey/explanation@1", tool: TOOL, findings };
  if (json) printJson(shell, explanation);
  else shell.out(explanationText(explanation, shell.outStyle));
}

async function pasted(shell: Shell): Promise<Uint8Array> {
  if (process.stdin.isTTY) shell.err("Paste what Git printed, then press Ctrl-D on an empty line:\n");
  const parts: Uint8Array[] = [];
  for await (const part of process.stdin) parts.push(part as Uint8Array);
  return Buffer.concat(parts);
}

/** `git rekey explain [ID]`: offline, but for `solutions`. 0 recognised, 1 not ours. */
export async function explain(this: unknown, flags: FormatFlags, ...ids: string[]): Promise<void> {
  await perform(async (shell) => {
    const json = wantsJson(flags);
    const [id] = ids;
    if (id === "solutions") return (await import("./solutions.ts")).explainSolutions(shell, json);
    if (id !== undefined) {
      print(shell, [describeId(id)], json);
      return EXIT.ok;
    }
    const findings = readTranscript(await pasted(shell)).said.flatMap(findingOf);
    if (json || findings.length > 0) print(shell, findings, json);
    if (findings.length === 0) {
      shell.err("git-rekey: this is not a Bitbucket authentication message\n");
      return EXIT.findings;
    }
    return EXIT.ok;
  });
}
