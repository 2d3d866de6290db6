/** Puts a token into a remote's URL for one operation, and takes it out again whatever happened meanwhile. */
import { join } from "node:path";
import { GIT_HOST } from "../core/bitbucket.ts";
import type { LentEntry, LentUrl } from "../core/standing.ts";
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

/** Where a lent value stands now: somebody may have renamed the remote, or written another. */
function findLent(bytes: Uint8Array, lent: readonly LentEntry[]): Stands[] {
  const read = readConfigText(bytes);
  if (!read.ok) return [];
  const seen = new Map<string, number>();
  return read.entries.flatMap(({ maskedKey, value }) => {
    const occurrence = seen.get(maskedKey) ?? 0;
    seen.set(maskedKey, occurrence + 1);
    const hash = value === null ? null : sha256(value);
    const to = lent.find((one) => one.hash === hash)?.to;
    return to === undefined ? [] : [{ key: maskedKey, occurrence, to }];
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

function takeOut(bytes: Uint8Array, { entries, silence }: LentUrl): Edited {
  let edited: Edited = { ok: true, bytes };
  for (const { to, ...name } of findLent(bytes, entries))
    if (edited.ok) edited = setConfigValue(edited.bytes, name, to);
  return edited.ok ? withoutSilence(edited.bytes, silence) : edited;
}

/** What the file was, where it can be had and is what is wanted back. */
function originalOf({ files, self }: Ports, records: readonly JournalRecord[], lent: LentUrl) {
  const intent = records.find((one): one is Intent => one.k === "intent" && one.lent === true);
  if (!lent.whole || intent?.backup == null) return null;
  const bytes = files.read(join(receiptFolder(self, lent.receipt), "backups", intent.backup));
  const isSound = bytes !== null && sha256(bytes) === intent.before?.hash;
  return isSound ? { bytes, whileLent: intent.after?.hash } : null;
}

/** What became of a loan: `gone` where somebody had replaced the value before us. */
export type TakenBack = "taken-back" | "gone";

/** Takes the token out; nothing else in the file changes. Throws a `Refusal` when it cannot. */
export async function takeBack(
  tx: Transaction,
  lent: LentUrl,
  records: readonly JournalRecord[],
): Promise<TakenBack> {
  const { ports } = tx.journal;
  const now = ports.files.read(ports.files.resolve(lent.file) ?? lent.file);
  if (now === null) return "gone";
  const stands = findLent(now, lent.entries).length > 0;
  const original = originalOf(ports, records, lent);
  const edit = (bytes: Uint8Array): Edited =>
    original !== null && sha256(bytes) === original.whileLent
      ? { ok: true, bytes: original.bytes }
      : takeOut(bytes, lent);
  const what = stands ? "took the token out again" : "took out what belonged to the token";
  await tx.editFile(lent.file, { format: "git-config", what, edit, mode: lent.mode, lent: "before" });
  return stands ? "taken-back" : "gone";
}

/** The same for a command that was killed. Its receipt counts as undone afterwards. */
export async function takeBackLeft(ports: Ports, lent: LentUrl, version: string): Promise<TakenBack> {
  recover(ports);
  const undoes = lent.receipt;
  const tx = openTransaction(ports, { action: "undo", target: lent.file, version, undoes });
  try {
    const taken = await takeBack(tx, lent, readJournal(ports, undoes));
    tx.close({ todo: [{ what: `revoke the token at ${lent.page}`, command: null }] });
    return taken;
  } catch (error) {
    await tx.rollBack();
    throw error;
  }
}
