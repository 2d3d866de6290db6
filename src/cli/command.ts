import { mask } from "../core/url.ts";
import { oneLine } from "../report/style.ts";
import { hint } from "../report/terminal.ts";
import { Refusal } from "../steps/refusal.ts";
import { openOutput } from "../world/output.ts";
import { FolderGone } from "../world/self.ts";
import { Cancelled } from "../world/terminal.ts";
import { EXIT, Stop } from "./exit.ts";
import { openShell, type Shell } from "./shell.ts";

/**
 * Runs a command's body and turns whatever comes out of it into an exit code: a `Stop` is one clear sentence,
 * anything else is our own fault and is said to be.
 */
export async function perform(body: (shell: Shell) => Promise<number>): Promise<void> {
  const shell = openOwnShell();
  if (shell === null) return;
  try {
    process.exitCode = await body(shell);
  } catch (error) {
    process.exitCode = fail(shell, error);
  }
}

function openOwnShell(): Shell | null {
  try {
    return openShell();
  } catch (error) {
    if (!(error instanceof FolderGone)) throw error;
    openOutput(2).write("git-rekey: the folder it was started in is gone; go to another one first\n");
    process.exitCode = EXIT.misuse;
    return null;
  }
}

function fail(shell: Shell, error: unknown): number {
  if (error instanceof Cancelled) {
    shell.err("\ngit-rekey: cancelled; nothing has been changed\n");
    return EXIT.cancelled;
  }
  if (error instanceof Stop) {
    if (error.message !== "") shell.err(`git-rekey: ${oneLine(error.message)}\n`);
    if (error.hint !== null) shell.err(hint(oneLine(error.hint), shell.errStyle));
    return error.code;
  }
  if (error instanceof Refusal) {
    shell.err(`git-rekey: ${oneLine(error.message)}\n`);
    return EXIT.misuse;
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  shell.err(`git-rekey: it failed itself (${oneLine(mask(what))}); nothing more was done\n`);
  return EXIT.misuse;
}

export interface FormatFlags {
  format: "text" | "json";
  json: boolean;
}

export function wantsJson(flags: FormatFlags): boolean {
  return flags.json || flags.format === "json";
}

/** One JSON document on stdout. */
export function printJson(shell: Shell, document: unknown): void {
  shell.out(`${JSON.stringify(document, null, 2)}\n`);
}
