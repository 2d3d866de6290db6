import type { FileChange, HelperChange } from "../core/receipt.ts";
import { fileChains } from "./file-chain.ts";
import type { Journal, JournalRecord } from "./journal.ts";
import { undoFile } from "./undo-file.ts";
import { helperChains, undoHelper } from "./undo-helper.ts";

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
  const result: RestoredAll = { changed: [], helpers: [], complete: true };
  const files = fileChains(records).map((chain) => ({ last: chain.intents.at(-1)?.step ?? 0, file: chain }));
  const helpers = helperChains(records).map((chain) => ({
    last: chain.intents.at(-1)?.step ?? 0,
    helper: chain,
  }));
  for (const each of [...files, ...helpers].sort((a, b) => b.last - a.last)) {
    if ("file" in each) {
      const { change, complete } = await undoFile(journal, source, each.file);
      result.changed.push(change);
      result.complete &&= complete;
    } else {
      const { change, complete } = await undoHelper(journal, source, each.helper);
      result.helpers.push(change);
      result.complete &&= complete;
    }
  }
  return result;
}
