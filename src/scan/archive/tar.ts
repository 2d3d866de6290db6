/** Members of a tar: POSIX ustar and pax, GNU tar's long names. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html */
import type { Queue } from "./queue.ts";
import { BrokenArchive, type Member } from "./source.ts";

const BLOCK = 512;

/** Where things stand in a header, and how long they are. */
const NAME = [0, 100] as const;
const SIZE = [124, 12] as const;
const SUM = [148, 8] as const;
const TYPE = 156;
const MAGIC = [257, 5] as const;
const PREFIX = [345, 155] as const;

/** A longer list of facts about one file is none. */
const LONGEST_FACTS = 1 << 20;

type Field = readonly [place: number, length: number];

function textIn(header: Buffer, [place, length]: Field): string {
  const field = header.subarray(place, place + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? length : end);
}

function numberIn(header: Buffer, [place, length]: Field): number {
  // GNU tar writes what has no room in octal digits as a binary number, with the first bit set.
  if (((header[place] ?? 0) & 0x80) !== 0) return header.readUIntBE(place + length - 6, 6);
  const digits = textIn(header, [place, length]).trim();
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}

function hasRightSum(header: Buffer): boolean {
  let sum = 0;
  const [start, length] = SUM;
  for (let at = 0; at < BLOCK; at++) sum += at >= start && at < start + length ? 0x20 : (header[at] ?? 0);
  return sum === numberIn(header, SUM);
}

/** Whether these are the first bytes of a tar. */
export function isTar(head: Buffer): boolean {
  return head.length >= BLOCK && textIn(head, MAGIC).startsWith("ustar") && hasRightSum(head);
}

/** `path` of pax: records of `LENGTH KEY=VALUE\n`. */
function paxPath(facts: Buffer): string | null {
  for (let place = 0; place < facts.length; ) {
    const blank = facts.indexOf(0x20, place);
    const length = Number.parseInt(facts.toString("latin1", place, blank), 10);
    if (blank < 0 || !(length > 0)) return null;
    const record = facts.toString("utf8", blank + 1, place + length - 1);
    if (record.startsWith("path=")) return record.slice("path=".length);
    place += length;
  }
  return null;
}

function nameIn(header: Buffer): string {
  const name = textIn(header, NAME);
  // GNU tar has times where the prefix is; its mark ends with blanks.
  const isPosix = header[MAGIC[0] + MAGIC[1]] === 0;
  const prefix = isPosix ? textIn(header, PREFIX) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** The name of the next file, where a header has no room for it; null where this is none. */
async function longNameIn(queue: Queue, type: string, size: number): Promise<string | null> {
  if (size > LONGEST_FACTS) throw new BrokenArchive();
  const facts = Buffer.from(await queue.take(size));
  return type === "L" ? textIn(facts, [0, size]) : paxPath(facts);
}

/** The next header; null at the end, which is a block of zeros or nothing. */
async function nextHeader(queue: Queue): Promise<Buffer | null> {
  const header = Buffer.from(await queue.take(BLOCK));
  if (header.every((byte) => byte === 0)) return null;
  if (header.length < BLOCK || !hasRightSum(header)) throw new BrokenArchive();
  return header;
}

/** The regular files. Throws `BrokenArchive`. */
export async function* tarMembers(queue: Queue): AsyncGenerator<Member> {
  let longName: string | null = null;
  for (let header = await nextHeader(queue); header !== null; header = await nextHeader(queue)) {
    const size = numberIn(header, SIZE);
    const end = queue.taken + Math.ceil(size / BLOCK) * BLOCK;
    const type = String.fromCharCode(header[TYPE] ?? 0);
    if (type === "L" || type === "x") {
      longName = (await longNameIn(queue, type, size)) ?? longName;
    } else {
      const path = longName ?? nameIn(header);
      longName = null;
      if ("0\x007".includes(type)) yield { path, pieces: queue.pieces(size) };
    }
    // Whatever was left of it.
    if (!(await queue.skip(end - queue.taken))) throw new BrokenArchive();
  }
}
