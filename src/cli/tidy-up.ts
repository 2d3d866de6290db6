import { expireBackups } from "../steps/expire.ts";
import { recover } from "../steps/recover.ts";
import type { Shell } from "./shell.ts";

/** What earlier runs left: locks of runs that died are removed, old backups (they hold secrets) expire. */
export function tidyUp(shell: Shell): void {
  const { unfinished } = recover(shell);
  expireBackups(shell);
  for (const { id, at, action } of unfinished) {
    shell.err(
      `note: ${action === "token" || action === "hook" ? "change" : action} ${id} of ${at.slice(0, 16).replace("T", " ")} was cut off; \`git rekey undo ${id}\` puts back what it changed\n`,
    );
  }
}
