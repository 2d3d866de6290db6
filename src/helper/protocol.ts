/** Git's credential protocol, as a helper hears it (gitcredentials(7), git-credential(1)). Pure. */
import { GIT_HOST } from "../core/bitbucket.ts";
import { asciiLowerCase, splitUrl } from "../core/split-url.ts";

const OPERATIONS = ["get", "store", "erase", "capability"] as const;

export type Operation = (typeof OPERATIONS)[number];

/** What Git asks about. */
export interface Request {
  protocol: string | null;
  /** With its port, as Git sends it. */
  host: string | null;
  path: string | null;
  username: string | null;
  /** A secret: with `store` and `erase`, what Git used. Only compared. */
  password: string | null;
}

const NOTHING: Request = { protocol: null, host: null, path: null, username: null, password: null };

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
    password: url.password,
  };
}

const NAMES: ReadonlySet<string> = new Set(Object.keys(NOTHING));

/**
 * Reads `name=value` lines up to an empty one. Null for what Git itself would refuse: a line without `=`, a URL that
 * is none. A later line wins over an earlier one.
 */
export function readRequest(text: string): Request | null {
  let request = NOTHING;
  for (const raw of text.split("\n")) {
    const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    if (line === "") break;
    const equals = line.indexOf("=");
    if (equals < 0) return null;
    const name = line.slice(0, equals);
    const value = line.slice(equals + 1);
    if (name === "url") {
      const whole = fromUrl(value);
      if (whole === null) return null;
      request = whole;
    } else if (NAMES.has(name)) {
      request = { ...request, [name]: value };
    }
  }
  return request;
}

/** Exactly Bitbucket's Git host over HTTPS, at its usual port. Letters of other scripts that look alike are others. */
export function isForBitbucket({ protocol, host }: Pick<Request, "protocol" | "host">): boolean {
  if (protocol !== "https" || host === null) return false;
  if (host === GIT_HOST) return true;
  const name = asciiLowerCase(host);
  return name === GIT_HOST || name === `${GIT_HOST}:443`;
}

/** An answer to `get`. */
export interface Credential {
  username: string;
  password: string;
  /** Milliseconds; null where nobody knows. */
  expires: number | null;
}

/** As Git reads it. Line ends cannot be in any of it: tokens with one are refused where they are read. */
export function writeCredential({ username, password, expires }: Credential): string {
  const expiry = expires === null ? "" : `password_expiry_utc=${Math.floor(expires / 1000)}\n`;
  return `username=${username}\npassword=${password}\n${expiry}`;
}
