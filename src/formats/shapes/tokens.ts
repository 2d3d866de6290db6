/** Tokens by their own form, wherever they stand. */
import { PREFIX } from "../../core/bitbucket.ts";
import type { Encoding } from "../../core/spot.ts";
import { hasRightChecksum, kindByPrefix } from "../../core/token.ts";
import { isPlaceholder } from "../placeholder.ts";
import { type Sighting, secretAt } from "../sighting.ts";

/** `=` as it is written in URLs, properties files, JSON, HTML and mail. */
const EQUALS = "(?:=|%(?:25)?3[Dd]|\\\\=|\\\\{1,4}u003[dD]|&#0?61;|&#[xX]3[dD];|&equals;)";

const FIRST_EQUALS = new RegExp(EQUALS);

/** 20 to 800 in the middle: Atlassian says that lengths vary. */
const FORM = new RegExp(
  [
    `${PREFIX.appPassword}[A-Za-z0-9]{24}[0-9A-Fa-f]{8}`,
    `AT[AC]TT3[A-Za-z0-9_-]{20,800}${EQUALS}(?:3[Dd])?[0-9A-Fa-f]{8}`,
    // Cut off, or without its checksum.
    "AT[AC]TT3xFfG[FN]0[A-Za-z0-9_-]{32,800}",
    `${PREFIX.dataCenter}[A-Za-z0-9+/]{40,64}`,
  ].join("|"),
  "g",
);

const isWord = (c: string): boolean => /^[A-Za-z0-9_]$/.test(c);

/** The text of a token without what its surroundings did to its `=`. */
export function plainToken(text: string): string {
  return text.replace(FIRST_EQUALS, "=");
}

function encodingOf(written: string, plain: string): Encoding | null {
  if (written === plain) return null;
  return written.includes("%") ? "percent" : "escaped";
}

/** Whether it stands alone: what is only a part of a longer word is no token, unless its checksum says so. */
function standsAlone(text: string, start: number, end: number): boolean {
  return !isWord(text.charAt(start - 1)) && !isWord(text.charAt(end));
}

/** Every token in a text, right or damaged, in order. */
export function tokensIn(text: string): Sighting[] {
  const found: Sighting[] = [];
  for (const match of text.matchAll(FORM)) {
    const [written] = match;
    const [start, end] = [match.index, match.index + written.length];
    const secret = plainToken(written);
    const isData = secret.startsWith(PREFIX.dataCenter);
    const isRight = hasRightChecksum(secret);
    if ((isData || !isRight) && !standsAlone(text, start, end)) continue;
    if (!isRight && isPlaceholder(secret)) continue;
    found.push(secretAt(secret, { start, end, place: "text", encoding: encodingOf(written, secret) }));
  }
  return found;
}

/** 20 letters and digits: an app password of the oldest form, where the surroundings say that it is a password. */
export function isLegacyForm(text: string): boolean {
  return /^(?=.*[A-Za-z])[A-Za-z0-9]{20}$/.test(text) && !/^(?:[a-z]+|[A-Z]+|[A-Z][a-z]+)$/.test(text);
}

/** Whether a text has the form of a secret of Bitbucket Cloud, the oldest included. */
export function hasOurForm(text: string): boolean {
  const kind = kindByPrefix(text);
  return kind === null ? isLegacyForm(text) : kind !== "data-center";
}
