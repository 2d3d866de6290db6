/** What the surroundings of a place tell: what kind of file it is in, who may read it, whether Git tracks it. */
import { dirname, sep } from "node:path";
import { roleOf } from "../core/file-role.ts";
import type { Readers, Seen, Spot } from "../core/spot.ts";
import { FileError, type Git, type ReadFiles } from "../world/ports.ts";
import { trackedFiles } from "./tracked.ts";

/** Windows has other rights, and makes up a mode. */
const HAS_MODES = sep === "/";

const EVERYONE = 0o001;
const GROUP = 0o010;

function modeOf(files: ReadFiles, path: string): number | null {
  try {
    return files.facts(path)?.mode ?? null;
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

/** Who may pass the folders that lead to a file. */
class Ways {
  /** By folder: the bits that it and all above it have. */
  readonly #open = new Map<string, number>();
  constructor(private readonly files: ReadFiles) {}

  to(folder: string): number {
    const known = this.#open.get(folder);
    if (known !== undefined) return known;
    const above = dirname(folder);
    const mode = modeOf(this.files, folder) ?? 0;
    // Who is none of the group passes as everyone does.
    const own = mode & EVERYONE ? EVERYONE | GROUP : mode & GROUP;
    const open = above === folder ? own : own & this.to(above);
    this.#open.set(folder, open);
    return open;
  }
}

function readersOf(files: ReadFiles, ways: Ways, path: string): Readers | null {
  const mode = HAS_MODES ? modeOf(files, path) : null;
  if (mode === null) return null;
  const way = ways.to(dirname(path));
  if (mode & 0o004 && way & EVERYONE) return "everyone";
  return mode & 0o044 && way & GROUP ? "group" : "owner";
}

/** Adds to each place what its surroundings tell; what is known of its history stays. */
export async function place(
  seen: readonly (Seen & Partial<Pick<Spot, "history">>)[],
  files: ReadFiles,
  git: Git,
): Promise<Spot[]> {
  const tracked = await trackedFiles(
    seen.map(({ file }) => file),
    files,
    git,
  );
  const ways = new Ways(files);
  const readers = new Map<string, Readers | null>();
  for (const file of tracked.keys()) readers.set(file, readersOf(files, ways, file));
  return seen.map((one) => ({
    ...one,
    role: roleOf(one.file, one.format),
    readers: readers.get(one.file) ?? null,
    tracked: tracked.get(one.file) ?? null,
    history: one.history ?? null,
    alive: null,
  }));
}
