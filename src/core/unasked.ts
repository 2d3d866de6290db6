/** Helpers that were not asked, where their answer decides. Pure. */
import type { Outcome, Source } from "./setup.ts";
import { labelOf } from "./source-label.ts";

/** Why nothing about credentials was looked at, where none would be sent. */
export const NOTHING_OVER_HTTPS = "nothing here points to bitbucket.org over HTTPS";

/** The helper that decides this outcome and was not asked; null where something else decides it. */
export function unaskedIn({ state, last, sources }: Outcome): Source | null {
  if (state !== "unknown" || last === null) return null;
  const { answer } = last;
  const isOpen =
    answer.kind === "http" ? answer.status === 401 : last.source === null && answer.fault === "not-asked";
  return isOpen ? (sources.find((source) => source.state === "not-asked") ?? null) : null;
}

/** The first such helper of all outcomes, in a sentence that says why it was not asked. */
export function whyUnasked(outcomes: readonly Outcome[]): string | null {
  const unasked = outcomes.map(unaskedIn).find((one) => one !== null);
  if (!unasked) return null;
  return `${labelOf(unasked)} was not asked${unasked.reason ? `: ${unasked.reason}` : ""}`;
}

/** Whether `--run-helpers` would ask it. */
export function isAskable({ entry }: Source): boolean {
  return entry !== null && !entry.fromRepository && entry.secret === null;
}
