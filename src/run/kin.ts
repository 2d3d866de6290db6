/**
 * Which processes of a run get the token: those that Git itself starts to talk to Bitbucket. A hook, an alias with a
 * `!`, a filter and whatever they start are programs of somebody else, and there are none of them on the way from git
 * to the question. Pure but for the text of hooks.
 */
import { basename, dirname } from "node:path";
import type { Process } from "../world/processes.ts";

/** What this machine's own programs are. */
export interface Kin {
  /** Files of git itself, and the folder of its subcommands. */
  gits: ReadonlySet<string>;
  gitFolder: string;
  /** Null where there is no Git LFS. */
  lfs: string | null;
  /** Our own program, which asks for git. */
  helper: string;
  /** What `credential.helper` says. */
  helperValue: string;
  /** A script's path with links resolved; null where it leads nowhere. */
  resolve(path: string): string | null;
  /** The text of the script a shell runs, found from where it runs; null where it cannot be read. */
  readScript(path: string, shell: Process): string | null;
}

type Programs = Pick<Kin, "gits" | "gitFolder">;

function isGit({ gits, gitFolder }: Programs, { program }: Process): boolean {
  if (program === null) return false;
  return gits.has(program) || (dirname(program) === gitFolder && /^git(?:-|$)/.test(basename(program)));
}

/** `git -c http.proxy=…` would send the token by another way than the person's: Git starts no child like that. */
const STEERING = /^(?:http|credential|core|remote|url|include|includeif|ssh|protocol|lfs|safe)\./i;

/** Whether a git has options that its parent would not have given it. */
function isSteered({ words }: Process): boolean {
  for (let at = 1; words[at]?.startsWith("-"); at++) {
    const word = words[at] ?? "";
    if (word === "-c" && !STEERING.test(words[at + 1] ?? "")) at++;
    else if (word === "-c" || /^--(?:config-env|exec-path)/.test(word)) return true;
  }
  return false;
}

/** `git submodule` and others are scripts in Git's own folder. */
function isGitScript(kin: Pick<Kin, "gitFolder" | "resolve">, { words: [, script = ""] }: Process): boolean {
  const real = script.startsWith("/") ? kin.resolve(script) : null;
  return real !== null && dirname(real) === kin.gitFolder && /^git-[\w-]+$/.test(basename(real));
}

const QUOTED = "'(?:[^']|'\\\\'')*'";

/** The filters that `git lfs install` configures. */
const LFS_FILTER = new RegExp(`^git-lfs (?:filter-process|smudge|clean)(?: --\\w+)*(?: -- ${QUOTED})?$`);

/** `pre-push` and the like as `git lfs install` writes them: they look whether LFS is there, and call it. */
const LFS_HOOK =
  /^#!\/bin\/sh\n(?:#[^\n]*\n)*command -v git-lfs >\/dev\/null 2>&1 \|\| \{ (?:echo|printf)(?: >&2)?(?: "[^"\n$`]*")+; exit \d; \}\ngit lfs (?:pre-push|post-checkout|post-commit|post-merge) "\$@"\n?$/;

function isShell({ program }: Process): boolean {
  return program !== null && /^(?:sh|dash|bash|ash|ksh|busybox|zsh|mksh)$/.test(basename(program));
}

function runsLfs({ readScript }: Pick<Kin, "readScript">, shell: Process): boolean {
  const [, first = "", second = ""] = shell.words;
  if (first === "-c") return LFS_FILTER.test(second);
  const isHook = /(?:^|\/)(?:pre-push|post-checkout|post-commit|post-merge)$/.test(first);
  return isHook && LFS_HOOK.test(readScript(first, shell) ?? "");
}

function isLfs({ lfs }: Pick<Kin, "lfs">, { program }: Process | { program: null }): boolean {
  return lfs !== null && program === lfs;
}

function isOnTheWay(kin: Kin, one: Process): boolean {
  if (isGit(kin, one)) return !isSteered(one);
  if (isLfs(kin, one)) return true;
  return isShell(one) && (isGitScript(kin, one) || runsLfs(kin, one));
}

/** The shell in which Git runs a helper's line. It may have become the helper. */
function isHelpersShell({ helperValue }: Kin, one: Process | undefined): boolean {
  return one !== undefined && isShell(one) && one.words[1] === "-c" && one.words[2] === `${helperValue} get`;
}

/**
 * Whether git asks, and nobody else. `line`: the process that asks and those above it, up to the git that was started.
 * What `git credential fill` prints is only for LFS: anybody else could write it down.
 */
export function isKin(kin: Kin, line: readonly Process[]): boolean {
  const [asks, ...above] = line.slice(0, -1);
  if (asks?.program !== kin.helper) return false;
  const [needs, ...others] = isHelpersShell(kin, above[0]) ? above.slice(1) : above;
  const root = line.at(-1);
  if (needs === undefined || root === undefined || !isGit(kin, needs) || isSteered(needs)) return false;
  const isRemote = /^git-remote-https?$/.test(basename(needs.program ?? ""));
  const isFill =
    needs.words[1] === "credential" && needs.words[2] === "fill" && isLfs(kin, others[0] ?? root);
  return (isRemote || isFill) && others.every((one) => isOnTheWay(kin, one));
}
