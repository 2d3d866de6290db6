import { fit } from "../report/style.ts";
import { hint, reportText } from "../report/terminal.ts";
import { askLine } from "../world/terminal.ts";
import { perform } from "./command.ts";
import { exitCodeOfAll, reportOf } from "./diagnosis.ts";
import { diagnoseAll, remarkOnOthers } from "./doctor.ts";
import { EXIT } from "./exit.ts";
import { fixDiagnosed } from "./fix.ts";

const LOOK = { offline: false, push: false, runHelpers: false, trustRepository: false };

/** `git rekey`: looks at this repository, then offers the fix where a person is there to take it. */
export async function home(this: unknown): Promise<void> {
  await perform(async (shell) => {
    const [diagnosed] = await diagnoseAll(shell, LOOK, []);
    if (diagnosed === undefined) return EXIT.ok;
    const report = reportOf(shell, [diagnosed]);
    remarkOnOthers(shell, report, [diagnosed]);
    shell.out(reportText(report, shell.outStyle, shell.self.home));
    const code = exitCodeOfAll([diagnosed]);
    const mendable = report.findings.some(({ remedy, severity }) => remedy !== null && severity !== "note");
    if (code !== EXIT.findings || !mendable) return code;
    if (!shell.hasTerminal || !process.stdin.isTTY) {
      shell.err(hint("`git rekey fix` shows the plan and changes nothing until you agree", shell.errStyle));
      return code;
    }
    const offer = "\nShow the plan to fix it? Nothing is changed until you agree. [Y/n] ";
    const answer = await askLine(fit(offer, shell.errStyle.width));
    if (/^n/i.test(answer.trim())) return code;
    return fixDiagnosed(shell, diagnosed, {
      ...LOOK,
      yes: false,
      dryRun: false,
      format: "text",
      json: false,
    });
  });
}
