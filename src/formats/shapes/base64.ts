/** Credentials inside base64: `Authorization: Basic`, Docker's `auth`, values of Kubernetes' Secrets, whole files. */
import { ACCESS_TOKEN_USER, API_TOKEN_USER, PREFIX } from "../../core/bitbucket.ts";
import type { Sighting } from "../sighting.ts";
import { base64Cores } from "./base64-cores.ts";
import { matchesByLine } from "./near.ts";
import { pairSeen, splitPair } from "./pair.ts";

/** Texts whose base64 is worth decoding. */
const INSIDE = [
  PREFIX.apiTokenFull,
  PREFIX.accessTokenFull,
  PREFIX.appPassword,
  ACCESS_TOKEN_USER,
  API_TOKEN_USER,
  "bitbucket",
];

const CORE = INSIDE.flatMap(base64Cores)
  .map((core) => core.replaceAll("+", "\\+"))
  .join("|");

const CORES = new RegExp(CORE);

/** What is in a run that is worth decoding, or before it. */
const WORD = new RegExp(`${CORE}|[Bb][Aa][Ss][Ii][Cc](?=\\s|%20|\\+|\\\\t)`, "g");

const RUN = /[A-Za-z0-9+/_-]{16,}(?:={1,2}|(?:%3[dD]){1,2})?/g;

const AFTER_BASIC = /\bBasic(?:\s|%20|\+|\\t){1,3}["']?$/i;

/** How deep base64 is looked for in base64: a file in a Secret may hold an `Authorization` header. */
const DEPTH = 2;

/** How far from a `Basic` value the address may stand that it is for, in characters. */
const NEAR = 600;

const isText = (text: string): boolean => !/[\0-\x08\x0e-\x1f\x7f-\xff]/.test(text);

/**
 * Sightings inside base64. Their range is that of the whole run; what is inside is found by `look`, which is given the
 * decoded text.
 */
export function base64In(
  text: string,
  look: (text: string, depth: number) => Sighting[],
  depth = 0,
): Sighting[] {
  if (depth >= DEPTH) return [];
  return matchesByLine(text, WORD, RUN).flatMap(({ 0: run, index }) => {
    const isBasic = AFTER_BASIC.test(text.slice(Math.max(0, index - 12), index));
    if (!isBasic && !CORES.test(run)) return [];
    const inside = Buffer.from(run.replace(/%3[dD]/g, "="), "base64").toString("latin1");
    if (!isText(inside)) return [];
    const range = { start: index, end: index + run.length };
    const pair = splitPair(inside.trimEnd());
    const near = text.slice(Math.max(0, index - NEAR), index + run.length + NEAR);
    if (isBasic && pair !== null && /bitbucket/i.test(near)) {
      const use = /api\.bitbucket\.org/i.test(near) ? "rest" : "git";
      const found = pairSeen({ ...pair, use, ...range, place: "`Authorization: Basic`" });
      if (found.length > 0) return found.map((one) => ({ ...one, encoding: "base64" as const }));
    }
    return look(inside, depth + 1).map((one) => ({ ...one, ...range, encoding: "base64" as const }));
  });
}
