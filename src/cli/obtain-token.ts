/** The new token, wherever it comes from. */
import { fetchSecret } from "../accounts/secret.ts";
import type { SecretPlace } from "../core/account.ts";
import type { Choices, StoreChoice } from "../core/plan.ts";
import type { SecretShape } from "../core/secret.ts";
import type { RemoteUrl } from "../core/setup.ts";
import { whyNotThisToken } from "../core/token-advice.ts";
import { roomOf } from "../probes/accounts.ts";
import { EXIT, Stop } from "./exit.ts";
import type { Shell } from "./shell.ts";
import { explainToken, takeToken, type Wanted } from "./token-entry.ts";

/** A place the token is in already, so that nobody is asked for it. */
function placeOutside(store: StoreChoice | null): SecretPlace | null {
  if (typeof store !== "object" || store === null) return null;
  return store.kind === "env" || store.kind === "command" ? store : null;
}

/** Exactly as the helper will hand it to Git: what is wrong with it there would be wrong with every fetch. */
async function fetchFrom(shell: Shell, secret: SecretPlace, way: Wanted["way"]): Promise<SecretShape> {
  const fetched = await fetchSecret(roomOf(shell), { secret });
  if ("trouble" in fetched) throw new Stop(EXIT.personNeeded, `${fetched.trouble}; nothing has been changed`);
  const shape = shell.vault.keep(fetched.secret);
  const wrong = whyNotThisToken(shape, way);
  if (wrong !== null) throw new Stop(EXIT.personNeeded, `${wrong}; nothing has been changed`);
  return shape;
}

/** Fetches the token from where it is kept, or says how to make one and takes it. */
export async function obtainToken(
  shell: Shell,
  choices: Choices,
  url: RemoteUrl | null,
  wanted: Wanted,
): Promise<SecretShape> {
  const outside = placeOutside(choices.store);
  if (outside !== null) return fetchFrom(shell, outside, wanted.way);
  await explainToken(shell, choices, url);
  return takeToken(shell, wanted);
}
