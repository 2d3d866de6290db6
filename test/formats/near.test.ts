import { expect, test } from "bun:test";
import fc from "fast-check";
import { matchesByLine, matchesWithin } from "../../src/formats/shapes/near.ts";

const PIECES = ["\n", "key", "Key=", "value", " ", "x".repeat(30), "\n\n", "key=value", "=value"];
const texts = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join(""));

const told = (matches: Iterable<RegExpExecArray>) =>
  [...matches].map(({ 0: text, index, indices }) => ({ text, index, value: indices?.[1] ?? null }));

test("a pattern tried in the lines of its word has the matches it has in the whole text", () => {
  const pattern = /(?<!x)key\s?(=\w+)?/dgi;
  fc.assert(
    fc.property(texts, (text) => {
      expect(told(matchesByLine(text, /key/gi, pattern))).toEqual(told(text.matchAll(pattern)));
    }),
  );
});

test("a pattern tried near a word has the matches that are as near to it", () => {
  const pattern = /\bvalue\b()/dg;
  fc.assert(
    fc.property(texts, (text) => {
      // All five letters of the value within 40 of the three of a key.
      const isNear = (at: number) => /key/i.test(text.slice(Math.max(0, at + 5 - 40 - 3), at + 40 + 3));
      const near = told(text.matchAll(pattern)).filter(({ index }) => isNear(index));
      const tried = told(matchesWithin(text, /key/gi, 40, pattern));
      expect(tried.filter(({ index }) => isNear(index))).toEqual(near);
    }),
    { examples: [[`key=value${"x".repeat(30)}\nvalue`]] },
  );
});
