/** One worker's walk: errands from the board, each a folder with all that is below it, or a few files of one. */
import { type Disk, ENTRY, type Listing, type RawPath } from "../world/disk.ts";
import type { AlwaysLooked } from "./always.ts";
import { type Board, COUNT, type Errand } from "./board.ts";
import type { MountVerdict } from "./mounts.ts";
import type { Reason } from "./unread.ts";

/** What is not entered, whoever meets it. */
export interface Bounds {
  /** Roots are walked for themselves: who meets one on the way leaves it alone. */
  readonly roots: ReadonlySet<RawPath>;
  readonly mounts: ReadonlyMap<RawPath, MountVerdict>;
}

/** What a walk is told by. */
export interface WalkHeard {
  /**
   * An open file, or a negative number when it could not be opened. It is closed afterwards. Its path is made when it
   * is asked for: of most files nobody wants to know it.
   */
  file(opened: number, path: () => RawPath, always: boolean): void;
  /** Where a repository's own files are. */
  repository(gitFolder: RawPath): void;
  unread(why: Reason, path: RawPath): void;
}

/** Of so many files in one folder and more, some are given away when others have nothing to do. */
const WORTH_SHARING = 128;

function joined(folder: RawPath, name: RawPath): RawPath {
  return folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}

/** Which first bytes a name must have for anybody to want to know the rest of it. */
function initialsOf(always: AlwaysLooked, roots: ReadonlySet<RawPath>): Uint8Array {
  const initials = new Uint8Array(256);
  const names = [...always.names, ".git", ...[...roots].map((root) => root.slice(root.lastIndexOf("/") + 1))];
  for (const name of names) initials[name.charCodeAt(0) & 0xff] = 1;
  return initials;
}

export class Walk {
  readonly #initials: Uint8Array;
  /** Folders that are known and not read yet. */
  #folders: RawPath[] = [];

  constructor(
    private readonly disk: Disk,
    private readonly board: Board,
    private readonly counts: Float64Array,
    private readonly bounds: Bounds,
    private readonly always: AlwaysLooked,
    private readonly heard: WalkHeard,
  ) {
    this.#initials = initialsOf(always, bounds.roots);
  }

  /** Works until there is nothing left for anybody, or the scan is stopped. */
  run(): void {
    for (let errand = this.board.take(); errand !== null; errand = this.board.take()) this.#do(errand);
  }

  #do(errand: Errand): void {
    const [folder = "", ...names] = errand.split("\0");
    if (names.length > 0) {
      this.#namedFiles(folder, names);
      return;
    }
    this.#folders.push(folder);
    for (let next = this.#folders.pop(); next !== undefined; next = this.#folders.pop()) {
      if (this.board.isStopped()) return;
      this.#folder(next);
      this.#share();
      this.counts[COUNT.left] = this.#folders.length;
    }
  }

  /** The folders known longest are given away: they are nearest to the root, and most is below them. */
  #share(): void {
    while (this.#folders.length > 1 && this.board.isHungry()) {
      const [folder = ""] = this.#folders;
      if (!this.board.give(folder)) return;
      this.#folders.shift();
    }
  }

  #namedFiles(folder: RawPath, names: readonly RawPath[]): void {
    const listing = this.disk.list(folder);
    if (listing === null) {
      this.heard.unread(this.disk.why(folder), folder);
      return;
    }
    for (const name of names) {
      if (this.board.isStopped()) break;
      this.#file(listing.openNamed(name), () => joined(folder, name), this.always.includes(folder, name));
    }
    listing.close();
  }

  #file(opened: number, path: () => RawPath, always: boolean): void {
    this.counts[COUNT.files] = (this.counts[COUNT.files] ?? 0) + 1;
    this.heard.file(opened, path, always);
    if (opened >= 0) this.disk.close(opened);
  }

  #folder(path: RawPath): void {
    const listing = this.disk.list(path);
    if (listing === null) {
      this.heard.unread(this.disk.why(path), path);
      return;
    }
    this.counts[COUNT.folders] = (this.counts[COUNT.folders] ?? 0) + 1;
    const below: RawPath[] = [];
    let count = listing.next();
    for (; count > 0 && !this.board.isStopped(); count = listing.next())
      this.#entries(listing, count, path, below);
    if (count < 0) this.heard.unread(this.disk.why(path), path);
    const isRepository = this.#isRepository(listing, below);
    listing.close();
    if (isRepository) this.heard.repository(path);
    for (const name of below) {
      // Packed and compressed: who wants to know what is in there asks git.
      if (isRepository && name === "objects") continue;
      this.#meet(joined(path, name));
    }
  }

  /** `below` gets the names of the folders. */
  #entries(listing: Listing, count: number, folder: RawPath, below: RawPath[]): void {
    const files: number[] = [];
    for (let entry = 0; entry < count; entry++) {
      const kind = listing.kind(entry);
      if (kind === ENTRY.file) files.push(entry);
      else if (kind === ENTRY.folder) below.push(listing.name(entry));
      else if (kind === ENTRY.other) this.heard.unread("special-file", joined(folder, listing.name(entry)));
    }
    for (let done = 0; done < files.length && !this.board.isStopped(); done++) {
      if (done % WORTH_SHARING === 0) this.#shareFiles(listing, files, done, folder);
      this.#entry(listing, files[done] ?? 0, folder);
    }
  }

  /** Half of what is left of the files, from the end. */
  #shareFiles(listing: Listing, files: number[], done: number, folder: RawPath): void {
    const left = files.length - done;
    if (left < WORTH_SHARING || !this.board.isHungry()) return;
    const given = files.slice(files.length - Math.floor(left / 2));
    const names = given.map((entry) => listing.name(entry));
    if (this.board.give([folder, ...names].join("\0"))) files.length -= given.length;
  }

  #entry(listing: Listing, entry: number, folder: RawPath): void {
    let always = false;
    if (this.#initials[listing.initial(entry)] === 1) {
      const name = listing.name(entry);
      const path = joined(folder, name);
      if (this.bounds.roots.has(path)) return;
      // A worktree's and a submodule's `.git` says where the repository is.
      if (name === ".git") this.heard.repository(path);
      always = this.always.includes(folder, name);
    }
    this.#file(listing.open(entry), () => joined(folder, listing.name(entry)), always);
  }

  /** A folder with these three is what git takes for a repository. */
  #isRepository(listing: Listing, below: readonly RawPath[]): boolean {
    if (!below.includes("objects") || !below.includes("refs")) return false;
    const head = listing.openNamed("HEAD");
    if (head >= 0) this.disk.close(head);
    return head >= 0;
  }

  /** A folder below the one that has been read. */
  #meet(path: RawPath): void {
    if (this.bounds.roots.has(path)) return;
    const verdict = this.bounds.mounts.get(path);
    if (verdict === "network-mount" || verdict === "other-mount") this.heard.unread(verdict, path);
    if (verdict === undefined) this.#folders.push(path);
  }
}
