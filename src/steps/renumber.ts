/** Steps are planned together but carried out in phases: what an early phase took out, later ones must not count. Pure. */
import type { StoredEntryName } from "../core/plan.ts";
import type { AnyFileStep } from "./preview.ts";

type EntryStep = Extract<AnyFileStep, { entry: unknown }>;

function nameOf({ entry }: EntryStep): string {
  return JSON.stringify({ ...entry, occurrence: 0 });
}

const TAKES_OUT: ReadonlySet<AnyFileStep["kind"]> = new Set([
  "unset-config",
  "drop-stored",
  "drop-netrc",
  "drop-known-host",
]);

function takesOut(step: AnyFileStep): step is EntryStep {
  return TAKES_OUT.has(step.kind);
}

/** Whether Git's `store` has already replaced this entry when the new token was put in. */
function wasReplaced(entry: StoredEntryName, earlier: readonly AnyFileStep[]): boolean {
  return earlier.some(
    (step) =>
      step.kind === "put-stored" &&
      step.host === entry.host &&
      step.username === entry.username &&
      (step.path === null || step.path === entry.path),
  );
}

/**
 * Steps on one file as they must be named after `earlier` steps on it. An entry that the new token replaced is not
 * dropped again: that would drop the token.
 */
export function renumber(steps: readonly AnyFileStep[], earlier: readonly AnyFileStep[]): AnyFileStep[] {
  return steps.flatMap((step) => {
    if (!("entry" in step)) return [step];
    if (step.kind === "drop-stored" && wasReplaced(step.entry, earlier)) return [];
    const gone = earlier.filter(
      (one) => takesOut(one) && nameOf(one) === nameOf(step) && one.entry.occurrence < step.entry.occurrence,
    ).length;
    const entry = { ...step.entry, occurrence: step.entry.occurrence - gone };
    return [{ ...step, entry } as AnyFileStep];
  });
}
