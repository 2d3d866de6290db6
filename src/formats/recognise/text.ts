/** What any text may hold, whatever format it is. */

import { kindByPrefix } from "../../core/token.ts";
import { isPlaceholder } from "../placeholder.ts";
import { assignmentsIn } from "../shapes/assignments.ts";
import { base64In } from "../shapes/base64.ts";
import { credentialLinesIn } from "../shapes/credential-lines.ts";
import { matchesWithin } from "../shapes/near.ts";
import { netrcLinesIn } from "../shapes/netrc-lines.ts";
import { pairSeen } from "../shapes/pair.ts";
import { signInsIn } from "../shapes/sign-ins.ts";
import { tokensIn } from "../shapes/tokens.ts";
import { type UrlWithUser, urlsIn } from "../shapes/urls.ts";
import { type Sighting, secretAt } from "../sighting.ts";

/** A URL's secret, or its user where that is a token; nothing for a mere user name. */
export function urlSeen(url: UrlWithUser, rest: Partial<Sighting> = {}): Sighting[] {
  const { user, password, use, repository, secretStart: start, secretEnd: end } = url;
  const common = {
    start,
    end,
    use,
    repository,
    place: "a URL",
    encoding: url.encoded ? ("percent" as const) : null,
  };
  if (password === null) {
    // A token where the user name belongs: whoever signs in is not named.
    return kindByPrefix(user) === null ? [] : [secretAt(user, { ...common, user: null, ...rest })];
  }
  return pairSeen({ ...common, ...rest, user, secret: password });
}

/**
 * A password that prose, a log, XML or a list of keys tells: 20 letters and digits after a word that says so, near
 * Bitbucket's name.
 */
const TOLD =
  /\b(?:app[ _-]?passw(?:or)?d|passw(?:or)?d|passwd|pwd|pass|secret|token|auth|bearer)\b\\{0,3}["'`]?\s{0,3}(?:is|=>|:=|=|:|>)?\s{0,3}\\{0,3}["'`]{0,2}([A-Za-z0-9]{20})(?![\w=+/-])/dgi;

/** The last of what a call is given that makes a credential of a user and a password. */
const GIVEN =
  /(?:credential|passw|auth|login)\w{0,40}\([^()\n]{0,300}["'][\w.@+-]{1,100}["'],\s{0,3}["']([A-Za-z0-9]{20})["']/dgi;

const NEAR = 300;

const BITBUCKET = /bitbucket/gi;

/** The longest that TOLD and GIVEN are, with room. */
const LONGEST = 500;

/** Whether it was drawn by lot: a hash has no capitals, and a name of a program few of them and no digits. */
function isDrawn(text: string): boolean {
  const capitals = text.match(/[A-Z]/g)?.length ?? 0;
  const small = text.match(/[a-z]/g)?.length ?? 0;
  return /\d/.test(text) ? capitals > 0 && small > 0 : capitals > 5 && small > 5;
}

/** What begins another section of an INI or TOML file: what is above it does not speak of what is below. */
const SECTION = /^\[[\w.:" -]{1,80}\][ \t]*\r?$/gm;

function section(text: string, start: number, end: number): string {
  const from = Math.max(0, start - NEAR);
  const near = text.slice(from, end + NEAR);
  const heads = [...near.matchAll(SECTION)].map(({ index }) => index);
  const above = heads.findLast((at) => at <= start - from);
  return near.slice(
    above ?? 0,
    heads.find((at) => at > start - from),
  );
}

/** What prose tells may be spread over a few lines; a call says on its own line what it is for. */
function surroundings(text: string, told: RegExp, start: number, end: number): string {
  if (told === TOLD) return section(text, start, end);
  const from = Math.max(text.lastIndexOf("\n", start) + 1, start - LONGEST);
  const newline = text.indexOf("\n", end);
  return text.slice(from, Math.min(newline < 0 ? text.length : newline, end + LONGEST));
}

function toldIn(text: string): Sighting[] {
  return [TOLD, GIVEN].flatMap((told) =>
    matchesWithin(text, BITBUCKET, NEAR + LONGEST, told).flatMap((match) => {
      const [, secret = ""] = match;
      const [start, end] = match.indices?.[1] ?? [0, 0];
      const isOurs = /bitbucket/i.test(surroundings(text, told, start, end));
      if (!isOurs || !isDrawn(secret) || isPlaceholder(secret)) return [];
      return [secretAt(secret, { start, end, place: "text", kind: "legacy-app-password" })];
    }),
  );
}

/** Every sighting that needs no format, in any order; one place may be seen in several ways. */
export function sightingsIn(text: string, depth = 0): Sighting[] {
  return [
    ...urlsIn(text).flatMap((url) => urlSeen(url)),
    ...signInsIn(text),
    ...netrcLinesIn(text),
    ...credentialLinesIn(text),
    ...assignmentsIn(text),
    ...base64In(text, sightingsIn, depth),
    ...toldIn(text),
    // Last: what stands in a URL or a command is told better there.
    ...tokensIn(text),
  ];
}
