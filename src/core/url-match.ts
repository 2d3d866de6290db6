/**
 * Which sections of Git's configuration apply to a URL, as `urlmatch.c` and `credential.c` decide it (git 2.55).
 * `git config --get-urlmatch` cannot be asked: it gives one value where Git takes several.
 */
import { type SplitUrl, splitUrl } from "./url.ts";

/** How well a section's URL fits; every number is compared in this order. Null: it does not fit. */
export interface UrlMatch {
  host: number;
  path: number;
  user: boolean;
}

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, ftp: 21, ftps: 990, ssh: 22 };

function portOf(url: SplitUrl): number | null {
  return url.port ?? PORTS[url.scheme] ?? null;
}

/** A `*` stands for one label of the name. */
function hostFits(pattern: string, host: string): boolean {
  const wanted = pattern.split(".");
  const got = host.split(".");
  return wanted.length === got.length && wanted.every((label, i) => label === "*" || label === got[i]);
}

function pathFits(pattern: string, path: string): boolean {
  const prefix = pattern.replace(/\/+$/, "");
  const whole = path.startsWith("/") ? path : `/${path}`;
  return prefix === "" || whole === prefix || whole.startsWith(`${prefix}/`);
}

/** Matches a section's URL (`http.<pattern>.…`, `credential.<pattern>.…`) against a whole URL. */
export function matchUrl(pattern: string, url: SplitUrl): UrlMatch | null {
  const want = splitUrl(pattern);
  if (!want?.host || want.scheme !== url.scheme) return null;
  if (want.user !== null && want.user !== url.user) return null;
  if (!hostFits(want.host, url.host) || portOf(want) !== portOf(url)) return null;
  if (!pathFits(want.path, url.path)) return null;
  return { host: want.host.length, path: want.path.replace(/\/+$/, "").length + 1, user: want.user !== null };
}

/** `credential.bitbucket.org.…` or `credential.https://.…`: forms that are not whole URLs (Git 2.27 and later). */
export function matchPartialUrl(pattern: string, url: SplitUrl): boolean {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(pattern);
  const rest = scheme ? pattern.slice(scheme[0].length) : pattern;
  if (scheme && scheme[1]?.toLowerCase() !== url.scheme) return false;
  const [authority = "", ...path] = rest.split("/");
  const at = authority.lastIndexOf("@");
  if (at >= 0 && authority.slice(0, at) !== url.user) return false;
  const host = authority.slice(at + 1);
  if (host !== "" && host.toLowerCase() !== (url.port === null ? url.host : `${url.host}:${url.port}`))
    return false;
  return path.length === 0 || path.join("/") === "" || path.join("/") === url.path.replace(/^\//, "");
}

/** Negative when `a` fits worse than `b`. */
export function compareMatches(a: UrlMatch, b: UrlMatch): number {
  return a.host - b.host || a.path - b.path || Number(a.user) - Number(b.user);
}
