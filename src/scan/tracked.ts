/** Which files Git tracks: one question to git for each repository, however many files are asked about. */
import { dirname, join, relative, sep } from "node:path";
import { FileError, type FileFacts, type Git, type ReadFiles } from "../world/ports.ts";

/** The repository that would track a file; `null` for a file that is part of a repository's own store. */
type Home = { top: string | null };

/**
 * A repository that is met in a scan is a stranger's. Git is told to trust it, or it would not say a word of other
 * people's repositories, and to start nothing that it names: no monitor, no hook, no way to fetch what is missing.
 */
const SAFELY = [
  "-c",
  "safe.directory=*",
  "-c",
  "core.fsmonitor=false",
  "-c",
  "core.hooksPath=/dev/null",
  "--literal-pathspecs",
] as const;

const ENVIRONMENT = {
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "none",
  // Of the person's own shell; they would lead to another repository than the one that is asked.
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_COMMON_DIR: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_NAMESPACE: undefined,
  GIT_CEILING_DIRECTORIES: undefined,
};

/** Characters of paths that surely fit on a command line. With more of them git lists everything. */
const FITS = 24_000;

/** Gits at a time. */
const AT_ONCE = 4;

/** What a byte that is no UTF-8 has become: such a name can be told to nobody any more. */
const LOST = "\ufffd";

function factsOf(files: ReadFiles, path: string): FileFacts | null {
  try {
    return files.facts(path);
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

/** Finds the repositories of files, and looks at each folder once. */
class Repositories {
  readonly #known = new Map<string, Home | null>();
  constructor(private readonly files: ReadFiles) {}

  of(folder: string): Home | null {
    const known = this.#known.get(folder);
    if (known !== undefined) return known;
    const above = dirname(folder);
    const found = this.#at(folder) ?? (above === folder ? null : this.of(above));
    this.#known.set(folder, found);
    return found;
  }

  #at(folder: string): Home | null {
    if (this.#has(folder, "HEAD") && this.#has(folder, "objects") && this.#has(folder, "refs"))
      return { top: null };
    // What a worktree keeps in the repository it belongs to.
    if (this.#has(folder, "commondir") && this.#has(folder, "gitdir")) return { top: null };
    return this.#has(folder, ".git") ? { top: folder } : null;
  }

  #has(folder: string, name: string): boolean {
    return factsOf(this.files, join(folder, name)) !== null;
  }
}

/** Of these names in one repository whether it tracks them; null where git does not say. */
async function trackedIn(git: Git, top: string, names: readonly string[]): Promise<(boolean | null)[]> {
  const fits = names.reduce((length, name) => length + name.length, 0) < FITS;
  const args = [...SAFELY, "ls-files", "-z", "--", ...(fits ? names : [])];
  const { code, stdout, stderr } = await git.run({ args, cwd: top, env: ENVIRONMENT });
  if (code !== 0) return names.map(() => null);
  const listed = new Set(Buffer.from(stdout).toString("utf8").split("\0"));
  // Where objects of a sparse checkout are not there, git lists what it can and calls that a success.
  const isWhole = !/^error: /m.test(stderr);
  return names.map((name) => listed.has(name) || (isWhole ? false : null));
}

/** For each file whether Git tracks it; null outside repositories and where that cannot be known. */
export async function trackedFiles(
  paths: readonly string[],
  files: ReadFiles,
  git: Git,
): Promise<Map<string, boolean | null>> {
  const repositories = new Repositories(files);
  const tracked = new Map<string, boolean | null>();
  const asked = new Map<string, string[]>();
  for (const path of new Set(paths)) {
    const home = repositories.of(dirname(path));
    tracked.set(path, home === null || path.includes(LOST) ? null : false);
    if (home?.top && !path.includes(LOST)) asked.set(home.top, [...(asked.get(home.top) ?? []), path]);
  }
  const queue = [...asked];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [top, own] = next;
      const names = own.map((path) => relative(top, path).split(sep).join("/"));
      const found = await trackedIn(git, top, names);
      for (const [at, path] of own.entries()) tracked.set(path, found[at] ?? null);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return tracked;
}
