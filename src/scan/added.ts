/** What a change adds. Only lines that did not stand in the file before, nor in one that the same change takes away. */
import type { Seen } from "../core/spot.ts";
import { byteText } from "../formats/edited.ts";
import { type RawPath, shownPath } from "../world/disk.ts";
import type { GitStream, GitStreamRun } from "../world/git-stream.ts";
import { ObjectReader } from "./objects.ts";

/** One file in one change. */
export interface Change {
  /** From the top of the repository. */
  path: RawPath;
  /** Its object afterwards; null where the change takes it away, or it is no file. */
  now: string | null;
  /** What it was before; of a merge, in each parent. */
  before: readonly string[];
  /** Null: not committed yet. */
  commit: string | null;
}

/** A part of an object with a needle, and the lines before it. */
export interface Part {
  type: string;
  bytes: Buffer;
  linesBefore: number;
}

/** A submodule's commit is in another repository. */
const SUBMODULE = "160000";

/** An entry of `--raw` without renames: `:MODE MODE OLD NEW STATUS`, of a merge with a mode and an old one for each parent. */
export function changeOf(entry: string, path: RawPath, commit: string | null): Change {
  const parents = /^:+/.exec(entry)?.[0].length ?? 0;
  const words = entry.slice(parents).split(" ");
  const [mode, now = ""] = [words[parents], words[2 * parents + 1]];
  const before = words.slice(parents + 1, 2 * parents + 1).filter(isThere);
  return { path, now: isThere(now) && mode !== SUBMODULE ? now : null, before, commit };
}

function isThere(id: string): boolean {
  return !/^0*$/.test(id);
}

/** Output that ends each word with a zero byte, a piece at a time; one sign for each byte. */
export function zeroEnded(word: (word: string) => void): (piece: Uint8Array) => void {
  let rest = "";
  return (piece) => {
    const text = rest + byteText(piece);
    let from = 0;
    for (let end = text.indexOf("\0"); end >= 0; end = text.indexOf("\0", from)) {
      word(text.slice(from, end));
      from = end + 1;
    }
    rest = text.slice(from);
  };
}

/** Reads the objects; null unless all of them could be read. Parts are copies. */
export async function partsOf(
  git: GitStream,
  where: Pick<GitStreamRun, "cwd">,
  ids: Iterable<string>,
  cancelled: AbortSignal,
): Promise<Map<string, Part[]> | null> {
  const parts = new Map<string, Part[]>();
  const stdin = [...new Set(ids)].map((id) => `${id}\n`).join("");
  if (stdin === "") return parts;
  let isMissing = false;
  const reader = new ObjectReader({
    hit({ id, type }, bytes, linesBefore) {
      const part = { type, bytes: Buffer.from(bytes), linesBefore };
      parts.set(id, [...(parts.get(id) ?? []), part]);
    },
    done() {},
    missing() {
      isMissing = true;
    },
  });
  const call = { ...where, args: ["cat-file", "--batch", "--buffer"], stdin };
  const { code } = await git.stream(call, (piece) => reader.take(piece), cancelled);
  return code === 0 && reader.isWhole() && !isMissing ? parts : null;
}

type Lines = ReadonlySet<string>;

/** Moving a line to the right is not adding it. */
function linesOf(text: string): string[] {
  return text.split("\n").map((line) => line.trim());
}

/** What was seen in one object, under one path. */
export interface Added {
  change: Change;
  seen: Seen[];
}

/** Looks at what changes bring. Null unless everything could be read. */
export async function addedBy(
  git: GitStream,
  folder: string,
  changes: readonly Change[],
  { salt }: { salt: Uint8Array },
  cancelled: AbortSignal,
): Promise<Added[] | null> {
  const where = { cwd: folder };
  const parts = await partsOf(
    git,
    where,
    changes.flatMap(({ now }) => now ?? []),
    cancelled,
  );
  if (parts === null) return null;
  const worth = changes.filter(({ now }) => now !== null && parts.has(now));
  if (worth.length === 0) return [];
  // Loads every format, which an ordinary commit need not wait for.
  const [{ secretsIn }, { readText }] = await Promise.all([import("./secrets.ts"), import("./text.ts")]);
  const linesIn = (part: Part) => linesOf(readText(part.bytes).text);
  const met = worth.map((change) => {
    const file = `${folder}/${shownPath(change.path)}`;
    const ofParts = (parts.get(change.now ?? "") ?? []).flatMap((part) => {
      const seen = secretsIn(part.bytes, file, salt, part.linesBefore);
      const lines = seen.length > 0 ? linesIn(part) : [];
      return seen.map((each) => ({ each, line: lines[(each.line ?? 0) - part.linesBefore - 1] ?? "" }));
    });
    return { change, seen: ofParts };
  });
  const found = met.filter(({ seen }) => seen.length > 0);
  const goneBy = Map.groupBy(
    changes.filter(({ now }) => now === null),
    ({ commit }) => commit,
  );
  const beforeOf = ({ commit, before }: Change) => [
    ...before,
    ...(goneBy.get(commit) ?? []).flatMap((gone) => gone.before),
  ];
  const old = await partsOf(
    git,
    where,
    found.flatMap(({ change }) => beforeOf(change)),
    cancelled,
  );
  if (old === null) return null;
  const oldLines = new Map<string, Lines>();
  for (const [id, each] of old) oldLines.set(id, new Set(each.flatMap(linesIn)));
  return found.flatMap(({ change, seen }) => {
    const before = beforeOf(change).flatMap((id) => oldLines.get(id) ?? []);
    const added = seen.filter(({ line }) => !before.some((lines) => lines.has(line)));
    return added.length === 0 ? [] : [{ change, seen: added.map(({ each }) => each) }];
  });
}
