/** A closer look at a file longer than what is read first: whole, or where something is, by windows of whole lines. */
import type { Disk } from "../world/disk.ts";
import { addSpan, type Span } from "./read.ts";

/** A file up to this length is looked at whole. */
export const WINDOW = 4 * 1024 * 1024;

/**
 * Where a window ends within a line, so much of it is in the next one, too: more than a token takes, however it is
 * encoded. Even, as signs of 16 bits are.
 */
export const JOIN = 4096;

const NEWLINE = 10;

export function newlinesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/** After the last line that is whole; null where no line ends in the second half. */
export function endOfLines(bytes: Buffer): number | null {
  const half = bytes.length >> 1;
  const last = bytes.subarray(half).lastIndexOf(NEWLINE);
  if (last < 0) return null;
  const end = half + last + 1;
  // The newline of 16 bits has its other half behind it.
  return bytes[end] === 0 ? end + 1 : end;
}

/** How far a line may reach out of a span that is looked at. */
const REACH = 8192;

/** The span with the lines at its borders; where they are too long, cut where signs of 16 bits may be cut. */
function inLines(bytes: Buffer, { from, to }: Span): Span {
  const before = from <= 0 ? -1 : bytes.lastIndexOf(NEWLINE, from - 1);
  // A window begins with a line.
  const line = before < 0 ? 0 : before + (bytes[before + 1] === 0 ? 2 : 1);
  const start = from - line <= REACH ? line : from & ~1;
  const after = bytes.subarray(to, to + REACH).indexOf(NEWLINE);
  const end = after < 0 ? Math.min(to, bytes.length) : to + after + 1;
  return { from: start, to: bytes[end] === 0 ? end + 1 : end };
}

/** Where a window ends so that a span is not cut in two: before the span, if that is in its second half. */
function beforeSpan(bytes: Buffer, place: number, spans: readonly Span[]): number | null {
  const end = place + bytes.length;
  const cut = spans.find(({ from, to }) => from < end && to + REACH > end);
  if (cut === undefined || cut.from - place < bytes.length / 2) return null;
  return inLines(bytes, { from: cut.from - place, to: bytes.length }).from;
}

/** What of a window is looked at. */
function partsOf(bytes: Buffer, place: number, spans: readonly Span[], end: number): Span[] {
  const meeting = spans.filter(({ from, to }) => from < place + bytes.length && to > place);
  if (meeting.length === 0) return [];
  if (end <= WINDOW) return [{ from: 0, to: bytes.length }];
  const parts: Span[] = [];
  for (const { from, to } of meeting) {
    const part = inLines(bytes, { from: from - place, to: Math.min(to - place, bytes.length) });
    addSpan(parts, part.from, part.to);
  }
  return parts;
}

/**
 * Gives what is in the spans to `look`, with the number of lines before it, and all of a file that is short enough for
 * it. `end`: so far the file was read. False when it cannot be read any longer, or when `isStopped`.
 */
export function lookLong(
  readAt: Disk["readAt"],
  file: number,
  spans: readonly Span[],
  end: number,
  isStopped: () => boolean,
  look: (bytes: Uint8Array, linesBefore: number) => void,
): boolean {
  const window = Buffer.alloc(Math.min(WINDOW, end));
  const last = Math.min(spans.at(-1)?.to ?? 0, end);
  for (let [place, lines] = [0, 0]; place < last; ) {
    if (isStopped()) return false;
    const length = readAt(file, window, place);
    if (length <= 0) return length === 0;
    const bytes = window.subarray(0, length);
    const isLast = place + length >= end || length < window.length;
    const whole = isLast ? length : (beforeSpan(bytes, place, spans) ?? endOfLines(bytes));
    const shown = bytes.subarray(0, whole ?? length);
    let [counted, linesHere] = [0, 0];
    for (const { from, to } of partsOf(shown, place, spans, end)) {
      linesHere += newlinesIn(shown.subarray(counted, from));
      counted = from;
      look(shown.subarray(from, to), lines + linesHere);
    }
    const next = whole ?? length - JOIN;
    place += next;
    if (place < last) lines += newlinesIn(bytes.subarray(0, next));
  }
  return true;
}
