/** From an account that is wanted to the steps that make it so. Pure. */
import type { Account, AccountKind, OwnStore, SecretPlace } from "./account.ts";
import { GIT_HOST } from "./bitbucket.ts";
import {
  type FileStep,
  type HelperStep,
  OS_KEYCHAIN,
  type PersonStep,
  type PlannedAccount,
  type PlannedUnrevoked,
} from "./plan.ts";
import { pageOf } from "./token-advice.ts";

/** Where git-rekey keeps what is its own. */
export interface OwnFiles {
  /** The list of accounts. */
  accounts: string;
  /** The folder of tokens kept in files. */
  tokens: string;
  /** Names that tokens have there and in the keychain: two accounts can have names that make the same one. */
  taken: readonly string[];
}

/** Everything about an account but the exact place of its token. */
export type WantedAccount = Omit<PlannedAccount, "secret">;

export interface AccountSteps {
  account: PlannedAccount;
  /** Token first, then the list that names it: so the helper always finds what the list says. */
  change: readonly (FileStep | HelperStep)[];
  /** What takes the former token away, once nothing uses it any more. */
  cleanUp: readonly (FileStep | HelperStep)[];
  /** What only the person can do afterwards. */
  todo: readonly PersonStep[];
}

/** As a file's name: nothing that leads elsewhere, nothing that a system would take amiss. */
function plainName(name: string): string {
  return name.replace(/[^\w.@-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "") || "token";
}

/** A name that no token has, the current one least of all: it must stay until the new one is proven. */
function nextName(name: string, current: SecretPlace | null, taken: readonly string[]): string {
  const base = plainName(name);
  const known = current !== null && "name" in current ? /-(\d{1,9})$/.exec(current.name)?.[1] : undefined;
  let number = Number(known ?? 0) + 1;
  while (taken.includes(`${base}-${number}`)) number++;
  return `${base}-${number}`;
}

function placeFor(
  store: OwnStore,
  name: string,
  current: SecretPlace | null,
  { taken }: OwnFiles,
): SecretPlace {
  if ("name" in store || "argv" in store) return store;
  return { kind: store.kind, name: nextName(name, current, taken) };
}

/** An item of the operating system's keychain, as a place in a helper. */
export const inKeychain = (name: string) => ({
  helper: OS_KEYCHAIN,
  host: GIT_HOST,
  path: null,
  username: name,
});

function keep(place: SecretPlace, { tokens }: OwnFiles): (FileStep | HelperStep)[] {
  if (place.kind === "file")
    return [{ kind: "put-token", file: `${tokens}/${place.name}`, password: "newToken" }];
  if (place.kind === "keychain")
    return [{ kind: "helper-store", ...inKeychain(place.name), password: "newToken" }];
  return [];
}

/** What takes a kept token away. A variable or a program's answer is somebody else's to remove. */
export function forgetSecret(place: SecretPlace, { tokens }: OwnFiles): (FileStep | HelperStep)[] {
  if (place.kind === "file") return [{ kind: "drop-token", file: `${tokens}/${place.name}` }];
  return place.kind === "keychain" ? [{ kind: "helper-erase", ...inKeychain(place.name) }] : [];
}

/** Puts an account into the list, in the place of the one with its name. `current`: that one, if there is one. */
export function keepAccount(
  wanted: WantedAccount,
  store: OwnStore,
  current: Account | null,
  own: OwnFiles,
): AccountSteps {
  const secret = placeFor(store, wanted.name, current?.secret ?? null, own);
  const account = { ...wanted, secret };
  const put = { kind: "put-account", file: own.accounts, account, replaces: current?.added ?? null } as const;
  const kept = [...keep(secret, own), put];
  if (current === null) return { account, change: kept, cleanUp: [], todo: [] };
  const revoke = unrevoked(current);
  return {
    account,
    change: [...kept, { kind: "put-unrevoked", file: own.accounts, revoke }],
    cleanUp: forgetSecret(current.secret, own),
    todo: [revokeByHand(revoke)],
  };
}

/** What is left to do at Bitbucket about a token that is no longer used here. */
export function unrevoked({ name, kind, reach }: Pick<Account, "name" | "kind" | "reach">): PlannedUnrevoked {
  return { name, kind, page: pageOf(kind, reach) };
}

/** What only the person can do, and the line that says it is done. */
export function revokeByHand({ name, page }: PlannedUnrevoked): PersonStep {
  return {
    kind: "person",
    what: `revoke the old token \`${name}\` at ${page}, then tick it off`,
    command: `git rekey token revoked ${name}`,
  };
}

/** A name for an account that has been given none: the repository or workspace it is for, else the person. */
export function usualName(
  { reach, username, email }: Pick<WantedAccount, "reach" | "username" | "email">,
  kind: AccountKind,
): string {
  if (reach?.repository) return `${reach.workspace}/${reach.repository}`;
  if (kind === "access-token" && reach !== null) return reach.workspace;
  return username ?? email ?? reach?.workspace ?? "bitbucket";
}
