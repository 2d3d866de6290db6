/**
 * Needles as tables for the sieve. Of each needle four neighbouring bytes are looked for, all needles at once: eight
 * buckets of needles, a bit for each, and for each of the four places a table from the lower half of a byte to the
 * buckets it may belong to and another from the upper half. A place where all eight answers have a bit in common may be
 * the beginning of a needle's four bytes. This is the Teddy of Hyperscan and ripgrep, with one byte more. Pure.
 */
import type { Needle } from "./needles.ts";

/** With three there were thirty times as many places to look at twice, on a tree of packages. */
export const WIDTH = 4;

const BUCKETS = 8;

/** Two tables of sixteen bytes for each place. */
export const TABLES = WIDTH * 32;

/** Four bytes of a needle, and where in it they stand. */
export interface Fingerprint {
  readonly needle: Needle;
  readonly at: number;
  /** For each of the four places the bytes that stand there: two where the case does not matter. */
  readonly forms: readonly (readonly number[])[];
}

/** What source code, prose and programs are made of, the most frequent first. */
const FREQUENT = "\0 etanoisrlcdupmhfg_byv.-w0xk,/\"=1()2:STAEj;3NICR4'qLDPOM";

function commonness(byte: number): number {
  const rank = FREQUENT.indexOf(String.fromCharCode(byte));
  return rank < 0 ? 0 : FREQUENT.length - rank;
}

function bytesOf(needle: Needle, at: number): number[] {
  const byte = needle.bytes.charCodeAt(at);
  const isLetter = byte >= 0x61 && byte <= 0x7a;
  return needle.anyCase && isLetter ? [byte, byte - 0x20] : [byte];
}

/** The four neighbours that are least often met elsewhere. */
export function fingerprintOf(needle: Needle): Fingerprint {
  const forms = Array.from(needle.bytes, (_, at) => bytesOf(needle, at));
  const weights = forms.map((bytes) => bytes.reduce((sum, byte) => sum + commonness(byte), 0));
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let at = 0; at + WIDTH <= forms.length; at++) {
    const weight = weights.slice(at, at + WIDTH).reduce((sum, each) => sum + each, 0);
    if (weight < least) [best, least] = [at, weight];
  }
  return { needle, at: best, forms: forms.slice(best, best + WIDTH) };
}

/** How many different four bytes pass for one of a bucket's: its halves of bytes can be mixed freely. */
function passing(bucket: readonly Fingerprint[]): number {
  let product = 1;
  for (let place = 0; place < WIDTH; place++) {
    const bytes = bucket.flatMap(({ forms }) => forms[place] ?? []);
    product *= new Set(bytes.map((byte) => byte & 15)).size * new Set(bytes.map((byte) => byte >> 4)).size;
  }
  return product;
}

/** Likes to likes: each goes where it lets the fewest others pass. */
export function bucketsOf(fingerprints: readonly Fingerprint[]): Fingerprint[][] {
  const buckets: Fingerprint[][] = Array.from({ length: BUCKETS }, () => []);
  for (const fingerprint of fingerprints) {
    const costs = buckets.map((bucket) =>
      bucket.length === 0 ? 1 : passing([...bucket, fingerprint]) - passing(bucket),
    );
    buckets[costs.indexOf(Math.min(...costs))]?.push(fingerprint);
  }
  return buckets;
}

/** For each place the table of lower halves and the table of upper halves. */
export function tablesOf(buckets: readonly (readonly Fingerprint[])[]): Uint8Array {
  const tables = new Uint8Array(TABLES);
  const mark = (at: number, bit: number) => {
    tables[at] = (tables[at] ?? 0) | bit;
  };
  for (const [number, bucket] of buckets.entries())
    for (const { forms } of bucket)
      for (const [place, bytes] of forms.entries())
        for (const byte of bytes) {
          mark(place * 32 + (byte & 15), 1 << number);
          mark(place * 32 + 16 + (byte >> 4), 1 << number);
        }
  return tables;
}
