import { join } from "node:path";
import type { Receipt } from "../core/receipt.ts";
import { fileChains, formatOfChain } from "./file-chain.ts";
import { HOLDS_SECRETS, type JournalRecord, readJournal } from "./journal.ts";
import { listReceipts } from "./receipts.ts";
import { recover } from "./recover.ts";
import { Refusal } from "./refusal.ts";
import { restoreAll } from "./restore.ts";
import { type Ports, receiptFolder } from "./state-folder.ts";
import { openTransaction } from "./transaction.ts";
import { helperChains } from "./undo-helper.ts";
import { mustBeLast, mustNotBeReliedOn } from "./undo-order.ts";

export { listReceipts } from "./receipts.ts";

function refuse(message: string): never {
  throw new Refusal("nothing-to-undo", message);
}

/** The receipt to take back: the one asked for, or the newest fix that still stands. */
function choose(receipts: readonly Receipt[], id: number | null): Receipt {
  if (id === null) {
    const stands = ({ action, state }: Receipt) =>
      action !== "undo" && (state === "applied" || state === "incomplete");
    return receipts.findLast(stands) ?? refuse("there is no fix to undo");
  }
  const receipt = receipts.find((one) => one.id === id) ?? refuse(`there is no receipt ${id}`);
  if (receipt.state === "rolled-back")
    refuse(`receipt ${id} was rolled back at once, so there is nothing to undo`);
  if (receipt.state !== "undone") return receipt;
  const by = receipts.findLast(({ undoes, state }) => undoes === id && state === "applied")?.id;
  return refuse(`receipt ${id} is undone already; \`git rekey undo ${by}\` brings it back`);
}

interface NeedsBackups {
  backups: readonly string[];
  /** A token, an account, or what a helper keeps. */
  isSecret: boolean;
}

function needed(records: readonly JournalRecord[]): NeedsBackups[] {
  const files = fileChains(records).map((chain) => ({
    backups: chain.intents.flatMap(({ backup }) => backup ?? []),
    isSecret: HOLDS_SECRETS.has(formatOfChain(chain)),
  }));
  const helpers = helperChains(records).map(({ intents }) => ({
    backups: intents.flatMap(({ before }) => before ?? []),
    isSecret: true,
  }));
  return [...files, ...helpers];
}

/**
 * Where a token hangs on it, what is only half taken back is worse than either: the token gone, and Git still told to
 * ask for it alone. Files of configuration by themselves come back one by one, if any does.
 */
function mustHaveBackups({ files, self }: Ports, id: number, records: readonly JournalRecord[]): void {
  const there = new Set(files.list(join(receiptFolder(self, id), "backups")));
  const all = needed(records);
  const possible = all.filter(({ backups }) => backups.every((name) => there.has(name)));
  const byFile = possible.length > 0 && !all.some(({ isSecret }) => isSecret);
  if (possible.length < all.length && !byFile)
    refuse(
      `receipt ${id} cannot be taken back any more: its backups are no longer kept; nothing was changed`,
    );
}

/**
 * Takes a receipt back, file by file and helper by helper; needs no network and, but for helpers, no Git. The undo is
 * a receipt of its own and can be undone. `id` null: the newest fix that is not undone. Throws a `Refusal` when there is
 * nothing to undo, or when that run is still going on.
 */
export async function undo(ports: Ports, id: number | null, version: string): Promise<Receipt> {
  const { running } = recover(ports);
  const receipts = listReceipts(ports);
  const receipt = choose(receipts, id);
  const undoes = receipt.id ?? 0;
  if (running.includes(undoes))
    throw new Refusal(
      "still-running",
      `receipt ${undoes} cannot be undone yet: git-rekey is still working on it`,
    );
  const records = readJournal(ports, undoes);
  mustHaveBackups(ports, undoes, records);
  const isSecret = needed(records).some((one) => one.isSecret);
  if (isSecret) mustBeLast(ports, receipts, undoes, records);
  mustNotBeReliedOn(ports, receipts, undoes, records);
  const transaction = openTransaction(ports, { action: "undo", target: receipt.target, version, undoes });
  const { changed, helpers, complete } = await restoreAll(
    transaction.journal,
    records,
    receiptFolder(ports.self, undoes),
    { wasCut: receipt.state === "incomplete" || receipt.action === "undo" },
  );
  const left = changed.flatMap(({ file, state, reason }) =>
    state === "left-alone" ? [{ what: `\`${file}\``, reason: reason ?? "" }] : [],
  );
  const kept = helpers.flatMap(({ what, state, reason }) =>
    state === "not-restored" ? [{ what, reason: reason ?? "" }] : [],
  );
  const todo = complete ? [] : [{ what: "try the undo again", command: `git rekey undo ${undoes}` }];
  return transaction.close(
    { changed, helpers, left: [...left, ...kept], todo },
    complete ? "applied" : "incomplete",
  );
}
