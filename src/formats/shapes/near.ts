/**
 * Patterns that may begin at any letter cost too much on long texts. Each has a word that must be in it, or before it
 * in the same line or the one above; so they are only tried there. Pure.
 */

interface Part {
  start: number;
  end: number;
}

/** What is near a word, and where the next word is that makes a difference. */
interface Near extends Part {
  next: number;
}

/** Goes through the places of `word`, which has the flag `g`; `around` says what is near one. What meets becomes one. */
function partsAround(text: string, word: RegExp, around: (start: number, end: number) => Near): Part[] {
  const parts: Part[] = [];
  word.lastIndex = 0;
  for (let match = word.exec(text); match !== null; match = word.exec(text)) {
    const { start, end, next } = around(match.index, word.lastIndex);
    word.lastIndex = next;
    const last = parts.at(-1);
    if (last !== undefined && start <= last.end) last.end = end;
    else parts.push({ start, end });
  }
  return parts;
}

/** A line with those above and below it. */
function linesAround(text: string, from: number, to: number): Near {
  const line = from === 0 ? -1 : text.lastIndexOf("\n", from - 1);
  const start = line <= 0 ? 0 : text.lastIndexOf("\n", line - 1) + 1;
  const newline = text.indexOf("\n", to);
  const below = newline < 0 ? -1 : text.indexOf("\n", newline + 1);
  return { start, end: below < 0 ? text.length : below, next: newline < 0 ? text.length : newline };
}

function moved(match: RegExpExecArray, by: number): RegExpExecArray {
  match.index += by;
  for (const range of match.indices ?? []) {
    // A group that took no part has no range.
    if (range === undefined) continue;
    range[0] += by;
    range[1] += by;
  }
  return match;
}

function matchesIn(text: string, parts: readonly Part[], pattern: RegExp): RegExpExecArray[] {
  return parts.flatMap(({ start, end }) =>
    [...text.slice(start, end).matchAll(pattern)].map((match) => moved(match, start)),
  );
}

/** Matches in the lines of `word` and those next to it, as `text.matchAll(pattern)` gives them. */
export function matchesByLine(text: string, word: RegExp, pattern: RegExp): RegExpExecArray[] {
  const around = (from: number, to: number) => linesAround(text, from, to);
  return matchesIn(text, partsAround(text, word, around), pattern);
}

/** Matches with their whole text not farther from `word` than `distance`, and perhaps others. */
export function matchesWithin(
  text: string,
  word: RegExp,
  distance: number,
  pattern: RegExp,
): RegExpExecArray[] {
  // One more, as a pattern may ask what stands before it and after it.
  const around = (from: number, to: number) => ({
    start: Math.max(0, from - distance - 1),
    end: Math.min(text.length, to + distance + 1),
    next: to,
  });
  return matchesIn(text, partsAround(text, word, around), pattern);
}
