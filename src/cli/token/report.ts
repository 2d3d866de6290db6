import { answersOf } from "../../accounts/answers.ts";
import type { AccountList } from "../../core/account.ts";
import { reportTokens, type TokenReport } from "../../core/token-report.ts";
import { TOOL } from "../../core/version.ts";
import type { Shell } from "../shell.ts";
import { roomOf } from "./accounts.ts";

/** All that is known of the tokens here. */
export function reportOfTokens(shell: Shell, list: AccountList): TokenReport {
  const now = shell.self.now();
  const room = roomOf(shell);
  return {
    schema: "git-rekey/tokens@1",
    tool: TOOL,
    at: new Date(now).toISOString(),
    host: shell.self.host,
    user: shell.self.user,
    ...reportTokens(list, (account) => answersOf(room, account), now),
  };
}
