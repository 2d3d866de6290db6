import { isDeepStrictEqual } from "node:util";
import { isTokenOf } from "../../accounts/digest.ts";
import type { Account, OwnStore } from "../../core/account.ts";
import type { RepositoryName } from "../../core/bitbucket.ts";
import type { SecretShape } from "../../core/secret.ts";
import { type FormatFlags, perform, wantsJson } from "../command.ts";
import { EXIT, Stop } from "../exit.ts";
import { finish } from "../finish.ts";
import type { Shell } from "../shell.ts";
import { accountNamed, emailBy, listOf } from "./accounts.ts";
import { agreeToSteps } from "./agree.ts";
import { keepToken, planKeeping } from "./keep.ts";
import { takeNewToken } from "./new-token.ts";
import { askExpiry, expiryFrom } from "./questions.ts";
import { meaningOf, readStore } from "./store-choice.ts";
import { tryNewToken } from "./try-token.ts";
import { placesOf } from "./where-to-try.ts";

export interface RotateFlags extends FormatFlags {
  expires?: string;
  store?: string;
  repository?: readonly string[];
  unverified: boolean;
  open: boolean;
  yes: boolean;
}

/** The place it is in now, unless another is wanted. */
function storeOf(shell: Shell, { secret }: Account, wanted: string | undefined): OwnStore {
  if (wanted !== undefined) return readStore(shell, wanted);
  return secret.kind === "env" || secret.kind === "command" ? secret : { kind: secret.kind };
}

/** Verified means: everywhere the old one is known to be used. Nowhere is not enough. */
function mustKnowPlaces(places: readonly RepositoryName[], { name }: Account, unverified: boolean): void {
  if (places.length > 0 || unverified) return;
  throw new Stop(
    EXIT.personNeeded,
    `no repository is known in which \`${name}\` is used, so a new token could not be tried (\`--unverified\` does without); nothing has been changed`,
    `\`git rekey token rotate ${name} --repository WORKSPACE/REPO\` names one`,
  );
}

function mustBeComplete(shell: Shell, flags: RotateFlags, { name }: Account): boolean {
  const mayAsk = shell.hasTerminal && !flags.yes;
  if (mayAsk) return true;
  if (!flags.yes)
    throw new Stop(
      EXIT.personNeeded,
      "there is no terminal to ask at; nothing has been changed",
      `\`git rekey token rotate ${name} --yes --expires ${flags.expires ?? "365d"}\` takes the token from stdin`,
    );
  if (flags.expires !== undefined) return false;
  throw new Stop(
    EXIT.personNeeded,
    "with `--yes` nobody is asked, so say when the new token expires (`--expires`); nothing has been changed",
    `\`git rekey token rotate ${name} --yes --expires 365d\` says a year, \`--expires unknown\` leaves it open`,
  );
}

function mustBeNew(shell: Shell, account: Account, token: SecretShape): void {
  if (!isTokenOf(account, shell.vault.reveal(token))) return;
  throw new Stop(
    EXIT.personNeeded,
    `this is the token that \`${account.name}\` has now; nothing has been changed`,
  );
}

/** What somebody else keeps can change without us, so nobody here can tell whether it has. */
function remarkOnOutside(shell: Shell, store: OwnStore, { secret }: Account): void {
  if (store.kind !== "env" && store.kind !== "command") return;
  if (!isDeepStrictEqual(store, secret)) return;
  const where = store.kind === "env" ? `\`${store.name}\`` : `what \`${store.argv[0]}\` gives`;
  shell.err(
    `note: ${where} must be the new token already: git-rekey does not know the old one, and cannot tell them apart\n`,
  );
}

async function takeAndTry(
  shell: Shell,
  flags: RotateFlags,
  account: Account,
  { store, places, mayAsk }: { store: OwnStore; places: readonly RepositoryName[]; mayAsk: boolean },
): Promise<SecretShape> {
  const { name, kind, reach, rights, email } = account;
  const typed = `git rekey token rotate ${name} --yes --expires ${flags.expires ?? "365d"}`;
  const token = await takeNewToken(shell, store, { kind, reach, rights, open: flags.open, mayAsk, typed });
  mustBeNew(shell, account, token);
  if (flags.unverified) shell.err("note: `--unverified`: Bitbucket was not asked about the new token\n");
  else
    await tryNewToken(shell, {
      token,
      kind,
      rights,
      email,
      emailBy: emailBy(account),
      reach,
      repositories: places,
    });
  return token;
}

/** `git rekey token rotate NAME`: the new token in and tried; only then is the old one forgotten. */
export async function rotate(this: unknown, flags: RotateFlags, ...names: string[]): Promise<void> {
  await perform(async (shell) => {
    const list = listOf(shell);
    const account = accountNamed(list, names[0], "rotate");
    const { name, kind, reach, username, email, rights } = account;
    if (flags.expires !== undefined) expiryFrom(shell, flags.expires, kind);
    const store = storeOf(shell, account, flags.store);
    const mayAsk = mustBeComplete(shell, flags, account);
    const named = flags.repository ?? [];
    const places = flags.unverified
      ? []
      : await placesOf(shell, account, list.accounts, { named, isAlone: true });
    mustKnowPlaces(places, account, flags.unverified);
    const means = flags.store === undefined ? null : meaningOf(store);
    if (means !== null) shell.err(`note: ${means}\n`);
    remarkOnOutside(shell, store, account);
    const token = await takeAndTry(shell, flags, account, { store, places, mayAsk });
    const expires =
      flags.expires === undefined ? await askExpiry(shell, kind) : expiryFrom(shell, flags.expires, kind);
    const wanted = { name, kind, reach, username, email, rights, expires };
    const plan = planKeeping(shell, { wanted, store, current: account });
    const json = wantsJson(flags);
    await agreeToSteps(shell, plan.steps, {
      yes: flags.yes,
      quiet: json,
      typed: `git rekey token rotate ${name}`,
    });
    return finish(shell, await keepToken(shell, plan, token), json);
  });
}
