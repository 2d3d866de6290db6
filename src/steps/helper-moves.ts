/** Changes what one helper keeps, journaled so that undo can put it back. */
import { sha256 } from "../world/hash.ts";
import { askHelper, eraseInHelper, type HelperPlace, storeInHelper } from "./call-helper.ts";
import type { Journal } from "./journal.ts";
import { Refusal } from "./refusal.ts";

/** osxkeychain before 2.45 and Git Credential Manager delete one of several entries a call. */
const MOST_ENTRIES = 20;

/** Two entries may hold the same secret; one that is still there after so many calls is not being erased. */
const SAME_ANSWERS = 5;

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

/** Has a helper forget a user name. Returns how many secrets it gave up, 0 when it kept nothing for it. */
export async function moveOutOfHelper(journal: Journal, place: HelperPlace): Promise<number> {
  let last: string | null = null;
  let same = 0;
  for (let tries = 0; tries <= MOST_ENTRIES && same < SAME_ANSWERS; tries++) {
    const before = await askHelper(journal.ports, place);
    if (before === null) return tries;
    same = before === last ? same + 1 : 0;
    last = before;
    const step = intend(journal, "erase", place, before, null);
    await eraseInHelper(journal.ports, place);
    journal.add({ k: "done", step });
  }
  if ((await askHelper(journal.ports, place)) === null) return MOST_ENTRIES;
  throw new Refusal(
    "helper-failed",
    `\`${place.helper}\` still answers for \`${place.username}\` after it was told to forget it`,
  );
}
