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
    host: (portAt ? hostport.slice(0, portAt.index) : hostport).toLowerCase(),
    port: portAt?.[1] ? Number(portAt[1]) : null,
    path,
  };
}

/**
 * The text with everything that looks like a secret masked: passwords in URLs, Authorization values, tokens by
 * their prefix. For text that is shown but was written by others; it never replaces keeping secrets out.
 */
export function mask(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)([^/?#\s'"]*)@/gi, (_, head: string, userinfo: string) => {
      const colon = userinfo.indexOf(":");
      return `${head}${colon < 0 ? userinfo : `${userinfo.slice(0, colon)}:${MASK}`}@`;
    })
    .replace(/(authorization:\s*[a-z]+\s+)[^\s'"]+/gi, (_, head: string) => head + MASK)
    .replace(/(?:ATBB|ATATT|ATCTT|BBDC-)[A-Za-z0-9_+/=%.\\-]{8,}/g, MASK);
}

/** The same URL without user and password, or with just the user given. */
export function withUser(text: string, user: string | null): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)(?:[^/?#]*@)?/i, (_, head: string) =>
    user === null ? head : `${head}${encodeURIComponent(user)}@`,
  );
}
