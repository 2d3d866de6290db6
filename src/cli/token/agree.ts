import type { PlannedStep } from "../../core/plan.ts";
import { planText } from "../../report/plan-text.ts";
import { agree } from "../agree.ts";
import type { Shell } from "../shell.ts";
import { tidyUp } from "../tidy-up.ts";

/** Shows what would be done and asks for a yes. `quiet`: stdout is for JSON alone. `typed`: the command, for a hint. */
export async function agreeToSteps(
  shell: Shell,
  steps: readonly PlannedStep[],
  { yes, quiet, typed }: { yes: boolean; quiet: boolean; typed: string },
): Promise<void> {
  // What only the person can do afterwards is in the receipt.
  const ours = steps.filter(({ step }) => step.kind !== "person");
  const made = { plan: { steps: ours }, where: null, displaced: null, unserved: [], unaccepted: [] };
  if (!quiet) shell.out(`\n${planText(made, shell.outStyle, shell.self.home)}\n`);
  await agree(shell, yes, "Carry out this plan?", `\`${typed} --yes\` agrees to it`);
  tidyUp(shell);
}
