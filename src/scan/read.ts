/** One file: read as far as it has to be, and looked at if it may hold anything. */
import type { Disk } from "../world/disk.ts";
import { BEYOND, OVERLAP, RESERVED, type Sieve } from "./sieve.ts";

/**
 * What is read of a file first. Most are shorter, and are read with one call; of one that is no text this is all that
 * is looked at. With twice as much a scan of `/usr` took a fifteenth longer.
 */
export const FIRST = 32_768;

/** What is read at a time further on. Larger pieces fall out of the processor's cache before they are looked at. */
export const PIECE = 262_144;

/** Where text begins in the sieve's memory; before it is room for the end of the piece before. */
const TEXT = RESERVED + 1024;

/** What the sieve needs to have. */
export const SIEVE_SIZE = TEXT + PIECE + BEYOND;

/** So much is looked at for bytes that no text has. Git and ripgrep judge likewise. */
const HEAD = 8_000;

/** Text in 16 bits shows in fewer. */
const SAMPLE = 512;

/**
 * So much of a long file is looked at on either side of a needle, and at least half of it: what belongs to it, a user or an address, is nearer,
 * and a list of all packages there are has many needles and nothing else.
 */
const NEAR = 16_384;

/** From a position in a file to another. */
export interface Span {
  from: number;
  to: number;
}

/** What came of reading one file. */
export interface FileRead {
  bytes: number;
  /** Null: nothing in it that is worth a closer look. */
  spans: readonly Span[] | null;
  /** The file is read to its end, or it is not text, and its beginning is enough. */
  state: "whole" | "binary" | "cut" | "failed" | "stopped";
}

export interface Reader {
  /**
   * Reads a file that is open. `hand` gets the bytes of one that is short, where they were read to, if a needle is in
   * it or `always`; of a longer one the result says where needles are, and who wants to look reads it again.
   */
  read(file: number, always: boolean, hand: (bytes: Uint8Array) => void): FileRead;
}

/**
 * Whether these are the beginning of text in 16 bits: with its mark, or with every other byte a zero. Half of them are
 * what is needed for text that is mostly Latin.
 */
function looksLikeUtf16(start: Uint8Array): boolean {
  const head = start.subarray(0, SAMPLE);
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  let [even, odd] = [0, 0];
  // By index: an iterator takes many times as long.
  for (let i = 0; i + 1 < head.length; i += 2) {
    if (head[i] === 0) even++;
    if (head[i + 1] === 0) odd++;
  }
  return Math.max(even, odd) > head.length / 4 && Math.min(even, odd) < head.length / 64;
}

/** Whether these are the beginning of something that is no text. */
export function isBinary(start: Uint8Array): boolean {
  // A buffer's own search looks at many bytes at a time.
  const head = Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, HEAD));
  return head.includes(0) && !looksLikeUtf16(head);
}

/** Whether a needle is in bytes that stand elsewhere. */
export function mayHold(sieve: Sieve, bytes: Uint8Array): boolean {
  for (let from = 0; from < bytes.length; from += PIECE - OVERLAP) {
    const piece = bytes.subarray(from, from + PIECE);
    sieve.memory.set(piece, TEXT);
    if (sieve.find(TEXT, TEXT + piece.length) >= 0) return true;
  }
  return false;
}

/** `most`: bytes of one file; `isStopped` is asked between two pieces. */
export function makeReader(disk: Disk, sieve: Sieve, most: number, isStopped: () => boolean): Reader {
  const { memory } = sieve;

  /** Adds what is worth a look of the text that was read to the memory between two places; `position`: in the file. */
  function addNear(spans: Span[], from: number, to: number, position: number): void {
    for (let at = sieve.find(from, to); at >= 0; at = sieve.find(at + NEAR / 2, to)) {
      const needle = position + at - from;
      addSpan(spans, Math.max(0, needle - NEAR), needle + NEAR);
    }
  }

  /** What follows the first piece. The end of each is kept in front of the next. */
  function readOn(file: number, always: boolean, spans: Span[]): FileRead {
    let [bytes, last] = [FIRST, FIRST];
    const result = (state: FileRead["state"]) => ({ bytes, spans: spans.length > 0 ? spans : null, state });
    for (;;) {
      if (isStopped()) return result("stopped");
      memory.copyWithin(TEXT - OVERLAP, TEXT + last - OVERLAP, TEXT + last);
      last = disk.read(file, TEXT, PIECE);
      if (last < 0) return result("failed");
      // Only here a short read is not yet the end: what is long may be on a file system that gives less than is asked.
      if (last === 0) return result("whole");
      if (bytes >= most) return result("cut");
      if (always) addSpan(spans, bytes, bytes + last);
      else addNear(spans, TEXT - OVERLAP, TEXT + last, bytes - OVERLAP);
      bytes += last;
    }
  }

  return {
    read(file, always, hand) {
      const bytes = disk.read(file, TEXT, FIRST);
      if (bytes < 0) return { bytes: 0, spans: null, state: "failed" };
      const holds = always || sieve.find(TEXT, TEXT + bytes) >= 0;
      if (bytes < FIRST) {
        if (holds && bytes > 0) hand(memory.subarray(TEXT, TEXT + bytes));
        return { bytes, spans: null, state: "whole" };
      }
      if (isBinary(memory.subarray(TEXT, TEXT + bytes)) && !always) {
        if (holds) hand(memory.subarray(TEXT, TEXT + bytes));
        return { bytes, spans: null, state: "binary" };
      }
      return readOn(file, always, holds ? [{ from: 0, to: FIRST }] : []);
    },
  };
}

/** Neighbours become one, so that there are few even where every piece has something. */
export function addSpan(spans: Span[], from: number, to: number): void {
  const last = spans.at(-1);
  if (last !== undefined && from <= last.to) last.to = to;
  else spans.push({ from, to });
}
