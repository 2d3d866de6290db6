/** Which hosts the lines of a log talk about: a message counts as Bitbucket's only where the host is. */
import { GIT_HOST, REST_HOST, SSH_ALT_HOST } from "../core/bitbucket.ts";
import { type SplitUrl, splitUrl } from "../core/url.ts";
import { operationIn } from "./transcript-direction.ts";
import type { LogicalLine } from "./transcript-lines.ts";

export type Whose = "ours" | "other" | "unknown";

/** A host a line talks about. */
interface Anchor {
  /** Index among the logical lines, and the number of the pasted line. */
  n: number;
  line: number;
  whose: Whose;
  url: string | null;
  /** Whether the line says that something failed there. */
  failed: boolean;
}

export interface Scene {
  anchors: readonly Anchor[];
  operations: readonly { line: number; operation: "fetch" | "push" }[];
}

const URLS = /\b(?:https?|ssh):\/\/[^\s'"`<>«»“”„‘’「」『』‹›\uFFFD]{1,1024}/gi;
/** `git@host:path`, and the host in the messages of curl and ssh that have no URL. */
const BARE =
  /(?:\bgit@|\b[Hh]ost key for [`'[]{0,2}|host key is known for \[?|authenticity of host '\[?|\b[\w.+-]{1,64}@(?=[\w.-]{1,253}: Permission denied)|Could not resolve host(?:name)?:? ['"]?|Failed to connect to |connect to host |^Host: |(?:Received disconnect from|Disconnected from|Connection (?:closed|reset) by|Unable to negotiate with) (?!\d{1,3}(?:\.\d{1,3}){3} )(?=[\w-]{1,63}\.[\w.-]{1,189} port \d))([A-Za-z0-9][A-Za-z0-9.-]{0,252})/g;
/** Words beside a URL which tell that Git, or a client, talks to it; a link in a sentence has none of them. */
const TALKS =
  /['"`«»“”„‘’「」『』\uFFFD] ?(?:https?|ssh):\/\/|^(?:From|To|Pushing to|origin|upstream) |\bgit\b|Exception|\b(?:url|URI|accessing|error|clone|fetch|push|GET|POST|HTTP)\b/i;

const FAILED = /fatal|error|exception|fail|unable|denied|not authorized|could not/i;

/** Whose host it is. Masked and templated hosts are nobody's. */
export function whoseHost(host: string): Whose {
  const name = host.toLowerCase();
  if (name === GIT_HOST || name === REST_HOST || name === SSH_ALT_HOST) return "ours";
  // An alias in ssh's configuration: what ends like this is no name that anybody could own.
  if (/^bitbucket\.org-[\w-]+$/.test(name)) return "ours";
  // Atlassian's pages of documentation and LFS storage stand in Bitbucket's own messages.
  if (/(?:^|\.)(?:atlassian\.(?:com|net|community)|localhost|127\.0\.0\.1)$/.test(name)) return "unknown";
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(name) ? "other" : "unknown";
}

/** Whose a URL is: Bitbucket at the usual ports only, because another port is another server. */
export function whoseUrl(parts: SplitUrl): Whose {
  const whose = whoseHost(parts.host);
  const usual = parts.port === null || [80, 443, 22].includes(parts.port);
  return whose === "ours" && !usual ? "other" : whose;
}

/** URLs of a line, without the punctuation of a sentence behind them. */
export function urlsIn(line: string): readonly { url: string; at: number; parts: SplitUrl }[] {
  if (!line.includes("://")) return [];
  return [...line.matchAll(URLS)].flatMap((match) => {
    const url = match[0].replace(/[.,;:)\]}]{1,5}$/, "");
    const parts = splitUrl(url);
    return parts ? [{ url, at: match.index, parts }] : [];
  });
}

/**
 * What the server says may link to anything and never tells which server it is: that is left out. Where the line ends
 * were lost, Git's own words follow in the same line.
 */
function ownWords({ text, remote }: LogicalLine): string {
  return remote ? (/\b(?:fatal|error): .{0,4096}/.exec(text)?.[0] ?? "") : text;
}

function anchorsIn(logical: LogicalLine, n: number): Anchor[] {
  const text = ownWords(logical);
  if (text === "") return [];
  const line = logical.parts[0]?.line ?? 1;
  const talks = TALKS.test(text);
  const failed = FAILED.test(text);
  const anchors: Anchor[] = [];
  for (const { url, parts } of urlsIn(text)) {
    const whose = whoseUrl(parts);
    if (whose === "ours" || (whose === "other" && talks)) anchors.push({ n, line, whose, url, failed });
  }
  for (const [, host = ""] of text.matchAll(BARE))
    if (whoseHost(host) !== "unknown") anchors.push({ n, line, whose: whoseHost(host), url: null, failed });
  return anchors;
}

/** How far away, in pasted lines, something still belongs to a message: a host, and a word that tells the direction. */
const HOST_REACH = 40;
const OPERATION_REACH = 60;

/**
 * Which lines are asked about: those that may say something, and those within reach of one before or after them. Of a
 * long log they are few, and the rest would be by far the most work.
 */
function inReach(lines: readonly LogicalLine[]): readonly boolean[] {
  const near: boolean[] = [];
  let until = Number.NEGATIVE_INFINITY;
  for (const { speaks, parts } of lines) {
    if (speaks) until = (parts.at(-1)?.line ?? 1) + OPERATION_REACH;
    near.push((parts[0]?.line ?? 1) <= until);
  }
  let from = Number.POSITIVE_INFINITY;
  for (let n = lines.length - 1; n >= 0; n--) {
    const line = lines[n]?.parts[0]?.line ?? 1;
    if (lines[n]?.speaks) from = line - OPERATION_REACH;
    if (line >= from) near[n] = true;
  }
  return near;
}

/** Whether any line names a host. A log of some length does so soon. */
export function namesHost(lines: readonly LogicalLine[]): boolean {
  return lines.some((logical, n) => anchorsIn(logical, n).length > 0);
}

/** Who is talked to where and which way the data goes, as far as a message may ask. Every host of ours is in it. */
export function sceneOf(lines: readonly LogicalLine[]): Scene {
  const anchors: Anchor[] = [];
  const operations: { line: number; operation: "fetch" | "push" }[] = [];
  const near = inReach(lines);
  for (const [n, logical] of lines.entries()) {
    if (!near[n]) continue;
    for (const anchor of anchorsIn(logical, n)) anchors.push(anchor);
    const operation = operationIn(logical.text);
    if (operation) operations.push({ line: logical.parts[0]?.line ?? 1, operation });
  }
  return { anchors, operations };
}

/** The first index whose element's key is not below `wanted`; the list is in the order of its keys. */
function firstFrom<T>(list: readonly T[], key: (item: T) => number, wanted: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(list[middle] as T) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The host that ends the failure a line is part of: behind the server's `remote: ` lines come at most a handful of
 * Git's, and one of them names it. Null where none does.
 */
export function hostAfter(scene: Scene, lines: readonly LogicalLine[], n: number): Anchor | null {
  const start = lines[n];
  if (!start) return null;
  let last = n;
  for (let seen = 0; last < lines.length && seen < 5 && last < n + 40; last++)
    if (last > n && !lines[last]?.remote) seen++;
  const first = scene.anchors[firstFrom(scene.anchors, (anchor) => anchor.n, n)];
  const near = (first?.line ?? 0) - (start.parts[0]?.line ?? 0) <= HOST_REACH;
  return first && first.n < last && near ? first : null;
}

/** The host named last before a line, in as many lines as Jenkins or Ansible put between. */
function hostBefore(scene: Scene, n: number, line: number): Anchor | null {
  const before = scene.anchors[firstFrom(scene.anchors, (anchor) => anchor.n, n) - 1];
  return before && line - before.line <= HOST_REACH ? before : null;
}

/** Whose a message without a host of its own is: that of the failure it belongs to, else of what was talked to last. */
export function hostNear(scene: Scene, lines: readonly LogicalLine[], n: number): Anchor | null {
  return hostAfter(scene, lines, n) ?? hostBefore(scene, n, lines[n]?.parts[0]?.line ?? 1);
}

/**
 * The same for words that any program uses, such as a timeout's: after a clone that went well they are about something
 * else. So the host must stand in the same line or next to it, or have failed just before.
 */
export function hostBeside(scene: Scene, lines: readonly LogicalLine[], n: number): Anchor | null {
  const line = lines[n]?.parts[0]?.line ?? 1;
  const after = hostAfter(scene, lines, n);
  if (after && after.line - line <= (after.failed ? 3 : 1)) return after;
  const before = hostBefore(scene, n, line);
  return before && line - before.line <= (before.failed ? 20 : 1) ? before : null;
}

/** The nearest word that tells a fetch from a push, if it is within reach. */
export function operationAt(scene: Scene, line: number): "fetch" | "push" | "unknown" {
  const at = firstFrom(scene.operations, (item) => item.line, line);
  const before = scene.operations[at - 1];
  const after = scene.operations[at];
  const far = (item: typeof before) => (item ? Math.abs(item.line - line) : Number.POSITIVE_INFINITY);
  // At the same distance the command before decides, not what comes next.
  const nearest = far(after) < far(before) ? after : before;
  return nearest && far(nearest) <= OPERATION_REACH ? nearest.operation : "unknown";
}
