import { join } from "node:path";
import { GIT_HOST } from "../core/bitbucket.ts";
import type { HelperChange, Receipt, ReceiptState } from "../core/receipt.ts";
import { fileChains } from "./file-chain.ts";
import { beginOf, type Journal, type JournalRecord, readJournal } from "./journal.ts";
import { registrations } from "./register-key.ts";
import { type Ports, receiptFolder, receiptIds } from "./state-folder.ts";
import { helperChains } from "./undo-helper.ts";

/** Writes the receipt in one step. From then on the transaction is over. */
export function writeReceipt({ ports, folder }: Journal, receipt: Receipt): void {
  const made = join(folder, "receipt.json.new");
  ports.files.remove(made);
  ports.files.create(made, Buffer.from(`${JSON.stringify(receipt, null, 2)}\n`), 0o600);
  ports.files.rename(made, join(folder, "receipt.json"));
}

function readReceipt(ports: Ports, id: number): Receipt | null {
  const bytes = ports.files.read(join(receiptFolder(ports.self, id), "receipt.json"));
  if (bytes === null) return null;
  try {
    const receipt: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    const ours = typeof receipt === "object" && receipt !== null && "schema" in receipt;
    return ours && receipt.schema === "git-rekey/receipt@1" ? (receipt as Receipt) : null;
  } catch {
    return null;
  }
}

function interruptedHelpers(records: readonly JournalRecord[]): HelperChange[] {
  return helperChains(records).map(({ place, intents }) => ({
    helper: place.helper,
    what: `was being told about \`${place.username}\` when git-rekey was interrupted`,
    state: intents.at(-1)?.verb === "store" ? "stored" : "erased",
    reason: null,
  }));
}

function interruptedKeys(records: readonly JournalRecord[]): HelperChange[] {
  return registrations(records).map(({ intent }) => ({
    helper: GIT_HOST,
    what: `was being told of the access key \`${intent.label}\` when git-rekey was interrupted`,
    state: "stored",
    reason: null,
  }));
}

/** What a run that never finished left to read; null when it had not even begun. */
function unfinished(id: number, records: readonly JournalRecord[]): Receipt | null {
  const begin = beginOf(records);
  if (begin === null) return null;
  return {
    schema: "git-rekey/receipt@1",
    tool: { name: "git-rekey", version: begin.version },
    id,
    action: begin.action,
    undoes: begin.undoes,
    at: begin.at,
    state: "incomplete",
    target: begin.target,
    changed: fileChains(records).map(({ file, intents, first }) => ({
      file,
      before: first?.hash ?? null,
      after: intents.at(-1)?.after?.hash ?? null,
      what: "was being changed when git-rekey was interrupted",
      state: "changed",
      reason: null,
    })),
    helpers: [...interruptedHelpers(records), ...interruptedKeys(records)],
    proven: [],
    left: [],
    todo: [],
  };
}

/** Undoing an undo brings back what it took back, and so on down the line. */
function markUndone(states: Map<number, ReceiptState>, byId: ReadonlyMap<number, Receipt>, id: number): void {
  let undone = true;
  for (let at = byId.get(id); at?.id != null; undone = !undone) {
    states.set(at.id, undone ? "undone" : at.state);
    at = at.action === "undo" && at.undoes !== null ? byId.get(at.undoes) : undefined;
  }
}

/** Every receipt of this user, oldest first. Which ones are undone follows from the undos, so no receipt is written twice. */
export function listReceipts(ports: Ports): Receipt[] {
  const receipts = receiptIds(ports).flatMap(
    (id) => readReceipt(ports, id) ?? unfinished(id, readJournal(ports, id)) ?? [],
  );
  const byId = new Map(receipts.map((one) => [one.id ?? 0, one]));
  const states = new Map<number, ReceiptState>();
  for (const { action, state, undoes } of receipts) {
    if (action === "undo" && state === "applied" && undoes !== null) markUndone(states, byId, undoes);
  }
  return receipts.map((one) => ({ ...one, state: states.get(one.id ?? 0) ?? one.state }));
}
