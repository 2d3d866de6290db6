/** The last day of a token, which Bitbucket cannot be asked for. */
import { readExpiry } from "../core/expiry.ts";
import { fit } from "../report/style.ts";
import { askLine } from "../world/terminal.ts";
import { EXIT, Stop } from "./exit.ts";
import type { Shell } from "./shell.ts";

/** `--expires`, or misuse. */
export function expiryFrom(shell: Shell, text: string | undefined): string | null {
  if (text === undefined) return null;
  const read = readExpiry(text, shell.self.now());
  if (!read.ok) throw new Stop(EXIT.misuse, `\`--expires\`: ${read.reason}`);
  return read.day;
}

/** Asks until it is a day, or Enter: not known. */
export async function askExpiry(shell: Shell): Promise<string | null> {
  for (;;) {
    const question = "Its last day, as YYYY-MM-DD or in days (Enter: not known): ";
    const answer = await askLine(fit(question, shell.errStyle.width));
    if (answer.trim() === "") return null;
    const read = readExpiry(answer, shell.self.now());
    if (read.ok) return read.day;
    shell.err(`git-rekey: ${read.reason}\n`);
  }
}
