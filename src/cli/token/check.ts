import { fetchSecret } from "../../accounts/secret.ts";
import type { Account } from "../../core/account.ts";
import type { RepositoryName } from "../../core/bitbucket.ts";
import { verdictOf } from "../../core/token-look.ts";
import type { Asker } from "../../probes/answers.ts";
import { paints } from "../../report/style.ts";
import { looksText } from "../../report/token-look-text.ts";
import { perform } from "../command.ts";
import { EXIT } from "../exit.ts";
import { progressOf } from "../fix.ts";
import type { Shell } from "../shell.ts";
import { accountNamed, listOf, roomOf } from "./accounts.ts";
import { lookAtToken, openLine } from "./live-check.ts";
import { remarkOnScopes } from "./try-token.ts";
import { placesOf } from "./where-to-try.ts";

interface CheckFlags {
  repository?: readonly string[];
}

/** Asks about one account, and gives what its exit code would be. */
async function checkAccount(shell: Shell, asker: Asker, account: Account, places: readonly RepositoryName[]) {
  const whose = `\`${account.name}\``;
  const fetched = await fetchSecret(roomOf(shell), account);
  shell.out(`${paints(shell.outStyle).bold(account.name)}\n`);
  if ("trouble" in fetched) {
    const why = fetched.trouble;
    shell.out(looksText([{ what: "the token", state: "unknown", why }], shell.outStyle));
    return EXIT.unknown;
  }
  const token = shell.vault.keep(fetched.secret);
  const look = await lookAtToken(shell, asker, { ...account, whose, token, repositories: places });
  shell.out(looksText(look.looks, shell.outStyle));
  remarkOnScopes(shell, look, whose);
  const verdict = verdictOf(look);
  if (verdict === "refused") return EXIT.findings;
  return verdict === "accepted" ? EXIT.ok : EXIT.unknown;
}

/** `git rekey token check [NAME]`: is each token still accepted? 1 if one is refused, 3 if one cannot be asked about. */
export async function check(this: unknown, flags: CheckFlags, ...names: string[]): Promise<void> {
  await perform(async (shell) => {
    const list = listOf(shell);
    const [name] = names;
    const named = flags.repository ?? [];
    const chosen = name === undefined ? list.accounts : [accountNamed(list, name, "check")];
    if (chosen.length === 0) {
      shell.err("git-rekey: no token is kept here, so there is nothing to check\n");
      return EXIT.ok;
    }
    const asker = await openLine(shell);
    const codes: number[] = [];
    for (const account of chosen) {
      progressOf(shell)(`asking Bitbucket about ${account.name}`);
      const isAlone = name !== undefined;
      const places = await placesOf(shell, account, list.accounts, { named, isAlone });
      codes.push(await checkAccount(shell, asker, account, places));
    }
    return [EXIT.findings, EXIT.unknown].find((code) => codes.includes(code)) ?? EXIT.ok;
  });
}
