/** From places to the findings of a report. */
import { dirname } from "node:path";
import { FILE_CHECKS } from "../../checks/in-files/index.ts";
import { findingOf } from "../../core/file-check.ts";
import { SEVERITIES } from "../../core/finding.ts";
import type { Inventory } from "../../core/inventory.ts";
import { type PublishedFinding, publish, type ReportedRepository, type Unlooked } from "../../core/report.ts";
import type { Spot } from "../../core/spot.ts";
import { ignoredUnder } from "../../scan/ignore.ts";
import { FileError, type ReadFiles } from "../../world/ports.ts";
import type { Histories } from "./walk.ts";

function byImportance(a: PublishedFinding, b: PublishedFinding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    a.id.localeCompare(b.id) ||
    (a.location?.file ?? "").localeCompare(b.location?.file ?? "") ||
    (a.location?.line ?? 0) - (b.location?.line ?? 0)
  );
}

/** One finding for each place, the gravest first. */
export function findingsOf(spots: readonly Spot[]): PublishedFinding[] {
  return spots
    .flatMap((spot) => findingOf(spot, FILE_CHECKS) ?? [])
    .map(publish)
    .sort(byImportance);
}

/** Its text; null where it cannot be read, as then it says nothing. */
export function textOrNull(files: ReadFiles, path: string): string | null {
  try {
    const bytes = files.read(path);
    return bytes === null ? null : new TextDecoder().decode(bytes);
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

/** Leaves out what a `.rekeyignore` names; one file named as a root is looked at by the rules of its folder. */
export function withoutIgnored<T extends { file: string }>(
  places: readonly T[],
  roots: readonly string[],
  files: ReadFiles,
): { kept: T[]; ignored: number } {
  const folders = roots.map((root) => (files.facts(root)?.kind === "folder" ? root : dirname(root)));
  const isIgnored = ignoredUnder(folders, (path) => textOrNull(files, path));
  const kept = places.filter(({ file }) => !isIgnored(file));
  return { kept, ignored: places.length - kept.length };
}

const UNKNOWN = { fetch: "unknown", push: "unknown", token: null, accessToken: null, ssh: null } as const;

export function repositoriesOf({ repositories }: Inventory): ReportedRepository[] {
  return repositories.map(({ path, kind, remotes, submodules }) => ({
    path,
    kind,
    submodules,
    remotes: remotes.map(({ name, url, signsIn }) => ({ name, url, ...UNKNOWN, signsIn })),
  }));
}

/** What was not looked at, or not wholly, beside what the walk itself tells. */
export function unlookedOf({ broken }: Inventory, { gaps }: Pick<Histories, "gaps">): Unlooked[] {
  const byReason = new Map<string, Unlooked>();
  const add = (why: string, example: string) => {
    const known = byReason.get(why) ?? { why, count: 0, example };
    byReason.set(why, { ...known, count: known.count + 1 });
  };
  for (const path of broken) add("broken-repository", path);
  for (const { path, gaps: reasons } of gaps) for (const reason of reasons) add(`history-${reason}`, path);
  return [...byReason.values()];
}
