/** As much of an assembler for WebAssembly as the sieve needs. https://webassembly.github.io/spec/core/binary/ Pure. */

/** Machine code: instructions one after the other. */
export type Code = readonly number[];

export const I32 = 0x7f;
export const V128 = 0x7b;

/** A number as LEB128, without a sign. */
function unsigned(number: number): number[] {
  return number < 0x80 ? [number] : [(number & 0x7f) | 0x80, ...unsigned(number >>> 7)];
}

/** A number as LEB128, with its sign. */
function signed(number: number): number[] {
  const ends = number >= -0x40 && number < 0x40;
  return ends ? [number & 0x7f] : [(number & 0x7f) | 0x80, ...signed(number >> 7)];
}

function simd(instruction: number, ...operands: number[]): Code {
  return [0xfd, ...unsigned(instruction), ...operands];
}

export const get = (local: number): Code => [0x20, local];
export const set = (local: number): Code => [0x21, local];
export const tee = (local: number): Code => [0x22, local];
export const constant = (number: number): Code => [0x41, ...signed(number)];
export const add: Code = [0x6a];
export const atLeast: Code = [0x4f];
export const trailingZeros: Code = [0x68];
export const giveBack: Code = [0x0f];

const EMPTY = 0x40;
const END = 0x0b;

/** A loop that runs until `leave` or `giveBack`: `again` ends each round. */
export const loop = (...body: Code[]): Code => [0x02, EMPTY, 0x03, EMPTY, ...body.flat(), END, END];
export const again: Code = [0x0c, 0];
export const leaveIf: Code = [0x0d, 1];
export const when = (...body: Code[]): Code => [0x04, EMPTY, ...body.flat(), END];

/** Sixteen bytes from the address on the stack plus `offset`; they need not be aligned. */
export const load = (offset: number): Code => simd(0x00, 0, ...unsigned(offset));
export const splat: Code = simd(0x0f);
/** Each byte of the second looked up in the first, as a table of sixteen. */
export const lookUp: Code = simd(0x0e);
export const and: Code = simd(0x4e);
export const notEqual: Code = simd(0x24);
export const shiftRight: Code = simd(0x6d);
export const anyBit: Code = simd(0x53);
/** The top bits of the sixteen bytes as a number. */
export const topBits: Code = simd(0x64);

function section(id: number, ...content: number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function name(text: string): number[] {
  return [text.length, ...Buffer.from(text)];
}

/**
 * A module of one function `find(i32, i32): i32` over the memory it is given as `outer.memory`, of at least one page.
 * `locals` are the types of its further locals, as numbers of each.
 */
export function moduleOf(
  locals: readonly (readonly [count: number, type: number])[],
  code: Code,
): Uint8Array<ArrayBuffer> {
  const body = [locals.length, ...locals.flat(), ...code, END];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 2, I32, I32, 1, I32),
    ...section(2, 1, ...name("outer"), ...name("memory"), 2, 0, 1),
    ...section(3, 1, 0),
    ...section(7, 1, ...name("find"), 0, 0),
    ...section(10, 1, ...unsigned(body.length), ...body),
  ]);
}
