/** From the messages in a log to what they claim: whose they are, and which of them only repeat another. */
import { REST_HOST } from "../core/bitbucket.ts";
import { type FoundSaying, sayingsIn } from "../core/bitbucket-says.ts";
import { splitUrl } from "../core/url.ts";
import { type About, type Claim, type GitSaying, gitSays } from "./git-says.ts";
import { claimsOfSaying, claimsOfStatus } from "./transcript-claims.ts";
import { isSecretUser } from "./transcript-hide.ts";
import {
  hostAfter,
  hostBeside,
  hostNear,
  operationAt,
  type Scene,
  urlsIn,
  type Whose,
  whoseHost,
  whoseUrl,
} from "./transcript-hosts.ts";
import { type LogicalLine, lineAt } from "./transcript-lines.ts";
import type { RawLine } from "./transcript-text.ts";
import { readTranslated } from "./transcript-translated.ts";

/** What one message claims, still with its URL as pasted: only `transcript.ts` shows it, masked. */
export interface Claimed {
  claims: readonly Claim[];
  n: number;
  at: number;
  line: number;
  url: string | null;
  status: number | null;
  operation: "fetch" | "push" | "unknown";
  branch: string | null;
  required: readonly string[] | null;
  granted: readonly string[] | null;
}

interface Log {
  raw: readonly RawLine[];
  lines: readonly LogicalLine[];
  scene: Scene;
}

/** A sentence of Bitbucket's that may explain the lines after it. */
interface Sentence {
  claimed: Claimed;
  explains: string | null;
  lastLine: number;
}

/** As far as Git puts lines between the server's sentence and its own. */
const REACH = 12;

function isRest(url: string | null): boolean {
  const parts = url === null ? null : splitUrl(url);
  return parts !== null && (parts.host === REST_HOST || /^\/(?:!?api)\//.test(parts.path));
}

/** Whose a message is by the lines around it. */
function around(log: Log, n: number, about: About): { whose: Whose; url: string | null } {
  const look = about === "beside" ? hostBeside : hostNear;
  return look(log.scene, log.lines, n) ?? { whose: "unknown", url: null };
}

function whoseNamed({ groups }: GitSaying): Whose {
  const parts = groups.url ? splitUrl(groups.url.replace(/[.,;:)]{1,5}$/, "")) : null;
  if (parts) return whoseUrl(parts);
  return whoseHost((groups.host ?? "").replace(/[.]$/, ""));
}

function claimed(log: Log, n: number, at: number, claims: readonly Claim[]): Claimed {
  const line = log.lines[n] ? lineAt(log.lines[n], at) : 1;
  const operation = operationAt(log.scene, line);
  return {
    claims,
    n,
    at,
    line,
    url: null,
    status: null,
    operation,
    branch: null,
    required: null,
    granted: null,
  };
}

/** Two failures one after the other must not take each other's words: the sentence belongs to one URL. */
function explaining(sentences: readonly Sentence[], line: number, url: string | null): Sentence | null {
  const last = sentences.at(-1);
  if (!last || line - last.lastLine > REACH) return null;
  return last.explains === null || url === null || last.explains === url ? last : null;
}

/** The failing host where a message names a stranger in a line about Bitbucket: that is the proxy in between. */
function isProxy(log: Log, n: number, saying: GitSaying): boolean {
  return (
    saying.row.claims !== "status" &&
    saying.row.claims[0]?.[0] === "host-unreachable" &&
    urlsIn(log.lines[n]?.text ?? "").some(({ parts }) => whoseUrl(parts) === "ours")
  );
}

/** In the place of a URL: what fails over SSH does not follow from what a URL over HTTPS met, nor the other way round. */
const OVER_SSH = "ssh:";

function gitClaim(log: Log, n: number, saying: GitSaying, sentences: readonly Sentence[]): Claimed | null {
  const { row, groups, at } = saying;
  const near = around(log, n, row.about);
  const isNamed = row.about === "named" || groups.host !== undefined;
  const whose = isNamed ? whoseNamed(saying) : near.whose;
  const proxy = isNamed && whose === "other" && isProxy(log, n, saying);
  if (whose === "other" && !proxy) return null;
  if (whose === "unknown" && row.about !== "local") return null;
  const url = groups.url ?? (whose === "ours" ? near.url : null);
  const found = claimed(log, n, at, []);
  const status = groups.status ? Number(groups.status) : null;
  const sentence = row.follows ? explaining(sentences, found.line, row.ssh ? OVER_SSH : url) : null;
  if (sentence && row.ssh) {
    sentence.lastLine = found.line;
    return null;
  }
  if (sentence) {
    sentence.claimed.url ??= url;
    sentence.claimed.status ??= status;
    sentence.explains ??= url;
    sentence.lastLine = found.line;
    return null;
  }
  const claims = claimsOf(saying, status, isRest(url), found.operation === "push");
  const branch = /\S{1,250} -> (\S{1,250})/.exec(log.lines[n]?.text ?? "")?.[1] ?? null;
  const shown = claims.some(([id]) => id === "branch-restricted") ? branch : null;
  return { ...found, claims: proxy ? [["proxy-refused", "likely"]] : claims, url, status, branch: shown };
}

function claimsOf(saying: GitSaying, status: number | null, rest: boolean, push: boolean): readonly Claim[] {
  const { claims } = saying.row;
  if (claims === "status") return status === null ? [] : claimsOfStatus(status, rest, push);
  // `could not read Password for 'https://:@…'` pins nobody.
  const user = saying.groups.url ? splitUrl(saying.groups.url)?.user : null;
  return claims.filter(([id]) => id !== "username-pinned-in-url" || (user && !isSecretUser(user)));
}

function sentenceOf(log: Log, n: number, found: FoundSaying): Sentence | null {
  const logical = log.lines[n];
  if (!logical) return null;
  const after = hostAfter(log.scene, log.lines, n);
  // Followed by the failure of another host, these are not Bitbucket's words, whatever they say.
  if (after?.whose === "other") return null;
  if (!found.own && around(log, n, "beside").whose !== "ours") return null;
  const base = claimed(log, n, found.at, []);
  const json = /"message\\*"\s*:/.test(logical.text);
  const { saying } = found;
  const claims = claimsOfSaying(saying, base.operation, json);
  const scopes = saying.kind === "scope-missing" ? saying : null;
  return {
    claimed: {
      ...base,
      claims,
      url: null,
      branch: saying.kind === "branch-restricted" ? saying.branch : null,
      required: scopes?.required ?? null,
      granted: scopes?.granted ?? null,
    },
    explains: null,
    lastLine: base.line,
  };
}

/** Secrets that the log shows in a URL of Bitbucket's. */
function shownSecrets(log: Log, n: number): Claimed[] {
  const found: Claimed[] = [];
  if (!log.lines[n]?.text.includes("@")) return found;
  for (const { url, at, parts } of urlsIn(log.lines[n]?.text ?? "")) {
    const { user, password } = parts;
    if (whoseUrl(parts) !== "ours" || user === null) continue;
    const secret = password === null ? isSecretUser(user) : !isPlaceholder(password);
    if (secret) found.push({ ...claimed(log, n, at, [["secret-in-remote-url", "certain"]]), url });
  }
  return found;
}

/** What stands where a secret was: stars, brackets, a variable, a word of documentation. */
function isPlaceholder(password: string): boolean {
  return (
    !/[A-Za-z0-9]{3}/.test(password) ||
    /^[<[({$%‹«*].*[>\])}%›»*]$|^\$\w+$|^[A-Z_]+$|^x+$|^(?:redacted|masked|hidden|secret|password|token)$/i.test(
      password,
    )
  );
}

/** What a line without a known message claims by its shape, if anything. */
function translatedClaim(log: Log, n: number, sentences: readonly Sentence[]): Claimed | null {
  const shape = readTranslated(log.lines[n]?.text ?? "");
  const parts = shape ? splitUrl(shape.url) : null;
  if (!shape || !parts || whoseUrl(parts) !== "ours") return null;
  const base = claimed(log, n, shape.at, [[shape.id, "possible"]]);
  const sentence = explaining(sentences, base.line, shape.url);
  if (!sentence) return { ...base, url: shape.url };
  sentence.claimed.url ??= shape.url;
  return null;
}

/** The sentences of Bitbucket's in one line. A pretty-printed body has its scopes in the lines that follow. */
function sentencesIn(log: Log, n: number, logical: LogicalLine): { said: boolean; sentences: Sentence[] } {
  const wanted = /required privilege/i.test(logical.text);
  const rest = wanted ? log.raw.slice(logical.next, logical.next + 15) : [];
  const sayings = sayingsIn(logical.text, rest.map(({ text }) => text.slice(0, 500)).join("\n"));
  const sentences = sayings.flatMap((saying) => sentenceOf(log, n, saying) ?? []);
  return { said: sayings.length > 0, sentences };
}

/**
 * Whether a sentence goes on with the one before it: the change's number stands in a line of its own above the words
 * for people, and those are what is quoted.
 */
function saidAgain(last: Sentence | undefined, next: Sentence): boolean {
  const same = last?.claimed.claims === next.claimed.claims && last.explains === null;
  if (!last || !same || next.claimed.line - last.claimed.line > 2) return false;
  const { n, at, line } = next.claimed;
  Object.assign(last.claimed, { n, at, line });
  last.lastLine = line;
  return true;
}

/** Everything the lines claim about Bitbucket, in their order. */
export function judge(
  raw: readonly RawLine[],
  lines: readonly LogicalLine[],
  scene: Scene,
): readonly Claimed[] {
  const log: Log = { raw, lines, scene };
  const sentences: Sentence[] = [];
  const found: (Claimed | null)[] = [];
  for (const [n, logical] of lines.entries()) {
    if (!logical.speaks) continue;
    const bitbucket = sentencesIn(log, n, logical);
    for (const sentence of bitbucket.sentences) {
      if (saidAgain(sentences.at(-1), sentence)) continue;
      sentences.push(sentence);
      found.push(sentence.claimed);
    }
    const says = gitSays(logical.text);
    for (const saying of says) {
      const claim = gitClaim(log, n, saying, sentences);
      found.push(claim);
      if (claim && saying.row.ssh && !saying.row.follows)
        sentences.push({ claimed: claim, explains: OVER_SSH, lastLine: claim.line });
    }
    for (const secret of shownSecrets(log, n)) found.push(secret);
    if (!bitbucket.said && says.length === 0 && !logical.remote)
      found.push(translatedClaim(log, n, sentences));
  }
  return found.filter((claim) => claim !== null && claim.claims.length > 0) as Claimed[];
}
