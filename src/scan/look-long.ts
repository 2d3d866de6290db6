/** A closer look at a file too long to be held: by windows of whole lines, those that have something. */
import type { Disk } from "../world/disk.ts";
import type { Span } from "./read.ts";

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

/**
 * Gives each window that meets one of the spans to `look`, with the number of lines before it. `end`: so far the file
 * was read. False when it cannot be read any longer, or when `isStopped`.
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
  const last = spans.at(-1)?.to ?? 0;
  for (let [place, lines] = [0, 0]; place < last; ) {
    if (isStopped()) return false;
    const length = readAt(file, window, place);
    if (length <= 0) return length === 0;
    const bytes = window.subarray(0, length);
    const isLast = place + length >= end || length < window.length;
    const whole = isLast ? length : endOfLines(bytes);
    const shown = bytes.subarray(0, whole ?? length);
    if (spans.some(({ from, to }) => from < place + shown.length && to > place)) look(shown, lines);
    const next = whole ?? length - JOIN;
    place += next;
    if (place < last) lines += newlinesIn(bytes.subarray(0, next));
  }
  return true;
}
