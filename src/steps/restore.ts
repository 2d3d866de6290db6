import type { FileChange, HelperChange } from "../core/receipt.ts";
import { fileChains } from "./file-chain.ts";
import type { Journal, JournalRecord } from "./journal.ts";
import {
  type Chain,
  dropUnnamed,
  isNeeded,
  listAmong,
  NEEDED,
  tokensMoved,
  UNNAMED,
} from "./named-tokens.ts";
import { type Rest, registrations, unregisterKey } from "./register-key.ts";
import { leaveFile, type Restored, undoFile } from "./undo-file.ts";
import { helperChains, leaveHelper, undoHelper } from "./undo-helper.ts";

export interface RestoredAll {
  changed: FileChange[];
  helpers: HelperChange[];
  /** False when something could not be written, so that trying again may help. */
  complete: boolean;
}

/** What a run leaves behind that is taken back. */
export interface Circumstances {
  /** For what was added at Bitbucket: only while that run is still going on. */
  rest?: Rest | null;
  /** It was cut off: nobody knows what it would have put aside yet. */
  wasCut?: boolean;
}

/**
 * Takes back everything a journal tells of, last change first, files and helpers in one order. What cannot be restored
 * is reported, and the rest goes on. `source`: the folder of the receipt the records are from.
 */
export async function restoreAll(
  journal: Journal,
  records: readonly JournalRecord[],
  source: string,
  { rest = null, wasCut = false }: Circumstances = {},
): Promise<RestoredAll> {
  const all: RestoredAll = { changed: [], helpers: [], complete: true };
  for (const one of registrations(records).toReversed()) all.helpers.push(await unregisterKey(rest, one));
  const chains = lastFirst([
    ...fileChains(records).map((file) => ({ file })),
    ...helperChains(records).map((helper) => ({ helper })),
  ]);
  const results = new Map<Chain, Restored<FileChange | HelperChange>>();
  const list = listAmong(chains);
  const moved = wasCut ? null : tokensMoved(chains);
  let isListLeft = false;
  for (const chain of chains) {
    const isKept = isNeeded(journal, chains, chain, isListLeft);
    const result = isKept ? leave(chain) : await undo(journal, source, chain, moved);
    if ("file" in chain && chain.file === list) isListLeft = result.change.state === "left-alone";
    results.set(chain, result);
  }
  const unnamed = await dropUnnamed(journal, chains, source);
  for (const [chain, { change, complete }] of results) {
    all.complete &&= complete;
    if ("file" in change) all.changed.push(unnamed.has(chain) ? leftOut(change) : change);
    else all.helpers.push(unnamed.has(chain) ? notBrought(change) : change);
  }
  return all;
}

function lastFirst(chains: readonly Chain[]): Chain[] {
  const stepOf = (chain: Chain): number =>
    ("file" in chain ? chain.file : chain.helper).intents.at(-1)?.step ?? 0;
  return chains.toSorted((a, b) => stepOf(b) - stepOf(a));
}

function undo(
  journal: Journal,
  source: string,
  chain: Chain,
  moved: ReadonlySet<string> | null,
): Promise<Restored<FileChange | HelperChange>> {
  return "file" in chain
    ? undoFile(journal, source, chain.file, moved)
    : undoHelper(journal, source, chain.helper);
}

function leave(chain: Chain): Restored<FileChange | HelperChange> {
  const change = "file" in chain ? leaveFile(chain.file, NEEDED) : leaveHelper(chain.helper, NEEDED);
  return { change, complete: true };
}

function leftOut(change: FileChange): FileChange {
  return { ...change, after: null, what: "left as it is", state: "left-alone", reason: UNNAMED };
}

function notBrought(change: HelperChange): HelperChange {
  return { ...change, state: "not-restored", reason: UNNAMED };
}
