/** The last day of a token that git-rekey is to keep, which Bitbucket cannot be asked for. */
import type { AccountKind } from "../core/account.ts";
import { readExpiry } from "../core/expiry.ts";
import type { Plan } from "../core/plan.ts";
import type { Shell } from "./shell.ts";
import { ask, todayOf } from "./token/questions.ts";

const QUESTION = "Its last day (such as 2027-05-31 or 90d; Enter: not known): ";

/** Asks until it is a day, or Enter. */
export async function askExpiry(shell: Shell, kind: AccountKind): Promise<string | null> {
  for (;;) {
    const answer = await ask(shell, QUESTION);
    if (answer === "") return null;
    const read = readExpiry(answer, todayOf(shell), kind);
    if ("expires" in read) return read.expires;
    shell.err(`git-rekey: ${read.wrong}\n`);
  }
}

/** Who is not told the last day cannot tell of it. */
export function remarkOnLastDay(shell: Shell, { choices, steps }: Plan): void {
  const put = steps.find(({ step }) => step.kind === "put-account")?.step;
  if (choices.expires !== null || put?.kind !== "put-account") return;
  shell.err(
    `note: nobody said when the token expires, so nobody will be told in time; \`git rekey token set ${put.account.name} --expires DAY\` notes it\n`,
  );
}
