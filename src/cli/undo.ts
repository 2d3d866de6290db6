import { VERSION } from "../core/version.ts";
import { receiptRows, receiptText } from "../report/plan-text.ts";
import { hint } from "../report/terminal.ts";
import { listReceipts } from "../steps/receipts.ts";
import { undo as undoReceipt } from "../steps/undo.ts";
import { agree } from "./agree.ts";
import { type FormatFlags, perform, printJson, wantsJson } from "./command.ts";
import { EXIT, Stop } from "./exit.ts";
import type { Shell } from "./shell.ts";

interface UndoFlags extends FormatFlags {
  yes: boolean;
  list: boolean;
}

function readNumber(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new Stop(
      EXIT.misuse,
      `\`${text}\` is not the number of a fix`,
      "`git rekey undo --list` lists them",
    );
  return Number(text);
}

function list(shell: Shell, json: boolean): number {
  const receipts = listReceipts(shell);
  if (json) printJson(shell, receipts);
  else if (receipts.length === 0) shell.err("git-rekey: nothing has been changed by git-rekey here\n");
  else shell.out(receiptRows(receipts, shell.outStyle, shell.self.home));
  return EXIT.ok;
}

/** `git rekey undo [NUMBER]`: needs no network, no git and no probe. */
export async function undo(this: unknown, flags: UndoFlags, ...numbers: string[]): Promise<void> {
  await perform(async (shell) => {
    const json = wantsJson(flags);
    if (flags.list) return list(shell, json);
    const id = readNumber(numbers[0]);
    const question = `Put back what ${id === null ? "the newest fix" : `fix ${id}`} changed?`;
    await agree(shell, flags.yes, question, "`git rekey undo --yes` needs no terminal");
    const receipt = await undoReceipt(shell, id, VERSION);
    if (json) printJson(shell, receipt);
    else shell.out(receiptText(receipt, shell.outStyle, shell.self.home));
    const left =
      receipt.changed.some(({ state }) => state === "left-alone") ||
      receipt.helpers.some(({ state }) => state === "not-restored");
    if (!json && receipt.id !== null)
      shell.err(hint(`\`git rekey undo ${receipt.id}\` does it again`, shell.errStyle));
    return left ? EXIT.findings : EXIT.ok;
  });
}
