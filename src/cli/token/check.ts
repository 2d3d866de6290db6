import { fetchSecret } from "../../accounts/secret.ts";
import type { Account } from "../../core/account.ts";
import type { RepositoryName } from "../../core/bitbucket.ts";
import { whyNotThisToken } from "../../core/token-advice.ts";
import { type CheckedToken, type Look, type TokenCheck, verdictOf } from "../../core/token-look.ts";
import { TOOL } from "../../core/version.ts";
import type { Asker } from "../../probes/answers.ts";
import { paints } from "../../report/style.ts";
import { hint } from "../../report/terminal.ts";
import { looksText } from "../../report/token-look-text.ts";
import { type FormatFlags, perform, printJson, wantsJson } from "../command.ts";
import { EXIT } from "../exit.ts";
import { progressOf } from "../progress.ts";
import type { Shell } from "../shell.ts";
import { accountNamed, emailBy, listOf, roomOf } from "./accounts.ts";
import { lookAtToken, openLine } from "./live-check.ts";
import { remarkOnScopes } from "./try-token.ts";
import { placesOf } from "./where-to-try.ts";

interface CheckFlags extends FormatFlags {
  repository?: readonly string[];
}

/** Whatever Bitbucket answers to a damaged token, what is seen without asking comes first. */
function seenAlone(state: Look["state"], why: string): Look {
  return { what: "the token as it is kept here", state, why };
}

/** Asks about one account. */
async function checkAccount(
  shell: Shell,
  asker: Asker,
  account: Account,
  places: readonly RepositoryName[],
): Promise<CheckedToken> {
  const { name } = account;
  const fetched = await fetchSecret(roomOf(shell), account);
  if ("trouble" in fetched)
    return { name, verdict: "unknown", looks: [seenAlone("unknown", fetched.trouble)], scopes: null };
  const token = shell.vault.keep(fetched.secret);
  const wrong = whyNotThisToken(token, null);
  const look = await lookAtToken(shell, asker, {
    ...account,
    whose: `\`${name}\``,
    token,
    repositories: places,
    emailBy: emailBy(account),
  });
  const looks = wrong === null ? look.looks : [seenAlone("refused", wrong), ...look.looks];
  return { name, verdict: verdictOf({ looks }), looks, scopes: look.scopes };
}

function show(shell: Shell, checked: CheckedToken): void {
  const { name, looks } = checked;
  shell.out(`${paints(shell.outStyle).bold(name)}\n${looksText(looks, shell.outStyle)}`);
  remarkOnScopes(shell, checked, `\`${name}\``);
}

/** What to add, where nothing could be asked with what is known. */
function sayNotLooked(shell: Shell, tokens: readonly CheckedToken[]): void {
  const [first, ...others] = tokens.filter(({ verdict }) => verdict === "not-looked").map(({ name }) => name);
  if (first === undefined) return;
  const names = [first, ...others].map((name) => `\`${name}\``).join(", ");
  const command = `git rekey token check ${first} --repository WORKSPACE/REPO`;
  shell.err(
    `git-rekey: nothing was asked about ${names}: outside its repositories, and without its account's e-mail, there is nothing to ask with\n`,
  );
  shell.err(hint(`\`${command}\` asks with a repository of yours`, shell.errStyle));
}

function codeOf(tokens: readonly CheckedToken[]): number {
  const has = (...verdicts: CheckedToken["verdict"][]) =>
    tokens.some(({ verdict }) => verdicts.includes(verdict));
  if (has("refused")) return EXIT.findings;
  return has("unknown", "not-looked") ? EXIT.unknown : EXIT.ok;
}

function documentOf({ self }: Shell, tokens: readonly CheckedToken[]): TokenCheck {
  const { host, user } = self;
  const at = new Date(self.now()).toISOString();
  return { schema: "git-rekey/token-check@1", tool: TOOL, at, host, user, tokens };
}

/** `git rekey token check [NAME]`: is each token still accepted? 1 if one is refused, 3 if one cannot be asked about. */
export async function check(this: unknown, flags: CheckFlags, ...names: string[]): Promise<void> {
  await perform(async (shell) => {
    const { accounts } = listOf(shell);
    const [name] = names;
    const json = wantsJson(flags);
    const named = flags.repository ?? [];
    const chosen = name === undefined ? accounts : [accountNamed({ accounts }, name, "check")];
    if (chosen.length === 0) shell.err("git-rekey: no token is kept here, so there is nothing to check\n");
    const tokens: CheckedToken[] = [];
    for (const account of chosen) {
      progressOf(shell)(`asking Bitbucket about ${account.name}`);
      const isAlone = name !== undefined;
      const places = await placesOf(shell, account, accounts, { named, isAlone });
      const checked = await checkAccount(shell, await openLine(shell), account, places);
      if (!json) show(shell, checked);
      tokens.push(checked);
    }
    if (json) printJson(shell, documentOf(shell, tokens));
    sayNotLooked(shell, tokens);
    return codeOf(tokens);
  });
}
