import { hint } from "../../report/terminal.ts";
import { tokensText } from "../../report/token-table.ts";
import { type FormatFlags, perform, printJson, wantsJson } from "../command.ts";
import { EXIT } from "../exit.ts";
import { listOf } from "./accounts.ts";
import { reportOfTokens } from "./report.ts";

/** `git rekey token list`: what is known of each token, and what is left to revoke. Asks nobody. */
export async function list(this: unknown, flags: FormatFlags): Promise<void> {
  await perform(async (shell) => {
    const report = reportOfTokens(shell, listOf(shell));
    if (wantsJson(flags)) {
      printJson(shell, report);
      return EXIT.ok;
    }
    shell.out(tokensText(report, shell.outStyle));
    const [first] = report.toRevoke;
    if (report.tokens.length === 0) {
      shell.err("git-rekey: no token is kept here\n");
      if (first === undefined) shell.err(hint("`git rekey token add` keeps one", shell.errStyle));
    }
    if (first !== undefined)
      shell.err(hint(`\`git rekey token revoked ${first.name}\` ticks it off`, shell.errStyle));
    return EXIT.ok;
  });
}
