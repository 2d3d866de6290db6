/** The output of `git cat-file --batch`, object by object, looked at where it was read to. */
import { endOfLines, JOIN, newlinesIn, WINDOW } from "./look-long.ts";
import { FIRST, isBinary } from "./read.ts";
import { BEYOND, makeSieve, RESERVED, type Sieve } from "./sieve.ts";

/** What a header says. */
export interface ObjectHead {
  id: string;
  type: string;
  size: number;
}

export interface ObjectsHeard {
  /**
   * Bytes with a needle: of a short object all, of a longer one a window of whole lines, with the lines before it. They
   * must not be kept.
   */
  hit(head: ObjectHead, bytes: Buffer, linesBefore: number): void;
  /** Each object that was read to its end. */
  done(head: ObjectHead): void;
  /** Git has its name and not itself. */
  missing(id: string): void;
}

/** `ID TYPE SIZE`, or `ID missing`. */
const HEADER_MOST = 200;

const NEWLINE = 10;

/** Pieces are laid one after the other in the sieve's memory, so that an object is sieved where it lies. */
export class ObjectReader {
  private readonly sieve: Sieve = makeSieve(RESERVED + WINDOW + HEADER_MOST + BEYOND);
  private readonly memory = Buffer.from(
    this.sieve.memory.buffer,
    this.sieve.memory.byteOffset,
    this.sieve.memory.length,
  );
  private readonly limit = this.sieve.memory.length - BEYOND;
  private from = RESERVED;
  private to = RESERVED;
  /** The object that is being read; null where a header comes next. */
  private head: ObjectHead | null = null;
  /** Its bytes that are still to come, from `from` on. */
  private left = 0;
  /** Bytes of it that come only to be passed over. */
  private isPassed = false;
  private lines = 0;
  private isFirst = true;

  constructor(private readonly heard: ObjectsHeard) {}

  take(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; ) {
      if (this.to === this.limit) this.makeRoom();
      const part = piece.subarray(at, at + this.limit - this.to);
      this.memory.set(part, this.to);
      this.to += part.length;
      at += part.length;
      this.parse();
    }
  }

  /** Whether the output ended where an object does. */
  isWhole(): boolean {
    return this.head === null && this.from === this.to;
  }

  private makeRoom(): void {
    this.memory.copyWithin(RESERVED, this.from, this.to);
    this.to -= this.from - RESERVED;
    this.from = RESERVED;
  }

  private parse(): void {
    while (this.head === null ? this.header() : this.body(this.head)) {
      // What there is of it is dealt with.
    }
    if (this.from === this.to) this.from = this.to = RESERVED;
  }

  private header(): boolean {
    const start = this.memory.subarray(this.from, Math.min(this.to, this.from + HEADER_MOST));
    const end = start.indexOf(NEWLINE);
    if (end < 0) {
      if (start.length === HEADER_MOST) throw new Error("no header of `git cat-file`");
      return false;
    }
    const [id = "", type = "", size] = start.toString("latin1", 0, end).split(" ");
    this.from += end + 1;
    if (size === undefined) {
      if (type === "missing") this.heard.missing(id);
      return true;
    }
    this.head = { id, type, size: Number(size) };
    this.left = this.head.size + 1;
    this.isPassed = type === "tree";
    [this.lines, this.isFirst] = [0, true];
    return true;
  }

  private body(head: ObjectHead): boolean {
    const there = this.to - this.from;
    if (there >= this.left) {
      // The newline behind it is not its own.
      if (!this.isPassed) this.sieved(head, this.from + this.left - 1, this.isFirst);
      this.from += this.left;
      this.head = null;
      this.heard.done(head);
      return true;
    }
    if (this.isPassed) this.skip(there);
    else if (this.from > RESERVED && this.left > this.limit - this.from) this.makeRoom();
    else if (this.to === this.limit) this.window(head);
    return false;
  }

  private skip(count: number): void {
    this.from += count;
    this.left -= count;
  }

  /** The memory is full of one object. */
  private window(head: ObjectHead): void {
    const bytes = this.memory.subarray(this.from, this.to);
    if (this.isFirst && isBinary(bytes)) {
      // As with a file: of what is no text the beginning is enough.
      this.sieved(head, this.from + FIRST, true);
      this.isPassed = true;
      this.skip(bytes.length);
      return;
    }
    const whole = endOfLines(bytes);
    this.sieved(head, this.from + (whole ?? bytes.length), false);
    const next = whole ?? bytes.length - JOIN;
    this.lines += newlinesIn(bytes.subarray(0, next));
    this.isFirst = false;
    this.skip(next);
    this.makeRoom();
  }

  /** `mayBeBinary`: this is its beginning. */
  private sieved(head: ObjectHead, to: number, mayBeBinary: boolean): void {
    if (this.sieve.find(this.from, to) < 0) return;
    const bytes = this.memory.subarray(this.from, to);
    const isLong = mayBeBinary && bytes.length > FIRST && isBinary(bytes);
    this.heard.hit(head, isLong ? bytes.subarray(0, FIRST) : bytes, this.lines);
  }
}
