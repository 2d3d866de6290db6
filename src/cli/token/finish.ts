import type { PlannedStep } from "../../core/plan.ts";
import { planText, receiptText } from "../../report/plan-text.ts";
import { hint } from "../../report/terminal.ts";
import { agree } from "../agree.ts";
import type { CarriedOut } from "../carry-out.ts";
import { printJson } from "../command.ts";
import { EXIT } from "../exit.ts";
import type { Shell } from "../shell.ts";

/** Shows what would be done and asks for a yes. `quiet`: stdout is for JSON alone. */
export async function agreeToSteps(
  shell: Shell,
  steps: readonly PlannedStep[],
  { yes, quiet }: { yes: boolean; quiet: boolean },
): Promise<void> {
  // What only the person can do afterwards is in the receipt.
  const ours = steps.filter(({ step }) => step.kind !== "person");
  const made = { plan: { steps: ours }, where: null, displaced: null, unaccepted: [] };
  if (!quiet) shell.out(`\n${planText(made, shell.outStyle, shell.self.home)}\n`);
  await agree(shell, yes, "Carry out this plan?", "`--yes` agrees to it");
}

/** Prints the receipt and gives the exit code. `next`: the hint, where there is something better than undo. */
export function finishToken(
  shell: Shell,
  { receipt, failed, cancelled }: CarriedOut,
  json: boolean,
  next: string | null = null,
): number {
  if (json) printJson(shell, receipt);
  else shell.out(receiptText(receipt, shell.outStyle, shell.self.home));
  if (failed !== null) {
    const state =
      receipt.state === "rolled-back"
        ? "everything was put back as it was"
        : "see above for what could not be put back";
    shell.err(`git-rekey: ${failed}; ${state}\n`);
    return cancelled ? EXIT.cancelled : EXIT.findings;
  }
  if (!json && receipt.id !== null)
    shell.err(hint(next ?? `\`git rekey undo ${receipt.id}\` takes this back`, shell.errStyle));
  return EXIT.ok;
}
