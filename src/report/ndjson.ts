/** A report as one JSON object on each line, for programs that read as they go: header, findings, totals. Pure. */
import type { Report } from "../core/report.ts";

export function ndjsonText({ findings, scanned, ...header }: Report): string {
  const lines = [
    { type: "header", ...header },
    ...findings.map((finding) => ({ type: "finding", ...finding })),
    { type: "totals", findings: findings.length, scanned },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
