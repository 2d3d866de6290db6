/** `scan --verify`: asks Bitbucket which of the credentials are alive. */
import type { Spot } from "../../core/spot.ts";
import { verify } from "../../scan/verify.ts";
import type { Shell } from "../shell.ts";
import { openLine } from "../token/live-check.ts";

const WHY = {
  "rate-limited": "Bitbucket wants no more questions for now",
  "no-answer": "Bitbucket does not answer",
  cancelled: "it was cancelled",
} as const;

/** The same places with what Bitbucket says of their credentials. Throws `Stop` where there is no way to ask. */
export async function askAbout(
  shell: Shell,
  spots: readonly Spot[],
  salt: Uint8Array,
  cancelled: AbortSignal,
): Promise<Spot[]> {
  const line = await openLine(shell);
  const { alive, stopped } = await verify(spots, {
    files: shell.files,
    salt,
    keep: (secret) => shell.vault.keep(secret),
    ask: (url, credential) => line.ask(url, credential),
    cancelled,
  });
  if (stopped !== null)
    shell.err(`git-rekey: not every credential was asked about, because ${WHY[stopped]}\n`);
  return spots.map((spot) => ({
    ...spot,
    alive: spot.secret === null ? null : (alive.get(spot.secret.ref) ?? "unknown"),
  }));
}
