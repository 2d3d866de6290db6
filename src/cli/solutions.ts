import { type AdviceReport, adviceReport } from "../core/advice-report.ts";
import { TOOL } from "../core/version.ts";
import { type Survey, survey } from "../probes/gather.ts";
import { readSituation } from "../probes/situation.ts";
import { solutionsText } from "../report/advice-text.ts";
import { printJson } from "./command.ts";
import { EXIT } from "./exit.ts";
import { ownHelperValue } from "./own-helper.ts";
import type { Shell } from "./shell.ts";

/** What is advised where we stand. */
export async function adviceFor(shell: Shell, found: Survey, push: boolean): Promise<AdviceReport> {
  const { hasScreen } = await shell.browser();
  return adviceReport(readSituation(shell, found, { push, hasScreen, hasTerminal: shell.hasTerminal }), TOOL);
}

/** `git rekey explain solutions`: the ways to sign in, side by side, for this machine. */
export async function explainSolutions(shell: Shell, json: boolean): Promise<number> {
  const found = await survey(shell, {
    target: ".",
    offline: false,
    email: null,
    runHelpers: false,
    trustRepository: false,
    hasTerminal: shell.hasTerminal,
    push: false,
    ownHelper: ownHelperValue(shell),
    ssh: "wanted",
  });
  const report = await adviceFor(shell, found, false);
  if (json) printJson(shell, report);
  else shell.out(solutionsText(report, shell.outStyle));
  return EXIT.ok;
}
