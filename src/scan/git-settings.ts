/** What configuration files say together, in the form in which Git's rules take it. */
import { dirname, resolve } from "node:path";
import type { RuleEntry } from "../core/git-rules.ts";
import type { ReadFiles } from "../world/ports.ts";
import { readSmallConfig } from "./small-file.ts";

/** The entries of files. They can hold secrets. */
export type Settings = readonly RuleEntry<null>[];

/** Git's own limit. */
const MOST_INCLUDES = 10;

function ruleOf(key: string, value: string | null): RuleEntry<null> {
  const [first, last] = [key.indexOf("."), key.lastIndexOf(".")];
  const subsection = first === last ? null : key.slice(first + 1, last);
  return { section: key.slice(0, first), subsection, name: key.slice(last + 1), value, of: null };
}

function isInclude({ section, name, value }: RuleEntry<null>): boolean {
  return (section === "include" || section === "includeif") && name === "path" && Boolean(value);
}

/**
 * A file with what it includes, each at its place. What it includes on a condition counts as included: whoever asks
 * wants to know what may be in force in any repository.
 */
function settingsOf(files: ReadFiles, path: string, home: string, depth: number): RuleEntry<null>[] {
  if (depth > MOST_INCLUDES) return [];
  return (readSmallConfig(files, path) ?? []).flatMap(({ key, value }) => {
    const rule = ruleOf(key, value);
    if (!isInclude(rule)) return [rule];
    const named = (value ?? "").replace(/^~(?=\/)/, home);
    return settingsOf(files, resolve(dirname(path), named), home, depth + 1);
  });
}

/** Files in the order in which Git reads them; those that are not there say nothing. */
export function readSettings(files: ReadFiles, paths: readonly string[], home: string): Settings {
  return paths.flatMap((path) => settingsOf(files, path, home, 0));
}
