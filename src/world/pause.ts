/** Milliseconds between two tries on a pipe whose other end has not caught up. */
const PAUSE = 2;

/** Waits without giving anybody else a turn: for reading and writing that must be done before anything goes on. */
export function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
}
