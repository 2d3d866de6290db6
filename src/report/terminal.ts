import type { EvidenceSource, Severity } from "../core/finding.ts";
import type { CheckId } from "../core/ids.ts";
import type { Explanation, PublishedFinding, Report, ReportedRemote } from "../core/report.ts";
import type { ReportedAccessToken } from "../core/report-access-token.ts";
import { NOTHING_OVER_HTTPS } from "../core/unasked.ts";
import { sshText } from "./ssh-line.ts";
import { labelled, type Paints, paints, type Style, tame, wrap } from "./style.ts";
import { tokenText } from "./token-line.ts";

const COLUMN = 11;

const SIGNS: Readonly<Record<Severity, string>> = { error: "✗", warning: "!", note: "·" };

function paintOf(severity: Severity, paint: Paints): (text: string) => string {
  return severity === "error" ? paint.red : severity === "warning" ? paint.yellow : paint.dim;
}

/** `~/.gitconfig:7` and the like: how we know it. */
function sourceText(source: EvidenceSource, home: string | null): string {
  switch (source.kind) {
    case "config":
    case "file":
      return shortPath(source.file, home) + (source.line === null ? "" : `:${source.line}`);
    case "http":
      return "";
    case "command":
      return source.command;
    case "variable":
      return `$${source.name}`;
    case "pasted":
      return `line ${source.line}`;
  }
}

/** The home folder as `~` in running text. Quoted paths keep theirs: a shell would not expand it there. */
export function shortenHome(text: string, home: string | null): string {
  if (home === null || home === "/" || home === "") return text;
  const escaped = home.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.replace(new RegExp(`(^|[\\s\`(])${escaped}/`, "gm"), "$1~/");
}

export function shortPath(path: string, home: string | null): string {
  return home !== null && home !== "/" && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

function heading(finding: PublishedFinding, style: Style, paint: Paints): string[] {
  const colour = paintOf(finding.severity, paint);
  const sign = SIGNS[finding.severity];
  const gap = style.width - 2 - finding.title.length - finding.id.length;
  if (gap >= 2)
    return [`${colour(sign)} ${paint.bold(finding.title)}${" ".repeat(gap)}${paint.dim(finding.id)}`];
  const lines = wrap(finding.title, style.width - 2);
  return [
    ...lines.map((line, i) => `${i === 0 ? colour(sign) : " "} ${paint.bold(line)}`),
    `  ${paint.dim(finding.id)}`,
  ];
}

function seenLines(finding: PublishedFinding, style: Style, paint: Paints, home: string | null): string[] {
  return finding.evidence.flatMap(({ what, source }, index) => {
    const from = sourceText(source, home);
    const text = from === "" || what.includes(from) ? what : `${what} (${from})`;
    return labelled(index === 0 ? "seen" : "", shortenHome(text, home), COLUMN, style, paint.cyan);
  });
}

/** One finding: what was seen, what it means, why, and what to do next. A remark is said in two lines. */
function findingLines(finding: PublishedFinding, style: Style, home: string | null): string[] {
  const paint = paints(style);
  const words = (label: "what" | "why" | "next") =>
    labelled(label, shortenHome(finding[label], home), COLUMN, style, paint.cyan);
  if (finding.severity === "note" && finding.evidence.length > 0) {
    return [...heading(finding, style, paint), ...words("what"), ...words("next")];
  }
  return [
    ...heading(finding, style, paint),
    "",
    ...seenLines(finding, style, paint, home),
    ...words("what"),
    ...words("why"),
    ...words("next"),
  ];
}

const STATE_WORDS = { ok: "works", refused: "is refused", unknown: "unknown" } as const;

function remoteLine({ name, url, fetch, push }: ReportedRemote, style: Style, paint: Paints): string[] {
  const colour = { ok: paint.green, refused: paint.red, unknown: paint.dim };
  const gap = style.width < 60 ? " " : "  ";
  const plain = `${name ?? "URL"}${gap}${url}`;
  const states = `fetch ${colour[fetch](STATE_WORDS[fetch])}, push ${colour[push](STATE_WORDS[push])}`;
  return style.width < 60 ? [...wrap(plain, style.width), `  ${states}`] : [`${tame(plain)}  ${states}`];
}

function accessTokenText({ of, from }: ReportedAccessToken): string {
  return of === null
    ? `an access token from ${from}; REST does not say what it was made for`
    : `an access token of ${of === "repository" ? "this repository" : `a ${of}, which opens more than this repository`}, from ${from}`;
}

/** What Git sends, where it is an access token: whose it is tells only REST. */
function accessTokenLines(remotes: readonly ReportedRemote[], style: Style, paint: Paints): string[] {
  const texts = remotes.flatMap(({ accessToken, fetch, push }) =>
    accessToken === null || (fetch !== "ok" && push !== "ok") ? [] : [accessTokenText(accessToken)],
  );
  return [...new Set(texts)].flatMap((text) => labelled("sent", text, COLUMN, style, paint.cyan));
}

/** Each of git-rekey's own tokens once, however many remotes it is for. */
function tokenLines(remotes: readonly ReportedRemote[], style: Style, paint: Paints): string[] {
  const texts = remotes.flatMap(({ token }) => (token === null ? [] : [tokenText(token)]));
  return [...new Set(texts)].flatMap((text) => labelled("token", text, COLUMN, style, paint.cyan));
}

/** Findings that may be about SSH. */
const EXPLAIN_SSH = /^ssh-|^(?:config-unreadable|host-unreachable|repository-not-accessible)$/;

/** Each way over SSH once. What stops it is said here only where no finding says it better. */
function sshLines(
  remotes: readonly ReportedRemote[],
  findings: readonly PublishedFinding[],
  style: Style,
  paint: Paints,
): string[] {
  const isExplained = findings.some(({ id }) => EXPLAIN_SSH.test(id));
  const texts = remotes.flatMap(({ ssh }) => (ssh === null ? [] : [sshText(ssh, isExplained)]));
  return [...new Set(texts)]
    .filter((text) => text !== "")
    .flatMap((text) => labelled("ssh", text, COLUMN, style, paint.cyan));
}

/** The order of a report: the findings, then what was excluded and what was not looked at. */
export function reportText(report: Report, style: Style, home: string | null): string {
  const paint = paints(style);
  const lines: string[] = [];
  for (const repository of report.repositories) {
    lines.push(paint.dim(tame(shortPath(repository.path, home))));
    for (const remote of repository.remotes) lines.push(...remoteLine(remote, style, paint));
    lines.push(...tokenLines(repository.remotes, style, paint));
    lines.push(...accessTokenLines(repository.remotes, style, paint));
    lines.push(...sshLines(repository.remotes, report.findings, style, paint));
    lines.push("");
  }
  const healthy = report.findings.every(({ severity }) => severity === "note");
  const known = report.repositories.some(({ remotes }) => remotes.some(({ fetch }) => fetch === "ok"));
  if (healthy && known)
    lines.push(`${paint.green("✓")} ${paint.bold("Git can reach Bitbucket from here")}`, "");
  for (const finding of report.findings) lines.push(...findingLines(finding, style, home), "");
  // Where Git does not get there over HTTPS and nothing was found, what else was not found says nothing.
  const concerned =
    report.findings.length > 0 || report.repositories.some(({ remotes }) => remotes.some(isConcerned));
  if (!concerned) return shortenHome(`${lines.join("\n").trimEnd()}\n`, home);
  if (report.ruledOut.length > 0)
    lines.push(...labelled("ruled out", idsText(suspectedFirst(report.ruledOut)), COLUMN, style, paint.dim));
  for (const [reason, ids] of byReason(report.notLooked.filter(isTelling))) {
    lines.push(...labelled("not seen", `${idsText(ids)}: ${reason}`, COLUMN, style, paint.dim));
  }
  return shortenHome(`${lines.join("\n").trimEnd()}\n`, home);
}

/** That nobody looked at credentials where none is sent goes without saying. */
function isTelling({ reason }: Report["notLooked"][number]): boolean {
  return reason !== NOTHING_OVER_HTTPS;
}

function isConcerned({ url }: ReportedRemote): boolean {
  return /^https:\/\/(?:[^/]*@)?bitbucket\.org[/:]/.test(url);
}

/** What people suspect first, and would go on to look at. */
const SUSPECTED: readonly CheckId[] = [
  "repository-not-accessible",
  "token-expired",
  "token-refused",
  "write-scope-missing",
  "ip-not-allowed",
  "proxy-refused",
  "tls-untrusted",
  "clock-skewed",
];

function suspectedFirst(ids: readonly CheckId[]): CheckId[] {
  const others = ids.filter((id) => !SUSPECTED.includes(id));
  return [...SUSPECTED.filter((id) => ids.includes(id)), ...others];
}

/** As many as a person reads; all of them are in the JSON. */
const SHOWN = 8;

function idsText(ids: readonly CheckId[]): string {
  const more = ids.length - SHOWN;
  return more > 1
    ? `${ids.slice(0, SHOWN).join(", ")} and ${more} more (\`--json\` names them)`
    : ids.join(", ");
}

function byReason(notLooked: Report["notLooked"]): [string, CheckId[]][] {
  const groups = new Map<string, CheckId[]>();
  for (const { id, reason } of notLooked) groups.set(reason, [...(groups.get(reason) ?? []), id]);
  return [...groups];
}

export function explanationText(explanation: Explanation, style: Style): string {
  return `${explanation.findings
    .flatMap((finding) => [...findingLines(finding, style, null), ""])
    .join("\n")
    .trimEnd()}\n`;
}

/** `hint: …`, after a blank line, at most one. */
export function hint(text: string, style: Style): string {
  return `\n${paints(style).dim("hint:")} ${text}\n`;
}
