/**
 * Git's own rules for what one request uses: URL rewriting, HTTP settings, the credential section. Each follows
 * the C file named with it; the tests compare them with real git.
 */
import { splitUrl } from "./url.ts";
import {
  compareMatches,
  isWholeUrl,
  matchPartialUrl,
  matchUrl,
  readCredentialUrl,
  type UrlMatch,
} from "./url-match.ts";

/** An entry as these rules need it: `T` is whatever the caller wants to get back. */
export interface RuleEntry<T> {
  section: string;
  subsection: string | null;
  name: string;
  value: string | null;
  of: T;
}

/**
 * `remote.c alias_url`: the longest `insteadOf` that begins the URL wins, an empty one before every URL. Of equals
 * the first, in Git's order: bases as they were first named, all prefixes of one base together.
 */
export function rewriteUrl<T>(
  url: string,
  entries: readonly RuleEntry<T>[],
  name: "insteadof" | "pushinsteadof",
): { url: string; by: T } | null {
  const bases = new Map<string, { prefix: string; by: T }[]>();
  for (const { section, subsection, name: own, value, of } of entries) {
    if (section !== "url" || own !== name || subsection === null || value === null) continue;
    const rewrites = bases.get(subsection) ?? [];
    rewrites.push({ prefix: value, by: of });
    bases.set(subsection, rewrites);
  }
  let best: { base: string; prefix: string; by: T } | null = null;
  for (const [base, rewrites] of bases) {
    for (const { prefix, by } of rewrites) {
      if (!url.startsWith(prefix) || (best !== null && prefix.length <= best.prefix.length)) continue;
      best = { base, prefix, by };
    }
  }
  return best === null ? null : { url: best.base + url.slice(best.prefix.length), by: best.by };
}

/** One configured URL, or several: an empty value forgets those before it (git 2.46 and later; harmless before). */
function valuesOf<T>(entries: readonly RuleEntry<T>[], remote: string, name: string): RuleEntry<T>[] {
  let values: RuleEntry<T>[] = [];
  for (const entry of entries) {
    if (entry.section !== "remote" || entry.subsection !== remote || entry.name !== name) continue;
    if (entry.value === "") values = [];
    else if (entry.value !== null) values.push(entry);
  }
  return values;
}

export interface ResolvedUrl<T> {
  url: string;
  direction: "fetch" | "push";
  entry: T | null;
  rewrittenBy: T | null;
}

/** `remote.c`: what a remote's fetch and push really contact. Fetch takes the first URL, push takes all. */
export function urlsOfRemote<T>(entries: readonly RuleEntry<T>[], remote: string): ResolvedUrl<T>[] {
  const urls = valuesOf(entries, remote, "url");
  const pushUrls = valuesOf(entries, remote, "pushurl");
  const resolved: ResolvedUrl<T>[] = [];
  const first = urls[0];
  if (first?.value) resolved.push({ ...alias(first.value, entries), direction: "fetch", entry: first.of });
  if (pushUrls.length === 0) return [...resolved, ...pushesOf(urls, entries)];
  for (const one of pushUrls) {
    resolved.push({ ...alias(one.value ?? "", entries), direction: "push", entry: one.of });
  }
  return resolved;
}

/** Without a `pushurl`: where `pushInsteadOf` fits some of the URLs, Git pushes to those alone. */
function pushesOf<T>(urls: readonly RuleEntry<T>[], entries: readonly RuleEntry<T>[]): ResolvedUrl<T>[] {
  const rewritten = urls.flatMap(({ value, of }) => {
    const pushed = rewriteUrl(value ?? "", entries, "pushinsteadof");
    return pushed ? [{ url: pushed.url, rewrittenBy: pushed.by, entry: of }] : [];
  });
  const targets =
    rewritten.length > 0
      ? rewritten
      : urls.map(({ value, of }) => ({ ...alias(value ?? "", entries), entry: of }));
  return targets.map((target) => ({ ...target, direction: "push" }));
}

function alias<T>(url: string, entries: readonly RuleEntry<T>[]): { url: string; rewrittenBy: T | null } {
  const rewritten = rewriteUrl(url, entries, "insteadof");
  return { url: rewritten?.url ?? url, rewrittenBy: rewritten?.by ?? null };
}

/**
 * `http.c` through `urlmatch.c`: the entries of one `http.*` key that Git obeys for a URL, in its order. A later
 * entry that fits worse than the best so far is passed over; equal or better ones add up.
 */
export function httpEntries<T>(entries: readonly RuleEntry<T>[], name: string, url: string): RuleEntry<T>[] {
  const target = splitUrl(url);
  let best: UrlMatch | null = null;
  const obeyed: RuleEntry<T>[] = [];
  for (const entry of entries) {
    if (entry.section !== "http" || entry.name !== name) continue;
    const match =
      entry.subsection === null
        ? { host: 0, path: 0, user: false }
        : target && matchUrl(entry.subsection, target);
    if (!match || (best !== null && compareMatches(match, best) < 0)) continue;
    best = match;
    obeyed.push(entry);
  }
  return obeyed;
}

/** A key with one value: the last entry Git obeys. */
export function httpValue<T>(
  entries: readonly RuleEntry<T>[],
  name: string,
  url: string,
): RuleEntry<T> | null {
  return httpEntries(entries, name, url).at(-1) ?? null;
}

/** A key with several values, of which an empty one forgets those before it. */
export function httpList<T>(entries: readonly RuleEntry<T>[], name: string, url: string): RuleEntry<T>[] {
  let list: RuleEntry<T>[] = [];
  for (const entry of httpEntries(entries, name, url)) {
    if (!entry.value) list = [];
    else list.push(entry);
  }
  return list;
}

/** What `credential.c` makes of the configuration for one URL. */
export interface CredentialRules<T> {
  /** Every entry that fits, in the order of the files. */
  applied: RuleEntry<T>[];
  /** In Git's order, after resets. */
  helpers: RuleEntry<T>[];
  /** Helpers that a later empty `helper =` took out of the list. */
  forgotten: RuleEntry<T>[];
  username: RuleEntry<T> | null;
  useHttpPath: boolean;
}

/** `credential_apply_config`: every section that fits contributes, in file order; specificity sorts nothing. */
export function credentialRules<T>(entries: readonly RuleEntry<T>[], url: string): CredentialRules<T> {
  const rules: CredentialRules<T> = {
    applied: [],
    helpers: [],
    forgotten: [],
    username: null,
    useHttpPath: false,
  };
  const whole = splitUrl(url);
  if (whole === null) return rules;
  const asked = readCredentialUrl(url);
  const target = { ...whole, path: `/${asked.path ?? ""}` };
  const applies = (pattern: string): boolean => {
    if (isWholeUrl(pattern)) return matchUrl(pattern, target) !== null;
    // A name that the configuration has given by now counts like one in the URL.
    return matchPartialUrl(pattern, {
      ...asked,
      username: asked.username || (rules.username?.value ?? null),
    });
  };
  for (const entry of entries) {
    if (entry.section !== "credential" || (entry.subsection !== null && !applies(entry.subsection))) continue;
    rules.applied.push(entry);
    if (entry.name === "helper" && entry.value !== null) {
      if (entry.value !== "") rules.helpers.push(entry);
      else rules.forgotten.push(...rules.helpers.splice(0));
    } else if (entry.name === "username") rules.username = entry;
    else if (entry.name === "usehttppath") rules.useHttpPath = isTrue(entry.value);
  }
  return rules;
}

/** What Git tells a helper to look for, beside protocol and host. */
export interface CredentialRequest {
  username: string | null;
  path: string | null;
}

export function credentialRequest<T>(rules: CredentialRules<T>, url: string): CredentialRequest {
  const { username, path } = readCredentialUrl(url);
  return { username: username || (rules.username?.value ?? null), path: rules.useHttpPath ? path : null };
}

/** Git's booleans: words, or a number in C's notation with a unit; a key without a value is true. */
export function isTrue(value: string | null): boolean {
  if (value === null || /^(true|yes|on)$/i.test(value)) return true;
  return /^\s*[+-]?(0x(?=[\da-f]*[1-9a-f])[\da-f]+|(?=\d*[1-9])\d+)[kmg]?$/i.test(value);
}
