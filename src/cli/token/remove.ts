import { forgetAnswers } from "../../accounts/answers.ts";
import type { Account } from "../../core/account.ts";
import { forgetSecret, revokeByHand, unrevoked } from "../../core/account-steps.ts";
import type { PlannedStep, Step } from "../../core/plan.ts";
import { carryOutWork } from "../carry-out.ts";
import { type FormatFlags, perform, wantsJson } from "../command.ts";
import { finish } from "../finish.ts";
import type { Shell } from "../shell.ts";
import { accountNamed, listOf, ownFilesOf } from "./accounts.ts";
import { agreeToSteps } from "./agree.ts";

interface RemoveFlags extends FormatFlags {
  yes: boolean;
}

/** The list first: the helper must never find a name in it whose token is gone. */
function stepsToRemove(shell: Shell, account: Account): PlannedStep[] {
  const { name, added, secret } = account;
  const own = ownFilesOf(shell);
  const revoke = unrevoked(account);
  const steps: [PlannedStep["phase"], Step][] = [
    ["change", { kind: "drop-account", file: own.accounts, name, added, revoke }],
    ...forgetSecret(secret, own).map((step): [PlannedStep["phase"], Step] => ["cleanUp", step]),
    ["verify", revokeByHand(revoke)],
  ];
  return steps.map(([phase, step]) => ({ phase, safety: "safe", answers: null, step }));
}

/** `git rekey token remove NAME`: it is forgotten here, and lives at Bitbucket until somebody revokes it there. */
export async function remove(this: unknown, flags: RemoveFlags, ...names: string[]): Promise<void> {
  await perform(async (shell) => {
    const account = accountNamed(listOf(shell), names[0], "remove");
    const steps = stepsToRemove(shell, account);
    const json = wantsJson(flags);
    await agreeToSteps(shell, steps, {
      yes: flags.yes,
      quiet: json,
      typed: `git rekey token remove ${account.name}`,
    });
    const { cwd } = shell.self;
    const means = { cwd, token: null, action: "token", progress: () => {} } as const;
    const result = await carryOutWork(
      shell,
      { steps, target: `token ${account.name}`, mustForget: true },
      means,
    );
    if (result.failed === null) forgetAnswers(shell.self, account);
    return finish(shell, result, json);
  });
}
