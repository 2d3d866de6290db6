/** Parts of sentences about a place in a file. */
import { KIND_WORDS } from "../../core/bitbucket.ts";
import { nameOf } from "../../core/secret.ts";
import type { Spot } from "../../core/spot.ts";

/** `in \`http-basic\``, or nothing where the place is any text. */
function inPlace({ place }: Spot, sign = ""): string {
  return place === "text" ? "" : `${sign} in ${place}`;
}

function withUser({ user }: Spot): string {
  return user === null ? "" : `, with the user \`${user.replaceAll("`", "")}\``;
}

function forRepository({ repository }: Spot): string {
  return repository === null ? "" : `, for \`${repository}\``;
}

/** `an app password of 36 characters, ‹6f1c…›, in the remote \`origin\`, with the user \`ana\``. */
export function secretWords(spot: Spot): string {
  const { secret, kind } = spot;
  const what = KIND_WORDS[kind];
  if (secret === null) return `${nameWords(spot)}${inPlace(spot)}${withUser(spot)}${forRepository(spot)}`;
  return `${what}, ${secret.length} characters, ${nameOf(secret)}${inPlace(spot, ",")}${withUser(spot)}${forRepository(spot)}`;
}

/** The variable or entry that stands for it. */
export function nameWords({ name }: Spot): string {
  return name === null ? "a credential" : `\`${name.replaceAll("`", "")}\``;
}

/** What the format itself advises, or else this. */
export function adviceOr({ advice }: Spot, otherwise: string): string {
  return advice === null ? otherwise : advice;
}
