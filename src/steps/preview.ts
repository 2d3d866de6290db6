import type { FileStep } from "../core/plan.ts";
import { cannotEdit, type Edited } from "../formats/edited.ts";
import { appendSection, setConfigValue, unsetConfig } from "../formats/git-config.ts";
import { dropStored, putStored } from "../formats/git-credentials.ts";
import { setNetrcEntry } from "../formats/netrc.ts";
import type { FileFormat } from "./journal.ts";

type ChangingStep = Exclude<FileStep, { kind: "set-mode" }>;

const FORMATS: Readonly<Record<ChangingStep["kind"], FileFormat>> = {
  "set-config": "git-config",
  "unset-config": "git-config",
  "add-config": "git-config",
  "set-netrc": "netrc",
  "put-stored": "git-credentials",
  "drop-stored": "git-credentials",
};

/** What kind of file these steps are for; null where they only set its mode. */
export function formatOf(steps: readonly FileStep[]): FileFormat | null {
  const step = steps.find((one): one is ChangingStep => one.kind !== "set-mode");
  return step ? FORMATS[step.kind] : null;
}

function applyStep(bytes: Uint8Array, step: FileStep, newToken: string | null): Edited {
  if ("password" in step && newToken === null) return cannotEdit("waits for the new token");
  const password = newToken ?? "";
  switch (step.kind) {
    case "set-config":
      return setConfigValue(bytes, step.entry, step.to);
    case "unset-config":
      return unsetConfig(bytes, step.entry);
    case "add-config":
      return appendSection(bytes, step.section, step.subsection, step.lines);
    case "set-netrc":
      return setNetrcEntry(bytes, step.entry, { login: step.login, password });
    case "put-stored":
      return putStored(bytes, { host: step.host, path: step.path, username: step.username, password });
    case "drop-stored":
      return dropStored(bytes, step.entry);
    case "set-mode":
      return { ok: true, bytes };
  }
}

/** Entries of one name are counted anew after each edit, so those counted highest are edited first. */
function occurrenceOf(step: FileStep): number {
  return "entry" in step ? step.entry.occurrence : -1;
}

function nameOf(step: FileStep): string {
  return "entry" in step ? JSON.stringify({ ...step.entry, occurrence: 0 }) : "";
}

/**
 * Steps name entries as they are in the file at first. An entry taken out moves those after it up by one, so within
 * one name the last one is taken out first; what is added or put in comes after all of them.
 */
function inSafeOrder(steps: readonly FileStep[]): FileStep[] {
  const named = steps.filter((step) => "entry" in step);
  const others = steps.filter((step) => !("entry" in step));
  const byName = Map.groupBy(named, nameOf);
  const ordered = [...byName.values()].flatMap((group) =>
    group.toSorted((a, b) => occurrenceOf(b) - occurrenceOf(a)),
  );
  return [...ordered, ...others];
}

/** What a file will be after all of these steps; `bytes` is null where it is not there. Pure. */
export function previewFileSteps(
  bytes: Uint8Array | null,
  steps: readonly FileStep[],
  newToken: string | null,
): Edited {
  const makes = steps.some(({ kind }) => kind === "add-config" || kind === "put-stored");
  if (bytes === null && !makes) return cannotEdit("is not there any more");
  let result: Edited = { ok: true, bytes: bytes ?? new Uint8Array() };
  for (const step of inSafeOrder(steps)) {
    if (!result.ok) break;
    result = applyStep(result.bytes, step, newToken);
  }
  return result;
}
