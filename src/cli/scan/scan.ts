/** `git rekey scan`: every credential of Bitbucket in files, what it is, and what to do. Read-only. */
import type { Inventory } from "../../core/inventory.ts";
import type { Report, Scanned } from "../../core/report.ts";
import type { InHistory, Seen } from "../../core/spot.ts";
import { TOOL } from "../../core/version.ts";
import { findMissing, homePlace } from "../../scan/missing.ts";
import { place } from "../../scan/place.ts";
import { takeInventory } from "../../scan/repositories.ts";
import { perform } from "../command.ts";
import { EXIT, Stop } from "../exit.ts";
import type { Shell } from "../shell.ts";
import { type BaselineFlags, openBaseline, writeBaseline } from "./baseline.ts";
import { findingsOf, repositoriesOf, unlookedOf, withoutIgnored } from "./findings.ts";
import type { ScanFormat } from "./formats.ts";
import { printScan } from "./print.ts";
import { type RootFlags, rootsOf } from "./roots.ts";
import { type Histories, untilStopped, type WalkFlags, walk, walkHistories } from "./walk.ts";

export interface ScanFlags extends RootFlags, WalkFlags, BaselineFlags {
  history: boolean;
  staged: boolean;
  verify: boolean;
  format: ScanFormat;
  json: boolean;
}

/** What was looked at and what came of it, before anything is left out. */
interface Looked {
  places: (Seen & { history?: InHistory | null })[];
  inventory: Inventory;
  scanned: Scanned;
}

const NO_HISTORIES: Histories = { seen: [], gaps: [], complete: true };

const NOTHING_PASSED = { allowed: 0, ignored: 0, known: 0 } as const;

/** Worktrees of one repository have one history. */
function historiesOf({ repositories }: Inventory): string[] {
  return repositories.filter(({ kind }) => kind !== "worktree").map(({ gitFolder }) => gitFolder);
}

async function lookAtTrees(
  shell: Shell,
  roots: readonly string[],
  flags: ScanFlags,
  salt: Uint8Array,
  cancelled: AbortSignal,
): Promise<Looked> {
  const { seen, met, totals } = await walk(shell, roots, flags, salt, cancelled);
  const inventory = takeInventory(met, shell.files);
  const past = flags.history
    ? await walkHistories(shell, historiesOf(inventory), salt, cancelled)
    : NO_HISTORIES;
  const { home, env } = shell.self;
  const missing =
    home === null ? [] : findMissing(inventory, [homePlace(home, env.XDG_CONFIG_HOME)], shell.files);
  const { complete, unread, ...counts } = totals;
  const scanned = {
    ...NOTHING_PASSED,
    roots,
    ...counts,
    seconds: 0,
    unread: [...unread, ...unlookedOf(inventory, past)],
    complete: complete && past.complete,
  };
  return { places: [...seen, ...past.seen, ...missing], inventory, scanned };
}

async function lookAtStaged(shell: Shell, salt: Uint8Array, cancelled: AbortSignal): Promise<Looked> {
  const { cwd } = shell.self;
  const { scanStaged } = await import("../../scan/staged.ts");
  const { realGitStream } = await import("../../world/git-stream.ts");
  const { spots, files, complete } = await scanStaged(realGitStream(shell.self), cwd, { salt }, cancelled);
  if (!complete && files === 0) throw new Stop(EXIT.misuse, `\`${cwd}\` is not in a Git repository`);
  const scanned = {
    ...NOTHING_PASSED,
    files,
    folders: 0,
    bytes: 0,
    binary: 0,
    seconds: 0,
    unread: [],
    complete,
  };
  return {
    places: spots,
    inventory: { repositories: [], broken: [] },
    scanned: { roots: [cwd], ...scanned },
  };
}

function exitCodeOf({ findings, scanned }: Report, isCancelled: boolean): number {
  if (isCancelled) return EXIT.cancelled;
  if (findings.some(({ severity }) => severity !== "note")) return EXIT.findings;
  return scanned?.complete === false ? EXIT.unknown : EXIT.ok;
}

function check(flags: ScanFlags, paths: readonly string[]): void {
  const isElsewhere = flags.home || flags.machine || flags.history || flags.archives || paths.length > 0;
  if (flags.staged && isElsewhere)
    throw new Stop(EXIT.misuse, "`--staged` looks at the next commit of this repository and at nothing else");
  if (flags.json && flags.format !== "text" && flags.format !== "json")
    throw new Stop(
      EXIT.misuse,
      `\`--json\` is short for \`--format json\`, and \`--format ${flags.format}\` was given`,
    );
}

export async function scan(this: unknown, flags: ScanFlags, ...paths: string[]): Promise<void> {
  await perform((shell) =>
    untilStopped(async (cancelled) => {
      check(flags, paths);
      const started = shell.self.now();
      const known = openBaseline(shell, flags);
      const roots = flags.staged ? [] : rootsOf(shell, flags, paths);
      const looked = flags.staged
        ? await lookAtStaged(shell, known.salt, cancelled)
        : await lookAtTrees(shell, roots, flags, known.salt, cancelled);
      const { kept, ignored } = withoutIgnored(looked.places, looked.scanned.roots, shell.files);
      const spots = await place(kept, shell.files, shell.git);
      const told = flags.verify
        ? await (await import("./ask.ts")).askAbout(shell, spots, known.salt, cancelled)
        : spots;
      const all = findingsOf(told);
      const fresh = known.drop(all);
      const report: Report = {
        schema: "git-rekey/report@1",
        tool: TOOL,
        at: new Date(shell.self.now()).toISOString(),
        host: shell.self.host,
        user: shell.self.user,
        repositories: repositoriesOf(looked.inventory),
        findings: fresh.findings,
        ruledOut: [],
        notLooked: [],
        scanned: {
          ...looked.scanned,
          seconds: (shell.self.now() - started) / 1000,
          ignored,
          known: fresh.known,
        },
      };
      if (flags.writeBaseline !== undefined) writeBaseline(shell, flags.writeBaseline, all, known.salt);
      await printScan(shell, report, flags.json ? "json" : flags.format);
      return exitCodeOf(report, cancelled.aborted);
    }),
  );
}
