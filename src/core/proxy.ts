/** Which proxy a request goes through, by the rules of Git and libcurl. Pure. */

export type ProxyChoice =
  | { kind: "none" }
  | { kind: "proxy"; url: string; from: string }
  /** One we cannot speak to (SOCKS), or must not use. */
  | { kind: "unusable"; reason: string };

/** libcurl's NO_PROXY: `*` alone, or a list of names that a host equals or ends in. Ports mean nothing to it. */
export function bypasses(list: string | undefined, host: string): boolean {
  if (!list) return false;
  if (list === "*") return true;
  return list
    .split(/[\s,]+/)
    .map((name) => name.replace(/^\./, "").replace(/\.$/, "").toLowerCase())
    .some((name) => name !== "" && (host === name || host.endsWith(`.${name}`)));
}

type Variables = Readonly<Record<string, string | undefined>>;

/** In Git's order. One that is set but empty means "no proxy", and hides those after it. */
const NAMES = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/**
 * `configured` is `remote.<name>.proxy` or `http.proxy` as Git would obey it: set but empty means "no proxy".
 * Variables count only where nothing is configured.
 */
export function chooseProxy(configured: string | null, env: Variables, host: string): ProxyChoice {
  const name = NAMES.find((one) => env[one] !== undefined) ?? "";
  const url = configured ?? env[name];
  if (!url || bypasses(env.no_proxy ?? env.NO_PROXY, host)) return { kind: "none" };
  const scheme = /^([a-z0-9]+):\/\//i.exec(url)?.[1]?.toLowerCase() ?? "http";
  if (scheme.startsWith("socks"))
    return { kind: "unusable", reason: "requests go through a SOCKS proxy, which git-rekey cannot use" };
  return {
    kind: "proxy",
    url: url.includes("://") ? url : `http://${url}`,
    from: configured === null ? name : "http.proxy",
  };
}
