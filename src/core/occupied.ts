/** Whether the new token would take the place of one that another repository needs. Pure. */
import { type NoPlace, noPlace, type Placement, type TakenEntry } from "./placement-parts.ts";
import type { StoreFile } from "./setup.ts";

/** The path of an entry for one repository that Git drops when one for the whole host comes under the same name. */
function keptByPath(taken: readonly TakenEntry[], stores: readonly StoreFile[]): string | null {
  for (const { file, username, path } of taken) {
    if (path !== null) continue;
    const entries = stores.find((store) => store.file === file)?.entries ?? [];
    const bound = entries.find((entry) => entry.user === username && entry.path !== null);
    if (bound) return bound.path;
  }
  return null;
}

/** Refuses a place that is another repository's. */
export function occupied({ taken }: Placement, stores: readonly StoreFile[]): NoPlace | null {
  const other = keptByPath(taken, stores);
  if (other === null) return null;
  const name = taken[0]?.username ?? "";
  return noPlace(
    `the place of \`${name}\` is taken by a token for \`${other}\`, which would be lost; \`--with access-token\` keeps one for this repository alone`,
    false,
  );
}
