/** Puts a token into a remote's URL for one operation, and takes it out again whatever happened meanwhile. */
import { join } from "node:path";
import { GIT_HOST } from "../core/bitbucket.ts";
import { moduleFolders } from "../core/module-folders.ts";
import type { LentUrl } from "../core/standing.ts";
import { splitUrl, withUser } from "../core/url.ts";
import type { Edited } from "../formats/edited.ts";
import { appendSection, readConfigText, setConfigValue, unsetConfig } from "../formats/git-config.ts";
import { sha256 } from "../world/hash.ts";
import { type Intent, type JournalRecord, readJournal } from "./journal.ts";
import { recover } from "./recover.ts";
import { type Ports, receiptFolder } from "./state-folder.ts";
import { openTransaction, type Transaction } from "./transaction.ts";

/** An entry to lend to, and its value with the token in it. */
export interface Loan {
  key: string;
  occurrence: number;
  value: string;
}

/** `credential.<this>.helper`: what Git obeys for URLs with this user, and for no other. */
function subsectionFor(user: string): string {
  return `https://${user}@${GIT_HOST}`;
}

/** The key of the line that keeps helpers from storing what the URL lends. */
export function silenceFor(user: string): string {
  return `credential.${subsectionFor(user)}.helper`;
}

/** Only the owner reads the file while the token is in it. */
const CLOSED = 0o600;

/** Git hands a password that worked to every helper there is, so for this user there is none. */
export async function lendUrls(
  tx: Transaction,
  { file }: Pick<LentUrl, "file">,
  loans: readonly Loan[],
  user: string,
): Promise<void> {
  const set = (bytes: Uint8Array): Edited => {
    let edited: Edited = { ok: true, bytes };
    for (const { value, ...name } of loans) if (edited.ok) edited = setConfigValue(edited.bytes, name, value);
    const empty = [{ name: "helper", value: "" }];
    return edited.ok ? appendSection(edited.bytes, "credential", subsectionFor(user), empty) : edited;
  };
  const keys = loans.map(({ key }) => `\`${key}\``).join(" and ");
  const what = `put a token into ${keys} for one operation`;
  await tx.editFile(file, { format: "git-config", what, edit: set, mode: CLOSED, lent: "after" });
}

interface Stands {
  key: string;
  occurrence: number;
  to: string;
}

/** What a value with the token in it is without: as it was, or, where Git made it from the lent one, with its user. */
function safeFor(value: string, { entries, secret }: LentUrl): string | null {
  const hash = sha256(value);
  const known = entries.find((one) => one.hash === hash)?.to;
  if (known !== undefined) return known;
  const password = splitUrl(value)?.password ?? null;
  if (password === null || sha256(password) !== secret) return null;
  return withUser(value, splitUrl(entries[0]?.to ?? "")?.user ?? null);
}

/**
 * Where the token stands now: somebody may have renamed the remote, or written another, and `git submodule` writes down
 * what it makes of a remote's URL.
 */
function findLent(bytes: Uint8Array, lent: LentUrl): Stands[] {
  const read = readConfigText(bytes);
  if (!read.ok) return [];
  const seen = new Map<string, number>();
  return read.entries.flatMap(({ maskedKey, value }) => {
    const occurrence = seen.get(maskedKey) ?? 0;
    seen.set(maskedKey, occurrence + 1);
    const to = value === null ? null : safeFor(value, lent);
    return to === null ? [] : [{ key: maskedKey, occurrence, to }];
  });
}

function withoutSilence(bytes: Uint8Array, silence: string): Edited {
  const read = readConfigText(bytes);
  const lines = read.ok ? read.entries.filter(({ maskedKey }) => maskedKey === silence) : [];
  const last = lines.length - 1;
  return lines[last]?.value === ""
    ? unsetConfig(bytes, { key: silence, occurrence: last })
    : { ok: true, bytes };
}

function withoutToken(bytes: Uint8Array, lent: LentUrl): Edited {
  let edited: Edited = { ok: true, bytes };
  for (const { to, ...name } of findLent(bytes, lent))
    if (edited.ok) edited = setConfigValue(edited.bytes, name, to);
  return edited;
}

function takeOut(bytes: Uint8Array, lent: LentUrl): Edited {
  const edited = withoutToken(bytes, lent);
  return edited.ok ? withoutSilence(edited.bytes, lent.silence) : edited;
}

/** What the file was, where it can be had and is what is wanted back. */
function originalOf({ files, self }: Ports, records: readonly JournalRecord[], lent: LentUrl) {
  const intent = records.find((one): one is Intent => one.k === "intent" && one.lent === true);
  if (!lent.whole || intent?.backup == null) return null;
  const bytes = files.read(join(receiptFolder(self, lent.receipt), "backups", intent.backup));
  const isSound = bytes !== null && sha256(bytes) === intent.before?.hash;
  return isSound ? { bytes, whileLent: intent.after?.hash } : null;
}

/** What became of a loan: `gone` where somebody had replaced the value before us, `no-file` where they moved it all. */
export type TakenBack = "taken-back" | "gone" | "no-file";

/** Takes the token out; nothing else in the file changes. Throws a `Refusal` when it cannot. */
export async function takeBack(
  tx: Transaction,
  lent: LentUrl,
  records: readonly JournalRecord[],
): Promise<TakenBack> {
  const { ports } = tx.journal;
  const now = ports.files.read(ports.files.resolve(lent.file) ?? lent.file);
  if (now === null) return "no-file";
  const stands = findLent(now, lent).length > 0;
  const original = originalOf(ports, records, lent);
  const edit = (bytes: Uint8Array): Edited =>
    original !== null && sha256(bytes) === original.whileLent
      ? { ok: true, bytes: original.bytes }
      : takeOut(bytes, lent);
  const what = stands ? "took the token out again" : "took out what belonged to the token";
  await tx.editFile(lent.file, { format: "git-config", what, edit, mode: lent.mode, lent: "before" });
  return stands ? "taken-back" : "gone";
}

/** Configurations of submodules that hold the token. */
function copiesOf({ files }: Ports, lent: LentUrl): string[] {
  if (!lent.folder) return [];
  const trees = (files.list(join(lent.folder, "worktrees")) ?? []).map((name) => join("worktrees", name));
  return [".", ...trees]
    .flatMap((tree) => moduleFolders(files, join(lent.folder ?? "", tree, "modules")))
    .map((module) => join(module, "config"))
    .filter((file) => findLent(files.read(file) ?? new Uint8Array(), lent).length > 0);
}

/**
 * Takes the token out of what Git made of the URL meanwhile. Nobody wants that back, so it is a matter of its own, which
 * no undo is offered for. Throws a `Refusal` when it cannot. Whether there was any.
 */
export async function takeBackCopies(ports: Ports, lent: LentUrl, version: string): Promise<boolean> {
  const copies = copiesOf(ports, lent);
  if (copies.length === 0) return false;
  const tx = openTransaction(ports, { action: "fix", target: lent.file, version });
  const edit = (bytes: Uint8Array) => withoutToken(bytes, lent);
  const what = "took the token out again";
  try {
    for (const file of copies) await tx.editFile(file, { format: "git-config", what, edit, lent: "before" });
  } finally {
    tx.close({}, "rolled-back");
  }
  return true;
}

/** The same for a command that was killed. Its receipt counts as undone afterwards. */
export async function takeBackLeft(ports: Ports, lent: LentUrl, version: string): Promise<TakenBack> {
  recover(ports);
  const undoes = lent.receipt;
  const tx = openTransaction(ports, { action: "undo", target: lent.file, version, undoes });
  let taken: TakenBack;
  try {
    taken = await takeBack(tx, lent, readJournal(ports, undoes));
    tx.close({ todo: [{ what: `revoke the token at ${lent.page}`, command: null }] });
  } catch (error) {
    await tx.rollBack();
    throw error;
  }
  return (await takeBackCopies(ports, lent, version)) ? "taken-back" : taken;
}
