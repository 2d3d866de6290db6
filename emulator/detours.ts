/**
 * Addresses that are not Bitbucket's own and lead to it: plain HTTP and `www.` by a redirect, the name with a dot at
 * its end as the same host. [inferred: neither is documented, and no transcript shows the answers]
 */
import { GIT_HOST } from "../src/core/bitbucket.ts";
import { presentedIn } from "./emulated.ts";
import { entryFor, type LogEntry } from "./log.ts";
import type { World } from "./world.ts";

export const WWW_HOST = `www.${GIT_HOST}`;

/** A name as it is in the world: a dot at its end is nothing to DNS. */
export function plainHost(host: string): string {
  return host.toLowerCase().replace(/\.$/, "");
}

/** To the same path at Bitbucket's own address. */
export function redirectHome({ pathname, search }: URL): Response {
  return new Response(null, {
    status: 301,
    headers: { Location: `https://${GIT_HOST}${pathname}${search}` },
  });
}

/** Answers a request over plain HTTP; null for one that leads to no name of Bitbucket's. */
export function answerPlain(world: World, head: string, log: (entry: LogEntry) => void): Response | null {
  const [first = "", ...lines] = head.split("\r\n");
  const [, method = "", text = ""] = /^([A-Z]+) (http:\/\/\S+) HTTP/.exec(first) ?? [];
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const host = plainHost(url.hostname);
  if ((host !== GIT_HOST && host !== WWW_HOST) || url.port !== "") return null;
  const headers = new Headers(lines.flatMap((line) => pairOf(line)));
  const response = redirectHome(url);
  const presented = presentedIn(headers);
  log({
    ...entryFor(world, { host: `http://${host}`, method, url, service: "web", presented }),
    status: 301,
  });
  return response;
}

function pairOf(line: string): [string, string][] {
  const colon = line.indexOf(":");
  return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()]];
}
