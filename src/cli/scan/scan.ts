/** `git rekey scan`: every credential of Bitbucket in files, what it is, and what to do. Read-only. */
import { FILE_CHECKS } from "../../checks/in-files/index.ts";
import { findingOf } from "../../core/file-check.ts";
import type { Severity } from "../../core/finding.ts";
import { type PublishedFinding, publish, type Report, type Scanned } from "../../core/report.ts";
import type { Seen, Spot } from "../../core/spot.ts";
import { TOOL } from "../../core/version.ts";
import { place } from "../../scan/place.ts";
import { type ScanTotals, scanTrees } from "../../scan/scan.ts";
import { randomBytes } from "../../world/hash.ts";
import { perform, printJson } from "../command.ts";
import { EXIT } from "../exit.ts";
import type { Shell } from "../shell.ts";
import { type RootFlags, rootsOf } from "./roots.ts";
import { watch } from "./watch.ts";

export interface ScanFlags extends RootFlags {
  networkMounts: boolean;
  archives: boolean;
  format: "text" | "json";
  json: boolean;
}

interface Walked {
  seen: Seen[];
  repositories: string[];
  totals: ScanTotals;
  seconds: number;
}

/** Walks until the end or Ctrl-C; what was found until then is found. */
async function walk(
  shell: Shell,
  roots: readonly string[],
  flags: ScanFlags,
  salt: Uint8Array,
): Promise<Walked> {
  const seen: Seen[] = [];
  const repositories: string[] = [];
  const abort = new AbortController();
  const stop = () => abort.abort();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  const line = watch(shell);
  const started = shell.self.now();
  const { machine: otherMounts, networkMounts, archives } = flags;
  const wish = { roots, otherMounts, networkMounts, archives, salt };
  try {
    const totals = await scanTrees(
      wish,
      {
        spots: (more) => void seen.push(...more),
        progress: (progress) => line.show(progress, seen.length),
        repository: (path) => void repositories.push(path),
      },
      abort.signal,
    );
    return { seen, repositories, totals, seconds: (shell.self.now() - started) / 1000 };
  } finally {
    line.end();
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}

const SEVERITIES: readonly Severity[] = ["error", "warning", "note"];

function byImportance(a: PublishedFinding, b: PublishedFinding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    a.id.localeCompare(b.id) ||
    (a.location?.file ?? "").localeCompare(b.location?.file ?? "") ||
    (a.location?.line ?? 0) - (b.location?.line ?? 0)
  );
}

function findingsOf(spots: readonly Spot[]): PublishedFinding[] {
  return spots
    .flatMap((spot) => findingOf(spot, FILE_CHECKS) ?? [])
    .map(publish)
    .sort(byImportance);
}

function scannedOf({ totals, seconds }: Walked, roots: readonly string[]): Scanned {
  const { files, folders, bytes, binary, unread, complete } = totals;
  return {
    roots,
    files,
    folders,
    bytes,
    binary,
    seconds,
    unread,
    complete,
    allowed: 0,
    ignored: 0,
    known: 0,
  };
}

function exitCodeOf({ findings, scanned }: Report): number {
  if (scanned?.complete === false) return EXIT.cancelled;
  return findings.some(({ severity }) => severity !== "note") ? EXIT.findings : EXIT.ok;
}

export async function scan(this: unknown, flags: ScanFlags, ...paths: string[]): Promise<void> {
  await perform(async (shell) => {
    const roots = rootsOf(shell, flags, paths);
    const walked = await walk(shell, roots, flags, randomBytes(16));
    const spots = await place(walked.seen, shell.files, shell.git);
    const report: Report = {
      schema: "git-rekey/report@1",
      tool: TOOL,
      at: new Date(shell.self.now()).toISOString(),
      host: shell.self.host,
      user: shell.self.user,
      repositories: [],
      findings: findingsOf(spots),
      ruledOut: [],
      notLooked: [],
      scanned: scannedOf(walked, roots),
    };
    printJson(shell, report);
    return exitCodeOf(report);
  });
}
