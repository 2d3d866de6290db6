/**
 * Sourcetree's own files: who its accounts are, never with what secret. The forms were read off files that people have
 * published; what they do not show is left unknown.
 */
import { GIT_HOST } from "../core/bitbucket.ts";
import type { SourcetreeAccount, SourcetreeAuth } from "../core/sourcetree.ts";
import { splitUrl } from "../core/url.ts";
import { readPlist } from "./plist.ts";
import { isDict, type Plist, type PlistDict, PlistUid } from "./plist-value.ts";

/** A name of a .NET or Objective-C class says what kind of credential it stands for. */
function authOf(className: string): SourcetreeAuth {
  if (/oauth/i.test(className)) return "oauth";
  if (/basic/i.test(className)) return "password";
  return /personalaccesstoken|apitoken|\bpat\b/i.test(className) ? "api-token" : "unknown";
}

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** Objects by their `$id`: whoever appears twice is written once, and named by `$ref` afterwards. */
function byId(value: unknown, known = new Map<unknown, Json>()): Map<unknown, Json> {
  if (Array.isArray(value)) for (const one of value) byId(one, known);
  if (!isObject(value)) return known;
  if (value.$id !== undefined) known.set(value.$id, value);
  for (const one of Object.values(value)) byId(one, known);
  return known;
}

function accountOf(value: unknown, known: ReadonlyMap<unknown, Json>): SourcetreeAccount | null {
  const follow = (one: unknown): Json => (isObject(one) ? (known.get(one.$ref) ?? one) : ({} satisfies Json));
  const account = follow(value);
  const instance = follow(account.HostInstance);
  const credentials = follow(account.Credentials);
  const host = splitUrl(textOf(instance.BaseUrl) ?? "")?.host;
  if (host === undefined) return null;
  return { user: textOf(credentials.Username), host, auth: authOf(textOf(credentials.$type) ?? "") };
}

/** `accounts.json` on Windows. Null for what is not that. */
export function readAccountsJson(bytes: Uint8Array): readonly SourcetreeAccount[] | null {
  try {
    const list: unknown = JSON.parse(
      Buffer.from(bytes)
        .toString("utf8")
        .replace(/^\uFEFF/, ""),
    );
    if (!Array.isArray(list)) return null;
    const known = byId(list);
    return list.flatMap((one) => accountOf(one, known) ?? []);
  } catch {
    return null;
  }
}

/** The objects of an `NSKeyedArchiver`'s table, with references followed. */
class Archive {
  constructor(private readonly objects: readonly Plist[]) {}

  follow(value: Plist | undefined): Plist {
    const found = value instanceof PlistUid ? this.objects[value.index] : value;
    return found === undefined || found === "$null" ? null : found;
  }

  dicts(): PlistDict[] {
    return this.objects.filter(isDict);
  }

  text(value: Plist | undefined): string | null {
    return textOf(this.follow(value));
  }

  dict(value: Plist | undefined): PlistDict | null {
    const found = this.follow(value);
    return isDict(found) ? found : null;
  }

  className(of: PlistDict | null): string {
    return this.text(this.dict(of?.get("$class"))?.get("$classname")) ?? "";
  }

  /** A URL is a text, an `NSURL`, or something that has one as its `baseURL`. */
  url(value: Plist | undefined): string | null {
    const dict = this.dict(value);
    if (dict === null) return this.text(value);
    return this.text(dict.get("NS.relative")) ?? (dict.has("baseURL") ? this.url(dict.get("baseURL")) : null);
  }
}

/** Where an account has no URL, it is one of the services Sourcetree knows; the first it ever knew is Bitbucket. */
function hostOf(archive: Archive, account: PlistDict): string | null {
  const host = account.get("host");
  const url = archive.url(account.get("baseURL")) ?? archive.url(host);
  if (url !== null) return splitUrl(url)?.host ?? null;
  if (archive.follow(account.get("hostType")) === 0) return GIT_HOST;
  const name = archive.className(archive.dict(host));
  return /bitbucket/i.test(name) && !/server|stash|datacenter/i.test(name) ? GIT_HOST : null;
}

/** `hostingservices.plist` and `hostingservices_new.plist` on macOS. Null for what is not that. */
export function readHostingServices(bytes: Uint8Array): readonly SourcetreeAccount[] | null {
  const plist = readPlist(bytes);
  const objects = isDict(plist) ? plist.get("$objects") : undefined;
  if (!Array.isArray(objects)) return null;
  const archive = new Archive(objects);
  return archive.dicts().flatMap((one) => {
    if (!one.has("protocol")) return [];
    const credential = archive.dict(one.get("credential"));
    const host = hostOf(archive, one);
    const user = archive.text((credential ?? one).get("username"));
    return host === null ? [] : [{ user, host, auth: authOf(archive.className(credential)) }];
  });
}

/**
 * The users for whom `passwd` or `userhosts` on Windows has an entry for Bitbucket. An entry begins with the host in
 * the clear; what comes after it is not looked at. [inferred from how people are told to find theirs]
 */
export function usersInPasswordFile(bytes: Uint8Array): (string | null)[] {
  const entry = /(?<![\w.-])(?:([^\s/@:"']{1,128})@)?bitbucket\.org(?![\w.-])/i;
  return Buffer.from(bytes)
    .toString("utf8")
    .split(/\r?\n/)
    .flatMap((line) => {
      const found = entry.exec(line);
      return found ? [found[1] ?? null] : [];
    });
}

/** `ana@STAuth-bitbucket.org`, a file on macOS: the user, or null for another file. */
export function userOfPasswordFile(name: string): string | null {
  return /^(.+)@STAuth-(?:https?:\/\/)?bitbucket\.org$/i.exec(name)?.[1] ?? null;
}

/** The version an app's `Info.plist` gives. */
export function bundleVersion(bytes: Uint8Array): string | null {
  const plist = readPlist(bytes);
  return isDict(plist) ? textOf(plist.get("CFBundleShortVersionString")) : null;
}
