/**
 * A large tree to scan: copies of what packages have put on this machine, in parts of ten thousand files, and some
 * credentials made for the purpose.
 */
import {
  copyFileSync,
  type Dirent,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { mintAccessToken, mintApiToken, mintAppPassword } from "../emulator/tokens.ts";

/** Where packages put files that everybody may read. */
const SOURCES = [
  join(import.meta.dir, "..", "node_modules"),
  "/usr/share",
  "/usr/lib",
  "/usr/include",
  "/usr/src",
  "/usr/local",
  "/opt",
  "/var/lib",
];

const FILES = 200_000;
const BYTES = 3e9;
const PART = 10_000;

/** Larger files would make the tree one of few files. */
const LARGEST = 32e6;

/** What is left on the disk for others. */
const ROOM = 2e9;

/** So often the same is copied again, on a machine with few packages. */
const ROUNDS = 8;

export interface Tree {
  /** Each has ten thousand files. */
  parts: readonly string[];
  files: number;
  bytes: number;
  /** Paths of the files that hold a credential. */
  planted: readonly string[];
  /** Why it is smaller than wanted; null when it is not. */
  short: string | null;
  remove(): void;
}

/** The regular files below a folder, with their sizes. What cannot be read is left out. */
function* filesBelow(folder: string): Generator<{ path: string; size: number }> {
  let entries: Dirent[] = [];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    // It is somebody else's.
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) {
      const size = statSync(path, { throwIfNoEntry: false })?.size ?? Number.POSITIVE_INFINITY;
      if (size <= LARGEST) yield { path, size };
    }
  }
}

function copy(from: string, to: string): boolean {
  try {
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(from, to);
    return true;
  } catch {
    return false;
  }
}

/** Fills the tree round after round; why it is not full, or null. */
function fill(root: string, tree: { parts: string[]; files: number; bytes: number }): string | null {
  for (let round = 0; round < ROUNDS; round++)
    for (const { path, size } of SOURCES.flatMap((source) => [...filesBelow(source)])) {
      if (tree.files >= FILES && tree.bytes >= BYTES) return null;
      const part = join(root, String(Math.floor(tree.files / PART)).padStart(3, "0"));
      if (tree.files % 1000 === 0) {
        const { bavail, bsize } = statfsSync(root);
        if (bavail * bsize < ROOM) return "the disk is nearly full";
      }
      if (!copy(path, join(part, `round-${round}`, path))) continue;
      if (tree.parts.at(-1) !== part) tree.parts.push(part);
      tree.files++;
      tree.bytes += size;
    }
  return "there are too few packages on this machine";
}

/** What people have where, each with a credential of its own. */
const PLACES: readonly (readonly [path: string, text: (secret: string) => string])[] = [
  ["home/.git-credentials", (secret) => `https://ana:${secret}@bitbucket.org\n`],
  ["home/.netrc", (secret) => `machine bitbucket.org login ana password ${secret}\n`],
  ["app/.env", (secret) => `PORT=80\nBITBUCKET_APP_PASSWORD=${secret}\n`],
  [
    "app/.git/config",
    (secret) => `[remote "origin"]\n\turl = https://ana:${secret}@bitbucket.org/acme/site.git\n`,
  ],
  [
    "app/README.md",
    (secret) => `Clone it with this:\n\n    git clone https://x-token-auth:${secret}@bitbucket.org/a/b\n`,
  ],
  ["app/build.log", (secret) => `${"a line of a log\n".repeat(20_000)}TOKEN=${secret}\n`],
];

function plant(parts: readonly string[]): string[] {
  const secrets = [mintAppPassword, mintApiToken, mintAccessToken];
  return parts.flatMap((part, i) => {
    const place = PLACES[i % PLACES.length];
    if (place === undefined) return [];
    const [path, text] = place;
    const file = join(part, "planted", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text((secrets[i % secrets.length] ?? mintAppPassword)()));
    return file;
  });
}

/** Copies until there are 200,000 files and 3 GB, or says why there are fewer. */
export function growTree(): Tree {
  const root = mkdtempSync(join(tmpdir(), "git-rekey-bench-tree-"));
  const remove = () => rmSync(root, { recursive: true, force: true });
  try {
    const tree = { parts: [] as string[], files: 0, bytes: 0 };
    const short = fill(root, tree);
    return { ...tree, short, planted: plant(tree.parts), remove };
  } catch (error) {
    remove();
    throw error;
  }
}
