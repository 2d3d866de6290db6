/** The loan itself: a note, a token in the file, and everything back again. */
import { accountsFile } from "../accounts/folders.ts";
import type { PlannedUnrevoked } from "../core/plan.ts";
import type { LentUrl } from "../core/standing.ts";
import { VERSION } from "../core/version.ts";
import { putUnrevoked } from "../formats/accounts.ts";
import { leaveNote, takeNote } from "../run/standing.ts";
import { type Loan, lendUrls, type TakenBack, takeBack, takeBackCopies } from "../steps/lend.ts";
import { refusalFor } from "../steps/refusal.ts";
import type { Ports } from "../steps/state-folder.ts";
import { openTransaction, type Transaction } from "../steps/transaction.ts";

/** What is lent, and what has to be known to take it back. */
export interface Loaned {
  /** The user name that goes with the token. */
  user: string;
  loans: readonly Loan[];
  lent: Omit<LentUrl, "receipt">;
  revoke: PlannedUnrevoked;
}

/** Written down before the token is anywhere: a command that is killed then has said already what is to be revoked. */
async function noteForLater(ports: Ports, tx: Transaction, { revoke }: Loaned): Promise<void> {
  const file = accountsFile(ports.self);
  if (file === null) return;
  const since = new Date(ports.self.now()).toISOString();
  const what = "noted that the token is to be revoked";
  await tx.editFile(file, {
    format: "accounts",
    what,
    edit: (bytes) => putUnrevoked(bytes, { ...revoke, since }),
  });
}

export interface Lending {
  tx: Transaction;
  note: string | null;
  lent: LentUrl;
}

export async function lend(ports: Ports, deal: Loaned): Promise<Lending> {
  const tx = openTransaction(ports, { action: "fix", target: deal.lent.file, version: VERSION });
  const lent = { ...deal.lent, receipt: tx.id };
  let note: string | null = null;
  try {
    // On the disk before the token is.
    note = leaveNote(ports, lent);
    await noteForLater(ports, tx, deal);
    await lendUrls(tx, lent, deal.loans, deal.user);
    return { tx, note, lent };
  } catch (error) {
    await tx.rollBack();
    takeNote(ports, note);
    throw refusalFor(error, `\`${lent.file}\` was not changed`);
  }
}

/** A file that is as it was needs no undo; one that held a secret before holds none now, and that can be undone. */
export async function settle(ports: Ports, { tx, note, lent }: Lending): Promise<TakenBack> {
  const taken = await takeBack(tx, lent, tx.journal.records);
  tx.close(
    { todo: [{ what: `revoke the token at ${lent.page}`, command: null }] },
    lent.whole && taken === "taken-back" ? "rolled-back" : "applied",
  );
  await takeBackCopies(ports, lent, VERSION);
  takeNote(ports, note);
  return taken;
}
