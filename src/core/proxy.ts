/** Which proxy a request goes through, by the rules of Git and libcurl. Pure. */

export type ProxyChoice =
  | { kind: "none" }
  | { kind: "proxy"; url: string; from: string }
  /** One we cannot speak to (SOCKS), or must not use. */
  | { kind: "unusable"; reason: string };

/** libcurl's NO_PROXY: `*`, or a list of names that a host equals or ends in. */
export function bypasses(list: string | undefined, host: string): boolean {
  if (!list) return false;
  if (list.trim() === "*") return true;
  return list
    .split(/[\s,]+/)
    .map((name) => name.replace(/^\./, "").replace(/:\d+$/, "").toLowerCase())
    .some((name) => name !== "" && (host === name || host.endsWith(`.${name}`)));
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * `configured` is `remote.<name>.proxy` or `http.proxy` as Git would obey it: set but empty means "no proxy".
 * Variables count only where nothing is configured.
 */
export function chooseProxy(configured: string | null, env: Variables, host: string): ProxyChoice {
  if (configured === "") return { kind: "none" };
  const names = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
  const name = names.find((one) => env[one]);
  const url = configured ?? (name === undefined ? null : env[name]);
  if (!url || bypasses(env.no_proxy ?? env.NO_PROXY, host)) return { kind: "none" };
  const scheme = /^([a-z0-9]+):\/\//i.exec(url)?.[1]?.toLowerCase() ?? "http";
  if (scheme.startsWith("socks"))
    return { kind: "unusable", reason: "requests go through a SOCKS proxy, which git-rekey cannot use" };
  return {
    kind: "proxy",
    url: url.includes("://") ? url : `http://${url}`,
    from: configured === null ? (name ?? "") : "http.proxy",
  };
}
