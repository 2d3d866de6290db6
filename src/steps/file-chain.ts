/** What one receipt did to each file, as its journal tells. Pure. */
import type { FileFormat, FileState, Folders, Intent, JournalRecord } from "./journal.ts";

/** All that one receipt did to one file. */
export interface FileChain {
  file: string;
  real: string;
  intents: readonly Intent[];
  first: FileState | null;
  /** Hashes the file had while it was as we left it; null: it was not there. */
  ours: ReadonlySet<string | null>;
  /** Somebody else wrote to it between two of our changes. */
  broken: boolean;
  /** Folders made for it, outermost first. */
  folders: readonly string[];
}

function chainOf(
  real: string,
  intents: readonly Intent[],
  records: readonly JournalRecord[],
): FileChain | null {
  const first = intents[0];
  if (!first) return null;
  const ours = new Set(intents.map(({ after }) => after?.hash ?? null));
  const settled = records.flatMap((one) => (one.k === "settled" && one.real === real ? [one.hash] : []));
  for (const hash of settled) ours.add(hash);
  const broken = intents.slice(1).some(({ before }) => {
    const hash = before?.hash ?? null;
    return !ours.has(hash) && hash !== (first.before?.hash ?? null);
  });
  const folders = records
    .filter((one): one is Folders => one.k === "folders" && one.real === real)
    .flatMap(({ paths }) => paths);
  return { file: first.file, real, intents, first: first.before, ours, broken, folders };
}

/** What was done to each file, in the order in which files were first touched. Cancelled steps do not count. */
export function fileChains(records: readonly JournalRecord[]): FileChain[] {
  const cancelled = new Set(records.flatMap((one) => (one.k === "cancelled" ? [one.step] : [])));
  const intents = records.filter((one): one is Intent => one.k === "intent" && !cancelled.has(one.step));
  return [...Map.groupBy(intents, ({ real }) => real)].flatMap(
    ([real, group]) => chainOf(real, group, records) ?? [],
  );
}

/** Entries that came and entries that went over the whole chain, by hash. */
export function netEntries(intents: readonly Intent[]): { put: string[]; dropped: string[] } {
  const put: string[] = [];
  const dropped: string[] = [];
  const move = (hash: string, from: string[], to: string[]) => {
    const at = from.indexOf(hash);
    if (at >= 0) from.splice(at, 1);
    else to.push(hash);
  };
  for (const intent of intents) {
    for (const hash of intent.dropped) move(hash, put, dropped);
    for (const hash of intent.put) move(hash, dropped, put);
  }
  return { put, dropped };
}

/** What kind of file it is; null where only its mode was changed. */
export function formatOfChain(chain: FileChain): FileFormat | null {
  return chain.intents.find(({ format }) => format !== null)?.format ?? null;
}
