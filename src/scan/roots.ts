/** Where a scan begins. */
import { dirname } from "node:path";
import { type RawPath, rawPath, whyOf } from "../world/disk.ts";
import { FileError, type ReadFiles } from "../world/ports.ts";
import type { Errand } from "./board.ts";
import { isMachinery, type Mount } from "./mounts.ts";
import { addUnread, type Reason, type Unread } from "./unread.ts";

export interface Start {
  roots: RawPath[];
  errands: Errand[];
  unread: Unread[];
}

type Files = Pick<ReadFiles, "facts" | "resolve">;

function withSlashes(path: string): RawPath {
  return rawPath(process.platform === "win32" ? path.replaceAll("\\", "/") : path);
}

/** The errand that walks a path, with links in it followed: it was named. */
function begin(
  files: Files,
  path: string,
  mounts: readonly Mount[],
): { root: RawPath; errand: Errand } | Reason {
  const real = files.resolve(path);
  const kind = real === null ? null : files.facts(real)?.kind;
  if (real === null || kind === undefined) return "vanished";
  const root = withSlashes(real);
  if (kind === "folder") return isMachinery(root, mounts) ? "special-file" : { root, errand: root };
  if (kind !== "file") return "special-file";
  const folder = withSlashes(dirname(real));
  return { root, errand: `${folder}\0${root.slice(root.lastIndexOf("/") + 1)}` };
}

function tryToBegin(files: Files, path: string, mounts: readonly Mount[]): ReturnType<typeof begin> {
  try {
    return begin(files, path, mounts);
  } catch (error) {
    return error instanceof FileError ? whyOf(error.code) : "io-error";
  }
}

/** Each of the paths once, whatever it is called. */
export function beginAt(files: Files, paths: readonly string[], mounts: readonly Mount[]): Start {
  const start: Start = { roots: [], errands: [], unread: [] };
  for (const path of paths) {
    const begun = tryToBegin(files, path, mounts);
    if (typeof begun === "string") addUnread(start.unread, { why: begun, count: 1, example: path });
    else if (!start.roots.includes(begun.root)) {
      start.roots.push(begun.root);
      start.errands.push(begun.errand);
    }
  }
  return start;
}
