/** The walk of a scan, with what is seen on the way. */
import type { Seen } from "../../core/spot.ts";
import type { HistoryTotals, SeenInHistory } from "../../scan/history.ts";
import { type ScanTotals, scanTrees } from "../../scan/scan.ts";
import type { Shell } from "../shell.ts";
import { watch } from "./watch.ts";

export interface WalkFlags {
  machine: boolean;
  networkMounts: boolean;
  archives: boolean;
}

export interface Walked {
  seen: Seen[];
  /** What the engine took for repositories. */
  met: string[];
  totals: ScanTotals;
}

/** Runs until its end or Ctrl-C: what was found until then is found. */
export async function untilStopped<T>(work: (cancelled: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const stop = () => abort.abort();
  const ENDINGS = ["SIGINT", "SIGTERM"] as const;
  for (const ending of ENDINGS) process.on(ending, stop);
  try {
    return await work(abort.signal);
  } finally {
    for (const ending of ENDINGS) process.off(ending, stop);
  }
}

export async function walk(
  shell: Shell,
  roots: readonly string[],
  { machine, networkMounts, archives }: WalkFlags,
  salt: Uint8Array,
  cancelled: AbortSignal,
): Promise<Walked> {
  const seen: Seen[] = [];
  const met: string[] = [];
  const line = watch(shell);
  const heard = {
    spots: (more: readonly Seen[]) => void seen.push(...more),
    progress: (progress: Parameters<typeof line.show>[0]) => line.show(progress, seen.length),
    repository: (path: string) => void met.push(path),
  };
  try {
    const wish = { roots, otherMounts: machine, networkMounts, archives, salt };
    return { seen, met, totals: await scanTrees(wish, heard, cancelled) };
  } finally {
    line.end();
  }
}

export interface Histories {
  seen: SeenInHistory[];
  /** Repositories that could not be read wholly, with the reasons. */
  gaps: { path: string; gaps: HistoryTotals["gaps"] }[];
  complete: boolean;
}

/** The histories of repositories, one after the other. */
export async function walkHistories(
  shell: Shell,
  gitFolders: readonly string[],
  salt: Uint8Array,
  cancelled: AbortSignal,
): Promise<Histories> {
  const { scanHistory } = await import("../../scan/history.ts");
  const git = (await import("../../world/git-stream.ts")).realGitStream(shell.self);
  const all: Histories = { seen: [], gaps: [], complete: true };
  for (const path of gitFolders) {
    const heard = { spots: (more: readonly SeenInHistory[]) => void all.seen.push(...more) };
    const { gaps, complete } = await scanHistory(git, path, { salt }, heard, cancelled);
    if (gaps.length > 0) all.gaps.push({ path, gaps });
    all.complete &&= complete;
  }
  return all;
}
