/**
 * Values that Git lists without a word and ends at once it needs them: a key without `=` that must have a value, a
 * switch that is neither on nor off. `config.c`, `http.c`, `credential.c`, `remote.c`; the tests ask real git. Pure.
 */
import { credentialRules, httpEntries, type RuleEntry } from "./git-rules.ts";

/** When Git reads an entry: for every command here, for every request, or only to look for a credential. */
type Need = "always" | "request" | "credential";

export interface FatalValue<T> {
  of: T;
  need: Need;
  /** What is said of the key: "has no value". */
  reason: string;
}

type Rule = "has a value" | "is a switch" | RegExp;

const VALUE = "has a value";
const SWITCH = "is a switch";

const ALWAYS: Readonly<Record<string, Rule>> = {
  "core.askpass": VALUE,
  "remote.url": VALUE,
  "remote.pushurl": VALUE,
  "remote.proxy": VALUE,
  "remote.pushdefault": VALUE,
  "branch.remote": VALUE,
  "branch.pushremote": VALUE,
  "url.insteadof": VALUE,
  "url.pushinsteadof": VALUE,
};

const HTTP: Readonly<Record<string, Rule>> = {
  sslverify: SWITCH,
  ssltry: SWITCH,
  savecookies: SWITCH,
  followredirects: /^initial$/,
  emptyauth: /^auto$/,
  extraheader: VALUE,
  proxy: VALUE,
  proxyauthmethod: VALUE,
  sslcainfo: VALUE,
  sslcapath: VALUE,
  sslcert: VALUE,
  sslkey: VALUE,
  cookiefile: VALUE,
};

const UNITS: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** `git_parse_maybe_bool`: a word, nothing at all, or a number that fits into C's `int`. */
export function isSwitch(value: string | null): boolean {
  if (value === null || /^(?:|true|yes|on|false|no|off)$/i.test(value)) return true;
  const found = /^\s*([+-]?)(0x[\da-f]+|0[0-7]*|[1-9]\d*)([kmg]?)$/i.exec(value);
  if (!found) return false;
  const [, , digits = "", unit = ""] = found;
  const number = /^0[0-7]/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  return number * (UNITS[unit.toLowerCase()] ?? 1) <= 2 ** 31 - 1;
}

function broken(value: string | null, rule: Rule | undefined): string | null {
  if (rule === undefined) return null;
  if (rule === VALUE) return value === null ? "has no value" : null;
  if (value !== null && rule instanceof RegExp && rule.test(value)) return null;
  return isSwitch(value) ? null : "is neither on nor off";
}

function judge<T>({ value, of }: RuleEntry<T>, rule: Rule | undefined, need: Need): FatalValue<T>[] {
  const reason = broken(value, rule);
  return reason === null ? [] : [{ of, need, reason }];
}

/** What ends every command here, whatever the URL. */
export function fatalAnywhere<T>(entries: readonly RuleEntry<T>[]): FatalValue<T>[] {
  return entries.flatMap((entry) => judge(entry, ALWAYS[`${entry.section}.${entry.name}`], "always"));
}

/**
 * What ends Git when it contacts this URL, and looks for a credential for that one. A section for other URLs is passed
 * over unread.
 */
export function fatalFor<T>(
  entries: readonly RuleEntry<T>[],
  url: string,
  asked: string = url,
): FatalValue<T>[] {
  const http = Object.entries(HTTP).flatMap(([name, rule]) =>
    httpEntries(entries, name, url).flatMap((entry) => judge(entry, rule, "request")),
  );
  // Here every key must have a value, one that Git does not know as well.
  const credential = credentialRules(entries, asked).applied.flatMap((entry) => [
    ...judge(entry, VALUE, "credential"),
    ...(entry.name === "usehttppath" && entry.value !== null ? judge(entry, SWITCH, "credential") : []),
  ]);
  return [...http, ...credential];
}
