/** URLs that are not Bitbucket's own and yet lead to it. Pure. */
import { GIT_HOST, PIPELINES_PROXY_PORT } from "./bitbucket.ts";
import { httpValue, isTrue, type RuleEntry } from "./git-rules.ts";
import type { Detour, RemoteUrl } from "./setup.ts";
import { splitUrl } from "./url.ts";

/** What is unusual about it; null for Bitbucket's own URL and for everybody else's. */
function kindOf({ transport, host, port }: RemoteUrl): Detour["kind"] | null {
  const name = host.replace(/\.$/, "");
  const isUsual = port === null || port === (transport === "http" ? 80 : 443);
  const leads = name === GIT_HOST || name === `www.${GIT_HOST}`;
  if ((transport !== "http" && transport !== "https") || !isUsual || !leads) return null;
  if (name !== host) return "dot";
  if (name !== GIT_HOST) return "www";
  return transport === "http" ? "http" : null;
}

/** Inside a step of Pipelines a proxy answers plain HTTP and signs in by itself. */
function isInPipelines<T>(entries: readonly RuleEntry<T>[], rawUrl: string): boolean {
  const proxy = httpValue(entries, "proxy", rawUrl)?.value ?? "";
  return splitUrl(proxy.includes("://") ? proxy : `http://${proxy}`)?.port === PIPELINES_PROXY_PORT;
}

/** `http.c`: by default only what a command asks for first may be redirected, which is enough here. */
function followsRedirects<T>(entries: readonly RuleEntry<T>[], rawUrl: string): boolean {
  const told = httpValue(entries, "followredirects", rawUrl);
  return told === null || told.value === "initial" || isTrue(told.value);
}

/** The detour that this URL takes under this configuration; null where it takes none. */
export function detourOf<T>(url: RemoteUrl, entries: readonly RuleEntry<T>[], rawUrl: string): Detour | null {
  const kind = kindOf(url);
  if (kind === null || isInPipelines(entries, rawUrl)) return null;
  // A password is for the host it is written beside: after the redirect Git gives up instead of asking for another.
  const asks = url.password === null && followsRedirects(entries, rawUrl);
  return { kind, arrives: kind !== "dot" && asks };
}

/** The URL at the end of the detour. Git takes it from the redirect, so the user that was named is dropped. */
export function afterDetour(url: RemoteUrl): RemoteUrl {
  return { ...url, transport: "https", user: null, host: GIT_HOST, port: null, isBitbucket: true };
}
