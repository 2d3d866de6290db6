/** One walk over all commits, children before parents: which brought an object, under which path, and what leads there. */
import { byteText } from "../formats/edited.ts";
import { type RawPath, shownPath } from "../world/disk.ts";
import type { GitStream, GitStreamEnd, GitStreamRun } from "../world/git-stream.ts";
import { changeOf, zeroEnded } from "./added.ts";

/** How many commits are named; there may be more. */
const NAMED = 5;

/** What would make it another repository, or another part of it. */
const ELSEWHERE = Object.fromEntries(
  [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE",
    "GIT_PREFIX",
  ].map((name) => [name, undefined]),
);

/** Who knows a commit. */
const REF = 1;
const REMOTE = 2;

export interface Dated {
  id: string;
  /** The older, the more. */
  age: number;
}

/** One object under one path. */
export interface Brought {
  path: string;
  /** The oldest first, at most a few. */
  commits: Dated[];
  count: number;
  reachable: boolean;
  pushed: boolean;
}

/** The few that are named. */
export function oldest(commits: readonly Dated[]): Dated[] {
  return [...commits].sort((a, b) => b.age - a.age).slice(0, NAMED);
}

/** What was asked for, by object id, and what came of it by path. */
export type Wanted = Map<string, Map<RawPath, Brought>>;

/** Tips of branches, tags and all else by what they lead to. */
export class Tips {
  readonly #flags = new Map<string, number>();

  add(id: string, ref: string): void {
    const flags = REF | (ref.startsWith("refs/remotes/") ? REMOTE : 0);
    this.#flags.set(id, (this.#flags.get(id) ?? 0) | flags);
  }

  of(id: string): number {
    return this.#flags.get(id) ?? 0;
  }
}

/** A call about one repository, whatever the environment says. */
export function within(gitDir: string, args: readonly string[], stdin?: string): GitStreamRun {
  return {
    args: [`--git-dir=${gitDir}`, ...args],
    env: ELSEWHERE,
    ...(stdin === undefined ? {} : { stdin }),
  };
}

/** The refs as they are: the object each names, and the commit of a tag. */
export async function readTips(
  git: GitStream,
  gitDir: string,
  cancelled: AbortSignal,
): Promise<{ tips: Tips; end: GitStreamEnd }> {
  const tips = new Tips();
  let [text, head] = ["", ""];
  const run = (args: string[], take: (piece: Uint8Array) => void) =>
    git.stream(within(gitDir, args), take, cancelled);
  const end = await run(["for-each-ref", "--format=%(objectname) %(*objectname) %(refname)"], (piece) => {
    text += byteText(piece);
  });
  await run(["rev-parse", "--verify", "--quiet", "HEAD"], (piece) => {
    head += byteText(piece);
  });
  for (const line of text.split("\n")) {
    const [id = "", behind = "", ref = ""] = line.split(" ");
    if (id !== "") tips.add(id, ref);
    if (behind !== "") tips.add(behind, ref);
  }
  if (head.trim() !== "") tips.add(head.trim(), "HEAD");
  return { tips, end };
}

/** Flags go from children to parents, and are kept only for what has not come yet. */
class Walk {
  readonly #ahead = new Map<string, number>();
  #commit = "";
  #flags = 0;
  #age = 0;
  #now: string | null = null;

  constructor(
    private readonly wanted: Wanted,
    private readonly tips: Tips,
  ) {}

  word(word: string): void {
    if (this.#now !== null) {
      const paths = this.wanted.get(this.#now);
      if (paths !== undefined) this.#brought(paths, word);
      this.#now = null;
      return;
    }
    const at = word.startsWith("\n") ? 1 : 0;
    if (word[at] === ":") this.#now = changeOf(word.slice(at), "", null).now ?? "";
    else if (word !== "") this.#begin(word.slice(at).trim());
  }

  #begin(line: string): void {
    const [commit = "", ...parents] = line.split(" ");
    const flags = (this.#ahead.get(commit) ?? 0) | this.tips.of(commit);
    this.#ahead.delete(commit);
    for (const parent of parents) this.#ahead.set(parent, (this.#ahead.get(parent) ?? 0) | flags);
    [this.#commit, this.#flags] = [commit, flags];
    // Older ones come later.
    this.#age++;
    const itself = this.wanted.get(commit);
    if (itself !== undefined) this.#brought(itself, "");
  }

  #brought(paths: Map<RawPath, Brought>, path: RawPath): void {
    const brought = paths.get(path) ?? {
      path: shownPath(path),
      commits: [],
      count: 0,
      reachable: false,
      pushed: false,
    };
    paths.set(path, brought);
    brought.commits = oldest([{ id: this.#commit, age: this.#age }, ...brought.commits]);
    brought.count++;
    brought.reachable ||= (this.#flags & REF) !== 0;
    brought.pushed ||= (this.#flags & REMOTE) !== 0;
  }
}

/**
 * Fills in `wanted`, which may name commits as well. What was brought by no commit that anything leads to stays empty.
 * Of a merge only what none of its parents has is its own.
 */
export function walkCommits(
  git: GitStream,
  gitDir: string,
  wanted: Wanted,
  tips: Tips,
  cancelled: AbortSignal,
): Promise<GitStreamEnd> {
  const walk = new Walk(wanted, tips);
  const args = [
    "log",
    ...["--all", "--reflog", "--ignore-missing", "--topo-order"],
    ...["-c", "--root", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-relative", "--no-ext-diff"],
    ...["--no-decorate", "--no-notes", "--no-color", "--ignore-submodules=none", "--format=tformat:%H %P"],
  ];
  return git.stream(
    within(gitDir, args),
    zeroEnded((word) => walk.word(word)),
    cancelled,
  );
}
