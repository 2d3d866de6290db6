/** Members of a zip. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
import { inflated } from "../../world/inflate.ts";
import { BrokenArchive, type Member, type Meter, piecesOf, type Source } from "./source.ts";

const END = { mark: 0x06054b50, length: 22, count: 10, size: 12, place: 16 } as const;
const END64 = {
  mark: 0x06064b50,
  locator: 0x07064b50,
  locatorLength: 20,
  length: 56,
  size: 40,
  place: 48,
} as const;
const ENTRY = {
  mark: 0x02014b50,
  length: 46,
  flags: 8,
  method: 10,
  packed: 20,
  unpacked: 24,
  name: 28,
  extra: 30,
  comment: 32,
  place: 42,
} as const;
const LOCAL = { mark: 0x04034b50, length: 30, name: 26, extra: 28 } as const;

const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

/** What has no room in 32 bits says this, and stands in the extra field with this number. */
const ELSEWHERE = 0xffffffff;
const ZIP64 = 1;

/** A comment may stand behind the end. */
const LONGEST_COMMENT = 0xffff;

/** Of a directory that is longer the rest is not read: millions of names. */
const LONGEST_DIRECTORY = 64 * 1024 * 1024;

/** The bytes of the directory of all members. */
function directoryOf(source: Source): Buffer {
  const length = Math.min(source.size, LONGEST_COMMENT + END.length);
  const tail = Buffer.from(source.read(source.size - length, length));
  const mark = Buffer.alloc(4);
  mark.writeUInt32LE(END.mark);
  const at = tail.lastIndexOf(mark);
  if (at < 0 || at + END.length > tail.length) throw new BrokenArchive();
  let [size, place] = [tail.readUInt32LE(at + END.size), tail.readUInt32LE(at + END.place)];
  const locator = at - END64.locatorLength;
  if (locator >= 0 && tail.readUInt32LE(locator) === END64.locator) {
    const end = Buffer.from(source.read(Number(tail.readBigUInt64LE(locator + 8)), END64.length));
    if (end.length < END64.length || end.readUInt32LE(0) !== END64.mark) throw new BrokenArchive();
    size = Number(end.readBigUInt64LE(END64.size));
    place = Number(end.readBigUInt64LE(END64.place));
  }
  const directory = Buffer.from(source.read(place, Math.min(size, LONGEST_DIRECTORY)));
  if (directory.length < Math.min(size, LONGEST_DIRECTORY)) throw new BrokenArchive();
  return directory;
}

/** Sizes and place, from the extra field where they have no room. */
function numbersOf(entry: Buffer, extra: Buffer): { packed: number; place: number } {
  const numbers = [ENTRY.unpacked, ENTRY.packed, ENTRY.place].map((at) => entry.readUInt32LE(at));
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== ZIP64) continue;
    let next = at + 4;
    for (const [i, number] of numbers.entries())
      if (number === ELSEWHERE && next + 8 <= extra.length) {
        numbers[i] = Number(extra.readBigUInt64LE(next));
        next += 8;
      }
  }
  const [, packed = 0, place = 0] = numbers;
  return { packed, place };
}

function piecesAt(source: Source, place: number, packed: number, method: number): AsyncIterable<Uint8Array> {
  const local = Buffer.from(source.read(place, LOCAL.length));
  if (local.length < LOCAL.length || local.readUInt32LE(0) !== LOCAL.mark) throw new BrokenArchive();
  const start = place + LOCAL.length + local.readUInt16LE(LOCAL.name) + local.readUInt16LE(LOCAL.extra);
  const pieces = piecesOf(source, start, start + packed);
  return method === DEFLATED ? inflated("deflate", pieces) : pieces;
}

/** The files. One that is packed as hardly anybody does is broken to us. Throws `BrokenArchive`. */
export async function* zipMembers(source: Source, meter: Meter): AsyncGenerator<Member> {
  const directory = directoryOf(source);
  for (let at = 0; at + ENTRY.length <= directory.length; ) {
    const entry = directory.subarray(at);
    if (entry.readUInt32LE(0) !== ENTRY.mark) throw new BrokenArchive();
    const [name, extra, comment] = [ENTRY.name, ENTRY.extra, ENTRY.comment].map((field) =>
      entry.readUInt16LE(field),
    ) as [number, number, number];
    at += ENTRY.length + name + extra + comment;
    const path = entry.toString("utf8", ENTRY.length, ENTRY.length + name);
    if (path.endsWith("/")) continue;
    const method = entry.readUInt16LE(ENTRY.method);
    const isEncrypted = (entry.readUInt16LE(ENTRY.flags) & ENCRYPTED) !== 0;
    const more = entry.subarray(ENTRY.length + name, ENTRY.length + name + extra);
    const { packed, place } = numbersOf(entry, more);
    if (isEncrypted) yield { path, pieces: null };
    else if (method === STORED || method === DEFLATED)
      yield { path, pieces: meter(piecesAt(source, place, packed, method)) };
    else throw new BrokenArchive();
  }
}
