/** What the sieve lets through: every needle, wherever it stands, and nothing that only looks like one. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { base64Cores } from "../../src/formats/shapes/base64-cores.ts";
import { bucketsOf, fingerprintOf, WIDTH } from "../../src/scan/fingerprint.ts";
import { NEEDLES } from "../../src/scan/needles.ts";
import { BEYOND, makeSieve, plainSieve, RESERVED } from "../../src/scan/sieve.ts";

const SIZE = 4096;
const FROM = RESERVED + 100;
const sieves = [
  ["with vectors", makeSieve(SIZE)],
  ["without", plainSieve(SIZE)],
] as const;

function put(memory: Uint8Array, at: number, bytes: string): void {
  memory.set(Buffer.from(bytes, "latin1"), at);
}

test("this processor has vectors, or the first sieve below is the second", () => {
  expect(makeSieve(SIZE).memory.buffer).not.toBe(plainSieve(SIZE).memory.buffer);
  expect(makeSieve(SIZE).memory.length % 65_536).toBe(0);
});

const isIn = (found: number, from: number, to: number) => found >= from && found < to;

for (const [name, sieve] of sieves) {
  describe(name, () => {
    test("every needle is found at every place of a vector, and between exact borders", () => {
      for (const { bytes } of NEEDLES)
        for (let place = FROM; place < FROM + 33; place++) {
          sieve.memory.fill(0x2e, RESERVED);
          put(sieve.memory, place, bytes);
          const end = place + bytes.length;
          expect([bytes, isIn(sieve.find(place, end), place, end)]).toEqual([bytes, true]);
          expect([bytes, isIn(sieve.find(FROM, end + 50), place, end)]).toEqual([bytes, true]);
          expect([bytes, sieve.find(place + 1, end)]).toEqual([bytes, -1]);
          expect([bytes, sieve.find(FROM - 40, end - 1)]).toEqual([bytes, -1]);
        }
    });

    test("only what is to be found in any case is", () => {
      for (const { bytes, anyCase } of NEEDLES) {
        const swapped = bytes.replace(/[a-z]/gi, (sign) =>
          sign === sign.toLowerCase() ? sign.toUpperCase() : sign.toLowerCase(),
        );
        sieve.memory.fill(0x2e, RESERVED);
        put(sieve.memory, FROM, swapped);
        expect([swapped, sieve.find(FROM, FROM + swapped.length) >= 0]).toEqual([swapped, anyCase]);
      }
    });

    test("what lies behind the end is not seen", () => {
      sieve.memory.fill(0x2e, RESERVED);
      put(sieve.memory, FROM + 8, "bitbucket");
      for (let end = FROM; end < FROM + 8 + 9; end++) expect(sieve.find(FROM, end)).toBe(-1);
    });
  });
}

test("both sieves agree about any bytes", () => {
  const [[, fast], [, plain]] = sieves;
  const piece = fc.oneof(
    fc.constantFrom(...NEEDLES.map(({ bytes }) => bytes)),
    fc.constantFrom(...NEEDLES.map(({ bytes }) => bytes.slice(1))),
    fc.constantFrom(...NEEDLES.map(({ bytes }) => bytes.slice(0, -1))),
    fc.constantFrom("bitBUCKET", "B\0i\0t\0B\0u\0c\0k\0e\0t", "BB_", "ATB", "x-token-"),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join("").slice(0, SIZE - FROM - BEYOND);
      for (const { memory } of [fast, plain]) put(memory, FROM, text);
      const end = FROM + text.length;
      expect(fast.find(FROM, end) < 0).toBe(plain.find(FROM, end) < 0);
    }),
    { numRuns: 400 },
  );
});

test("a text's base64 is found whatever stands before and after it", () => {
  const text = "ATBB";
  const around = fc.string({ unit: fc.constantFrom("a", ":", "~", "\0", "\x7f"), maxLength: 7 });
  fc.assert(
    fc.property(around, around, (before, after) => {
      const whole = Buffer.from(before + text + after).toString("base64");
      expect(base64Cores(text).some((core) => whole.includes(core))).toBe(true);
    }),
  );
});

test("no needle is shorter than its fingerprint, and each is in one bucket", () => {
  expect(NEEDLES.filter(({ bytes }) => bytes.length < WIDTH)).toEqual([]);
  const placed = bucketsOf(NEEDLES.map(fingerprintOf)).flat();
  expect(placed.map(({ needle }) => needle.bytes).sort()).toEqual(NEEDLES.map(({ bytes }) => bytes).sort());
});
