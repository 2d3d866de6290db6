/** What is about to leave: what the next commit would hold, and what a push would send. */
import type { InHistory, Seen } from "../core/spot.ts";
import type { GitStream, GitStreamRun } from "../world/git-stream.ts";
import { type Added, addedBy, type Change, changeOf, partsOf, zeroEnded } from "./added.ts";

/** Something that was not there before. */
export type SeenAdded = Seen & { history: InHistory | null };

export interface AddedTotals {
  spots: SeenAdded[];
  /** How many files the change touches. */
  files: number;
  /** Whether everything was read; otherwise there may be more. */
  complete: boolean;
}

const NOTHING: AddedTotals = { spots: [], files: 0, complete: false };

const RAW = ["--raw", "-z", "--no-abbrev", "--no-renames", "--no-relative", "--no-ext-diff", "--no-color"];

/** A `--raw` listing: entries with a path each, and of a log the commits before theirs. */
function rawReader(changes: Change[], commit: (id: string) => void): (piece: Uint8Array) => void {
  let entry: string | null = null;
  let current: string | null = null;
  return zeroEnded((word) => {
    const text = word.startsWith("\n") ? word.slice(1) : word;
    if (entry !== null) {
      changes.push(changeOf(entry, word, current));
      entry = null;
    } else if (text.startsWith(":")) entry = text;
    else if (text !== "") {
      current = text;
      commit(text);
    }
  });
}

async function topOf(git: GitStream, cwd: string, cancelled: AbortSignal): Promise<string | null> {
  let text = "";
  const take = (piece: Uint8Array) => {
    text += Buffer.from(piece).toString();
  };
  const { code } = await git.stream({ cwd, args: ["rev-parse", "--show-toplevel"] }, take, cancelled);
  return code === 0 ? text.replace(/\r?\n$/, "") : null;
}

/**
 * What the next commit would add, in the index that git means here: within a hook that is the one of the commit. Lines
 * that stood there before are not new.
 */
export async function scanStaged(
  git: GitStream,
  cwd: string,
  options: { salt: Uint8Array },
  cancelled: AbortSignal,
): Promise<AddedTotals> {
  const changes: Change[] = [];
  const call = { cwd, args: ["diff", "--cached", ...RAW, "--diff-filter=AMTD"] };
  const [top, { code }] = await Promise.all([
    topOf(git, cwd, cancelled),
    git.stream(
      call,
      rawReader(changes, () => {}),
      cancelled,
    ),
  ]);
  if (top === null || code !== 0) return NOTHING;
  const added = await addedBy(git, top, changes, options, cancelled);
  const spots = (added ?? []).flatMap(({ seen }) => seen.map((each) => ({ ...each, history: null })));
  return { spots, files: changes.length, complete: added !== null };
}

/** A line that git tells a pre-push hook. */
interface PushedRef {
  local: string;
  remote: string;
}

/** What git writes to a pre-push hook: `REF ID REF ID`, the remote's last, zeros for what is not there. */
function pushedRefs(stdin: string): PushedRef[] {
  return stdin.split("\n").flatMap((line) => {
    const [, local, , remote] = line.trim().split(" ");
    return local === undefined || remote === undefined || /^0+$/.test(local) ? [] : [{ local, remote }];
  });
}

/** Commits that the remote does not have, as far as this clone knows. */
function logOfNew(cwd: string, remote: string, refs: readonly PushedRef[]): GitStreamRun {
  const known = refs.flatMap((ref) => (/^0+$/.test(ref.remote) ? [] : [`^${ref.remote}`]));
  // A remote without a name is a URL, of which no branch is known.
  const isNamed = !/[:/\\*?[]/.test(remote);
  const args = [
    ...["log", "--ignore-missing", "--stdin", "--topo-order", "-c", "--root", ...RAW],
    ...["--no-decorate", "--no-notes", "--format=tformat:%H"],
    ...(isNamed ? ["--not", `--remotes=${remote}`] : []),
  ];
  return { cwd, args, stdin: [...refs.map(({ local }) => local), ...known].map((id) => `${id}\n`).join("") };
}

/** What people wrote: messages of commits and of tags. */
async function messages(
  git: GitStream,
  cwd: string,
  ids: readonly string[],
  salt: Uint8Array,
  cancelled: AbortSignal,
): Promise<{ id: string; seen: Seen[] }[] | null> {
  const parts = await partsOf(git, { cwd }, ids, cancelled);
  if (parts === null) return null;
  const worth = [...parts].filter(([, [part]]) => part?.type === "commit" || part?.type === "tag");
  if (worth.length === 0) return [];
  const { messageIn, secretsIn } = await import("./secrets.ts");
  return worth.map(([id, [part]]) => {
    const place =
      part?.type === "tag" ? "the message of a tag" : `the message of the commit \`${id.slice(0, 12)}\``;
    const seen = part === undefined ? [] : secretsIn(messageIn(part.bytes), cwd, salt, 0);
    return { id, seen: seen.map((each) => ({ ...each, place })) };
  });
}

function sent(repository: string, object: string, commit: string, seen: Seen): SeenAdded {
  const history = { repository, object, commits: [commit], commitCount: 1, reachable: true, pushed: false };
  return { ...seen, history };
}

/** Each secret at one place of one file once: the commit that brought it comes last, as the log goes back in time. */
function once(spots: readonly SeenAdded[]): SeenAdded[] {
  const key = ({ file, place, secret, user, name }: SeenAdded) =>
    JSON.stringify([file, place, secret?.ref, user, name]);
  return [...new Map(spots.map((spot) => [key(spot), spot])).values()];
}

/**
 * What a push would send that the remote does not have, one commit after the other: a secret that the last of them takes
 * out again is sent with the others. `remote` and `stdin` are what git gives a pre-push hook.
 */
export async function scanPush(
  git: GitStream,
  cwd: string,
  remote: string,
  stdin: string,
  options: { salt: Uint8Array },
  cancelled: AbortSignal,
): Promise<AddedTotals> {
  const refs = pushedRefs(stdin);
  if (refs.length === 0) return { spots: [], files: 0, complete: true };
  const changes: Change[] = [];
  const commits: string[] = [];
  const take = rawReader(changes, (id) => void commits.push(id));
  const [top, { code }] = await Promise.all([
    topOf(git, cwd, cancelled),
    git.stream(logOfNew(cwd, remote, refs), take, cancelled),
  ]);
  if (code !== 0) return NOTHING;
  // A bare repository can push as well.
  const folder = top ?? cwd;
  const told = [...commits, ...refs.map(({ local }) => local)];
  const added: Added[] | null = await addedBy(git, folder, changes, options, cancelled);
  const words = await messages(git, folder, told, options.salt, cancelled);
  const spots = [
    ...(added ?? []).flatMap(({ change, seen }) =>
      seen.map((each) => sent(folder, change.now ?? "", change.commit ?? "", each)),
    ),
    ...(words ?? []).flatMap(({ id, seen }) => seen.map((each) => sent(folder, id, id, each))),
  ];
  return { spots: once(spots), files: changes.length, complete: added !== null && words !== null };
}
