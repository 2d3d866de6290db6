/** What is in an archive, whatever kind it is. */
import { inflated } from "../../world/inflate.ts";
import { Queue } from "./queue.ts";
import { type Member, type Meter, piecesOf, type Source } from "./source.ts";
import { isTar, tarMembers } from "./tar.ts";
import { zipMembers } from "./zip.ts";

export type ArchiveKind = "gzip" | "tar" | "zip";

/** So many of the first bytes tell an archive. */
export const HEAD = 512;

/** By its first bytes: a name promises much. */
export function archiveKind(head: Buffer): ArchiveKind | null {
  // Compression by "deflate", the only one there is.
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return "gzip";
  if (head.length >= 4 && head.readUInt32LE(0) === 0x04034b50) return "zip";
  return isTar(head) ? "tar" : null;
}

/** What a file was called before it was compressed. */
function nameInside(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1).replace(/\.gz$/i, "");
}

async function* gzipMembers(source: Source, name: string, meter: Meter): AsyncGenerator<Member> {
  const queue = new Queue(meter(inflated("gzip", piecesOf(source, 0, source.size))));
  try {
    if (isTar(await queue.peek(HEAD))) yield* tarMembers(queue);
    else yield { path: nameInside(name), pieces: queue.pieces(Number.POSITIVE_INFINITY) };
  } finally {
    await queue.end();
  }
}

/**
 * The files in an archive, one after the other: what is not read of one before the next is asked for is passed over.
 * `name` is the archive's; `meter` sees whatever comes out. Throws when it is damaged, after all that is whole.
 */
export function membersOf(
  source: Source,
  kind: ArchiveKind,
  name: string,
  meter: Meter,
): AsyncGenerator<Member> {
  if (kind === "zip") return zipMembers(source, meter);
  if (kind === "tar") return tarMembers(new Queue(meter(piecesOf(source, 0, source.size))));
  return gzipMembers(source, name, meter);
}
