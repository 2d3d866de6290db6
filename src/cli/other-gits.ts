import type { Plan } from "../core/plan.ts";
import type { Receipt } from "../core/receipt.ts";
import { lookAtOtherGits } from "../probes/other-gits.ts";
import { realGit } from "../world/git.ts";
import type { Diagnosed } from "./diagnosis.ts";
import { ownHelperValue } from "./own-helper.ts";
import type { Shell } from "./shell.ts";

const reasonFor = (file: string | null): string =>
  file === null ? "its own settings say so" : `\`${file}\` says so, and this plan has no part in it`;

/** Where a git of this machine would still do something else, although our helper was set up. */
export async function leftToOtherGits(
  shell: Shell,
  { survey }: Diagnosed,
  plan: Plan,
): Promise<Receipt["left"]> {
  const proof = plan.steps.find(({ step }) => step.kind === "verify")?.step;
  if (plan.choices.with !== "helper" || survey.stand === null || proof?.kind !== "verify") return [];
  const gitAt = (program: string) => realGit(shell.self, program);
  const found = await lookAtOtherGits(shell, survey.stand, proof.url, ownHelperValue(shell), gitAt);
  return found.map(({ git, what, file }) => ({ what: `\`${git}\` ${what}`, reason: reasonFor(file) }));
}
