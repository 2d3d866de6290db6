import { type Account, type AccountKind, gitUserOf, type OwnStore, type Unrevoked } from "./account.ts";
import type { RepositoryName } from "./bitbucket.ts";
import type { Hook } from "./hook.ts";
import type { CheckId } from "./ids.ts";

/** Steps that change one file. All text in them is free of secrets; `newToken` stands where the new one goes. */
export type FileStep =
  /** Give an existing entry of a Git configuration file another value. */
  | { kind: "set-config"; file: string; entry: ConfigEntryName; to: string }
  /** Take an entry out of a Git configuration file (and its section, when nothing is left in it). */
  | { kind: "unset-config"; file: string; entry: ConfigEntryName }
  /** Append a section to a Git configuration file; `lines` in order, because Git obeys the order of helpers. */
  | {
      kind: "add-config";
      file: string;
      section: string;
      subsection: string | null;
      lines: readonly ConfigLine[];
    }
  /** Give an entry of a netrc file another login and the new token. */
  | { kind: "set-netrc"; file: string; entry: NetrcEntryName; login: string; password: "newToken" }
  /** Take one entry out of a netrc file; comments and macros stay. */
  | { kind: "drop-netrc"; file: string; entry: NetrcEntryName }
  /** Put the new token first in a file of Git's `store` helper. */
  | {
      kind: "put-stored";
      file: string;
      host: string;
      path: string | null;
      username: string;
      password: "newToken";
    }
  /** Take one entry out of a file of Git's `store` helper. */
  | { kind: "drop-stored"; file: string; entry: StoredEntryName }
  /**
   * Put an account into git-rekey's list. `replaces`: when the one with its name was added that it takes the place of,
   * null where there is none; so that nobody's account is lost who was quicker.
   */
  | { kind: "put-account"; file: string; account: PlannedAccount; replaces: string | null }
  /**
   * Take an account out of the list: the one with its name that was `added` then, whose token goes with it. `revoke`:
   * what is left to do at Bitbucket.
   */
  | { kind: "drop-account"; file: string; name: string; added: string; revoke: PlannedUnrevoked | null }
  /** Add to the list of what is left to revoke at Bitbucket. */
  | { kind: "put-unrevoked"; file: string; revoke: PlannedUnrevoked }
  /** Take from that list what somebody has revoked: everything of that name. */
  | { kind: "drop-unrevoked"; file: string; name: string }
  /** Write the new token into a file of its own. */
  | { kind: "put-token"; file: string; password: "newToken" }
  /** Remove a file that holds nothing but a token. */
  | { kind: "drop-token"; file: string }
  /** Write one half of the new SSH key into a file of its own, which is not there yet. */
  | { kind: "put-ssh-key"; file: string; half: "private" | "public" }
  /** Add Bitbucket's published host keys to a known_hosts file, for one host, named as ssh names it there. */
  | { kind: "add-known-hosts"; file: string; host: string }
  /** Take one line of a host out of a known_hosts file (or, of a line that others share, its name). */
  | { kind: "drop-known-host"; file: string; entry: KnownHostName }
  /** Put a `Host` block before everything else in ssh's configuration, where the first word on a matter counts. */
  | { kind: "add-ssh-host"; file: string; block: SshHostBlock }
  /** Close a file to others. */
  | { kind: "set-mode"; file: string; mode: number };

/** A file that makes the system run git-rekey now and then. Never part of a plan: there is a command in it. */
export type TimerStep =
  | { kind: "put-timer"; file: string; text: string }
  | { kind: "drop-timer"; file: string };

/** Our block in a hook of Git. Never part of a plan: there is a command in it. */
export type HookStep =
  | { kind: "put-hook"; file: string; hook: Hook; program: string }
  | { kind: "drop-hook"; file: string };

/** An account as far as a plan can know it: the token and the time come when it is carried out. */
export type PlannedAccount = Omit<Account, "digest" | "added">;

export type PlannedUnrevoked = Omit<Unrevoked, "since">;

/** The helper that stands for the operating system's keychain: no name that Git could run. */
export const OS_KEYCHAIN = "keychain:git-rekey";

/** Steps that talk to a credential helper, which keeps its secrets where no file of ours is. */
export type HelperStep =
  | {
      kind: "helper-store";
      helper: string;
      host: string;
      path: string | null;
      username: string;
      password: "newToken";
    }
  | { kind: "helper-erase"; helper: string; host: string; path: string | null; username: string };

/** Tells Bitbucket of the new SSH key: adds it to a repository as an access key, which reads and cannot push. */
export type RegisterStep = {
  kind: "register-key";
  repository: RepositoryName;
  /** As Bitbucket lists it. */
  label: string;
  /** The file of its public half. */
  publicKey: string;
};

/** Steps in which real git has the word; they change nothing. */
export type ProofStep = {
  /** `prove`: the new credential alone. `verify`: exactly as the user runs it. */
  kind: "prove" | "verify";
  direction: Direction;
  /** The remote's name, or null where `url` is not a remote's. */
  remote: string | null;
  /** Free of secrets. */
  url: string;
  /** The only source Git may ask while proving; null while verifying. */
  source: ProofSource | null;
  /** Another program's git in the place of the one on PATH, with its own helpers, which are told nothing. */
  through?: "sourcetree";
};

/** Where the new credential is while it is proved. */
export type ProofSource =
  | { kind: "helper"; helper: string }
  | { kind: "netrc" }
  | { kind: "ask" }
  /** One SSH key: the private half's file, or null for those that ssh has already. */
  | { kind: "ssh"; key: string | null };

/** What only a person can do (unset a variable in a shell, for example). */
export type PersonStep = { kind: "person"; what: string; command: string | null };

export type Step = FileStep | HelperStep | RegisterStep | ProofStep | PersonStep;

export type Direction = "fetch" | "push";

/** `change` makes, `prove` tests it alone, `cleanUp` takes the stale away, `verify` tests the whole. */
export type Phase = "change" | "prove" | "cleanUp" | "verify";

/** `safe` touches only a recognised Bitbucket credential or a line of our own; anything else is `ask`. */
export type Safety = "safe" | "ask";

/**
 * One entry of a Git configuration file. `key` as `git config --list` prints it, with passwords masked (a key can
 * hold one: `url.<base>.insteadOf`); `occurrence` counts from 0 among the entries of this file with that key.
 */
export interface ConfigEntryName {
  key: string;
  occurrence: number;
}

export interface ConfigLine {
  name: string;
  value: string;
}

/** One `machine` (or `default`, as null) of a netrc file, counted from 0 among those with that name. */
export interface NetrcEntryName {
  machine: string | null;
  occurrence: number;
}

/** One line of a file of Git's `store` helper, counted from 0 among those with the same host, user and path. */
export interface StoredEntryName {
  host: string;
  username: string;
  path: string | null;
  occurrence: number;
}

/** Lines of a known_hosts file with the same host and key, counted from 0. */
export interface KnownHostName {
  host: string;
  /** SHA-256, as ssh prints it. */
  fingerprint: string;
  occurrence: number;
}

/** What a `Host` block says; null for what it leaves to the rest of the configuration. */
export interface SshHostBlock {
  /** The name that URLs use: `bitbucket.org`, or an alias. */
  host: string;
  hostname: string | null;
  port: number | null;
  user: string | null;
  /** The one key to offer. */
  identityFile: string | null;
  hostKeyAlias: string | null;
}

/** How ssh signs in once the remotes lead over SSH. */
export interface SshChoice {
  /** Whose key: a person's, or an access key, which reads the repositories it was added to. */
  as: "person" | "access-key";
  /** `there` with null: ssh has a key that works already. */
  key:
    | { kind: "made"; file: string; type: "ed25519" | "ecdsa" | "rsa" }
    | { kind: "there"; file: string | null };
  /** What URLs name: `bitbucket.org`, or the alias of a `Host` block. */
  host: string;
  /** 443: by altssh.bitbucket.org. */
  port: 22 | 443;
}

/** Where the new token is kept: by one of Git's helpers, or, as an object, by git-rekey's own. */
export type StoreChoice = "own-helper" | "git-store" | "prompt" | "netrc" | OwnStore;

export type Way = "helper" | "remote" | "access-token" | "ssh" | "forget";

/** What a person (or the flags) chose; a plan file is these choices plus the steps they led to. */
export interface Choices {
  with: Way;
  /** Which kind of token it will be. */
  kind: AccountKind;
  store: StoreChoice | null;
  email: string | null;
  /** The last day of the new token, `YYYY-MM-DD`. */
  expires: string | null;
  push: boolean;
  accept: readonly CheckId[];
  /** With `ssh` only. */
  ssh?: SshChoice;
  /** Whether helpers were asked that may open a window: without their answers the plan would be another. */
  runHelpers?: boolean;
}

/** The user name Git must send with the kind of token a person chose. */
export function userOfWay(choices: Choices): string {
  return gitUserOf(choices);
}

/** The user name a URL must carry: none where git-rekey's own helper gives it. */
export function userInUrl(choices: Choices): string | null {
  return choices.with === "helper" ? null : userOfWay(choices);
}

/** Whether git-rekey itself keeps the token, or knows where it is. */
export function isOwnStore(store: StoreChoice | null): store is OwnStore {
  return typeof store === "object" && store !== null;
}

export interface PlannedStep {
  phase: Phase;
  safety: Safety;
  /** The finding it answers; null for steps that answer the whole plan. */
  answers: CheckId | null;
  step: Step;
}

/** Schema `git-rekey/plan@1`. Holds no secret and no command. */
export interface Plan {
  schema: "git-rekey/plan@1";
  tool: { name: "git-rekey"; version: string };
  /** Who made it: the user's numeric id, null where there is none. */
  uid: number | null;
  target: { kind: "repository"; path: string } | { kind: "url"; url: string };
  choices: Choices;
  /** True when a new token must be supplied. */
  needsToken: boolean;
  steps: readonly PlannedStep[];
}

/** The choices as the token must serve them: where a push is proved, it must be able to write. */
export function choicesForToken({ choices, steps }: Plan): Choices {
  const proves = ({ step }: PlannedStep) => step.kind === "prove" && step.direction === "push";
  return { ...choices, push: choices.push || steps.some(proves) };
}

export function isFileStep(step: Step): step is FileStep {
  return "file" in step;
}

export function isHelperStep(step: Step): step is HelperStep {
  return step.kind === "helper-store" || step.kind === "helper-erase";
}
