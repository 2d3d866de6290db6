import type { FileChange, HelperChange } from "../core/receipt.ts";
import { type FileChain, fileChains } from "./file-chain.ts";
import type { Journal, JournalRecord } from "./journal.ts";
import { type Restored, undoFile } from "./undo-file.ts";
import { type HelperChain, helperChains, undoHelper } from "./undo-helper.ts";
import { dropUnnamed } from "./unnamed-tokens.ts";

export interface RestoredAll {
  changed: FileChange[];
  helpers: HelperChange[];
  /** False when something could not be written, so that trying again may help. */
  complete: boolean;
}

/**
 * Takes back everything a journal tells of, last change first, files and helpers in one order. What cannot be restored
 * is reported, and the rest goes on. `source`: the folder of the receipt the records are from.
 */
export async function restoreAll(
  journal: Journal,
  records: readonly JournalRecord[],
  source: string,
): Promise<RestoredAll> {
  const files = fileChains(records);
  const helpers = helperChains(records);
  const fileResults = new Map<FileChain, Restored<FileChange>>();
  const helperResults = new Map<HelperChain, Restored<HelperChange>>();
  for (const each of lastFirst(files, helpers)) {
    if ("file" in each) fileResults.set(each.file, await undoFile(journal, source, each.file));
    else helperResults.set(each.helper, await undoHelper(journal, source, each.helper));
  }
  const lost = await dropUnnamed(journal, files, helpers, source);
  return {
    changed: [...fileResults].map(([chain, { change }]) => leftOut(change, lost.file(chain))),
    helpers: [...helperResults].map(([chain, { change }]) => notBrought(change, lost.helper(chain))),
    complete: [...fileResults.values(), ...helperResults.values()].every(({ complete }) => complete),
  };
}

type Each = { file: FileChain } | { helper: HelperChain };

function lastFirst(files: readonly FileChain[], helpers: readonly HelperChain[]): Each[] {
  const stepOf = (each: Each): number => ("file" in each ? each.file : each.helper).intents.at(-1)?.step ?? 0;
  const all: Each[] = [...files.map((file) => ({ file })), ...helpers.map((helper) => ({ helper }))];
  return all.sort((a, b) => stepOf(b) - stepOf(a));
}

function leftOut(change: FileChange, reason: string | null): FileChange {
  return reason === null
    ? change
    : { ...change, after: null, what: "left as it is", state: "left-alone", reason };
}

function notBrought(change: HelperChange, reason: string | null): HelperChange {
  return reason === null ? change : { ...change, state: "not-restored", reason };
}
