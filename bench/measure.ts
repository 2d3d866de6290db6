/** Measuring side by side: absolute times of a shared machine mean little, ratios within one run mean a lot. */

/** Runs one side once, and says how much memory it had at its peak, in bytes. */
type Side = () => Promise<number>;

export interface Ratio {
  /** Medians, in milliseconds. */
  ours: number;
  theirs: number;
  /** Median of the ratios of each pair. */
  ratio: number;
  /** Medians of the peaks, in bytes. */
  memory: { ours: number; theirs: number };
  pairs: number;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

interface Run {
  /** In milliseconds. */
  took: number;
  memory: number;
}

async function measure(side: Side): Promise<Run> {
  const started = performance.now();
  const memory = await side();
  return { took: performance.now() - started, memory };
}

/** Runs both in turn, the first to go changing each time, after one unmeasured round that warms the caches. */
export async function compare(ours: Side, theirs: Side, pairs: number): Promise<Ratio> {
  await ours();
  await theirs();
  const runs: [ours: Run, theirs: Run][] = [];
  for (let i = 0; i < pairs; i++) {
    if (i % 2 === 0) {
      const first = await measure(ours);
      runs.push([first, await measure(theirs)]);
    } else {
      const first = await measure(theirs);
      runs.push([await measure(ours), first]);
    }
  }
  return {
    ours: median(runs.map(([a]) => a.took)),
    theirs: median(runs.map(([, b]) => b.took)),
    ratio: median(runs.map(([a, b]) => a.took / b.took)),
    memory: {
      ours: median(runs.map(([a]) => a.memory)),
      theirs: median(runs.map(([, b]) => b.memory)),
    },
    pairs,
  };
}
