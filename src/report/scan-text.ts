/** A scan for a terminal: repositories, then what to do and where, then how far it came. Pure. */
import type { Severity } from "../core/finding.ts";
import type { PublishedFinding, Report, ReportedRepository, Scanned } from "../core/report.ts";
import { counted, credentialText, groupsOf, reasonText, type ScanGroup, sizeText } from "./scan-groups.ts";
import { labelled, oneLine, type Paints, paints, type Style, wrap } from "./style.ts";
import { shortenHome, shortPath } from "./terminal.ts";

const COLUMN = 11;

/** Places of one group that are shown; a person who has more wants a file of them. */
const SHOWN = 20;

/** A path that is longer than this does not push the others' columns to the right. */
const WIDEST = 60;

const SIGNS: Readonly<Record<Severity, string>> = { error: "✗", warning: "!", note: "·" };

interface Canvas {
  style: Style;
  paint: Paints;
  home: string | null;
}

function placeText({ location }: PublishedFinding, home: string | null): string {
  if (location === null) return "";
  return oneLine(shortPath(location.file, home)) + (location.line === null ? "" : `:${location.line}`);
}

function headingLines({ id, severity, findings }: ScanGroup, { style, paint }: Canvas): string[] {
  const colour = { error: paint.red, warning: paint.yellow, note: paint.dim }[severity];
  const title = oneLine(findings[0]?.title ?? "");
  const count = counted(findings.length, "place");
  const gap = style.width - 2 - title.length - id.length - count.length - 2;
  if (gap >= 2)
    return [`${colour(SIGNS[severity])} ${paint.bold(title)}  ${count}${" ".repeat(gap)}${paint.dim(id)}`];
  return [
    ...wrap(title, style.width - 2).map(
      (line, at) => `${at === 0 ? colour(SIGNS[severity]) : " "} ${paint.bold(line)}`,
    ),
    ...wrap(`${count}, ${id}`, style.width - 2).map((line) => `  ${paint.dim(line)}`),
  ];
}

/** Where it is and which it is in columns; what is to be said of it beside them where it fits, else below. */
function placeLines(findings: readonly PublishedFinding[], { style, paint, home }: Canvas): string[] {
  const rows = findings.map((finding) => ({
    place: placeText(finding, home),
    credential: credentialText(finding),
    what: oneLine(shortenHome([finding.what, ...finding.evidence.map(({ what }) => what)].join("; "), home)),
  }));
  const width = (texts: readonly string[]) => Math.max(0, ...texts.map(({ length }) => length));
  const first = Math.min(WIDEST, width(rows.map(({ place }) => place)));
  const second = width(rows.map(({ credential }) => credential));
  return rows.flatMap(({ place, credential, what }) => {
    const columns = `${place.padEnd(first)}  ${credential.padEnd(second)}`;
    if (columns.length + what.length + 4 <= style.width) return [`  ${columns}  ${paint.dim(what)}`];
    const heads =
      columns.length + 2 <= style.width ? [columns.trimEnd()] : [place, ...wrap(credential, style.width - 4)];
    return [
      ...heads.map((line, at) => `  ${at === 0 ? "" : "  "}${line}`),
      ...wrap(what, style.width - 4).map((line) => `    ${paint.dim(line)}`),
    ].filter((line) => line.trim() !== "");
  });
}

function by(findings: readonly PublishedFinding[], key: "why" | "next"): Map<string, PublishedFinding[]> {
  const groups = new Map<string, PublishedFinding[]>();
  for (const finding of findings) groups.set(finding[key], [...(groups.get(finding[key]) ?? []), finding]);
  return groups;
}

/** One fault: why once, and each thing to do once with its places below it. */
function groupLines(group: ScanGroup, canvas: Canvas): string[] {
  const { style, paint, home } = canvas;
  const shown = group.findings.slice(0, SHOWN);
  const more = group.findings.length - shown.length;
  const words = (label: string, text: string) =>
    labelled(label, shortenHome(text, home), COLUMN, style, paint.cyan);
  const lines = headingLines(group, canvas);
  for (const why of by(shown, "why").keys()) lines.push(...words("why", why));
  for (const [at, [next, members]] of [...by(shown, "next")].entries())
    lines.push(...(at > 0 ? [""] : []), ...words("next", next), ...placeLines(members, canvas));
  if (more > 0)
    lines.push(
      ...wrap(`and ${more} more; \`--format json\` shows all`, style.width - 2).map(
        (line) => `  ${paint.dim(line)}`,
      ),
    );
  return [...lines, ""];
}

/** How a URL lets its user sign in, for people who look for those that hold a secret. */
function signsIn(url: string): string {
  if (/^(?:ssh:\/\/|[^/:]+@[^/:]+:)/.test(url)) return "SSH";
  const [, user] = /^https?:\/\/([^/@]*)@/.exec(url) ?? [];
  if (!/^https?:/.test(url)) return "neither SSH nor HTTPS";
  if (user === undefined) return "HTTPS";
  return user.includes(":") ? "HTTPS, with a secret in the URL" : "HTTPS, with a user name in the URL";
}

function repositoryLines(repository: ReportedRepository, { style, paint, home }: Canvas): string[] {
  const path = oneLine(shortPath(repository.path, home));
  const remotes = repository.remotes.flatMap(({ name, url }) =>
    wrap(oneLine(`${name ?? "URL"}  ${url}  (${signsIn(url)})`), style.width - 2),
  );
  return [paint.bold(path), ...remotes.map((line) => `  ${line.trimEnd()}`)];
}

function passedOver({ allowed, ignored, known }: Scanned): string {
  const parts = [
    [allowed, "allowed by `rekey:allow`"],
    [ignored, "in `.rekeyignore`"],
    [known, "in the baseline"],
  ] as const;
  return parts.flatMap(([count, words]) => (count === 0 ? [] : [`${count} ${words}`])).join(", ");
}

function totalLines(scanned: Scanned, { style, paint, home }: Canvas): string[] {
  const { files, folders, bytes, binary, seconds, unread, complete } = scanned;
  const sum = `${counted(files, "file")}, ${counted(folders, "folder")}, ${sizeText(bytes)} in ${seconds.toFixed(1)} s`;
  const beginnings = binary === 0 ? "" : `; of ${counted(binary, "long binary file")} only the beginning`;
  const lines = labelled("read", sum + beginnings, COLUMN, style, paint.dim);
  const passed = passedOver(scanned);
  if (passed !== "") lines.push(...labelled("passed", passed, COLUMN, style, paint.dim));
  for (const [at, { why, count, example }] of unread.entries())
    lines.push(
      ...labelled(
        at === 0 ? "not read" : "",
        `${count}: ${reasonText(why)} (${oneLine(shortPath(example, home))})`,
        COLUMN,
        style,
        paint.yellow,
      ),
    );
  if (complete) return lines;
  const words = "The scan did not come to its end: there may be more than is shown here.";
  return [
    ...lines,
    ...wrap(words, style.width - 2).map(
      (line, at) => `${at === 0 ? paint.red("✗") : " "} ${paint.bold(line)}`,
    ),
  ];
}

export function scanText(report: Report, style: Style, home: string | null): string {
  const canvas: Canvas = { style, paint: paints(style), home };
  const lines = report.repositories.flatMap((one) => repositoryLines(one, canvas));
  if (lines.length > 0) lines.push("");
  for (const group of groupsOf(report.findings)) lines.push(...groupLines(group, canvas));
  if (report.findings.length === 0 && report.scanned?.complete === true)
    lines.push(...wrap("No Bitbucket credential was found in what was read.", style.width), "");
  if (report.scanned !== null) lines.push(...totalLines(report.scanned, canvas));
  return `${lines.join("\n").trimEnd()}\n`;
}
