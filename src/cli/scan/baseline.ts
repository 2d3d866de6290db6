/** The baseline of a scan: what was there before and is not told again. */
import { dirname, resolve } from "node:path";
import type { Baseline } from "../../core/baseline.ts";
import type { PublishedFinding } from "../../core/report.ts";
import { baselineOf, baselineText, dropKnown, readBaseline, saltOf } from "../../scan/baseline.ts";
import { randomBytes, randomName } from "../../world/hash.ts";
import { FileError } from "../../world/ports.ts";
import { EXIT, Stop } from "../exit.ts";
import type { Shell } from "../shell.ts";
import { textOrNull } from "./findings.ts";

export interface BaselineFlags {
  baseline?: string;
  writeBaseline?: string;
}

/** What a scan needs of it. */
export interface Known {
  salt: Uint8Array;
  drop(findings: readonly PublishedFinding[]): { findings: PublishedFinding[]; known: number };
}

function read(shell: Shell, path: string): Baseline {
  const text = textOrNull(shell.files, path);
  if (text === null) throw new Stop(EXIT.misuse, `the baseline \`${path}\` cannot be read`);
  const baseline = readBaseline(text);
  if (baseline === null) throw new Stop(EXIT.misuse, `\`${path}\` is no baseline of git-rekey`);
  return baseline;
}

/** Throws `Stop` where the file is none. */
export function openBaseline(shell: Shell, { baseline: given }: BaselineFlags): Known {
  if (given === undefined)
    return { salt: randomBytes(16), drop: (findings) => ({ findings: [...findings], known: 0 }) };
  const path = resolve(shell.self.cwd, given);
  const baseline = read(shell, path);
  return { salt: saltOf(baseline), drop: (findings) => dropKnown(findings, baseline, dirname(path)) };
}

/** Replaces the file in one step. Throws `Stop` where it cannot be written. */
export function writeBaseline(
  shell: Shell,
  given: string,
  findings: readonly PublishedFinding[],
  salt: Uint8Array,
): void {
  const path = resolve(shell.self.cwd, given);
  const text = baselineText(baselineOf(findings, dirname(path), salt));
  const next = `${path}.${randomName()}`;
  try {
    shell.files.create(next, new TextEncoder().encode(text), 0o644);
    shell.files.rename(next, path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new Stop(EXIT.misuse, `the baseline \`${path}\` cannot be written (${error.code})`);
  }
}
