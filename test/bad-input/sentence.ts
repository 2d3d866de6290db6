/** What every bad input is answered with: one sentence, the right code, and nothing touched. */
import { expect } from "bun:test";
import type { Ran, Sandbox } from "../sandbox.ts";
import { everything } from "../terminal/people.ts";

/** Whoever can be asked about what only root or only somebody else can do. */
export const IS_ROOT = process.getuid?.() === 0;

/** The lines of stderr that say something: hints are left out. */
function sentencesOf({ stderr }: Pick<Ran, "stderr">): string[] {
  return stderr.split("\n").filter((line) => line !== "" && !line.startsWith("hint: "));
}

/** One sentence that names the thing; at most one hint; never an excuse, a stack or a piece of code. */
export function expectSentence(ran: Ran, code: number, ...names: readonly (string | RegExp)[]): void {
  const said = sentencesOf(ran);
  expect({ code: ran.code, said }).toEqual({ code, said: [expect.stringMatching(/^git-rekey: \S/)] });
  for (const name of names) expect(said[0]).toMatch(name);
  expect(said[0]).not.toMatch(/failed itself|undefined|null|\[object|Error:|^\s+at /);
  const hints = ran.stderr.match(/^hint: .*/gm) ?? [];
  expect(hints.length).toBeLessThanOrEqual(1);
  for (const hint of hints) expect(hint).toMatch(/`(?:git|chmod|cd) [^`]+`/);
}

/** Runs something that must be refused, and sees to it that nothing was touched. */
export async function expectRefused(
  box: Sandbox,
  run: () => Promise<Ran>,
  code: number,
  ...names: readonly (string | RegExp)[]
): Promise<Ran> {
  const before = everything(box);
  const ran = await run();
  expectSentence(ran, code, ...names);
  expect(everything(box)).toEqual(before);
  return ran;
}

/** The ids of a `--json` report's findings that are faults, in its order. */
export function faultsIn({ stdout }: Pick<Ran, "stdout">): string[] {
  const { findings } = JSON.parse(stdout) as { findings: { id: string; severity: string }[] };
  return findings.filter(({ severity }) => severity !== "note").map(({ id }) => id);
}
