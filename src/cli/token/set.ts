import { fetchSecret } from "../../accounts/secret.ts";
import type { Account } from "../../core/account.ts";
import { clashWith } from "../../core/account-clash.ts";
import type { WantedAccount } from "../../core/account-steps.ts";
import type { PlannedStep } from "../../core/plan.ts";
import { carryOutWork } from "../carry-out.ts";
import { type FormatFlags, perform, wantsJson } from "../command.ts";
import { EXIT, Stop } from "../exit.ts";
import { finish } from "../finish.ts";
import type { Shell } from "../shell.ts";
import { accountNamed, listOf, ownFilesOf, roomOf } from "./accounts.ts";
import { agreeToSteps } from "./agree.ts";
import { mustBeEmail, mustBeUsername } from "./identity.ts";
import { expiryFrom, rightsOf } from "./questions.ts";

export interface SetFlags extends FormatFlags {
  expires?: string;
  email?: string;
  username?: string;
  pull: boolean;
  push: boolean;
  rest: boolean;
  yes: boolean;
}

/** The account with what the flags say about it. */
function changed(shell: Shell, flags: SetFlags, account: Account): WantedAccount {
  const { name, kind, reach } = account;
  const { email = account.email, username = account.username } = flags;
  if (flags.email !== undefined) mustBeEmail(flags.email);
  if (flags.username !== undefined) mustBeUsername(flags.username);
  if (kind === "access-token" && (flags.email !== undefined || flags.username !== undefined))
    throw new Stop(
      EXIT.misuse,
      `\`${name}\` is an access token, which is nobody's: it has no e-mail and no user name; nothing has been changed`,
    );
  const expires = flags.expires === undefined ? account.expires : expiryFrom(shell, flags.expires, kind);
  return { name, kind, reach, username, email, rights: rightsOf(flags) ?? account.rights, expires };
}

function mustSaySomething({ expires, email, username, ...flags }: SetFlags, { name }: Account): void {
  if ([expires, email, username].some((one) => one !== undefined) || rightsOf(flags) !== null) return;
  throw new Stop(
    EXIT.misuse,
    "say what is to be noted: `--expires`, `--email`, `--username`, `--pull`, `--push` or `--rest`; nothing has been changed",
    `\`git rekey token set ${name} --expires 90d\` notes its last day`,
  );
}

/** `git rekey token set NAME`: notes what is known of a token. The token itself stays as and where it is. */
export async function set(this: unknown, flags: SetFlags, ...names: string[]): Promise<void> {
  await perform(async (shell) => {
    const list = listOf(shell);
    const account = accountNamed(list, names[0], "set");
    mustSaySomething(flags, account);
    const wanted = changed(shell, flags, account);
    const others = list.accounts.filter((one) => one !== account);
    const clash = flags.username === undefined ? null : clashWith(wanted, others);
    if (clash !== null)
      throw new Stop(
        EXIT.personNeeded,
        `nothing would tell it from \`${clash.name}\`, which is for the same repositories; nothing has been changed`,
        "`git rekey token list` shows both",
      );
    // The list recognises the token by a digest, which is made anew with the entry.
    const fetched = await fetchSecret(roomOf(shell), account);
    if ("trouble" in fetched)
      throw new Stop(
        EXIT.personNeeded,
        `the token could not be read: ${fetched.trouble}; nothing has been changed`,
      );
    const file = ownFilesOf(shell).accounts;
    const put = {
      kind: "put-account",
      file,
      account: { ...wanted, secret: account.secret },
      replaces: account.added,
    } as const;
    const steps: PlannedStep[] = [{ phase: "change", safety: "safe", answers: null, step: put }];
    const json = wantsJson(flags);
    await agreeToSteps(shell, steps, {
      yes: flags.yes,
      quiet: json,
      typed: `git rekey token set ${account.name}`,
    });
    const token = shell.vault.keep(fetched.secret);
    const means = { cwd: shell.self.cwd, token, action: "token", progress: () => {} } as const;
    const work = { steps, target: `token ${account.name}`, mustForget: false };
    return finish(shell, await carryOutWork(shell, work, means), json);
  });
}
