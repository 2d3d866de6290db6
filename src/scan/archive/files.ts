/** The archives a worker meets: noted while it walks, looked into afterwards. */
import { type Disk, type RawPath, shownPath } from "../../world/disk.ts";
import { type ArchiveMeans, lookInArchive } from "./look.ts";
import { archiveKind, HEAD } from "./members.ts";
import type { Source } from "./source.ts";

/** What is read of an archive at a time. */
const PIECE = 65_536;

function fileSource(disk: Disk, file: number): Source {
  const room = Buffer.alloc(PIECE);
  return {
    size: disk.size(file),
    read(place, length) {
      const into = length <= PIECE ? room.subarray(0, length) : Buffer.alloc(length);
      return into.subarray(0, Math.max(0, disk.readAt(file, into, place)));
    },
  };
}

export class ArchiveFiles {
  readonly #waiting: RawPath[] = [];
  readonly #head = Buffer.alloc(HEAD);

  constructor(
    private readonly disk: Disk,
    private readonly means: ArchiveMeans,
  ) {}

  /** Whether an open file is an archive; then it is looked into later. */
  takes(file: number, path: () => RawPath): boolean {
    const length = this.disk.readAt(file, this.#head, 0);
    const isArchive = length > 0 && archiveKind(this.#head.subarray(0, length)) !== null;
    if (isArchive) this.#waiting.push(path());
    return isArchive;
  }

  async look(): Promise<void> {
    for (const path of this.#waiting) {
      if (this.means.isStopped()) return;
      const file = this.disk.open(path);
      if (file < 0) this.means.unread(this.disk.why(path), shownPath(path));
      else {
        const source = fileSource(this.disk, file);
        const kind = archiveKind(Buffer.from(source.read(0, HEAD)));
        if (kind !== null) await lookInArchive(source, kind, shownPath(path), this.means);
        this.means.done(source.size);
        this.disk.close(file);
      }
    }
  }
}
