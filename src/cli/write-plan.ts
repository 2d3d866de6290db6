import { writeFileSync } from "node:fs";
import type { Plan } from "../core/plan.ts";
import { hint } from "../report/terminal.ts";
import { EXIT, Stop } from "./exit.ts";
import { placeOutside } from "./obtain-token.ts";
import type { Shell } from "./shell.ts";

/** Writes a plan that `git rekey apply` carries out. */
export function writePlan(shell: Shell, plan: Plan, file: string): number {
  if (placeOutside(plan)?.kind === "command")
    throw new Stop(
      EXIT.misuse,
      "a plan file may not name a program to run, and this token comes from one: leave `--plan-out` out",
    );
  try {
    writeFileSync(file, `${JSON.stringify(plan, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Stop(
      EXIT.misuse,
      code === "EEXIST"
        ? `\`${file}\` is there already; it was not replaced`
        : `\`${file}\` cannot be written (${code})`,
    );
  }
  shell.err(hint(`\`git rekey apply ${file}\` carries it out; nothing has been changed yet`, shell.errStyle));
  return EXIT.ok;
}
