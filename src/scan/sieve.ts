/**
 * Which bytes may hold anything of ours: all needles at once, sixteen places at a time, in WebAssembly. Measured on
 * source trees this passes three times as many bytes as searching needle after needle with `Buffer.indexOf` does (without
 * regard to case, which that cannot do), and ten times as many as one regular expression.
 */
import { bucketsOf, type Fingerprint, fingerprintOf, TABLES, tablesOf, WIDTH } from "./fingerprint.ts";
import { NEEDLES, type Needle } from "./needles.ts";
import {
  add,
  again,
  and,
  anyBit,
  atLeast,
  type Code,
  constant,
  get,
  giveBack,
  I32,
  leaveIf,
  load,
  lookUp,
  loop,
  moduleOf,
  notEqual,
  set,
  shiftRight,
  splat,
  tee,
  topBits,
  trailingZeros,
  V128,
  when,
} from "./wasm.ts";

/** Looks at bytes where they were read to: its own memory, which others fill. */
export interface Sieve {
  readonly memory: Uint8Array;
  /** Where in a needle that lies whole between two places of the memory; of the first, or -1. */
  find(from: number, to: number): number;
}

/** The first bytes of the memory are the sieve's. */
export const RESERVED = TABLES;

/** So many bytes of the memory must follow the last that is looked at; what is in them does not matter. */
export const BEYOND = 64;

/** A needle across the border of two pieces is seen when so many bytes of the first are looked at again. */
export const OVERLAP = Math.max(...NEEDLES.map(({ bytes }) => bytes.length)) - 1;

const PAGE = 65_536;

const LANES = 16;

/**
 * The module: `find(from, to)` gives the first place at which a fingerprint may begin, or -1. Three of the four bytes
 * are looked up everywhere, the last only where these agree, which is seldom.
 */
function assemble(): Uint8Array<ArrayBuffer> {
  const [place, end, bits, lower, bytes, result] = [0, 1, 2, 3, 4, 5];
  const table = (number: number) => 6 + number;

  /** Of sixteen places the buckets that the byte in a column after each may belong to. */
  const answers = (column: number): Code => [
    ...[...get(table(2 * column)), ...get(place), ...load(column), ...tee(bytes)],
    ...[...get(lower), ...and, ...lookUp],
    ...[...get(table(2 * column + 1)), ...get(bytes), ...constant(4), ...shiftRight, ...lookUp, ...and],
  ];
  const columns = Array.from({ length: WIDTH }, (_, column) => column);
  const last = WIDTH - 1;

  return moduleOf(
    [
      [1, I32],
      [3 + 2 * WIDTH, V128],
    ],
    [
      ...[...constant(15), ...splat, ...set(lower)],
      ...columns.flatMap((column) => [
        ...[...constant(32 * column), ...load(0), ...set(table(2 * column))],
        ...[...constant(32 * column + 16), ...load(0), ...set(table(2 * column + 1))],
      ]),
      ...loop(
        [...get(place), ...get(end), ...atLeast, ...leaveIf],
        answers(0),
        columns.slice(1, last).flatMap((column) => [...answers(column), ...and]),
        [...tee(result), ...anyBit],
        when(
          [...get(result), ...answers(last), ...and],
          [...constant(0), ...splat, ...notEqual, ...topBits, ...tee(bits)],
          when([...get(place), ...get(bits), ...trailingZeros, ...add, ...giveBack]),
        ),
        [...get(place), ...constant(LANES), ...add, ...set(place)],
        again,
      ),
      ...constant(-1),
    ],
  );
}

/** Whether a needle stands where its fingerprint was met. */
function stands(
  memory: Uint8Array,
  { needle, at }: Fingerprint,
  place: number,
  from: number,
  to: number,
): boolean {
  const start = place - at;
  const { bytes, anyCase } = needle;
  if (start < from || start + bytes.length > to) return false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = memory[start + i] ?? 0;
    const isCapital = byte >= 0x41 && byte <= 0x5a;
    if ((anyCase && isCapital ? byte + 0x20 : byte) !== bytes.charCodeAt(i)) return false;
  }
  return true;
}

function byFirstByte(fingerprints: readonly Fingerprint[]): Fingerprint[][] {
  return Array.from({ length: 256 }, (_, byte) =>
    fingerprints.filter(({ forms }) => forms[0]?.includes(byte)),
  );
}

function fastSieve(size: number, module: Uint8Array<ArrayBuffer>): Sieve {
  const pages = Math.ceil(size / PAGE);
  // As large as it may become: memory that grows moves, and the system is told addresses in it.
  const outer = { memory: new WebAssembly.Memory({ initial: pages, maximum: pages }) };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), { outer });
  const find = exports.find as (from: number, to: number) => number;
  const memory = new Uint8Array(outer.memory.buffer);
  const fingerprints = NEEDLES.map(fingerprintOf);
  memory.set(tablesOf(bucketsOf(fingerprints)));
  const candidates = byFirstByte(fingerprints);
  return {
    memory,
    find(from, to) {
      for (let place = from; ; place++) {
        place = find(place, to);
        if (place < 0 || place >= to) return -1;
        for (const each of candidates[memory[place] ?? 0] ?? [])
          if (stands(memory, each, place, from, to)) return place;
      }
    },
  };
}

/** The same for a processor without vectors: slower, and as thorough. */
export function plainSieve(size: number): Sieve {
  const memory = Buffer.alloc(size);
  const isExact = ({ anyCase }: Needle) => !anyCase;
  const exact = NEEDLES.filter(isExact).map(({ bytes }) => Buffer.from(bytes, "latin1"));
  const folded = NEEDLES.filter(({ anyCase }) => anyCase).map(({ bytes }) => bytes);
  return {
    memory,
    find(from, to) {
      const part = memory.subarray(from, to);
      const text = part.toString("latin1").toLowerCase();
      const places = [
        ...exact.map((bytes) => part.indexOf(bytes)),
        ...folded.map((bytes) => text.indexOf(bytes)),
      ].filter((place) => place >= 0);
      return places.length === 0 ? -1 : from + Math.min(...places);
    },
  };
}

/** A sieve with at least so many bytes of memory. */
export function makeSieve(size: number): Sieve {
  const module = assemble();
  return WebAssembly.validate(module) ? fastSieve(size, module) : plainSieve(size);
}
