/** The person adds the key at Bitbucket; git-rekey waits, and asks Bitbucket when they say so. */
import { askLine } from "../../world/terminal.ts";
import type { Shell } from "../shell.ts";
import type { Trial } from "./try-key.ts";

interface Shown {
  /** Pages that take the key. */
  pages: readonly string[];
  publicKey: string;
  /** Stdout is for one document. */
  json: boolean;
}

/** Whether a question is on the screen. Reading a terminal cannot be called off: only the end of the process ends it. */
export interface Asked {
  isOpen: boolean;
}

interface Waiting extends Shown {
  asked: Asked;
  attended: boolean;
  try(): Promise<Trial>;
}

/** The key by itself on a line, because it is copied. */
export function showKey(shell: Shell, { pages, publicKey, json }: Shown): void {
  const where = pages.length === 1 ? "this page" : "each of these pages";
  const lines = [
    "",
    `Bitbucket takes the key on ${where}:`,
    ...pages.map((page) => `  ${page}`),
    "This is the key, with any name:",
    "",
    publicKey.trim(),
    "",
  ];
  const say = json ? shell.err : shell.out;
  say(`${lines.join("\n")}\n`);
}

const NOT_ADDED = "the key is not known at Bitbucket";

/** Why it does not go on; null once Bitbucket takes the key. */
export async function awaitPerson(shell: Shell, waiting: Waiting): Promise<string | null> {
  const first = await waiting.try();
  if (first.reads) return null;
  showKey(shell, waiting);
  if (!waiting.attended) return `${NOT_ADDED} yet (${first.why})`;
  for (;;) {
    waiting.asked.isOpen = true;
    const answer = await askLine("Press Enter when it is added (q puts everything back): ");
    waiting.asked.isOpen = false;
    if (/^q/i.test(answer.trim()))
      return `${NOT_ADDED}, and waiting for it was given up (if it was added all the same, remove it there again)`;
    const trial = await waiting.try();
    if (trial.reads) return null;
    shell.err(`git-rekey: not yet: ${trial.why}\n`);
  }
}
