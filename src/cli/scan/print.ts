/** The report of a scan in the format that was asked for. */
import type { Report } from "../../core/report.ts";
import { printJson } from "../command.ts";
import type { Shell } from "../shell.ts";
import type { ScanFormat } from "./formats.ts";

/** Each rendering is loaded only when it is wanted. */
async function rendered(shell: Shell, report: Report, format: Exclude<ScanFormat, "json">): Promise<string> {
  switch (format) {
    case "text":
      return (await import("../../report/scan-text.ts")).scanText(report, shell.outStyle, shell.self.home);
    case "ndjson":
      return (await import("../../report/ndjson.ts")).ndjsonText(report);
    case "sarif":
      return (await import("../../report/sarif.ts")).sarifText(report);
    case "csv":
      return (await import("../../report/csv.ts")).csvText(report);
    case "html":
      return (await import("../../report/html.ts")).htmlText(report);
  }
}

export async function printScan(shell: Shell, report: Report, format: ScanFormat): Promise<void> {
  if (format === "json") printJson(shell, report);
  else shell.out(await rendered(shell, report, format));
}
