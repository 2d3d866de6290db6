import { fit } from "../report/style.ts";
import { askLine } from "../world/terminal.ts";
import { EXIT, Stop } from "./exit.ts";
import type { Shell } from "./shell.ts";

/** A question that only "y" or "yes" answers with yes; anything else changes nothing and ends the command. */
export async function agree(
  shell: Shell,
  yes: boolean,
  question = "Carry out this plan?",
  hint = "`--yes` agrees to all safe steps",
): Promise<void> {
  if (yes) return;
  if (!shell.hasTerminal)
    throw new Stop(
      EXIT.personNeeded,
      "there is no terminal to ask for agreement; nothing has been changed",
      hint,
    );
  const answer = await askLine(fit(`${question} [y/N] `, shell.errStyle.width));
  if (!/^y(es)?$/i.test(answer.trim())) throw new Stop(EXIT.cancelled, "nothing has been changed");
}
