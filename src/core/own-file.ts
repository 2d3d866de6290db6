/** The `store` file that holds the access token of one repository, and how its configuration names it. Pure. */
import { quoteForShell } from "./shell-word.ts";

/** Where `--with access-token` keeps it: directly in the home folder, where nobody else puts files. */
export function ownFileIn(home: string, repositoryPath: string): { file: string; helper: string } {
  const name = repositoryPath
    .replace(/^\//, "")
    .replace(/\.git$/, "")
    .replace(/[^A-Za-z0-9_.-]+/g, "-");
  const file = `${home}/.git-credentials-${name}`;
  return { file, helper: `store --file ${quoteForShell(file)}` };
}

/** Within a word a `~` is only a `~`, so `--file=~/x` lies in the repository. */
const NAMED = /^store\s+--file(?:[=\s]\s*'((?:[^']|'\\'')+)'|\s+(~(?=\/))?([\w./@:+-]+)|=(\/[\w./@:+-]+))$/;

/** The file in this home folder that a helper names in such a form; null for every other helper, place and name. */
export function ownFileNamed(helper: string, home: string | null): string | null {
  const [, quoted, tilde, plain, joined] = NAMED.exec(helper.trim()) ?? [];
  const named = quoted?.replaceAll("'\\''", "'") ?? joined ?? (plain && (tilde ? `${home}${plain}` : plain));
  const folder = `${home}/`;
  if (!named || !home || !named.startsWith(folder)) return null;
  return /^\.git-credentials-[^/]+$/.test(named.slice(folder.length)) ? named : null;
}
