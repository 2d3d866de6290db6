import { GIT_HOST } from "../core/bitbucket.ts";
import { httpValue, isTrue } from "../core/git-rules.ts";
import { chooseProxy } from "../core/proxy.ts";
import { Unavailable } from "../core/setup.ts";
import { mayReach } from "../core/url-match.ts";
import type { RawEntry } from "./config.ts";
import { ruleEntries } from "./routes.ts";
import type { Eyes } from "./world.ts";

/** How requests reach Bitbucket from here. */
export interface Line {
  proxy: string | null;
  /** PEM text of the authorities Git was told to trust; null: the system's. */
  ca: string | null;
}

const URL = `https://${GIT_HOST}/`;

const STEERING = new Set([
  "proxy",
  "proxyauthmethod",
  "sslcainfo",
  "sslcapath",
  "sslverify",
  "sslcert",
  "sslkey",
  "sslbackend",
  "cookiefile",
  "curloptresolve",
]);

/** Whether a setting steers requests to Bitbucket away from what the machine's owner set up. */
function steers({ entry, rawSubsection }: RawEntry): boolean {
  if (!entry.fromRepository || entry.value === "") return false;
  if (entry.section === "remote") return entry.name === "proxy";
  if (entry.section !== "http" || !STEERING.has(entry.name)) return false;
  return !(entry.name === "sslverify" && isTrue(entry.value)) && mayReach(rawSubsection, GIT_HOST);
}

/**
 * Keys of what only the repository says about the line, as a person reads them; null where there are none. A request
 * that carries a credential must not obey them without consent.
 */
export function lineOfRepository(config: readonly RawEntry[]): string | null {
  const keys = config.filter(steers).map(({ entry }) => `\`${entry.key}\``);
  return keys.length === 0 ? null : keys.join(", ");
}

/** `remote.<name>.proxy` goes before `http.proxy`; a remote of the user's own configuration may have one. */
function configuredProxy(config: readonly RawEntry[]): string | null {
  const ofRemote = config.filter(({ entry }) => entry.section === "remote" && entry.name === "proxy").at(-1);
  return ofRemote?.rawValue ?? httpValue(ruleEntries(config), "proxy", URL)?.value ?? null;
}

function authorities(eyes: Eyes, config: readonly RawEntry[]): string | null | Unavailable {
  const configured = httpValue(ruleEntries(config), "sslcainfo", URL)?.value;
  const file = eyes.self.env.GIT_SSL_CAINFO ?? configured;
  if (!file) return null;
  const path = file.startsWith("~/") && eyes.self.home !== null ? eyes.self.home + file.slice(1) : file;
  try {
    const bytes = eyes.files.read(path);
    if (bytes !== null) return Buffer.from(bytes).toString("utf8");
  } catch {
    // Said below.
  }
  return new Unavailable(
    `\`${path}\`, the list of certificate authorities Git is told to use, cannot be read`,
  );
}

/**
 * Decides proxy and authorities as Git would, but by trusted settings only. `Unavailable` where a request with a
 * credential must not be sent.
 */
export function findLine(
  eyes: Eyes,
  config: readonly RawEntry[],
  trustRepository: boolean,
): Line | Unavailable {
  const keys = lineOfRepository(config);
  if (keys !== null && !trustRepository) {
    return new Unavailable(
      `only this repository sets ${keys}, so no credential was sent (\`--trust-repository\` allows it)`,
    );
  }
  const rules = ruleEntries(config);
  const verify = httpValue(rules, "sslverify", URL);
  if (eyes.self.env.GIT_SSL_NO_VERIFY !== undefined || (verify !== null && !isTrue(verify.value))) {
    return new Unavailable(
      "Git is told not to check certificates here, and git-rekey sends no credential without that check",
    );
  }
  const proxy = chooseProxy(configuredProxy(config), eyes.self.env, GIT_HOST);
  if (proxy.kind === "unusable") return new Unavailable(proxy.reason);
  const ca = authorities(eyes, config);
  if (ca instanceof Unavailable) return ca;
  return { proxy: proxy.kind === "proxy" ? proxy.url : null, ca };
}
