import { MASK } from "./secret.ts";

export { decode, type SplitUrl, splitUrl } from "./split-url.ts";

function maskUserinfo(_: string, head: string, userinfo: string): string {
  const colon = userinfo.indexOf(":");
  return `${head}${colon < 0 ? userinfo : `${userinfo.slice(0, colon)}:${MASK}`}@`;
}

const PORT = "\\d{1,5}(?:[/?#\\s'\"]|$)";
const SCHEME_AND_USER = "[a-z][a-z0-9+.-]{0,20}:\\/\\/[^\\s:/@'\"]{0,256}:";

/** One row per form, each bounded, so that no text is ever slow. What is masked already stays as it is. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  // A password may hold what ends a URL for every parser (a slash, a quote, a blank): the host shows where it ends.
  [
    new RegExp(
      `(${SCHEME_AND_USER})(?!${PORT})(?:(?!:\\/\\/)[^\\n]){1,512}?(?=@(?:[a-z]{1,20}\\.)?bitbucket\\.org)`,
      "gi",
    ),
    `$1${MASK}`,
  ],
  [
    new RegExp(`(${SCHEME_AND_USER})(?!${PORT})(?!${MASK}@)(?:(?!:\\/\\/)\\S){1,512}(?=@)`, "gi"),
    `$1${MASK}`,
  ],
  [
    new RegExp(
      `^((?:url\\.)?${SCHEME_AND_USER})(?!${PORT})(?!${MASK}@)(?:(?!:\\/\\/)[^\\n]){1,512}(?=@)`,
      "gi",
    ),
    `$1${MASK}`,
  ],
  [
    /(authorization["']?\s{0,3}[:=]\s{0,3}["']?(?:basic|bearer|digest|negotiate|token)\s{1,3}["']?)[^\s'"`,}]{1,8192}/gi,
    `$1${MASK}`,
  ],
  // No scheme, or one nobody knows: the rest of the line is the secret.
  [
    /(\bauthorization:\s{0,3})(?!(?:basic|bearer|digest|negotiate|token)\b)(?!‹)[^\s'"`][^\n'"]{0,8192}/gi,
    `$1${MASK}`,
  ],
  [
    /\b((?:\w{1,32}_)?(?:password|passwd|passphrase|secret|token)=["']?)(?![$<‹`-])[^\s&,;"']{1,8192}/gi,
    `$1${MASK}`,
  ],
  [/(\b(?:machine|login|account)\s{1,8}\S{1,256}\s{1,8}password\s{1,8})\S{1,8192}/gi, `$1${MASK}`],
  [/\beyJ[\w-]{4,8192}(?:\.[\w-]{0,8192}){1,2}/g, MASK],
  [/(?:ATBB|ATATT|ATCTT|BBDC-)[A-Za-z0-9_+/=%.\\-]{8,}/g, MASK],
];

/**
 * The text with everything that looks like a secret masked: passwords in URLs, Authorization values, `password=…`,
 * lines of a netrc, tokens by their form. For text that is shown but was written by others; it never replaces
 * keeping secrets out.
 */
export function mask(text: string): string {
  const urls = text.replace(/([a-z][a-z0-9+.-]{0,20}:\/\/)([^/?#\s'"]*)@/gi, maskUserinfo);
  return FORMS.reduce((rest, [form, by]) => rest.replace(form, by), urls);
}

/** The same URL without user and password, or with just the user given. */
export function withUser(text: string, user: string | null): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)(?:[^/?#]*@)?/i, (_, head: string) =>
    user === null ? head : `${head}${encodeURIComponent(user)}@`,
  );
}
