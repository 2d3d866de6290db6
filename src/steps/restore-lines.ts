/** Undo in a file of `git credential-store` that others wrote to since: line by line instead of as a whole. Pure. */
import { ownerOfLine } from "../formats/git-credentials.ts";

/** A line that we took out, and the lines it stood among. */
export interface LostLine {
  line: string;
  neighbours: readonly string[];
}

/** Puts a line where it stood: before the next of its old neighbours that is still there, else after the last one. */
function putBack(lines: string[], line: string, neighbours: readonly string[]): void {
  const at = neighbours.indexOf(line);
  for (const next of neighbours.slice(at + 1)) {
    const found = lines.indexOf(next);
    if (found >= 0) {
      lines.splice(found, 0, line);
      return;
    }
  }
  const previous = neighbours.slice(0, at).findLast((one) => lines.includes(one));
  lines.splice(previous === undefined ? lines.length : lines.lastIndexOf(previous) + 1, 0, line);
}

/**
 * The lines as they would be without our change: `put` go, `dropped` come back in their old places, all others stay in
 * their order. A dropped line stays away when somebody has stored another secret for the same user since.
 */
export function restoreLines(
  now: readonly string[],
  change: { put: (line: string) => boolean; dropped: readonly LostLine[]; old: ReadonlySet<string> },
): string[] {
  const lines = now.filter((line) => !change.put(line));
  for (const { line, neighbours } of change.dropped.toReversed()) {
    const owner = ownerOfLine(line);
    const isThere = lines.includes(line);
    const isNewer = lines.some((one) => !change.old.has(one) && owner !== null && ownerOfLine(one) === owner);
    if (!isThere && !isNewer) putBack(lines, line, neighbours);
  }
  return lines;
}
