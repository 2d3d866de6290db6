import { MASK } from "./secret.ts";

/**
 * A remote URL in the parts that matter to credentials. `user` and `password` are decoded. The password is a
 * secret: only probes and editors may hold this record; everything else gets a `RemoteUrl`.
 */
export interface SplitUrl {
  scheme: string;
  user: string | null;
  password: string | null;
  /** Lower case, without the port. */
  host: string;
  port: number | null;
  /** With its leading slash, as written. */
  path: string;
}

/** Percent-decoded; as it is where that is not possible. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Host names: the Kelvin sign is no `k` there, which `toLowerCase` would make of it. */
export function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Splits `scheme://user:password@host:port/path`; null for anything else (scp form, a path, a bundle). */
export function splitUrl(text: string): SplitUrl | null {
  const found = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([\s\S]*)$/i.exec(text);
  if (!found) return null;
  const [, scheme = "", authority = "", path = ""] = found;
  const at = authority.lastIndexOf("@");
  const userinfo = at < 0 ? null : authority.slice(0, at);
  const hostport = authority.slice(at + 1);
  const colon = userinfo?.indexOf(":") ?? -1;
  const portAt = /:(\d*)$/.exec(hostport);
  return {
    scheme: scheme.toLowerCase(),
    user: userinfo === null ? null : decode(colon < 0 ? userinfo : userinfo.slice(0, colon)),
    password: userinfo === null || colon < 0 ? null : decode(userinfo.slice(colon + 1)),
    host: asciiLowerCase(portAt ? hostport.slice(0, portAt.index) : hostport),
    port: portAt?.[1] ? Number(portAt[1]) : null,
    path,
  };
}

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
