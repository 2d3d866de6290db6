import { join } from "node:path";
import { standingFolder } from "../accounts/folders.ts";
import type { LentNow } from "../core/setup.ts";
import { readStanding } from "../core/standing.ts";
import type { RawEntry } from "./config.ts";
import type { Eyes } from "./world.ts";

/** Tokens lent to URLs that this place's configuration holds, as the notes of commands at work tell. */
export function readLent(
  { files, self }: Pick<Eyes, "files" | "self">,
  config: readonly RawEntry[],
): LentNow[] {
  const folder = standingFolder(self);
  const names = folder === null ? [] : (files.list(folder) ?? []);
  return names.flatMap((name) => {
    const bytes = files.read(join(folder ?? "", name));
    const standing = bytes === null ? null : readStanding(Buffer.from(bytes).toString("utf8"));
    if (standing?.left.kind !== "lent-url") return [];
    const { file, entries } = standing.left;
    const keys = entries.map(({ key }) => key);
    const isHere = config.some(({ entry }) => entry.file === file && keys.includes(entry.key));
    return isHere ? [{ file, keys, since: standing.at }] : [];
  });
}
