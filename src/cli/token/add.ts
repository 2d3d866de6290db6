import type { Account, AccountKind, AccountList, OwnStore, Reach, Right } from "../../core/account.ts";
import { reachText } from "../../core/account.ts";
import { clashWith, firstOf, whyNotThisName } from "../../core/account-clash.ts";
import { usualName, type WantedAccount } from "../../core/account-steps.ts";
import type { RepositoryName } from "../../core/bitbucket.ts";
import type { SecretShape } from "../../core/secret.ts";
import { type FormatFlags, perform, wantsJson } from "../command.ts";
import { EXIT, Stop } from "../exit.ts";
import { finish } from "../finish.ts";
import type { Shell } from "../shell.ts";
import { listOf, ownFilesOf } from "./accounts.ts";
import { agreeToSteps } from "./agree.ts";
import { gitAsksUs } from "./git-asks-us.ts";
import { mustBeEmail, mustBeUsername } from "./identity.ts";
import { keepToken, planKeeping } from "./keep.ts";
import { kindOfToken, takeNewToken } from "./new-token.ts";
import { ask, askEmail, askExpiry, askRights, expiryFrom, rightsOf } from "./questions.ts";
import { askStore, meaningOf, readStore, storeHint } from "./store-choice.ts";
import { tryNewToken } from "./try-token.ts";
import { namedRepositories, readFor, readRepository, repositoriesToTry } from "./where-to-try.ts";

export interface AddFlags extends FormatFlags {
  for?: string;
  name?: string;
  username?: string;
  email?: string;
  expires?: string;
  pull: boolean;
  push: boolean;
  rest: boolean;
  store?: string;
  repository?: readonly string[];
  open: boolean;
  yes: boolean;
}

/** What the flags say, each part null where they leave it open. */
interface Wish {
  reach: Reach;
  name: string | null;
  username: string | null;
  email: string | null;
  rights: readonly Right[] | null;
  store: OwnStore | null;
}

function misuse(sentence: string): never {
  throw new Stop(EXIT.misuse, `${sentence}; nothing has been changed`);
}

function mustBeFree(name: string, { accounts }: AccountList): void {
  if (!accounts.some((one) => one.name === name)) return;
  throw new Stop(
    EXIT.personNeeded,
    `there is a token \`${name}\` here already; nothing has been changed`,
    `\`git rekey token rotate ${name}\` replaces it, \`git rekey token add --name OTHER\` keeps both`,
  );
}

function readWish(shell: Shell, flags: AddFlags): Wish {
  const { name = null, username = null, email = null } = flags;
  const wrongName = name === null ? null : whyNotThisName(name);
  if (wrongName !== null) misuse(`the name given to \`--name\` ${wrongName}`);
  if (username !== null) mustBeUsername(username);
  if (email !== null) mustBeEmail(email);
  const reach = readFor(flags.for);
  if (flags.expires !== undefined) expiryFrom(shell, flags.expires, reach === null ? "api-token" : null);
  namedRepositories(shell, flags.repository ?? [], reach);
  const store = flags.store === undefined ? null : readStore(shell, flags.store);
  return { reach, name, username, email, rights: rightsOf(flags), store };
}

/** Two accounts that nothing Git sends could tell apart would make one of them useless. */
function mustDiffer(reach: Reach, username: string | null | undefined, { accounts }: AccountList): void {
  const other = clashWith({ reach, username }, accounts);
  if (other === null) return;
  const named =
    other.username === null
      ? `, \`--username\` here and with \`git rekey token set ${other.name}\` tells two people's apart`
      : ", or `--username` if this one is somebody else's";
  throw new Stop(
    EXIT.personNeeded,
    `\`${other.name}\` answers for ${reachText(reach)} already, and nothing that Git sends would tell the two apart; nothing has been changed`,
    `\`git rekey token rotate ${other.name}\` replaces its token; \`--for\` makes this one answer for fewer repositories${named}`,
  );
}

/** What nobody will be asked has to be said before. */
async function mustBeComplete(shell: Shell, flags: AddFlags, mayAsk: boolean): Promise<void> {
  if (mayAsk) return;
  if (!flags.yes)
    throw new Stop(
      EXIT.personNeeded,
      "there is no terminal to ask at; nothing has been changed",
      `\`${lineToType(flags)}\` takes everything from the command line, and the token from stdin`,
    );
  const missing = [
    ...(flags.store === undefined ? ["where the token is kept (`--store`)"] : []),
    ...(flags.expires === undefined ? ["when it expires (`--expires`)"] : []),
    ...(flags.rest && flags.email === undefined && flags.for === undefined
      ? ["the Atlassian account's e-mail, which REST wants (`--email`)"]
      : []),
  ];
  if (missing.length === 0) return;
  const places = flags.store === undefined ? `; for \`--store\` there is ${await storeHint(shell)}` : "";
  throw new Stop(
    EXIT.personNeeded,
    `with \`--yes\` nobody is asked, so say ${missing.join(" and ")}; nothing has been changed`,
    `\`${lineToType(flags)}\` has all of it${places}`,
  );
}

function lineToType({ store, expires, rest, email }: AddFlags): string {
  const given = [
    `--store ${store === undefined || /\s/.test(store) ? "file" : store}`,
    `--expires ${expires ?? "365d"}`,
    ...(rest ? [`--rest --email ${email ?? "YOU@EXAMPLE.COM"}`] : []),
  ];
  return `git rekey token add --yes ${given.join(" ")}`;
}

/** Where it is tried. A person is asked where nothing else tells. */
async function whereToTry(
  shell: Shell,
  flags: AddFlags,
  reach: Reach,
  mayAsk: boolean,
): Promise<RepositoryName[]> {
  const names = flags.repository ?? [];
  const found = await repositoriesToTry(shell, names, reach);
  if (names.length > 0) return found;
  // One tells whether the token is good. What other remotes the folder has may be other people's.
  if (found.length > 0 || !mayAsk) return found.slice(0, 1);
  const answer = await ask(shell, "A repository to try it with, such as acme/site (Enter for none): ");
  return answer === "" ? [] : [readRepository(shell, answer)];
}

/** Everything about the account but where its token is. */
async function describe(
  shell: Shell,
  flags: AddFlags,
  list: AccountList,
  known: Wish & { rights: readonly Right[]; token: SecretShape; mayAsk: boolean },
): Promise<WantedAccount> {
  const { reach, rights, token, mayAsk } = known;
  const kind: AccountKind = kindOfToken(token);
  const isPersons = kind === "api-token";
  const email = isPersons ? (known.email ?? (mayAsk ? await askEmail(shell) : null)) : null;
  const repositories = await whereToTry(shell, flags, reach, mayAsk);
  const look = await tryNewToken(shell, {
    token,
    kind,
    rights,
    email,
    emailBy: "--email",
    reach,
    repositories,
  });
  if (known.username !== null && look.username !== null && known.username !== look.username)
    shell.err(`note: Bitbucket says that the token is \`${look.username}\`'s, not \`${known.username}\`'s\n`);
  const username = isPersons ? (look.username ?? known.username) : null;
  mustDiffer(reach, username, list);
  const name = known.name ?? usualName({ reach, username, email }, kind);
  mustBeFree(name, list);
  const expires =
    flags.expires === undefined ? await askExpiry(shell, kind) : expiryFrom(shell, flags.expires, kind);
  return { name, kind, reach, username, email, rights, expires };
}

function remarkOnOthers(shell: Shell, wanted: WantedAccount, accounts: readonly Account[]): void {
  const first = firstOf(wanted.reach, accounts);
  if (first === null) return;
  shell.err(
    `note: requests for ${reachText(wanted.reach)} that name nobody get \`${first.name}\`; those that name \`${wanted.username}\` get this one\n`,
  );
}

/** `git rekey token add`: guided at a terminal; with `--yes` everything comes from the flags and stdin. */
export async function add(this: unknown, flags: AddFlags): Promise<void> {
  await perform(async (shell) => {
    const list = listOf(shell);
    ownFilesOf(shell);
    const wish = readWish(shell, flags);
    if (wish.name !== null) mustBeFree(wish.name, list);
    mustDiffer(wish.reach, wish.username ?? undefined, list);
    const mayAsk = shell.hasTerminal && !flags.yes;
    await mustBeComplete(shell, flags, mayAsk);
    const rights = wish.rights ?? (mayAsk ? await askRights(shell) : (["pull"] as const));
    const store = wish.store ?? (await askStore(shell));
    const means = meaningOf(store);
    if (means !== null) shell.err(`note: ${means}\n`);
    const { reach } = wish;
    const typed = lineToType(flags);
    const token = await takeNewToken(shell, store, {
      kind: null,
      reach,
      rights,
      open: flags.open,
      mayAsk,
      typed,
    });
    const wanted = await describe(shell, flags, list, { ...wish, rights, token, mayAsk });
    remarkOnOthers(shell, wanted, list.accounts);
    const plan = planKeeping(shell, { wanted, store, current: null });
    const json = wantsJson(flags);
    await agreeToSteps(shell, plan.steps, { yes: flags.yes, quiet: json, typed: "git rekey token add" });
    const result = await keepToken(shell, plan, token);
    const next = (await gitAsksUs(shell))
      ? null
      : "Git does not ask git-rekey for tokens yet; `git rekey fix --with helper` makes it";
    return finish(shell, result, json, next);
  });
}
