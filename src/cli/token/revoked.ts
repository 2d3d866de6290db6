import type { PlannedStep } from "../../core/plan.ts";
import { toRevokeText } from "../../report/token-table.ts";
import { agree } from "../agree.ts";
import { carryOutWork } from "../carry-out.ts";
import { type FormatFlags, perform, wantsJson } from "../command.ts";
import { EXIT, Stop } from "../exit.ts";
import { finish } from "../finish.ts";
import { listOf, ownFilesOf } from "./accounts.ts";

interface RevokedFlags extends FormatFlags {
  yes: boolean;
}

/** `git rekey token revoked [NAME]`: ticks off what has been revoked at Bitbucket; without a name, all of it. */
export async function revoked(this: unknown, flags: RevokedFlags, ...names: string[]): Promise<void> {
  await perform(async (shell) => {
    const { toRevoke } = listOf(shell);
    const [name] = names;
    const chosen = name === undefined ? toRevoke : toRevoke.filter((one) => one.name === name);
    if (name !== undefined && chosen.length === 0)
      throw new Stop(
        EXIT.misuse,
        `no token \`${name}\` is left to revoke`,
        "`git rekey token list` shows what is",
      );
    if (chosen.length === 0) {
      shell.err("git-rekey: nothing is left to revoke\n");
      return EXIT.ok;
    }
    const file = ownFilesOf(shell).accounts;
    const json = wantsJson(flags);
    if (!json) shell.out(toRevokeText(chosen, shell.outStyle));
    const which = chosen.length === 1 ? "this one" : `these ${chosen.length}`;
    await agree(
      shell,
      flags.yes,
      `Have you revoked ${which} at Bitbucket?`,
      `\`git rekey token revoked${name === undefined ? "" : ` ${name}`} --yes\` says that it is done`,
    );
    const steps = [...new Set(chosen.map((one) => one.name))].map(
      (each): PlannedStep => ({
        phase: "change",
        safety: "safe",
        answers: null,
        step: { kind: "drop-unrevoked", file, name: each },
      }),
    );
    const { cwd } = shell.self;
    const means = { cwd, token: null, action: "token", progress: () => {} } as const;
    const target = name === undefined ? "tokens that were revoked" : `token ${name}`;
    return finish(shell, await carryOutWork(shell, { steps, target, mustForget: true }, means), json);
  });
}
