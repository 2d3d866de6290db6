/**
 * What a file must hold for anybody to look at it closely. One list: whoever adds a form of credential adds what gives
 * it away here. Pure.
 */
import { ACCESS_TOKEN_USER, API_TOKEN_USER, PREFIX } from "../core/bitbucket.ts";
import { base64Cores } from "../formats/shapes/base64-cores.ts";

/** Bytes to be found, each sign standing for one byte. */
export interface Needle {
  readonly bytes: string;
  /** In any case; the needle itself is in lower case. */
  readonly anyCase: boolean;
}

/** The beginnings of tokens, as far as they are the same in each. */
const TOKENS = [PREFIX.appPassword, `${PREFIX.apiToken}3`, `${PREFIX.accessToken}3`, PREFIX.dataCenter];

/** Names of users and variables that stand beside a secret, written as people and pipes write them. */
const WORDS = [
  ACCESS_TOKEN_USER,
  "BB_AUTH",
  "BB_PASS",
  "BB_PW",
  "BB_APP",
  "BB_TOKEN",
  "BB_TICKET",
  "BB_USER",
  "BB_UN",
  "bbuser",
  "bbpass",
  "COMPOSER_AUTH",
];

const IN_ANY_CASE = ["bitbucket"];

/** Where only this much is encoded, as in `Authorization: Basic` and in the secrets of Kubernetes. */
const IN_BASE64 = [
  PREFIX.apiTokenFull,
  PREFIX.accessTokenFull,
  PREFIX.appPassword,
  ACCESS_TOKEN_USER,
  API_TOKEN_USER,
];

/** Signs of 16 bits. The first and the last byte differ by the order of the bytes, what is between them does not. */
const IN_UTF16 = [PREFIX.appPassword, PREFIX.apiToken, PREFIX.accessToken];

function utf16(text: string): string {
  return [...text].join("\0");
}

function asWritten(bytes: string): Needle {
  return { bytes, anyCase: false };
}

function inAnyCase(bytes: string): Needle {
  return { bytes, anyCase: true };
}

/** None is shorter than four bytes: the sieve looks at four. */
export const NEEDLES: readonly Needle[] = [
  ...[...TOKENS, ...WORDS, ...IN_BASE64.flatMap(base64Cores), ...IN_UTF16.map(utf16)].map(asWritten),
  ...[...IN_ANY_CASE, ...IN_ANY_CASE.map(utf16)].map(inAnyCase),
];
