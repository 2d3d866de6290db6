/** URLs of Bitbucket that carry a user or a password, in any text and any template language. */
import {
  ACCESS_TOKEN_USER,
  API_TOKEN_USER,
  type RepositoryName,
  repositoryOf,
} from "../../core/bitbucket.ts";
import { decode } from "../../core/split-url.ts";
import type { Use } from "../../core/spot.ts";
import { matchesByLine } from "./near.ts";
import { plainToken } from "./tokens.ts";

/** What a template puts there; it may hold blanks and colons. */
const TEMPLATE = [
  "\\$\\{\\{[^{}\\n]{0,200}\\}\\}",
  "\\{\\{[^{}\\n]{0,200}\\}\\}",
  "\\$\\{[^{}\\n]{0,200}\\}",
  "\\$\\([^()\\n]{0,300}\\)",
  "#\\{[^{}\\n]{0,200}\\}",
  "<%[^%\\n]{0,200}%>",
  "<[A-Za-z][\\w .-]{0,60}>",
].join("|");

const USER = `(?:${TEMPLATE}|[^\\s:/"'\`<>{}()\\\\,;]){0,300}`;
const PASSWORD = `(?:${TEMPLATE}|(?!:?\\\\?/\\\\?/)[^\\s"'\`<>{}]){0,1200}?`;

const URL_WITH_USER = new RegExp(
  `\\b(?:git\\+|git::)?https?:\\\\?/\\\\?/(${USER})(?::(${PASSWORD}))?@((?:api\\.|www\\.)?bitbucket\\.org)(?![\\w-]|\\.\\w)(?::\\d+)?((?:\\\\?/[^\\s"'\`<>\\\\]*)*)`,
  "dgi",
);

/** What is in every one of them. */
const HOST = /@(?:api\.|www\.)?bitbucket\.org/gi;

/** A URL with a user, and perhaps a password. */
export interface UrlWithUser {
  /** Offsets of the whole URL. */
  start: number;
  end: number;
  /** Decoded; a template as it is written. */
  user: string;
  /** Decoded; null where there is none. A secret, or a template. */
  password: string | null;
  /** Offsets of the password as written; of the user where there is none. */
  secretStart: number;
  secretEnd: number;
  /** Whether its secret is written with percent signs or backslashes. */
  encoded: boolean;
  host: string;
  use: Use;
  repository: RepositoryName | null;
}

function useOf(host: string): Use {
  return host.toLowerCase().startsWith("api.") ? "rest" : "git";
}

/**
 * `/2.0/repositories/acme/site` of REST, or `/acme/site.git`; package managers write a branch or tag behind it, with
 * `#`, `@` or `?`.
 */
function repositoryIn(host: string, path: string): RepositoryName | null {
  const plain = path
    .replaceAll("\\/", "/")
    .replace(/[?#@].*$/, "")
    .replace(/[.,;:!?)\]}]+$/, "");
  const rest = /^\/2\.0\/repositories(\/.*)$/.exec(plain)?.[1];
  const found = repositoryOf(useOf(host) === "rest" ? (rest ?? "") : plain);
  const isName = (text: string): boolean => /^[\w.-]+$/.test(text);
  return found !== null && isName(found.workspace) && isName(found.repository) ? found : null;
}

/** What is written, as the program that reads it takes it. */
function decoded(text: string): string {
  return plainToken(decode(text.replaceAll("\\/", "/")));
}

/** Every URL with a user, in order. */
export function urlsIn(text: string): UrlWithUser[] {
  return matchesByLine(text, HOST, URL_WITH_USER).flatMap((match) => {
    const [, user = "", password, host = "", path = ""] = match;
    const [whole, atUser, atPassword] = match.indices ?? [];
    const range = atPassword ?? atUser;
    if (whole === undefined || range === undefined) return [];
    const written = password ?? user;
    return {
      start: whole[0],
      end: whole[1],
      user: decoded(user),
      password: password === undefined ? null : decoded(password),
      secretStart: range[0],
      secretEnd: range[1],
      encoded: decoded(written) !== written,
      host: host.toLowerCase(),
      use: useOf(host),
      repository: repositoryIn(host, path),
    };
  });
}

/** Whether a user name is one that goes with tokens only. */
export function isStaticUser(user: string | null): boolean {
  return user === API_TOKEN_USER || user === ACCESS_TOKEN_USER;
}
