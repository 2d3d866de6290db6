/** A look into an archive: its members as if they were files, and archives in it likewise. */

import type { Seen } from "../../core/spot.ts";
import { FIRST, isBinary } from "../read.ts";
import type { Reason } from "../unread.ts";
import { type ArchiveKind, archiveKind, HEAD, membersOf } from "./members.ts";
import { Queue } from "./queue.ts";
import { type Member, type Meter, type Source, sourceOf } from "./source.ts";

/** How deep archives may lie in archives: a backup of a folder with downloads. */
const DEPTH = 2;

/** Bytes of one member that are looked at. */
const MOST = 16 * 1024 * 1024;

/** What may come out of an archive for each byte of it, and in all: text is seldom compressed to a hundredth. */
const RATIO = 200;
const LEAST_OUT = 64 * 1024 * 1024;
const MOST_OUT = 2 ** 30;

export interface ArchiveMeans {
  /** Whether bytes may hold anything, or the file's name says that they do. */
  mayHold(bytes: Uint8Array, path: string): boolean;
  lookAt(bytes: Uint8Array, path: string): readonly Seen[];
  isStopped(): boolean;
  /** So many bytes of the disk are done. */
  done(bytes: number): void;
  spots(spots: readonly Seen[]): void;
  /** `path` is the archive's, or the archive's and the member's. */
  unread(why: Reason, path: string): void;
}

/** More came out of an archive than any honest one has. */
class TooMuch extends Error {}

class Look {
  #left: number;

  constructor(
    private readonly file: string,
    private readonly means: ArchiveMeans,
    size: number,
  ) {
    this.#left = Math.min(MOST_OUT, Math.max(LEAST_OUT, size * RATIO));
  }

  /** As much of a member as is worth a look. */
  async #contentOf(queue: Queue, path: string): Promise<Buffer> {
    const head = await queue.peek(FIRST);
    const isText = !isBinary(head) || archiveKind(head) !== null;
    const bytes = await queue.take(isText ? MOST : FIRST);
    if (isText && bytes.length === MOST && (await queue.peek(1)).length > 0)
      this.means.unread("too-big", `${this.file}!${path}`);
    return bytes;
  }

  readonly #meter: Meter = async function* (this: Look, pieces: AsyncIterable<Uint8Array>) {
    for await (const piece of pieces) {
      this.#left -= piece.length;
      if (this.#left < 0) throw new TooMuch();
      if (this.means.isStopped()) return;
      yield piece;
    }
  }.bind(this);

  async #member({ pieces }: Member, path: string, depth: number): Promise<void> {
    if (pieces === null) {
      this.means.unread("encrypted", `${this.file}!${path}`);
      return;
    }
    const queue = new Queue(pieces);
    const bytes = await this.#contentOf(queue, path);
    const kind = archiveKind(bytes.subarray(0, HEAD));
    if (kind !== null && depth < DEPTH) await this.archive(sourceOf(bytes), kind, path, depth + 1);
    else if (kind !== null) this.means.unread("archive-in-archive", `${this.file}!${path}`);
    else this.#text(bytes, path);
    await queue.end();
  }

  #text(bytes: Buffer, member: string): void {
    const path = `/${member.slice(member.lastIndexOf("!") + 1).replace(/^(?:\.?\/)+/, "")}`;
    if (!this.means.mayHold(bytes, path)) return;
    try {
      const seen = this.means.lookAt(bytes, path);
      if (seen.length > 0) this.means.spots(seen.map((each) => ({ ...each, file: this.file, member })));
    } catch {
      this.means.unread("look-failed", `${this.file}!${member}`);
    }
  }

  /** `path` is where it lies in the outermost one; empty for that itself. */
  async archive(source: Source, kind: ArchiveKind, path: string, depth: number): Promise<void> {
    try {
      for await (const member of membersOf(source, kind, path === "" ? this.file : path, this.#meter)) {
        if (this.means.isStopped()) return;
        await this.#member(member, path === "" ? member.path : `${path}!${member.path}`, depth);
      }
    } catch (error) {
      // It ends the outermost one.
      if (error instanceof TooMuch && depth > 1) throw error;
      // Stopped in the middle, anything looks damaged.
      if (this.means.isStopped()) return;
      const why: Reason = error instanceof TooMuch ? "too-big" : "damaged";
      this.means.unread(why, path === "" ? this.file : `${this.file}!${path}`);
    }
  }
}

/** Looks at what is in an archive. Never throws: what is damaged is said, after all that is whole was looked at. */
export async function lookInArchive(
  source: Source,
  kind: ArchiveKind,
  file: string,
  means: ArchiveMeans,
): Promise<void> {
  await new Look(file, means, source.size).archive(source, kind, "", 1);
}
