/** Files that are looked at whatever is in them, by name. Pure. */
import type { RawPath } from "../world/disk.ts";

export interface AlwaysLooked {
  /** All names that occur. */
  readonly names: readonly string[];
  includes(folder: RawPath, name: RawPath): boolean;
}

/** From names, or the last parts of paths: `.git-credentials`, `.docker/config.json`. */
export function alwaysLooked(endings: readonly string[]): AlwaysLooked {
  const byName = new Map<string, string[]>();
  for (const ending of endings) {
    const name = ending.slice(ending.lastIndexOf("/") + 1);
    byName.set(name, [...(byName.get(name) ?? []), `/${ending}`]);
  }
  return {
    names: [...byName.keys()],
    includes: (folder, name) =>
      byName.get(name)?.some((ending) => `${folder}/${name}`.endsWith(ending)) ?? false,
  };
}
