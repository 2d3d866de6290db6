/** Which repositories a token is tried with. */

import { type Account, chooseAccount, type Reach, reachText, readReach } from "../../core/account.ts";
import { isWithin } from "../../core/account-clash.ts";
import type { RepositoryName } from "../../core/bitbucket.ts";
import { readRemoteUrl } from "../../core/remote-url.ts";
import { repositoriesHere } from "../../helper/remotes.ts";
import { EXIT, Stop } from "../exit.ts";
import type { Shell } from "../shell.ts";

/** `acme/site`, or a URL of it. Throws a `Stop` for anything else. */
export function readRepository(shell: Shell, text: string): RepositoryName {
  const plain = readReach(text);
  if (plain?.repository) return { workspace: plain.workspace, repository: plain.repository };
  const url = readRemoteUrl(text, (secret) => shell.vault.keep(secret));
  if (url.isBitbucket && url.repository !== null) return url.repository;
  throw new Stop(
    EXIT.misuse,
    `\`${url.text}\`, given to \`--repository\`, is no repository at bitbucket.org: write it as \`acme/site\`, or as its URL`,
  );
}

/** `--for acme/site`, `--for acme`. Throws a `Stop` for anything else. */
export function readFor(text: string | undefined): Reach {
  if (text === undefined) return null;
  const reach = readReach(text);
  if (reach === null)
    throw new Stop(
      EXIT.misuse,
      `\`${text}\`, given to \`--for\`, is neither a workspace nor a repository: write it as \`acme\` or \`acme/site\``,
    );
  return reach;
}

/** The repositories that the flags name, all of them within what the token is for. */
export function namedRepositories(shell: Shell, names: readonly string[], reach: Reach): RepositoryName[] {
  const found = names.flatMap((name) => name.split(",")).map((name) => readRepository(shell, name.trim()));
  const stray = found.find((one) => !isWithin(reach, one));
  if (stray)
    throw new Stop(
      EXIT.misuse,
      `\`${stray.workspace}/${stray.repository}\` is not within ${reachText(reach)}, which the token is for`,
    );
  return found;
}

/** The ones named, else the one the token is for, else those of the current folder that the token is for. */
export async function repositoriesToTry(
  shell: Shell,
  names: readonly string[],
  reach: Reach,
): Promise<RepositoryName[]> {
  const named = namedRepositories(shell, names, reach);
  if (named.length > 0) return named;
  if (reach?.repository) return [{ workspace: reach.workspace, repository: reach.repository }];
  const here = await repositoriesHere(shell.run, shell.self.cwd);
  return here.filter((one) => isWithin(reach, one));
}

/**
 * Where an account's token answers: the repositories named, its own one, or those of the current folder that get it.
 * `isAlone`: no other account is asked about, so a repository that it does not answer for is a mistake.
 */
export async function placesOf(
  shell: Shell,
  account: Account,
  accounts: readonly Account[],
  { named, isAlone }: { named: readonly string[]; isAlone: boolean },
): Promise<RepositoryName[]> {
  const { reach, username } = account;
  if (named.length > 0)
    return namedRepositories(shell, named, isAlone ? reach : null).filter((one) => isWithin(reach, one));
  const found = await repositoriesToTry(shell, [], reach);
  return found.filter((place) => chooseAccount({ username, place }, accounts) === account);
}
