/** The history of a repository: every object it has is read once, and only for what holds a secret is asked whence. */
import { join } from "node:path";
import type { InHistory, Seen } from "../core/spot.ts";
import type { RawPath } from "../world/disk.ts";
import type { GitStream, GitStreamEnd } from "../world/git-stream.ts";
import { type Brought, readTips, Tips, type Wanted, walkCommits, within } from "./commits.ts";
import { formatsOf } from "./look.ts";
import { type ObjectHead, ObjectReader } from "./objects.ts";
import { type Origin, onePerSecret } from "./once.ts";
import { messageIn, secretsIn } from "./secrets.ts";

/** Something seen, and where in the history. */
export type SeenInHistory = Seen & { history: InHistory };

/** Why a history is not the whole of it. */
export type Gap =
  | "cancelled"
  /** Git could not read an object, or what leads to it. */
  | "corrupt"
  /** Git could not be started, or knows no such repository. */
  | "git-failed"
  | "look-failed"
  /** A partial clone has not all objects, a shallow one not all commits. */
  | "partial-clone"
  | "shallow";

export interface HistoryHeard {
  spots(spots: readonly SeenInHistory[]): void;
  /** Now and then: what was read so far. */
  progress?(read: { objects: number; bytes: number }): void;
}

export interface HistoryTotals {
  objects: number;
  bytes: number;
  gaps: Gap[];
  /** Whether everything was read that this clone has: with a gap of `partial-clone` or `shallow` it may be. */
  complete: boolean;
}

interface Hit {
  head: ObjectHead;
  seen: Seen[];
  /** A commit's or a tag's object, which names what it belongs to. */
  message: boolean;
}

const OBJECTS = ["cat-file", "--batch-all-objects", "--batch", "--buffer", "--unordered"];

/** Objects between two words about the progress. */
const EVERY = 4096;

class History {
  readonly hits = new Map<string, Hit>();
  readonly gaps = new Set<Gap>();
  objects = 0;
  bytes = 0;

  constructor(
    private readonly git: GitStream,
    private readonly gitDir: string,
    private readonly salt: Uint8Array,
    private readonly heard: HistoryHeard,
    private readonly cancelled: AbortSignal,
  ) {}

  /** What a call to git came to. */
  private judge({ code, stuck }: GitStreamEnd): boolean {
    if (code === 0) return true;
    if (this.cancelled.aborted) this.gaps.add("cancelled");
    else this.gaps.add(stuck || code !== null ? "corrupt" : "git-failed");
    return false;
  }

  /** The answer to a short question; null where there is none. */
  private async ask(...args: string[]): Promise<string | null> {
    let text = "";
    const take = (piece: Uint8Array) => {
      text += Buffer.from(piece).toString("latin1");
    };
    const { code } = await this.git.stream(within(this.gitDir, args), take, this.cancelled);
    return code === 0 ? text.trim() : null;
  }

  /** Whether it is a repository; what is known to be missing is written down. */
  async open(): Promise<boolean> {
    const shallow = await this.ask("rev-parse", "--is-shallow-repository");
    if (shallow === null) {
      this.gaps.add(this.cancelled.aborted ? "cancelled" : "git-failed");
      return false;
    }
    if (shallow === "true") this.gaps.add("shallow");
    const promised = "^(extensions\\.partialclone|remote\\..*\\.promisor)$";
    if ((await this.ask("config", "--get-regexp", promised)) !== null) this.gaps.add("partial-clone");
    return true;
  }

  private hit(head: ObjectHead, bytes: Buffer, linesBefore: number): void {
    const message = head.type !== "blob";
    const part = message && linesBefore === 0 ? messageIn(bytes) : bytes;
    try {
      const known = this.hits.get(head.id)?.seen ?? [];
      this.hits.set(head.id, {
        head,
        message,
        seen: [...known, ...secretsIn(part, "", this.salt, linesBefore)],
      });
    } catch {
      this.gaps.add("look-failed");
    }
  }

  private done(head: ObjectHead): void {
    this.objects++;
    this.bytes += head.size;
    if (this.objects % EVERY === 0) this.heard.progress?.({ objects: this.objects, bytes: this.bytes });
  }

  /** Reads objects, all or those that `wanted` names. */
  private async read(
    args: readonly string[],
    hit: (head: ObjectHead, bytes: Buffer, linesBefore: number) => void,
    wanted?: readonly string[],
  ): Promise<void> {
    const reader = new ObjectReader({
      hit,
      done: (head) => wanted === undefined && this.done(head),
      missing: () => this.gaps.add("corrupt"),
    });
    const stdin = wanted?.map((id) => `${id}\n`).join("");
    const take = (piece: Uint8Array) => reader.take(piece);
    const isGood = this.judge(await this.git.stream(within(this.gitDir, args, stdin), take, this.cancelled));
    if (isGood && !reader.isWhole()) this.gaps.add("corrupt");
  }

  readAll(): Promise<void> {
    return this.read(OBJECTS, (head, bytes, linesBefore) => this.hit(head, bytes, linesBefore));
  }

  /** `isKnown`: the walk came to its end, so what nothing was found to lead to, nothing leads to. */
  async origins(): Promise<{ wanted: Wanted; tips: Tips; isKnown: boolean }> {
    const wanted: Wanted = new Map([...this.hits.keys()].map((id) => [id, new Map<RawPath, Brought>()]));
    if (wanted.size === 0 || this.gaps.has("cancelled")) return { wanted, tips: new Tips(), isKnown: false };
    const { tips, end } = await readTips(this.git, this.gitDir, this.cancelled);
    const hasTips = this.judge(end);
    const walked = this.judge(await walkCommits(this.git, this.gitDir, wanted, tips, this.cancelled));
    return { wanted, tips, isKnown: hasTips && walked };
  }

  /** With its path a format may know an object that was any text before. */
  async lookAgain(pathOf: (id: string) => string | null): Promise<void> {
    const known = [...this.hits.values()].filter(({ head, message }) => {
      const path = pathOf(head.id);
      return !message && path !== null && formatsOf(path).length > 0;
    });
    if (known.length === 0 || this.gaps.has("cancelled")) return;
    for (const hit of known) hit.seen = [];
    const look = (head: ObjectHead, bytes: Buffer, linesBefore: number) => {
      const path = pathOf(head.id);
      if (path === null) return;
      this.hits.get(head.id)?.seen.push(...secretsIn(bytes, path, this.salt, linesBefore));
    };
    const ids = known.map(({ head }) => head.id);
    await this.read(["cat-file", "--batch", "--buffer"], look, ids);
  }
}

/** Where the files of a repository are, as far as its name tells: a bare one has none. */
function folderOf(gitDir: string): string {
  return gitDir.replace(/[/\\]\.git[/\\]?$/, "") || "/";
}

function originsOf(hit: Hit, folder: string, paths: Iterable<Brought>, tips: Tips): Origin[] {
  const { id, type } = hit.head;
  const list = [...paths];
  if (hit.message) {
    const place =
      type === "commit" ? `the message of the commit \`${id.slice(0, 12)}\`` : "the message of a tag";
    const [commit] = list;
    const reachable = commit?.reachable ?? tips.of(id) !== 0;
    const commits = commit?.commits ?? [];
    return [
      { file: folder, place, commits, count: commits.length, reachable, pushed: commit?.pushed ?? false },
    ];
  }
  if (list.length === 0)
    return [
      { file: folder, place: null, commits: [], count: 0, reachable: tips.of(id) !== 0, pushed: false },
    ];
  return list.map(({ path, ...rest }) => ({ ...rest, file: join(folder, path), place: null }));
}

/**
 * Every secret in the objects of a repository, those included that nothing leads to any more: they are in its folder
 * until Git clears up. `gitDir` has `HEAD`, `objects` and `refs`, or is the `.git` file that leads there. Worktrees of
 * one repository share its objects: one of them is enough. Never throws for what a repository can hold.
 */
export async function scanHistory(
  git: GitStream,
  gitDir: string,
  { salt }: { salt: Uint8Array },
  heard: HistoryHeard,
  cancelled: AbortSignal,
): Promise<HistoryTotals> {
  const history = new History(git, gitDir, salt, heard, cancelled);
  if (await history.open()) {
    await history.readAll();
    const { wanted, tips, isKnown } = await history.origins();
    const folder = folderOf(gitDir);
    const pathOf = (id: string) => {
      const [brought] = wanted.get(id)?.values() ?? [];
      return brought === undefined ? null : join(folder, brought.path);
    };
    await history.lookAgain(pathOf);
    const found = [...history.hits.values()].flatMap((hit) =>
      originsOf(hit, folder, wanted.get(hit.head.id)?.values() ?? [], tips).flatMap((origin) =>
        hit.seen.map((seen) => ({
          seen,
          object: hit.head.id,
          // In doubt it is where everybody can get at it.
          origin: { ...origin, reachable: origin.reachable || !isKnown },
        })),
      ),
    );
    const spots = onePerSecret(folder, found);
    if (spots.length > 0) heard.spots(spots);
  }
  const { objects, bytes } = history;
  const gaps = [...history.gaps].sort();
  const complete = gaps.every((gap) => gap === "partial-clone" || gap === "shallow");
  return { objects, bytes, gaps, complete };
}
