/** Git's credential protocol, as a helper hears it (gitcredentials(7), git-credential(1)). Pure. */
import { GIT_HOST } from "../core/bitbucket.ts";
import { splitUrl } from "../core/url.ts";

const OPERATIONS = ["get", "store", "erase", "capability"] as const;

export type Operation = (typeof OPERATIONS)[number];

/** What Git asks about. Its secrets (`password`, `credential`, `oauth_refresh_token`) are not taken along. */
export interface Request {
  protocol: string | null;
  /** With its port, as Git sends it. */
  host: string | null;
  path: string | null;
  username: string | null;
}

/** Git may add operations at any time; a helper passes over those it does not know. Null: pass over it. */
export function readOperation(word: string | undefined): Operation | null {
  return OPERATIONS.find((operation) => operation === word) ?? null;
}

/** `url=` stands for the parts it is made of, and replaces those that came before it. */
function fromUrl(text: string): Request | null {
  const url = splitUrl(text);
  if (url === null) return null;
  const path = url.path.replace(/^\//, "");
  return {
    protocol: url.scheme,
    host: url.port === null ? url.host : `${url.host}:${url.port}`,
    path: path === "" ? null : path,
    username: url.user,
  };
}

/**
 * Reads `name=value` lines up to an empty one. Null for what Git itself would refuse: a line without `=`, a URL that
 * is none. A later line wins over an earlier one.
 */
export function readRequest(text: string): Request | null {
  let request: Request = { protocol: null, host: null, path: null, username: null };
  for (const raw of text.split("\n")) {
    const line = raw.replace(/\r$/, "");
    if (line === "") break;
    const equals = line.indexOf("=");
    if (equals < 0) return null;
    const name = line.slice(0, equals);
    const value = line.slice(equals + 1);
    if (name === "url") {
      const whole = fromUrl(value);
      if (whole === null) return null;
      request = whole;
    } else if (name === "protocol" || name === "host" || name === "path" || name === "username") {
      request = { ...request, [name]: value };
    }
  }
  return request;
}

/** Exactly Bitbucket's Git host over HTTPS. A port is another host. */
export function isForBitbucket({ protocol, host }: Request): boolean {
  return protocol === "https" && host?.toLowerCase() === GIT_HOST;
}
