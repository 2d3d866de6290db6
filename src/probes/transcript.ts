/** Reads what a person pasted, piped or saved: the engine of `git rekey explain`. */
import type { CheckId } from "../core/ids.ts";
import { splitUrl, withUser } from "../core/url.ts";
import type { Confidence } from "./git-says.ts";
import { hide, hideFirstWord, isSecretUser } from "./transcript-hide.ts";
import { namesHost, type Scene, sceneOf } from "./transcript-hosts.ts";
import { type Claimed, judge } from "./transcript-judge.ts";
import { isCutOff, type LogicalLine, logicalLines } from "./transcript-lines.ts";
import { type RawLine, rawLines, readText } from "./transcript-text.ts";

/** One fault a log speaks of. Nothing in it is secret. */
export interface Said {
  id: CheckId;
  confidence: Confidence;
  /** From 1, in the text as it was pasted. */
  line: number;
  /** The line, masked, without what a log put before it. */
  quote: string;
  details: {
    status?: number;
    /** Without user and password. */
    url?: string;
    remoteUser?: string;
    branch?: string;
    scopesRequired?: string[];
    scopesGranted?: string[];
    operation?: "fetch" | "push" | "unknown";
  };
}

export interface Reading {
  /** Most certain first, then as they stand in the text; every id once. */
  said: readonly Said[];
  host: "bitbucket.org" | "other" | "unknown";
  /** Whether any of it is about Bitbucket. */
  ours: boolean;
}

const RANK: Readonly<Record<Confidence, number>> = { certain: 0, likely: 1, possible: 2 };

/** About as much as a person reads; the message is in it, however long the line. */
function quoteOf(logical: LogicalLine, at: number, raw: readonly RawLine[]): string {
  const text = isCutOff(logical, raw) ? hideFirstWord(logical.text) : logical.text;
  const whole = hide(text);
  if (whole.length <= 400) return whole;
  // Both may have become shorter or longer: the message is still where the same number of characters follow.
  const from = Math.max(0, text.length - (logical.text.length - at));
  const before = hide(text.slice(0, from));
  const rest = hide(text.slice(from));
  const start = before.length > 80 ? `…${before.slice(-60)}` : before;
  return `${start} ${rest.length > 300 ? `${rest.slice(0, 300)}…` : rest}`.trim();
}

function shownUrl(url: string): string {
  return hide(withUser(url.replace(/[?#].*$/s, "").replace(/[.,;:)]{1,5}$/, ""), null));
}

function detailsOf(found: Claimed): Said["details"] {
  const user = found.url ? splitUrl(found.url)?.user : null;
  return {
    ...(found.status === null ? {} : { status: found.status }),
    ...(found.url === null ? {} : { url: shownUrl(found.url) }),
    ...(user && !isSecretUser(user) ? { remoteUser: hide(user) } : {}),
    ...(found.branch === null ? {} : { branch: hide(found.branch) }),
    ...(found.required === null ? {} : { scopesRequired: [...found.required] }),
    ...(found.granted === null ? {} : { scopesGranted: [...found.granted] }),
    operation: found.operation,
  };
}

/** Each id once: the surest of its messages, of those the first. */
function onePerId(
  claims: readonly Claimed[],
  lines: readonly LogicalLine[],
  raw: readonly RawLine[],
): readonly Said[] {
  const best = new Map<CheckId, { confidence: Confidence; from: Claimed }>();
  for (const from of claims)
    for (const [id, confidence] of from.claims) {
      const known = best.get(id);
      if (!known || RANK[confidence] < RANK[known.confidence]) best.set(id, { confidence, from });
    }
  const said = [...best].flatMap(([id, { confidence, from }]): Said[] => {
    const logical = lines[from.n];
    if (!logical) return [];
    return [
      { id, confidence, line: from.line, quote: quoteOf(logical, from.at, raw), details: detailsOf(from) },
    ];
  });
  return said.sort((a, b) => RANK[a.confidence] - RANK[b.confidence] || a.line - b.line);
}

function hostOf(said: readonly Said[], lines: readonly LogicalLine[], { anchors }: Scene): Reading["host"] {
  if (anchors.some(({ whose }) => whose === "ours")) return "bitbucket.org";
  if (said.length > 0) return "unknown";
  return namesHost(lines) ? "other" : "unknown";
}

/**
 * What a pasted log says about Bitbucket. It never guesses: for ordinary text, for what went well and for the messages
 * of other hosts, `ours` is false and `said` is empty. Takes time in proportion to its input, and never throws.
 */
export function readTranscript(input: string | Uint8Array): Reading {
  const raw = rawLines(readText(input));
  const lines = logicalLines(raw);
  const scene = sceneOf(lines);
  const said = onePerId(judge(raw, lines, scene), lines, raw);
  return { said, host: hostOf(said, lines, scene), ours: said.length > 0 };
}
