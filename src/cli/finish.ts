import { receiptText } from "../report/plan-text.ts";
import { hint } from "../report/terminal.ts";
import { type CarriedOut, isStillClosed } from "./carry-out.ts";
import { printJson } from "./command.ts";
import { EXIT } from "./exit.ts";
import type { Shell } from "./shell.ts";

/**
 * Prints the receipt and gives the exit code. `next`: the hint, where there is something better than undo; `more`: what
 * is said between the two where all went well.
 */
export function finish(
  shell: Shell,
  done: CarriedOut,
  json: boolean,
  next: string | null = null,
  more: () => void = () => {},
): number {
  const { receipt, failed } = done;
  if (json) printJson(shell, receipt);
  else shell.out(receiptText(receipt, shell.outStyle, shell.self.home));
  if (failed !== null) {
    const state =
      receipt.state === "rolled-back"
        ? "everything was put back as it was"
        : "see above for what could not be put back";
    shell.err(`git-rekey: ${failed.reason}; ${state}\n`);
    return failed.code;
  }
  more();
  const isClosed = isStillClosed(done);
  if (isClosed) shell.err("git-rekey: Git does not get through yet; `git rekey doctor` says what is left\n");
  if (!json && receipt.id !== null)
    shell.err(hint(next ?? `\`git rekey undo ${receipt.id}\` takes this back`, shell.errStyle));
  return isClosed ? EXIT.findings : EXIT.ok;
}
