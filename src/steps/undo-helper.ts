/** Takes what one helper keeps for one user name back to what it was before a receipt. */
import { join } from "node:path";
import type { HelperChange } from "../core/receipt.ts";
import { sha256 } from "../world/hash.ts";
import { askHelper, type HelperPlace, keepsSecrets } from "./call-helper.ts";
import { moveIntoHelper, moveOutOfHelper } from "./helper-moves.ts";
import type { HelperIntent, Journal, JournalRecord } from "./journal.ts";
import { isInKeychain } from "./keychain-place.ts";
import { Refusal, refusalFor } from "./refusal.ts";
import { schedulerOf } from "./schedule-place.ts";
import type { Restored } from "./undo-file.ts";

/** All that one receipt did to one place in a helper. */
export interface HelperChain {
  place: HelperPlace;
  intents: readonly HelperIntent[];
}

export function helperChains(records: readonly JournalRecord[]): HelperChain[] {
  const intents = records.filter((one): one is HelperIntent => one.k === "helper");
  const nameOf = ({ helper, host, path, username }: HelperIntent) =>
    JSON.stringify([helper, host, path, username]);
  return [...Map.groupBy(intents, nameOf).values()].flatMap((group) => {
    const first = group[0];
    if (!first) return [];
    const { helper, host, path, username } = first;
    return [{ place: { helper, host, path, username }, intents: group }];
  });
}

/** The secrets it kept, first to last; null where a backup is gone. */
function readSecrets(journal: Journal, source: string, intents: readonly HelperIntent[]) {
  return intents.map(({ before }) => {
    const bytes = before === null ? null : journal.ports.files.read(join(source, "backups", before));
    return { kept: before !== null, secret: bytes === null ? null : Buffer.from(bytes).toString("utf8") };
  });
}

/** What became of a place: as it was, perhaps with a remark, or not, with the reason. */
type Outcome = Pick<HelperChange, "state" | "reason">;

const RESTORED: Outcome = { state: "restored", reason: null };

function notRestored(reason: string): Outcome {
  return { state: "not-restored", reason };
}

async function restore(journal: Journal, source: string, { place, intents }: HelperChain): Promise<Outcome> {
  const secrets = readSecrets(journal, source, intents);
  const first = secrets[0];
  const target = first?.secret ?? null;
  const now = await askHelper(journal.ports, place);
  if (first?.kept && target === null) return notRestored("its backup is no longer kept");
  if (now === target) return RESTORED;
  const stored = new Set(intents.flatMap(({ after }) => after ?? []));
  const before = new Set(secrets.flatMap(({ secret }) => (secret === null ? [] : [sha256(secret)])));
  if (now !== null && !stored.union(before).has(sha256(now)))
    return notRestored("somebody has stored another secret there since");
  if (target === null) {
    await moveOutOfHelper(journal, place);
    return RESTORED;
  }
  if (!keepsSecrets(place.helper))
    return notRestored("this helper makes its credentials itself, so none can be given back");
  await moveIntoHelper(journal, place, target);
  // Entries of one name differ by path, and no helper tells whose path it answers for.
  const others = before.difference(stored).size - 1;
  if (others < 1) return RESTORED;
  const reason = `the entry that Git used is back; ${others} more of that name, each for some path, ${others === 1 ? "is" : "are"} not`;
  return { state: "restored", reason };
}

function wordsFor({ helper, username, host }: HelperPlace): string {
  if (isInKeychain({ helper })) return `\`${username}\` in the keychain`;
  const scheduler = schedulerOf({ helper });
  return scheduler === null
    ? `what \`${helper}\` keeps for \`${username}\` at \`${host}\``
    : `\`${username}\` in the schedule of ${scheduler}`;
}

/** What is said of a place that is left as it is. */
export function leaveHelper({ place }: HelperChain, reason: string): HelperChange {
  return { helper: place.helper, what: wordsFor(place), ...notRestored(reason) };
}

/** Restores what a helper kept, or says why not. `source`: the folder of the receipt that is taken back. */
export async function undoHelper(
  journal: Journal,
  source: string,
  chain: HelperChain,
): Promise<Restored<HelperChange>> {
  const { helper } = chain.place;
  const what = wordsFor(chain.place);
  try {
    return { change: { helper, what, ...(await restore(journal, source, chain)) }, complete: true };
  } catch (error) {
    const refusal = refusalFor(error, `${what} was not changed`);
    if (!(refusal instanceof Refusal)) throw error;
    return { change: { helper, what, state: "not-restored", reason: refusal.message }, complete: false };
  }
}
