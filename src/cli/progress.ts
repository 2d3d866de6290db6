import { oneLine } from "../report/style.ts";
import type { Shell } from "./shell.ts";

/** Progress is for terminals; in a pipe it would only be noise. */
export function progressOf(shell: Shell): (text: string) => void {
  return (text) => {
    if (process.stderr.isTTY) shell.err(`  … ${oneLine(text)}\n`);
  };
}
