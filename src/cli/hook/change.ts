/** `git rekey hook install` and `remove`: a few lines in the hooks that are there, undone like everything else. */
import type { HookStep } from "../../core/plan.ts";
import { VERSION } from "../../core/version.ts";
import { tame } from "../../report/style.ts";
import { shortPath } from "../../report/terminal.ts";
import { openTransaction } from "../../steps/transaction.ts";
import { agree } from "../agree.ts";
import type { CarriedOut } from "../carry-out.ts";
import { type FormatFlags, perform, wantsJson } from "../command.ts";
import { EXIT } from "../exit.ts";
import { finish } from "../finish.ts";
import type { Shell } from "../shell.ts";
import { type HookPlace, hookPlaces } from "./place.ts";

export interface HookFlags extends FormatFlags {
  yes: boolean;
}

async function carryOut(shell: Shell, steps: readonly HookStep[]): Promise<CarriedOut> {
  const tx = openTransaction(shell, { action: "hook", target: shell.self.cwd, version: VERSION });
  try {
    for (const step of steps) await tx.changeFile(step.file, [step], null);
    return { receipt: tx.close(), failed: null };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { receipt: await tx.rollBack(), failed: { reason, code: EXIT.findings } };
  }
}

/** Where hooks are somebody else's business, what to add there is said and not done. */
function say(shell: Shell, places: readonly HookPlace[]): void {
  for (const place of places) {
    if (!("by" in place)) continue;
    shell.err(`git-rekey: ${place.hook} is left to ${tame(place.by)}; add there:\n\n`);
    shell.err(`${tame(place.add).replace(/^/gm, "    ")}\n\n`);
  }
}

async function change(
  shell: Shell,
  flags: HookFlags,
  steps: readonly HookStep[],
  words: { question: string; command: string; nothing: string },
): Promise<number> {
  if (steps.length === 0) {
    shell.err(`git-rekey: ${words.nothing}; nothing has been changed\n`);
    return EXIT.ok;
  }
  const json = wantsJson(flags);
  if (!json) for (const { file } of steps) shell.out(`${tame(shortPath(file, shell.self.home))}\n`);
  await agree(shell, flags.yes, words.question, `\`git rekey hook ${words.command} --yes\` agrees to it`);
  return finish(shell, await carryOut(shell, steps), json);
}

/** Exit 4 where a person has to add something. */
export async function install(this: unknown, flags: HookFlags): Promise<void> {
  await perform(async (shell) => {
    const places = await hookPlaces(shell);
    const steps = places.flatMap((place): HookStep[] =>
      "by" in place || place.isThere
        ? []
        : [{ kind: "put-hook", file: place.file, hook: place.hook, program: place.program }],
    );
    say(shell, places);
    const isLeft = places.some((place) => "by" in place);
    if (isLeft && steps.length === 0) return EXIT.personNeeded;
    const code = await change(shell, flags, steps, {
      question: "Have these hooks look for credentials?",
      command: "install",
      nothing: "the hooks are there already",
    });
    return code === EXIT.ok && isLeft ? EXIT.personNeeded : code;
  });
}

export async function remove(this: unknown, flags: HookFlags): Promise<void> {
  await perform(async (shell) => {
    const places = await hookPlaces(shell);
    const steps = places.flatMap((place): HookStep[] =>
      "by" in place || !place.isThere ? [] : [{ kind: "drop-hook", file: place.file }],
    );
    return change(shell, flags, steps, {
      question: "Take the search for credentials out of these hooks?",
      command: "remove",
      nothing: "no hook here has lines of git-rekey",
    });
  });
}
