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
