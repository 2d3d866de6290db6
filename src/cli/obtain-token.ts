/** The new token, wherever it comes from. */
import { fetchSecret } from "../accounts/secret.ts";
import type { SecretPlace } from "../core/account.ts";
import { choicesForToken, type Plan } from "../core/plan.ts";
import type { SecretShape } from "../core/secret.ts";
import type { RemoteUrl } from "../core/setup.ts";
import { whyNotThisToken } from "../core/token-advice.ts";
import { roomOf } from "../probes/accounts.ts";
import { EXIT, Stop } from "./exit.ts";
import type { Shell } from "./shell.ts";
import { explainToken, takeToken, type Wanted } from "./token-entry.ts";

/** Where a plan takes the token from by itself, so that nobody is asked for it; null where a person has it. */
export function placeOutside({ steps }: Pick<Plan, "steps">): SecretPlace | null {
  const put = steps.find(({ step }) => step.kind === "put-account")?.step;
  if (put?.kind !== "put-account") return null;
  const { secret } = put.account;
  return secret.kind === "env" || secret.kind === "command" ? secret : null;
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
  plan: Plan,
  url: RemoteUrl | null,
  wanted: Wanted,
): Promise<SecretShape> {
  const outside = placeOutside(plan);
  if (outside !== null) return fetchFrom(shell, outside, wanted.way);
  await explainToken(shell, choicesForToken(plan), url);
  return takeToken(shell, wanted);
}
