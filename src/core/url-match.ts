/**
 * Which sections of Git's configuration apply to a URL, as `urlmatch.c` and `credential.c` decide it (git 2.55).
 * `git config --get-urlmatch` cannot be asked: it gives one value where Git takes several.
 */
import { decode, type SplitUrl, splitUrl } from "./url.ts";

/** How well a section's URL fits; every number is compared in this order. Null: it does not fit. */
export interface UrlMatch {
  host: number;
  path: number;
  user: boolean;
}

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

function portOf(url: SplitUrl): number | null {
  return url.port ?? PORTS[url.scheme] ?? null;
}

/** A `*` stands for one label of the name; a dot at the end of either is nothing. */
function hostFits(pattern: string, host: string): boolean {
  const wanted = pattern.replace(/\.$/, "").split(".");
  const got = host.replace(/\.$/, "").split(".");
  return wanted.length === got.length && wanted.every((label, i) => label === "*" || label === got[i]);
}

/** Percent escapes only where they are needed, in upper case; `.` and `..` resolved. Null where `..` leads out. */
function normalPath(path: string): string | null {
  const escaped = path.replace(
    /%([0-9a-f]{2})|[\s<>"{}|\\^`\x00-\x1f\x7f-\uffff]/gi,
    (text, hex?: string) => {
      if (hex === undefined) return encodeURIComponent(text);
      const plain = String.fromCharCode(Number.parseInt(hex, 16));
      return /[A-Za-z0-9._~-]/.test(plain) ? plain : text.toUpperCase();
    },
  );
  const segments: string[] = [];
  const all = escaped.replace(/^\//, "").split("/");
  for (const [index, segment] of all.entries()) {
    if (segment === ".." && segments.pop() === undefined) return null;
    if (segment !== "." && segment !== "..") segments.push(segment);
    else if (index === all.length - 1) segments.push("");
  }
  return `/${segments.join("/")}`;
}

/** The length of the part that fits, 0 where none does. */
function pathFits(pattern: string, path: string): number {
  if (pattern === "/") return 1;
  const prefix = pattern.replace(/\/$/, "");
  return path === prefix || path.startsWith(`${prefix}/`) ? prefix.length + 1 : 0;
}

/** Whether a section names a whole URL. Anything else is a partial one, or nothing at all. */
export function isWholeUrl(pattern: string): boolean {
  return /^[\w.:[\]*-]+$/.test(splitUrl(pattern)?.host ?? "");
}

/** Whether a section with this pattern can apply to a host: only a plain name of another one says that it cannot. */
export function mayReach(pattern: string | null, host: string): boolean {
  const named = pattern === null ? "" : (splitUrl(pattern)?.host ?? "");
  return !/^[a-z0-9.-]+$/.test(named) || named.replace(/\.$/, "") === host;
}

/** Matches a section's URL (`http.<pattern>.…`, `credential.<pattern>.…`) against a whole URL. */
export function matchUrl(pattern: string, url: SplitUrl): UrlMatch | null {
  const want = splitUrl(pattern);
  if (!want?.host || want.scheme !== url.scheme) return null;
  if (want.user !== null && want.user !== url.user) return null;
  if (!hostFits(want.host, url.host) || portOf(want) !== portOf(url)) return null;
  const [wantedPath, path] = [normalPath(want.path), normalPath(url.path)];
  const fitting = wantedPath === null || path === null ? 0 : pathFits(wantedPath, path);
  return fitting === 0 ? null : { host: want.host.length, path: fitting, user: want.user !== null };
}

/** A URL as `credential_from_url` takes it apart: as written, and any part may be missing. */
export interface CredentialUrl {
  protocol: string | null;
  /** With its port. */
  host: string | null;
  username: string | null;
  /** Without slashes around it. */
  path: string | null;
}

export function readCredentialUrl(text: string): CredentialUrl {
  const [, protocol = "", rest = ""] = /^(?:([\s\S]*?):\/\/)?([\s\S]*)$/.exec(text) ?? [];
  const [, authority = "", after = ""] = /^([^/?#]*)([\s\S]*)$/.exec(rest) ?? [];
  const at = authority.indexOf("@");
  const userinfo = authority.slice(0, Math.max(at, 0));
  const trimmed = after.replace(/^\/+/, "").replace(/(?!^)\/+$/, "");
  const given = (part: string | undefined) => (part ? decode(part) : null);
  return {
    protocol: protocol === "" ? null : protocol,
    host: given(authority.slice(at + 1)),
    username: at < 0 ? null : decode(userinfo.split(":", 1)[0] ?? ""),
    path: given(trimmed),
  };
}

/** `credential.bitbucket.org.…` or `credential.https://.…`: forms that are not whole URLs. Here case counts. */
export function matchPartialUrl(pattern: string, url: CredentialUrl): boolean {
  const want = readCredentialUrl(pattern);
  return (["protocol", "host", "username", "path"] as const).every(
    (part) => want[part] === null || want[part] === url[part],
  );
}

/** Negative when `a` fits worse than `b`. */
export function compareMatches(a: UrlMatch, b: UrlMatch): number {
  return a.host - b.host || a.path - b.path || Number(a.user) - Number(b.user);
}
