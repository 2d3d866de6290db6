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

async function restore(
  journal: Journal,
  source: string,
  { place, intents }: HelperChain,
): Promise<string | null> {
  const secrets = readSecrets(journal, source, intents);
  const first = secrets[0];
  const target = first?.secret ?? null;
  const now = await askHelper(journal.ports, place);
  if (first?.kept && target === null) return "its backup is no longer kept";
  if (now === target) return null;
  const ours = new Set([
    ...intents.map(({ after }) => after),
    ...secrets.map(({ secret }) => hashOf(secret)),
  ]);
  if (now !== null && !ours.has(sha256(now))) return "somebody has stored another secret there since";
  if (target === null) {
    await moveOutOfHelper(journal, place);
    return null;
  }
  if (!keepsSecrets(place.helper))
    return "this helper makes its credentials itself, so none can be given back";
  await moveIntoHelper(journal, place, target);
  return null;
}

function hashOf(secret: string | null): string | null {
  return secret === null ? null : sha256(secret);
}

function wordsFor({ helper, username, host }: HelperPlace): string {
  if (isInKeychain({ helper })) return `\`${username}\` in the keychain`;
  const scheduler = schedulerOf({ helper });
  return scheduler === null
    ? `what \`${helper}\` keeps for \`${username}\` at \`${host}\``
    : `\`${username}\` in the schedule of ${scheduler}`;
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
    const reason = await restore(journal, source, chain);
    return {
      change: { helper, what, state: reason === null ? "restored" : "not-restored", reason },
      complete: true,
    };
  } catch (error) {
    const refusal = refusalFor(error, `${what} was not changed`);
    if (!(refusal instanceof Refusal)) throw error;
    return { change: { helper, what, state: "not-restored", reason: refusal.message }, complete: false };
  }
}
