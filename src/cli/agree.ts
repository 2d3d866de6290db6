import { fit } from "../report/style.ts";
import { askLine } from "../world/terminal.ts";
import type { Diagnosed } from "./diagnosis.ts";
import { EXIT, Stop } from "./exit.ts";
import type { Shell } from "./shell.ts";

/**
 * Real git proves a fix exactly as the person runs it, and hands the new token to whatever helper, proxy or rewritten
 * address the repository itself brings. That is the repository's wish, not the person's, so it wants a yes of its own.
 */
export function mustTrust(diagnosed: Diagnosed, trustRepository: boolean): void {
  const brought = diagnosed.diagnosis.findings.find(({ id }) => id === "untrusted-repository-setting");
  if (brought === undefined || trustRepository) return;
  throw new Stop(
    EXIT.personNeeded,
    `${brought.what}, so no token is entrusted to it; nothing has been changed`,
    "`git rekey fix --trust-repository` entrusts it, if that setting is yours or your company's",
  );
}

/** A question that only "y" or "yes" answers with yes; anything else changes nothing and ends the command. */
export async function agree(
  shell: Shell,
  yes: boolean,
  question = "Carry out this plan?",
  hint = "`git rekey fix --yes` agrees to all safe steps",
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
