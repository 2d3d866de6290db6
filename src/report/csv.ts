/** A report's findings for spreadsheets, by RFC 4180. Pure. */
import type { PublishedFinding, Report } from "../core/report.ts";

type Cell = string | number | null;

const COLUMNS: Readonly<Record<string, (finding: PublishedFinding) => Cell>> = {
  severity: ({ severity }) => severity,
  id: ({ id }) => id,
  certainty: ({ certainty }) => certainty ?? null,
  kind: ({ credential }) => credential?.kind ?? null,
  length: ({ credential }) => credential?.length ?? null,
  fingerprint: ({ credential }) => credential?.fingerprint ?? null,
  file: ({ location }) => location?.file ?? null,
  line: ({ location }) => location?.line ?? null,
  title: ({ title }) => title,
  what: ({ what }) => what,
  why: ({ why }) => why,
  next: ({ next }) => next,
};

/** Spreadsheets run what begins like a formula, and file names are other people's. */
const FORMULA = /^[\s\u0000]*[=+\-@\t\r]/;

function cellText(cell: Cell): string {
  if (typeof cell === "number") return String(cell);
  const text = cell ?? "";
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

export function csvText({ findings }: Pick<Report, "findings">): string {
  const rows = findings.map((finding) => Object.values(COLUMNS).map((of) => of(finding)));
  return [Object.keys(COLUMNS), ...rows].map((row) => `${row.map(cellText).join(",")}\r\n`).join("");
}
