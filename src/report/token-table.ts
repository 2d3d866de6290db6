import type { SecretPlace, Unrevoked } from "../core/account.ts";
import type { ReportedToken, TokenReport } from "../core/token-report.ts";
import { type Paints, paints, type Style, tame, wrap } from "./style.ts";

const KINDS: Readonly<Record<Unrevoked["kind"], string>> = {
  "api-token": "API token",
  "access-token": "access token",
  "app-password": "app password",
};

/** Days before the last one on which it begins to be yellow. */
const NOTICE = 14;

/** Where the token is, short enough for a column. */
function keptIn(secret: SecretPlace): string {
  if (secret.kind === "env") return `$${secret.name}`;
  return secret.kind === "command" ? (secret.argv[0]?.split(/[\\/]/).at(-1) ?? "") : secret.kind;
}

function reachOf({ reach }: ReportedToken): string {
  if (reach === null) return "everything";
  return reach.repository === null ? reach.workspace : `${reach.workspace}/${reach.repository}`;
}

function daysText(days: number): string {
  if (days < 0) return "expired";
  return days === 0 ? "today" : `${days} ${days === 1 ? "day" : "days"}`;
}

function expiryText({ expires, daysLeft }: Pick<ReportedToken, "expires" | "daysLeft">): string {
  return expires === null || daysLeft === null ? "unknown" : `${expires} (${daysText(daysLeft)})`;
}

function lastText({ acceptedAt, refusedAt, refusals }: ReportedToken): string {
  const day = (at: string) => at.slice(0, 10);
  const refused =
    refusedAt === null ? null : `refused ${day(refusedAt)}${refusals > 1 ? ` (${refusals}×)` : ""}`;
  const accepted = acceptedAt === null ? null : `accepted ${day(acceptedAt)}`;
  return [refused, accepted].filter((one) => one !== null).join(", ") || "not used yet";
}

interface Cell {
  text: string;
  paint: keyof Paints | null;
}

const HEADS = ["name", "kind", "for", "rights", "expires", "kept in", "last answer"] as const;

function cellsOf(token: ReportedToken): Cell[] {
  const { daysLeft, refusals } = token;
  const soon = daysLeft !== null && daysLeft <= NOTICE ? (daysLeft < 0 ? "red" : "yellow") : null;
  return [
    { text: tame(token.name), paint: "bold" },
    { text: KINDS[token.kind], paint: null },
    { text: tame(reachOf(token)), paint: null },
    { text: token.rights.map((right) => (right === "rest" ? "REST" : right)).join(", "), paint: null },
    { text: expiryText(token), paint: soon },
    { text: tame(keptIn(token.secret)), paint: null },
    { text: lastText(token), paint: refusals > 0 ? "red" : null },
  ];
}

const GAP = "  ";

/** As a table where it fits, otherwise one block for each token. */
function tokenLines(tokens: readonly ReportedToken[], style: Style, paint: Paints): string[] {
  const rows = tokens.map(cellsOf);
  const widths = HEADS.map((head, at) =>
    Math.max(head.length, ...rows.map((row) => (row[at]?.text ?? "").length)),
  );
  const painted = ({ text, paint: colour }: Cell) => (colour === null ? text : paint[colour](text));
  if (widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length) > style.width)
    return rows.flatMap((row, index) => [...(index > 0 ? [""] : []), ...block(row, style, paint)]);
  const line = (cells: readonly Cell[]) =>
    cells
      .map((cell, at) => painted(cell) + " ".repeat((widths[at] ?? 0) - cell.text.length))
      .join(GAP)
      .trimEnd();
  return [line(HEADS.map((text) => ({ text, paint: "dim" }))), ...rows.map(line)];
}

/** Of the heads, in a block. */
const COLUMN = 13;

function block([name, ...cells]: readonly Cell[], style: Style, paint: Paints): string[] {
  return [
    paint.bold(name?.text ?? ""),
    ...cells.flatMap(({ text, paint: colour }, at) => {
      const head = `  ${(HEADS[at + 1] ?? "").padEnd(COLUMN)}`;
      const painted = colour === null ? (line: string) => line : paint[colour];
      return wrap(text, style.width - head.length).map(
        (line, row) => (row === 0 ? paint.dim(head) : " ".repeat(head.length)) + painted(line),
      );
    }),
  ];
}

/** What is left to do at Bitbucket, with the page for it. */
export function toRevokeText(toRevoke: readonly Unrevoked[], style: Style): string {
  if (toRevoke.length === 0) return "";
  const paint = paints(style);
  const lines = [paint.bold("Left to revoke at Bitbucket")];
  for (const { name, kind, page, since } of toRevoke) {
    const words = `\`${tame(name)}\`, ${KINDS[kind]}, not used here since ${since.slice(0, 10)}:`;
    lines.push(...wrap(words, style.width - 4).map((line, at) => (at === 0 ? "  · " : "    ") + line));
    lines.push(`    ${tame(page)}`);
  }
  return `${lines.join("\n")}\n`;
}

export function tokensText({ tokens, toRevoke }: TokenReport, style: Style): string {
  const table = tokens.length === 0 ? "" : `${tokenLines(tokens, style, paints(style)).join("\n")}\n`;
  const rest = toRevokeText(toRevoke, style);
  return table !== "" && rest !== "" ? `${table}\n${rest}` : table + rest;
}

/** One sentence for each token that expires. */
export function expiringText(tokens: readonly ReportedToken[], style: Style): string {
  const paint = paints(style);
  return tokens
    .map((token) => {
      const days = token.daysLeft ?? 0;
      const when =
        days < 0 ? "expired on" : days === 0 ? "expires today," : `expires in ${daysText(days)}, on`;
      const sign = days < 0 ? paint.red("✗") : paint.yellow("!");
      const words = `\`${token.name}\` (${KINDS[token.kind]}) ${when} ${token.expires}`;
      return wrap(words, style.width - 2)
        .map((line, at) => `${at === 0 ? sign : " "} ${line}\n`)
        .join("");
    })
    .join("");
}
