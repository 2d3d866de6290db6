/** Entries of a netrc that a script, a Dockerfile or a page of documentation writes or shows. */
import type { Sighting } from "../sighting.ts";
import { SAID_WORD } from "./filled-in.ts";
import { pairSeen } from "./pair.ts";

const BLANK = "(?:[\\s\"']|\\\\[nt]){1,40}";

const ENTRY = new RegExp(
  `\\bmachine${BLANK}((?:api\\.)?bitbucket\\.org)${BLANK}login${BLANK}${SAID_WORD}${BLANK}password${BLANK}${SAID_WORD}`,
  "dgi",
);

/** Every entry for Bitbucket with login and password in this order, as nearly everybody writes them. */
export function netrcLinesIn(text: string): Sighting[] {
  return [...text.matchAll(ENTRY)].flatMap((match) => {
    const [, host = "", user = "", secret = ""] = match;
    const [start, end] = match.indices?.[3] ?? [0, 0];
    const use = host.toLowerCase().startsWith("api.") ? "rest" : "git";
    return pairSeen({ user, secret, use, start, end, place: `a netrc entry for \`${host}\`` });
  });
}
