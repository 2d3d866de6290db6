/** In which order receipts are taken back, where one stands on another. */
import type { Receipt } from "../core/receipt.ts";
import { FileError } from "../world/ports.ts";
import { fileChains, formatOfChain } from "./file-chain.ts";
import { type JournalRecord, readJournal } from "./journal.ts";
import { Refusal } from "./refusal.ts";
import { takeSnapshot } from "./snapshot.ts";
import type { Ports } from "./state-folder.ts";

/** The newest later receipt that is in force and of which this is so. */
function laterWhere(receipts: readonly Receipt[], id: number, isSo: (its: number) => boolean): number | null {
  const isInForce = ({ action, state }: Receipt) =>
    action !== "undo" && (state === "applied" || state === "incomplete");
  const later = receipts.findLast((one) => one.id !== null && one.id > id && isInForce(one) && isSo(one.id));
  return later?.id ?? null;
}

function comesFirst(later: number, why: string): Refusal {
  return new Refusal(
    "nothing-to-undo",
    `${why}; \`git rekey undo ${later}\` comes first; nothing was changed`,
  );
}

/** Undefined where it cannot be read: what is done about that is said file by file. */
function hashNow(files: Ports["files"], real: string): string | null | undefined {
  try {
    return takeSnapshot(files, real)?.hash ?? null;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return undefined;
  }
}

/** Files of Git's configuration that are neither as the receipt left them nor as they were before it. */
function configChangedSince({ files }: Ports, records: readonly JournalRecord[]): string[] {
  const changed = fileChains(records).filter((chain) => {
    if (formatOfChain(chain) !== "git-config") return false;
    const hash = hashNow(files, chain.real);
    return hash !== undefined && !chain.ours.has(hash) && hash !== (chain.first?.hash ?? null);
  });
  return changed.map(({ real }) => real);
}

/**
 * The token would go at once, and the lines that make Git ask for it alone would stay below those of a later fix, for
 * good: so the later one is taken back first.
 */
export function mustBeLast(
  ports: Ports,
  receipts: readonly Receipt[],
  id: number,
  records: readonly JournalRecord[],
): void {
  const changed = new Set(configChangedSince(ports, records));
  if (changed.size === 0) return;
  const later = laterWhere(receipts, id, (its) =>
    fileChains(readJournal(ports, its)).some(({ real }) => changed.has(real)),
  );
  if (later === null) return;
  throw comesFirst(later, `receipt ${later} changed the same configuration after receipt ${id}`);
}

/** A checkout set up later goes by the key, the host keys or the `Host` block that this receipt brought. */
export function mustNotBeReliedOn(
  ports: Ports,
  receipts: readonly Receipt[],
  id: number,
  records: readonly JournalRecord[],
): void {
  const brought = new Map(fileChains(records).map(({ real, file }) => [real, file]));
  const reliedOn = (its: number) =>
    readJournal(ports, its).flatMap((record) => (record.k === "relies" ? record.reals : []));
  const later = laterWhere(receipts, id, (its) => reliedOn(its).some((real) => brought.has(real)));
  if (later === null) return;
  const file = reliedOn(later).flatMap((real) => brought.get(real) ?? [])[0];
  throw comesFirst(later, `receipt ${later} relies on what receipt ${id} wrote into \`${file}\``);
}
