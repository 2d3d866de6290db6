/** Undo in a list that others wrote to since: entry by entry instead of as a whole. Pure. */
import type { EntryFormat } from "./entries.ts";

/** An entry that we took out, and the entries it stood among. */
export interface LostEntry {
  entry: string;
  neighbours: readonly string[];
}

/** Puts an entry where it stood: before the next of its old neighbours that is still there, else after the last one. */
function putBack(entries: string[], entry: string, neighbours: readonly string[]): void {
  const at = neighbours.indexOf(entry);
  for (const next of neighbours.slice(at + 1)) {
    const found = entries.indexOf(next);
    if (found >= 0) {
      entries.splice(found, 0, entry);
      return;
    }
  }
  const previous = neighbours.slice(0, at).findLast((one) => entries.includes(one));
  entries.splice(previous === undefined ? entries.length : entries.lastIndexOf(previous) + 1, 0, entry);
}

/**
 * The entries as they would be without our change: `put` go, `dropped` come back in their old places, all others stay
 * in their order. A dropped entry stays away when somebody has put another one of the same owner there since.
 */
export function restoreEntries(
  now: readonly string[],
  change: { put: (entry: string) => boolean; dropped: readonly LostEntry[]; old: ReadonlySet<string> },
  { ownerOf }: Pick<EntryFormat, "ownerOf">,
): string[] {
  const entries = now.filter((entry) => !change.put(entry));
  for (const { entry, neighbours } of change.dropped.toReversed()) {
    const owner = ownerOf(entry);
    const isThere = entries.includes(entry);
    const isNewer = entries.some((one) => !change.old.has(one) && owner !== null && ownerOf(one) === owner);
    if (!isThere && !isNewer) putBack(entries, entry, neighbours);
  }
  return entries;
}
