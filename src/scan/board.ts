/**
 * What the workers of a scan share: errands that one has given away and another takes, how far each is, and whether to
 * stop. All in memory that both see, so that a worker need not wait for its turn to be told anything.
 */

/** What is to be done: `FOLDER`, or `FOLDER\0NAME\0NAME…` for a few files of a large one. Each sign is one byte. */
export type Errand = string;

/** Places in the head of the board, each a number of 32 bits. */
const HEAD = { lock: 0, used: 1, idle: 2, stopped: 3, signal: 4, count: 5, size: 6 } as const;

/** Of each worker, numbers of 64 bits. */
const COUNTS = ["files", "folders", "bytes", "left"] as const;

export type Progress = Record<(typeof COUNTS)[number], number>;

/** Room for errands. A board that is full takes no more, and whoever has them does them. */
const ROOM = 1 << 18;

/** Bytes of an errand's length. */
const LENGTH = 4;

/** A worker that died with the lock, or before it could tell: the others look up so often, in milliseconds. */
const LOOK_UP = 100;

export interface Board {
  /** What a worker needs to open it. */
  readonly memory: SharedArrayBuffer;
  /** Gives an errand away; false when there is no room for it. */
  give(errand: Errand): boolean;
  /** An errand, as soon as there is one; null when all are done or the scan was stopped. */
  take(): Errand | null;
  /** Whether others would take what one has to give. */
  isHungry(): boolean;
  stop(): void;
  isStopped(): boolean;
  /** How far a worker is: its own numbers, which only it writes. */
  countsOf(worker: number): Float64Array;
  /** How far all are together. */
  progress(): Progress;
}

/** Places in `countsOf`. */
export const COUNT = { files: 0, folders: 1, bytes: 2, left: 3 } as const;

/** Where the numbers of 64 bits begin, and where the errands. */
function layout(workers: number): { counts: number; room: number } {
  const counts = Math.ceil((HEAD.size * 4) / 8) * 8;
  return { counts, room: counts + workers * COUNTS.length * 8 };
}

/** A board with the first errands on it, however many they are. */
export function newBoard(workers: number, errands: readonly Errand[]): Board {
  const first = errands.reduce((sum, { length }) => sum + length + LENGTH, 0);
  const board = openBoard(new SharedArrayBuffer(layout(workers).room + first + ROOM), workers);
  for (const errand of errands) board.give(errand);
  return board;
}

export function openBoard(memory: SharedArrayBuffer, workers: number): Board {
  const { counts, room } = layout(workers);
  const head = new Int32Array(memory, 0, HEAD.size);
  const numbers = new Float64Array(memory, counts, workers * COUNTS.length);
  const errands = Buffer.from(memory, room);
  const at = (place: number) => Atomics.load(head, place);

  /** One at a time. It is held for as long as a path takes to copy, so waiting in rounds is enough. */
  function alone<T>(work: () => T): T {
    while (Atomics.compareExchange(head, HEAD.lock, 0, 1) !== 0) Atomics.wait(head, HEAD.lock, 1, 1);
    try {
      return work();
    } finally {
      Atomics.store(head, HEAD.lock, 0);
      Atomics.notify(head, HEAD.lock, 1);
    }
  }

  function wake(): void {
    Atomics.add(head, HEAD.signal, 1);
    Atomics.notify(head, HEAD.signal);
  }

  /** The last that was put down. Its length stands behind it. */
  function pop(): Errand | null {
    const used = at(HEAD.used);
    if (used === 0) return null;
    const length = errands.readUInt32LE(used - LENGTH);
    const start = used - LENGTH - length;
    Atomics.store(head, HEAD.used, start);
    Atomics.sub(head, HEAD.count, 1);
    return errands.toString("latin1", start, used - LENGTH);
  }

  return {
    memory,
    give: (errand) => {
      const given = alone(() => {
        const used = at(HEAD.used);
        if (used + errand.length + LENGTH > errands.length) return false;
        errands.write(errand, used, "latin1");
        errands.writeUInt32LE(errand.length, used + errand.length);
        Atomics.store(head, HEAD.used, used + errand.length + LENGTH);
        Atomics.add(head, HEAD.count, 1);
        return true;
      });
      if (given) wake();
      return given;
    },
    take() {
      let isIdle = false;
      for (;;) {
        const signal = at(HEAD.signal);
        const errand = alone(() => {
          const next = at(HEAD.stopped) === 0 ? pop() : null;
          // In the same breath, or two could both believe that another is still at work.
          if (next !== null && isIdle) Atomics.sub(head, HEAD.idle, 1);
          if (next === null && !isIdle) Atomics.add(head, HEAD.idle, 1);
          isIdle = next === null;
          return next;
        });
        if (errand !== null) return errand;
        if (at(HEAD.idle) >= workers || at(HEAD.stopped) !== 0) {
          wake();
          return null;
        }
        Atomics.wait(head, HEAD.signal, signal, LOOK_UP);
      }
    },
    isHungry: () => at(HEAD.count) < workers,
    stop() {
      Atomics.store(head, HEAD.stopped, 1);
      wake();
    },
    isStopped: () => at(HEAD.stopped) !== 0,
    countsOf: (worker) => numbers.subarray(worker * COUNTS.length, (worker + 1) * COUNTS.length),
    progress() {
      const sum = (place: number) =>
        numbers.reduce((all, each, i) => all + (i % COUNTS.length === place ? each : 0), 0);
      return {
        files: sum(COUNT.files),
        folders: sum(COUNT.folders),
        bytes: sum(COUNT.bytes),
        left: sum(COUNT.left) + at(HEAD.count),
      };
    },
  };
}
