import type { Choices } from "../core/plan.ts";
import type { SecretShape } from "../core/secret.ts";
import type { RemoteUrl } from "../core/setup.ts";
import { tidyToken } from "../core/token.ts";
import { pageOf, stepsToMakeToken, whyNotThisToken } from "../core/token-advice.ts";
import { paints, wrap } from "../report/style.ts";
import { askHidden } from "../world/terminal.ts";
import { EXIT, Stop } from "./exit.ts";
import { offerPage } from "./offer-page.ts";
import type { Shell } from "./shell.ts";

/** How often a person may paste something that cannot be the token. */
const TRIES = 3;

/** Whether a token came through a pipe. */
export async function hasPipedToken(shell: Shell): Promise<boolean> {
  return !process.stdin.isTTY && (await shell.readStdin()).trim() !== "";
}

/** Prints how to make the token, before it is asked for. One that came on stdin has been made already. */
export async function explainToken(shell: Shell, choices: Choices, url: RemoteUrl | null): Promise<void> {
  if (await hasPipedToken(shell)) return;
  const reach = url?.repository ?? null;
  tellSteps(shell, stepsToMakeToken(choices, reach, shell.self.host));
  if (choices.kind === "access-token" && reach !== null)
    await offerPage(shell, pageOf("access-token", reach), { mayAsk: process.stdin.isTTY, open: false });
}

export function tellSteps(shell: Shell, steps: readonly string[]): void {
  const paint = paints(shell.errStyle);
  const lines = [paint.bold("How to make the token")];
  for (const [index, step] of steps.entries()) {
    const head = `  ${index + 1}. `;
    lines.push(
      ...wrap(step, shell.errStyle.width - head.length).map((line, i) => (i === 0 ? head : "     ") + line),
    );
  }
  shell.err(`${lines.join("\n")}\n\n`);
}

/** What is asked for. */
export interface Wanted {
  /** Null where the token may decide the way. */
  way: Choices["with"] | null;
  /** The token Git has now, where only its user name is wrong. */
  kept: SecretShape | null;
}

/** What is asked for, whatever it is for. */
export interface WantedToken {
  /** Why this cannot be it; null when nothing speaks against it. */
  whyNot(shape: SecretShape): string | null;
  kept: SecretShape | null;
  /** What to type where nobody can be asked and nothing came on stdin. */
  typed: string;
}

function examine(
  shell: Shell,
  text: string,
  { whyNot, kept }: Omit<WantedToken, "typed">,
): SecretShape | string {
  if (text.trim() === "" && kept !== null) return kept;
  const shape = shell.vault.keep(tidyToken(text));
  return whyNot(shape) ?? shape;
}

/** At a hidden prompt, whatever stdin is. */
export async function askPerson(shell: Shell, wanted: Omit<WantedToken, "typed">): Promise<SecretShape> {
  const question =
    wanted.kept === null ? "Paste the token" : "Paste the token, or press Enter to keep the one Git has";
  for (let attempt = 1; ; attempt++) {
    const found = examine(shell, await askHidden(`${question} (nothing is shown): `), wanted);
    if (typeof found !== "string") return found;
    if (attempt === TRIES) throw new Stop(EXIT.personNeeded, `${found}; nothing has been changed`);
    shell.err(`git-rekey: ${found}\n`);
  }
}

/**
 * Takes a token: from stdin where stdin is no terminal, otherwise from a hidden prompt. Never from the command line.
 * Only its text is judged here; nobody has been asked yet.
 */
export async function readToken(shell: Shell, wanted: WantedToken): Promise<SecretShape> {
  if (process.stdin.isTTY) return askPerson(shell, wanted);
  const text = await shell.readStdin();
  if (text.trim() === "" && wanted.kept === null) {
    throw new Stop(
      EXIT.personNeeded,
      "a new token is needed and none came on stdin; nothing has been changed",
      `\`${wanted.typed} < FILE-WITH-THE-TOKEN\` reads it from a file or a pipe`,
    );
  }
  const found = examine(shell, text, wanted);
  if (typeof found === "string") throw new Stop(EXIT.personNeeded, `${found}; nothing has been changed`);
  return found;
}

/** The new token that a fix needs. */
export async function takeToken(shell: Shell, { way, kept }: Wanted): Promise<SecretShape> {
  return readToken(shell, {
    whyNot: (shape) => whyNotThisToken(shape, way),
    kept,
    typed: `git rekey fix --yes${way === "access-token" ? " --with access-token" : ""}`,
  });
}
