/** Keeps a token that has been looked at: first the new one, then whatever it replaces goes. */
import { forgetAnswers } from "../../accounts/answers.ts";
import { fetchSecret } from "../../accounts/secret.ts";
import type { Account, OwnStore } from "../../core/account.ts";
import { keepAccount, type WantedAccount } from "../../core/account-steps.ts";
import type { PlannedStep, Step } from "../../core/plan.ts";
import type { SecretShape } from "../../core/secret.ts";
import { type CarriedOut, carryOutWork } from "../carry-out.ts";
import type { Shell } from "../shell.ts";
import { ownFilesOf, roomOf } from "./accounts.ts";

export interface Keeping {
  wanted: WantedAccount;
  store: OwnStore;
  /** The account whose token is replaced; null for a new one. */
  current: Account | null;
}

/** The steps, and the account that they make. */
export interface PlannedKeeping {
  account: Pick<Account, "name" | "secret">;
  steps: readonly PlannedStep[];
}

function inPhase(phase: PlannedStep["phase"], steps: readonly Step[]): PlannedStep[] {
  return steps.map((step) => ({ phase, safety: "safe", answers: null, step }));
}

export function planKeeping(shell: Shell, { wanted, store, current }: Keeping): PlannedKeeping {
  const { account, change, cleanUp, todo } = keepAccount(wanted, store, current, ownFilesOf(shell));
  return {
    account,
    steps: [...inPhase("change", change), ...inPhase("cleanUp", cleanUp), ...inPhase("verify", todo)],
  };
}

/** What Git would be given must be what was looked at, before anything that works is taken away. */
async function confirmKept(shell: Shell, account: PlannedKeeping["account"], token: SecretShape) {
  if (account.secret.kind === "env" || account.secret.kind === "command") return null;
  const kept = await fetchSecret(roomOf(shell), account);
  if ("trouble" in kept) return `the new token cannot be read back: ${kept.trouble}`;
  return kept.secret === shell.vault.reveal(token)
    ? null
    : "somebody else has put another token into the same place meanwhile";
}

/** Carries it out. Whatever goes wrong, all is put back as it was, and the former token works on. */
export async function keepToken(
  shell: Shell,
  { account, steps }: PlannedKeeping,
  token: SecretShape,
): Promise<CarriedOut> {
  const result = await carryOutWork(
    shell,
    { steps, mustForget: true, target: `token ${account.name}` },
    {
      cwd: shell.self.cwd,
      token,
      action: "token",
      progress: () => {},
      confirm: () => confirmKept(shell, account, token),
    },
  );
  // What became of answers with the former token says nothing of this one.
  if (result.failed === null) forgetAnswers(shell.self, account);
  return result;
}
