/** What is left in a helper after it forgot a user name. */
import { KIND_WORDS } from "../core/bitbucket.ts";
import { shapeOfToken } from "../core/token.ts";
import { askAnyone, type HelperPlace, keepsSecrets } from "./call-helper.ts";
import { isInKeychain } from "./keychain-place.ts";
import type { Ports } from "./state-folder.ts";

/** A helper gives one entry at a time: behind a dead one there may be another user's, which comes up only now. */
async function deadBehind(ports: Ports, place: HelperPlace): Promise<string | null> {
  if (isInKeychain(place) || !keepsSecrets(place.helper)) return null;
  const next = await askAnyone(ports, place);
  if (next === null || next.user === place.username) return null;
  const { kind } = shapeOfToken(next.secret);
  return kind === "app-password" || kind === "legacy-app-password"
    ? `it keeps ${KIND_WORDS[kind]} of \`${next.user}\` as well, which nobody asked to remove`
    : null;
}

/** `given`: how many secrets it gave up. */
export async function remarkOnErased(
  ports: Ports,
  place: HelperPlace,
  given: number,
): Promise<string | null> {
  if (given === 0) return "it kept nothing for that user name";
  const several = given > 1 ? `it kept ${given} entries for it` : null;
  const remarks = [several, await deadBehind(ports, place)].filter((one) => one !== null);
  return remarks.length === 0 ? null : remarks.join("; ");
}
