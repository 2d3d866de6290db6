/** What is said to `git credential approve` or to a helper: `host=bitbucket.org`, `username=…`, `password=…`. */
import type { Sighting } from "../sighting.ts";
import { SAID_WORD } from "./filled-in.ts";
import { pairSeen } from "./pair.ts";

const PASSWORD = new RegExp(`(?<![\\w.-])password=${SAID_WORD}`, "dg");

const USER = new RegExp(`(?:\\b|\\\\n)username=${SAID_WORD}`);

/** How far apart the lines may stand, in characters. */
const NEAR = 300;

/** Every password that is said so, for Bitbucket. */
export function credentialLinesIn(text: string): Sighting[] {
  return [...text.matchAll(PASSWORD)].flatMap((match) => {
    const near = text.slice(Math.max(0, match.index - NEAR), match.index + match[0].length + NEAR);
    if (!/(?:\b|\\n)host=bitbucket\.org\b/.test(near) || !/protocol=https?\b/.test(near)) return [];
    const [start, end] = match.indices?.[1] ?? [0, 0];
    return pairSeen({
      user: USER.exec(near)?.[1] ?? null,
      secret: match[1] ?? "",
      use: "git",
      start,
      end,
      place: "what is said to `git credential`",
    });
  });
}
