/** Measuring side by side: absolute times of a shared machine mean little, ratios within one run mean a lot. */

type Side = () => Promise<void>;

export interface Ratio {
  /** Medians, in milliseconds. */
  ours: number;
  theirs: number;
  /** Median of the ratios of each pair. */
  ratio: number;
  pairs: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function time(side: Side): Promise<number> {
  const started = performance.now();
  await side();
  return performance.now() - started;
}

/** Runs both in turn, the first to go changing each time, after one unmeasured round that warms the caches. */
export async function compare(ours: Side, theirs: Side, pairs: number): Promise<Ratio> {
  await ours();
  await theirs();
  const times: [number, number][] = [];
  for (let i = 0; i < pairs; i++) {
    if (i % 2 === 0) {
      const first = await time(ours);
      times.push([first, await time(theirs)]);
    } else {
      const first = await time(theirs);
      times.push([await time(ours), first]);
    }
  }
  return {
    ours: median(times.map(([a]) => a)),
    theirs: median(times.map(([, b]) => b)),
    ratio: median(times.map(([a, b]) => a / b)),
    pairs,
  };
}
