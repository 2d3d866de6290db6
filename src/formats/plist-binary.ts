/** The binary form of a property list, read as Apple's `CFBinaryPList.c` lays it out. */
import { type Plist, PlistUid } from "./plist-value.ts";

/** Archives are flat; a list that is deeper than this was made to hurt. */
const DEEPEST = 32;

const TRAILER = 32;

class Table {
  private readonly known = new Map<number, Plist>();
  private readonly view: DataView;
  private readonly offsetSize: number;
  private readonly refSize: number;
  private readonly count: number;
  private readonly table: number;

  constructor(private readonly bytes: Buffer) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const trailer = bytes.length - TRAILER;
    this.offsetSize = this.view.getUint8(trailer + 6);
    this.refSize = this.view.getUint8(trailer + 7);
    this.count = this.integer(trailer + 8, 8);
    this.table = this.integer(trailer + 24, 8);
  }

  top(): Plist {
    return this.object(this.integer(this.bytes.length - TRAILER + 16, 8), 0);
  }

  private integer(at: number, size: number): number {
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + this.view.getUint8(at + i);
    return value;
  }

  private object(index: number, depth: number): Plist {
    const known = this.known.get(index);
    if (known !== undefined) return known;
    if (index >= this.count || depth > DEEPEST) throw new RangeError("no such object");
    const value = this.read(this.integer(this.table + index * this.offsetSize, this.offsetSize), depth);
    this.known.set(index, value);
    return value;
  }

  /** Where the content of an object begins, and how much of it there is. */
  private extent(at: number): { start: number; length: number } {
    const low = this.view.getUint8(at) & 0x0f;
    if (low !== 0x0f) return { start: at + 1, length: low };
    const size = 2 ** (this.view.getUint8(at + 1) & 0x0f);
    return { start: at + 2 + size, length: this.integer(at + 2, size) };
  }

  private refs(start: number, length: number, depth: number): Plist[] {
    return Array.from({ length: Math.min(length, this.count) }, (_, i) =>
      this.object(this.integer(start + i * this.refSize, this.refSize), depth + 1),
    );
  }

  private text(start: number, size: number, encoding: "latin1" | "utf16le"): string {
    if (start + size > this.bytes.length) throw new RangeError("cut off");
    const part = Buffer.from(this.bytes.subarray(start, start + size));
    return (encoding === "utf16le" ? part.swap16() : part).toString(encoding);
  }

  private read(at: number, depth: number): Plist {
    const marker = this.view.getUint8(at);
    const { start, length } = this.extent(at);
    switch (marker >> 4) {
      case 0x0:
        return marker === 0x08 ? false : marker === 0x09 ? true : null;
      case 0x1:
        return this.integer(at + 1, 2 ** (marker & 0x0f));
      case 0x5:
        return this.text(start, length, "latin1");
      case 0x6:
        return this.text(start, length * 2, "utf16le");
      case 0x8:
        return new PlistUid(this.integer(at + 1, (marker & 0x0f) + 1));
      case 0xa:
      case 0xc:
        return this.refs(start, length, depth);
      case 0xd: {
        const keys = this.refs(start, length, depth);
        const values = this.refs(start + length * this.refSize, length, depth);
        return new Map(keys.map((key, i) => [String(key), values[i] ?? null]));
      }
      default:
        return null;
    }
  }
}

/** Reads the binary form. Throws `RangeError` for what is damaged. */
export function readBinaryPlist(bytes: Buffer): Plist {
  return new Table(bytes).top();
}
