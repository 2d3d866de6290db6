/** Changes what one helper keeps, journaled so that undo can put it back. */
import { sha256 } from "../world/hash.ts";
import { askHelper, eraseInHelper, type HelperPlace, storeInHelper } from "./call-helper.ts";
import type { Journal } from "./journal.ts";
import { Refusal } from "./refusal.ts";

/** Some helpers delete one of several entries a call. */
const ERASE_TRIES = 5;

function intend(
  journal: Journal,
  verb: "store" | "erase",
  { helper, host, path, username }: HelperPlace,
  before: string | null,
  after: string | null,
): number {
  const step = journal.nextStep();
  const backup = before === null ? null : journal.keep(`${step}-secret`, Buffer.from(before));
  const hash = after === null ? null : sha256(after);
  journal.add({ k: "helper", step, verb, helper, host, path, username, before: backup, after: hash });
  return step;
}

/** Has a helper keep a secret in place of the one it keeps for that user name. */
export async function moveIntoHelper(journal: Journal, place: HelperPlace, secret: string): Promise<void> {
  const before = await askHelper(journal.ports, place);
  if (before === secret) return;
  const step = intend(journal, "store", place, before, secret);
  await storeInHelper(journal.ports, place, secret);
  journal.add({ k: "done", step });
}

/** Has a helper forget a user name. Returns false when it kept nothing for it. */
export async function moveOutOfHelper(journal: Journal, place: HelperPlace): Promise<boolean> {
  for (let tries = 0; tries < ERASE_TRIES; tries++) {
    const before = await askHelper(journal.ports, place);
    if (before === null) return tries > 0;
    const step = intend(journal, "erase", place, before, null);
    await eraseInHelper(journal.ports, place);
    journal.add({ k: "done", step });
  }
  if ((await askHelper(journal.ports, place)) === null) return true;
  throw new Refusal(
    "helper-failed",
    `\`${place.helper}\` still answers for \`${place.username}\` after it was told to forget it`,
  );
}
