/** One value in a structured file, with the way to it. */
export interface Leaf {
  /** Keys from the root; a list's members are `0`, `1` … */
  path: readonly string[];
  /** As the program that reads the file takes it. */
  value: string;
  /** Offsets of the value as written, quotes included. */
  start: number;
  end: number;
}

/** Deeper than any file that people write. What is nested deeper is passed over, so that no file can exhaust memory. */
export const DEEPEST = 200;

/** The last key of a leaf. */
export function keyOf({ path }: Leaf): string {
  return path.at(-1) ?? "";
}

/** Whether two leaves stand side by side: under the same keys but for the last. */
function areBeside(a: Leaf, b: Leaf): boolean {
  return a.path.length === b.path.length && a.path.slice(0, -1).every((key, at) => key === b.path[at]);
}

/** What stands beside what, for each list that was asked about: long files have thousands of entries. */
const groupsByList = new WeakMap<readonly Leaf[], Map<string, Leaf[]>>();

const placeOf = ({ path }: Leaf): string => path.slice(0, -1).join("\0");

function groupedByPlace(leaves: readonly Leaf[]): Map<string, Leaf[]> {
  const known = groupsByList.get(leaves);
  if (known !== undefined) return known;
  const groups = new Map(groupsOf(leaves).map((group) => [group[0] ? placeOf(group[0]) : "", group]));
  groupsByList.set(leaves, groups);
  return groups;
}

/** The value beside a leaf under the first of the given keys that is there (lower case is compared); null for none. */
export function beside(leaf: Leaf, leaves: readonly Leaf[], keys: readonly string[]): Leaf | null {
  const group = (groupedByPlace(leaves).get(placeOf(leaf)) ?? []).filter((one) => areBeside(one, leaf));
  for (const key of keys) {
    const found = group.find((one) => keyOf(one).toLowerCase() === key.toLowerCase());
    if (found !== undefined) return found;
  }
  return null;
}

/** Members of a folder, or of a list, by what they are in: leaves grouped by all keys but the last. */
export function groupsOf(leaves: readonly Leaf[]): Leaf[][] {
  const groups = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const key = placeOf(leaf);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [leaf]);
    else group.push(leaf);
  }
  return [...groups.values()];
}
