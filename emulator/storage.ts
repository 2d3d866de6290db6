/** The bare repositories behind the world's repositories: made when first touched, with real git. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Children } from "./children.ts";
import { type CommitContent, fullNameOf, type Repository } from "./world.ts";

export interface Storage {
  /** Holds `workspace/slug.git`. */
  root: string;
  /** The repository's folder, made and filled if it is not there yet. */
  folderOf(repository: Repository): Promise<string>;
  /** Adds a commit, on the main branch if none is named; its hash. */
  commit(repository: Repository, content: CommitContent): Promise<string>;
}

/** Refuses what `EMULATOR_RESTRICTED` names. The words are [seen]. */
const PRE_RECEIVE = `#!/bin/sh
while read -r old new ref; do
  for branch in $EMULATOR_RESTRICTED; do
    if [ "$ref" = "refs/heads/$branch" ]; then
      echo "Permission denied to update branch $branch." >&2
      exit 1
    fi
  done
done
`;

/** What is said about new branches. The words are [seen]. */
const POST_RECEIVE = `#!/bin/sh
while read -r old new ref; do
  branch=\${ref#refs/heads/}
  case $old in *[!0]*) continue ;; esac
  case $branch in refs/* | "$EMULATOR_MAIN_BRANCH") continue ;; esac
  echo
  echo "Create pull request for $branch:"
  echo "  https://bitbucket.org/$EMULATOR_REPOSITORY/pull-requests/new?source=$branch&t=1"
  echo
done >&2
`;

/** In the repository's own file, as git before 2.31 takes no configuration from its environment. */
function config(hooks: string): string {
  return `[core]
\trepositoryformatversion = 0
\tbare = true
\thooksPath = "${hooks.replaceAll("\\", "/")}"
[http]
\treceivepack = true
[receive]
\tautogc = false
# As Bitbucket's advertisement says. [seen once]
[uploadpack]
\tallowFilter = true
\tallowTipSHA1InWant = true
\tallowReachableSHA1InWant = true
`;
}

/** All commits are dated alike, so that the same content gives the same hashes in every run. */
const COMMITTER = "Ana Acme <ana@acme.example> 1767225600 +0000";

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** One commit as fast-import reads it, upon the branch `from`. */
function fastImport(content: CommitContent, branch: string, from: string | null): string {
  // A branch may only begin with itself by way of `^0`, and another of the same import only without.
  const parent = from === null ? "" : `from refs/heads/${from}${from === branch ? "^0" : ""}\n`;
  const files = Object.entries(content.files).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`);
  return `commit refs/heads/${branch}\ncommitter ${COMMITTER}\n${data(content.message ?? "Update")}${parent}${files.join("")}\n`;
}

/** Every commit of a new repository at once. What is committed to a branch again follows by itself. */
function wholeHistory({ history, mainBranch }: Repository): string {
  const known = new Set([mainBranch]);
  const commits = history.map((content) => {
    const branch = content.branch ?? mainBranch;
    const from = known.has(branch) ? null : mainBranch;
    known.add(branch);
    return fastImport(content, branch, from);
  });
  return commits.join("");
}

/** `folder`: an existing folder to work in. */
export function makeStorage(folder: string, children: Children): Storage {
  const root = join(folder, "repositories");
  const hooks = join(folder, "hooks");
  mkdirSync(hooks, { recursive: true });
  writeFileSync(join(hooks, "pre-receive"), PRE_RECEIVE, { mode: 0o700 });
  writeFileSync(join(hooks, "post-receive"), POST_RECEIVE, { mode: 0o700 });
  const made = new Map<string, Promise<string>>();

  async function headOf(path: string, branch: string): Promise<string | null> {
    const found = await children
      .run(["--git-dir", path, "rev-parse", "--verify", "--quiet", `refs/heads/${branch}`])
      .catch(() => null);
    return found && new TextDecoder().decode(found).trim();
  }

  async function importInto(path: string, commits: string): Promise<void> {
    await children.run(["--git-dir", path, "fast-import", "--quiet", "--done"], `${commits}done\n`);
  }

  async function make(repository: Repository): Promise<string> {
    const path = join(root, `${fullNameOf(repository)}.git`);
    for (const each of ["objects", "refs/heads"]) mkdirSync(join(path, each), { recursive: true });
    writeFileSync(join(path, "HEAD"), `ref: refs/heads/${repository.mainBranch}\n`);
    writeFileSync(join(path, "config"), config(hooks));
    if (repository.history.length > 0) await importInto(path, wholeHistory(repository));
    return path;
  }

  function folderOf(repository: Repository): Promise<string> {
    const key = fullNameOf(repository);
    const path = made.get(key) ?? make(repository);
    made.set(key, path);
    return path;
  }

  async function commit(repository: Repository, content: CommitContent): Promise<string> {
    const path = await folderOf(repository);
    const branch = content.branch ?? repository.mainBranch;
    const exists = (await headOf(path, branch)) !== null;
    await importInto(
      path,
      fastImport(content, branch, exists ? branch : content.branch ? repository.mainBranch : null),
    );
    return (await headOf(path, branch)) ?? "";
  }

  return { root, folderOf, commit };
}
