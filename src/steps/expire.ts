import { join } from "node:path";
import { readJournal } from "./journal.ts";
import { listReceipts } from "./receipts.ts";
import { isRunning } from "./recover.ts";
import { type Ports, receiptFolder } from "./state-folder.ts";

const DAY = 24 * 3_600_000;

/**
 * Removes backups older than so many days: they hold secrets. Receipts stay; an undo that needs such a backup says
 * that it is gone. Returns how many backups were removed.
 */
export function expireBackups(ports: Ports, days = 30): number {
  let removed = 0;
  for (const { id, at } of listReceipts(ports)) {
    if (id === null || ports.self.now() - Date.parse(at) <= days * DAY) continue;
    if (isRunning(ports, readJournal(ports, id))) continue;
    const folder = join(receiptFolder(ports.self, id), "backups");
    for (const name of ports.files.list(folder) ?? []) {
      ports.files.remove(join(folder, name));
      removed++;
    }
  }
  return removed;
}
