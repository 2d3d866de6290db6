/**
 * How time grows with the input. A time by itself says nothing on a machine that others use too. So it is the
 * processor's time, which does not pass while others run, and two of them are compared: sixteen times the input takes
 * about sixteen times as long, and 256 times where the work is quadratic.
 */

const TIMES = 16;

/** Half-way between the two, so that collecting garbage does not decide. */
export const IN_PROPORTION = 64;

const ROUNDS = 4;

/** Below this, in milliseconds, the clock is too coarse to compare with. */
const FINEST = 0.1;

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The least of a few times, in milliseconds. Where one was short enough, there are no more. */
export function leastTime(work: () => unknown, enough = 0): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS && least > enough; round++) {
    const start = processorTime();
    work();
    least = Math.min(least, processorTime() - start);
  }
  return Math.max(FINEST, least);
}

/** How many times as long sixteen times the input takes. `make` is not timed. */
export function growth<T>(make: (size: number) => T, size: number, work: (input: T) => unknown): number {
  const [small, large] = [make(size), make(size * TIMES)];
  const short = leastTime(() => work(small));
  return leastTime(() => work(large), (short * IN_PROPORTION) / 2) / short;
}
