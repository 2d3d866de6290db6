/** What a person is asked while a token is added or replaced. */
import type { AccountKind, Right } from "../../core/account.ts";
import { readExpiry } from "../../core/expiry.ts";
import { fit } from "../../report/style.ts";
import { askLine } from "../../world/terminal.ts";
import { EXIT, Stop } from "../exit.ts";
import type { Shell } from "../shell.ts";

export function ask(shell: Shell, question: string): Promise<string> {
  return askLine(fit(question, shell.errStyle.width)).then((answer) => answer.trim());
}

/** What the flags say the token is for; null where they say nothing. */
export function rightsOf(flags: { pull: boolean; push: boolean; rest: boolean }): readonly Right[] | null {
  if (!flags.pull && !flags.push && !flags.rest) return null;
  const rights: Right[] = ["pull"];
  if (flags.push) rights.push("push");
  if (flags.rest) rights.push("rest");
  return rights;
}

const isYes = (answer: string): boolean => /^y(es)?$/i.test(answer);

export async function askRights(shell: Shell): Promise<readonly Right[]> {
  const push = isYes(await ask(shell, "Will you push with it, not only pull? [y/N] "));
  const rest = isYes(await ask(shell, "Will programs use it for Bitbucket's REST API as well? [y/N] "));
  return rightsOf({ pull: true, push, rest }) ?? ["pull"];
}

/** Today in the person's calendar. */
export function todayOf({ self }: Pick<Shell, "self">): string {
  const now = new Date(self.now());
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** `--expires` as it was typed. Throws a `Stop` for what is no last day of such a token. */
export function expiryFrom(shell: Shell, text: string, kind: AccountKind | null): string | null {
  const read = readExpiry(text, todayOf(shell), kind);
  if ("expires" in read) return read.expires;
  throw new Stop(
    EXIT.misuse,
    `${read.wrong}, and \`--expires unknown\` leaves it open; nothing has been changed`,
  );
}

/** Asks until a day, or that it is not known, has been said. */
export async function askExpiry(shell: Shell, kind: AccountKind): Promise<string | null> {
  shell.err(
    "Bitbucket showed when the token expires, and cannot be asked for it later; you will be told in time.\n",
  );
  for (;;) {
    const answer = await ask(shell, "Its last day (such as 2027-05-31 or 90d, or unknown): ");
    if (answer === "") continue;
    const read = readExpiry(answer, todayOf(shell), kind);
    if ("expires" in read) return read.expires;
    shell.err(`git-rekey: ${read.wrong}\n`);
  }
}

/** The e-mail, or null where it is left out. */
export async function askEmail(shell: Shell): Promise<string | null> {
  for (;;) {
    const answer = await ask(shell, "E-mail of your Atlassian account (Enter leaves it out): ");
    if (answer === "") return null;
    if (isEmail(answer)) return answer;
    shell.err("git-rekey: this is no e-mail address\n");
  }
}

export function isEmail(text: string): boolean {
  return /^[^@\s]+@[^@\s]+$/.test(text) && text.length <= 254;
}
