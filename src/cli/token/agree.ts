import type { PlannedStep } from "../../core/plan.ts";
import { planText } from "../../report/plan-text.ts";
import { agree } from "../agree.ts";
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
