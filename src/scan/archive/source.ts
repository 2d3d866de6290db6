/** Bytes that can be read at any place: a file, or what was taken out of an archive. */
export interface Source {
  readonly size: number;
  /** Fewer at the end. The bytes stay as they are until the next call. */
  read(place: number, length: number): Buffer;
}

/** An archive that ends before its time, or says what cannot be. */
export class BrokenArchive extends Error {}

/** One file in an archive. */
export interface Member {
  path: string;
  /** Null where a password is needed. */
  pieces: AsyncIterable<Uint8Array> | null;
}

/** Lets pieces through, and throws when there have been too many. */
export type Meter = (pieces: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>;

const PIECE = 65_536;

export function sourceOf(bytes: Buffer): Source {
  return { size: bytes.length, read: (place, length) => bytes.subarray(place, place + length) };
}

/** The bytes between two places. Each piece is the caller's own. */
export async function* piecesOf(source: Source, from: number, to: number): AsyncGenerator<Uint8Array> {
  for (let place = from; place < to; ) {
    const piece = Buffer.from(source.read(place, Math.min(PIECE, to - place)));
    if (piece.length === 0) return;
    place += piece.length;
    yield piece;
  }
}
