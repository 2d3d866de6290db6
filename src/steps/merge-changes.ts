import type { FileChange } from "../core/receipt.ts";

/** One entry a file: from what it was first to what it is at last. */
export function mergeChanges(changes: readonly FileChange[]): FileChange[] {
  return [...Map.groupBy(changes, ({ file }) => file).values()].flatMap((group) => {
    const real = group.filter(({ state }) => state !== "already-as-before");
    const [first, last] = [real[0], real.at(-1)];
    if (!first || !last) return group.slice(0, 1);
    return [{ ...last, before: first.before, what: real.map(({ what }) => what).join("; ") }];
  });
}
