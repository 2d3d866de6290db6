/** Bytes that come in pieces of any length, taken in lengths that are asked for. */
export class Queue {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #ready: Buffer = Buffer.alloc(0);
  /** How many have been taken. */
  taken = 0;

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** Waits until so many are there, or all there are. Put together once: piece by piece long ones would take for ever. */
  async #wait(length: number): Promise<void> {
    const pieces: Uint8Array[] = [this.#ready];
    let have = this.#ready.length;
    while (have < length) {
      const next = await this.#pieces.next();
      if (next.done === true) break;
      pieces.push(next.value);
      have += next.value.length;
    }
    if (pieces.length > 1) this.#ready = Buffer.concat(pieces);
  }

  #cut(length: number): Buffer {
    const bytes = this.#ready.subarray(0, length);
    this.#ready = this.#ready.subarray(length);
    this.taken += bytes.length;
    return bytes;
  }

  /** The next bytes, which stay; fewer at the end. */
  async peek(length: number): Promise<Buffer> {
    await this.#wait(length);
    return this.#ready.subarray(0, length);
  }

  /** The next bytes; fewer at the end. */
  async take(length: number): Promise<Buffer> {
    await this.peek(length);
    return this.#cut(length);
  }

  /** The next bytes in pieces; fewer at the end. */
  async *pieces(length: number): AsyncGenerator<Buffer> {
    const end = this.taken + length;
    while (this.taken < end) {
      await this.#wait(1);
      if (this.#ready.length === 0) return;
      yield this.#cut(Math.min(end - this.taken, this.#ready.length));
    }
  }

  /** Passes the next bytes over; whether there were so many. */
  async skip(length: number): Promise<boolean> {
    const end = this.taken + length;
    for await (const _ of this.pieces(length));
    return this.taken === end;
  }

  /** Nothing more is wanted. */
  async end(): Promise<void> {
    await this.#pieces.return?.();
  }
}
