import type { TokenDigest } from "../core/account.ts";
import type { HostKey } from "../core/bitbucket.ts";
import type { FileStep, HookStep, PlannedAccount, TimerStep } from "../core/plan.ts";
import { dropAccount, dropUnrevoked, putAccount, putUnrevoked } from "../formats/accounts.ts";
import { type CannotEdit, cannotEdit } from "../formats/edited.ts";
import { appendSection, setConfigValue, unsetConfig } from "../formats/git-config.ts";
import { dropStored, putStored } from "../formats/git-credentials.ts";
import { dropHookBlock, putHookBlock } from "../formats/hook-script.ts";
import { addKnownHosts, dropKnownHost, type HostHashes } from "../formats/known-hosts.ts";
import { dropNetrcEntry, setNetrcEntry } from "../formats/netrc.ts";
import { addSshHost } from "../formats/ssh-config.ts";
import { fingerprint, saltedHash } from "../world/hash.ts";
import type { FileFormat } from "./journal.ts";

/** Everything that can become of a file. */
export type AnyFileStep = FileStep | HookStep | TimerStep;

type ChangingStep = Exclude<AnyFileStep, { kind: "set-mode" }>;

/** Both halves of a key as `ssh-keygen` wrote them. */
export interface SshKeyPair {
  /** A secret. */
  private: string;
  public: string;
}

/** What is known of SSH only when a plan is carried out. */
export interface FreshSsh {
  /** The new key; null where none is made. */
  sshKey: SshKeyPair | null;
  /** By which Bitbucket shows itself today. */
  hostKeys: readonly HostKey[];
}

export const NO_SSH: FreshSsh = { sshKey: null, hostKeys: [] };

/** What is known only when a plan is carried out. */
export interface Fresh extends FreshSsh {
  /** The new token; null where none is needed. */
  token: string | null;
  digest: TokenDigest | null;
  /** ISO 8601. */
  at: string;
}

/** What a file will be; null: it will not be there. */
export type Previewed = { ok: true; bytes: Uint8Array | null } | CannotEdit;

const FORMATS: Readonly<Record<ChangingStep["kind"], FileFormat>> = {
  "set-config": "git-config",
  "unset-config": "git-config",
  "add-config": "git-config",
  "set-netrc": "netrc",
  "drop-netrc": "netrc",
  "put-stored": "git-credentials",
  "drop-stored": "git-credentials",
  "put-account": "accounts",
  "drop-account": "accounts",
  "put-unrevoked": "accounts",
  "drop-unrevoked": "accounts",
  "put-token": "token",
  "drop-token": "token",
  "put-ssh-key": "ssh-key",
  "add-known-hosts": "known-hosts",
  "drop-known-host": "known-hosts",
  "add-ssh-host": "ssh-config",
  "put-timer": "timer",
  "drop-timer": "timer",
  "put-hook": "hook",
  "drop-hook": "hook",
};

/** What kind of file these steps are for; null where they only set its mode. */
export function formatOf(steps: readonly AnyFileStep[]): FileFormat | null {
  const step = steps.find((one): one is ChangingStep => one.kind !== "set-mode");
  return step ? FORMATS[step.kind] : null;
}

const HASHES: HostHashes = { hmacSha1: saltedHash, fingerprint };

function sshKeyFile(half: "private" | "public", { sshKey }: Fresh): Previewed {
  if (sshKey === null) return cannotEdit("waits for the new key");
  return { ok: true, bytes: new Uint8Array(Buffer.from(sshKey[half])) };
}

/** A token that a variable or a program gives may be another one tomorrow. */
function digestFor({ secret }: PlannedAccount, { digest }: Fresh): TokenDigest | null {
  return secret.kind === "file" || secret.kind === "keychain" ? digest : null;
}

function applyStep(bytes: Uint8Array, step: AnyFileStep, fresh: Fresh): Previewed {
  if ("password" in step && fresh.token === null) return cannotEdit("waits for the new token");
  const password = fresh.token ?? "";
  switch (step.kind) {
    case "set-config":
      return setConfigValue(bytes, step.entry, step.to);
    case "unset-config":
      return unsetConfig(bytes, step.entry);
    case "add-config":
      return appendSection(bytes, step.section, step.subsection, step.lines);
    case "set-netrc":
      return setNetrcEntry(bytes, step.entry, { login: step.login, password });
    case "drop-netrc":
      return dropNetrcEntry(bytes, step.entry);
    case "put-stored":
      return putStored(bytes, { host: step.host, path: step.path, username: step.username, password });
    case "drop-stored":
      return dropStored(bytes, step.entry);
    case "put-account": {
      const digest = digestFor(step.account, fresh);
      return putAccount(bytes, { ...step.account, added: fresh.at, digest }, step.replaces);
    }
    case "drop-account":
      return dropAccount(bytes, step, step.revoke && { ...step.revoke, since: fresh.at });
    case "put-unrevoked":
      return putUnrevoked(bytes, { ...step.revoke, since: fresh.at });
    case "drop-unrevoked":
      return dropUnrevoked(bytes, step.name);
    case "put-token":
      return { ok: true, bytes: new Uint8Array(Buffer.from(`${password}\n`)) };
    case "put-timer":
      return { ok: true, bytes: new Uint8Array(Buffer.from(step.text)) };
    case "drop-token":
    case "drop-timer":
      return { ok: true, bytes: null };
    case "put-hook":
      return putHookBlock(bytes, step.hook, step.program);
    case "drop-hook":
      return { ok: true, bytes: dropHookBlock(bytes) };
    case "put-ssh-key":
      return sshKeyFile(step.half, fresh);
    case "add-known-hosts":
      return addKnownHosts(bytes, step.host, fresh.hostKeys, HASHES);
    case "drop-known-host":
      return dropKnownHost(bytes, step.entry, HASHES);
    case "add-ssh-host":
      return addSshHost(bytes, step.block);
    case "set-mode":
      return { ok: true, bytes };
  }
}

/** Entries of one name are counted anew after each edit, so those counted highest are edited first. */
function occurrenceOf(step: AnyFileStep): number {
  return "entry" in step ? step.entry.occurrence : -1;
}

function nameOf(step: AnyFileStep): string {
  return "entry" in step ? JSON.stringify({ ...step.entry, occurrence: 0 }) : "";
}

/**
 * Steps name entries as they are in the file at first. An entry taken out moves those after it up by one, so within
 * one name the last one is taken out first; what is added or put in comes after all of them.
 */
function inSafeOrder(steps: readonly AnyFileStep[]): AnyFileStep[] {
  const named = steps.filter((step) => "entry" in step);
  const others = steps.filter((step) => !("entry" in step));
  const byName = Map.groupBy(named, nameOf);
  const ordered = [...byName.values()].flatMap((group) =>
    group.toSorted((a, b) => occurrenceOf(b) - occurrenceOf(a)),
  );
  return [...ordered, ...others];
}

/** Steps that make the file where it is missing. */
const MAKES: ReadonlySet<AnyFileStep["kind"]> = new Set([
  "add-config",
  "put-stored",
  "put-account",
  "put-unrevoked",
  "put-token",
  "put-timer",
  "put-hook",
  "put-ssh-key",
  "add-known-hosts",
  "add-ssh-host",
]);

/** Steps that are done where the file is missing: somebody was quicker. */
const REMOVES: ReadonlySet<AnyFileStep["kind"]> = new Set(["drop-token", "drop-timer", "drop-hook"]);

/** What a file will be after all of these steps; `bytes` is null where it is not there. Pure. */
export function previewFileSteps(
  bytes: Uint8Array | null,
  steps: readonly AnyFileStep[],
  fresh: Fresh,
): Previewed {
  if (bytes === null && steps.every(({ kind }) => REMOVES.has(kind))) return { ok: true, bytes };
  // Each token has a file of its own: what is there is somebody else's, who was quicker.
  if (bytes !== null && steps.some(({ kind }) => kind === "put-token"))
    return cannotEdit("has come to hold somebody else's token meanwhile");
  if (bytes !== null && steps.some(({ kind }) => kind === "put-ssh-key"))
    return cannotEdit("is there already, and a key is never written over another file");
  if (bytes === null && !steps.some(({ kind }) => MAKES.has(kind)))
    return cannotEdit("is not there any more");
  let result: Previewed = { ok: true, bytes: bytes ?? new Uint8Array() };
  for (const step of inSafeOrder(steps)) {
    if (!result.ok) break;
    result = applyStep(result.bytes ?? new Uint8Array(), step, fresh);
  }
  return result;
}

/** The mode a file will have: the one that is set, else its own; a new one with a secret in it is its user's alone. */
export function modeOf(
  steps: readonly AnyFileStep[],
  before: { mode: number } | null,
  secret: boolean,
): number {
  if (steps.some((step) => step.kind === "put-ssh-key" && step.half === "public")) return 0o644;
  // Git passes over a hook that may not be run.
  if (steps.some(({ kind }) => kind === "put-hook")) return (before?.mode ?? 0o644) | 0o111;
  const wanted = steps.findLast((step) => step.kind === "set-mode");
  return wanted?.mode ?? before?.mode ?? (secret ? 0o600 : 0o644);
}
