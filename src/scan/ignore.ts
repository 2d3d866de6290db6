/** `.rekeyignore`: files whose findings are not told, in the syntax and by the rules of `.gitignore`. */
import { dirname, join, relative, sep } from "node:path";
import ignore, { type Ignore } from "ignore";

const IGNORE_FILE = ".rekeyignore";

/** The text of a file; null where there is none. */
type ReadFile = (path: string) => string | null;

/** Tells of a path whether it is ignored, by the files from its root down to its folder. Reads each of them once. */
export function ignoredUnder(roots: readonly string[], read: ReadFile): (path: string) => boolean {
  const rules = new Map<string, Ignore | null>();
  const verdicts = new Map<string, boolean>();

  const rulesOf = (folder: string): Ignore | null => {
    const known = rules.get(folder);
    if (known !== undefined) return known;
    const text = read(join(folder, IGNORE_FILE));
    const made = text === null ? null : ignore({ ignorecase: false }).add(text);
    rules.set(folder, made);
    return made;
  };

  /** By the nearest file that says anything; `end` is `/` for a folder. */
  const says = (path: string, end: string, root: string): boolean => {
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      const within = relative(folder, path).split(sep).join("/");
      const { ignored, unignored } = rulesOf(folder)?.test(within + end) ?? {};
      if (ignored || unignored) return ignored === true;
      if (folder === root || folder === dirname(folder)) return false;
    }
  };

  /** As for Git, what is in an ignored folder cannot be taken back in. */
  const isIgnoredFolder = (folder: string, root: string): boolean => {
    if (folder === root || folder === dirname(folder)) return false;
    const known = verdicts.get(folder);
    if (known !== undefined) return known;
    const verdict = isIgnoredFolder(dirname(folder), root) || says(folder, "/", root);
    verdicts.set(folder, verdict);
    return verdict;
  };

  return (path) => {
    const root = roots.find((one) => path.startsWith(one.endsWith(sep) ? one : one + sep));
    return root !== undefined && (isIgnoredFolder(dirname(path), root) || says(path, "", root));
  };
}
