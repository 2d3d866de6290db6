/** Keeps secrets out of what is quoted from a pasted log: `mask` knows URLs and tokens, logs know more forms. */
import { ACCESS_TOKEN_USER, API_TOKEN_USER, PREFIX } from "../core/bitbucket.ts";
import { MASK } from "../core/secret.ts";
import { mask } from "../core/url.ts";

/** One row per form: all bounded, so that no line is ever slow. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  // A password with characters that end a URL for `mask`: a quote, a slash. A port is no password.
  [/(\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s:/@]{0,256}:)(?!\d{1,5}(?:\/|$))\S{1,1024}@/gi, `$1${MASK}@`],
  [/(\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s:/@]{0,256}:)\S{1,1024}(?=@(?:api\.)?bitbucket\.org)/gi, `$1${MASK}`],
  // A line that ends inside a URL, or begins inside one: the rest of the secret is on another line.
  [/(\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s:/@'"]{0,256}:)(?!\d{1,5}$)[^\s@/'"]{1,1024}$/gi, `$1${MASK}`],
  [/(^|[\s'"=])(?!git@)[^\s'"@/]{1,1024}(?=@(?:api\.)?bitbucket\.org)/gi, `$1${MASK}`],
  [
    /(authorization["']?\s{0,3}[:=]\s{0,3}["']?(?:[a-z]{1,20}(?:\s{1,3}|%20))?)[^\s'",}]{1,2048}/gi,
    `$1${MASK}`,
  ],
  [
    /\b([Bb]asic|BASIC|[Bb]earer|BEARER)(\s{1,3}|%20)(?=\S{0,2048}[\dA-Z=])[A-Za-z0-9+/=_.~-]{12,}/g,
    `$1$2${MASK}`,
  ],
  [
    /\b((?:[a-z]{1,20}_)?(?:pass(?:word|wd|phrase)?|secret|token|pat))(["']?\s{0,3}[=:]\s{0,3}["']?)[^\s&,;}]{1,2048}/gi,
    `$1$2${MASK}`,
  ],
  [/(\blogin\s{1,3}\S{1,256}\s{1,3}password\s{1,3})\S{1,2048}/gi, `$1${MASK}`],
  [/(\s(?:-u|--user)[\s=]{1,3}["']?[^\s:"']{1,256}:)[^\s"']{1,2048}/g, `$1${MASK}`],
  [/\beyJ[\w-]{8,}(?:\.[\w-]{0,4096}){1,2}/g, MASK],
];

/** Letters of both cases and digits in one long word: nothing a person wrote. Hashes have one case. */
const OPAQUE = /(?<![\w+=-])(?=[\w+=-]{0,200}[a-z])(?=[\w+=-]{0,200}[A-Z])(?=[\w+=-]{0,200}\d)[\w+=-]{32,}/g;

/** A user name that is a secret itself: a token before the `@`, or twenty letters and digits without a meaning. */
export function isSecretUser(user: string): boolean {
  if (user === API_TOKEN_USER || user === ACCESS_TOKEN_USER) return false;
  const prefixes = [PREFIX.appPassword, PREFIX.apiToken, PREFIX.accessToken, PREFIX.dataCenter, PREFIX.jwt];
  if (prefixes.some((prefix) => user.startsWith(prefix))) return true;
  return /^(?=.*[A-Za-z])(?=.*\d)[A-Za-z0-9]{20,}$/.test(user);
}

/** The text without anything secret in it, in one line. */
export function hide(text: string): string {
  const users = text.replace(/(:\/\/)([^\s:/@'"]{1,256})(?=@)/g, (all, head: string, user: string) =>
    isSecretUser(user) ? head + MASK : all,
  );
  const forms = FORMS.reduce((rest, [form, by]) => rest.replace(form, by), users);
  return mask(forms).replace(OPAQUE, MASK).replace(/\s+/g, " ").trim();
}

/** A word a person or a program would write at the beginning of a line, not the rest of a secret. */
const ORDINARY =
  /^(?:[A-Za-z]?[a-z]{0,24}[.,:;]?|[A-Za-z.]{1,80}:|[^\x00-\x7f].*|['"‘“„«「]?(?:https?|ssh):\/\/.*|[{[].*|.{1,2})$/;

/** For a line that begins in the middle of a word: that word is masked, unless it is an ordinary one. */
export function hideFirstWord(text: string): string {
  return text.replace(/^\S+/, (word) => (ORDINARY.test(word) ? word : MASK));
}
