import type { AdviceReport } from "../core/advice-report.ts";
import { labelled, type Paints, paints, type Style, wrap } from "./style.ts";

const COLUMN = 11;

/** The advice and what it rests on: two lines, broken where the terminal is narrow. */
export function adviceText({ advice }: Pick<AdviceReport, "advice">, style: Style): string {
  const paint = paints(style);
  const { command, why, seen } = advice;
  const what = command === null ? "nothing to do" : `\`${command}\``;
  const lines = [
    ...labelled("advice", `${what}: ${why}`, COLUMN, style, paint.cyan),
    ...labelled("seen", seen, COLUMN, style, paint.cyan),
  ];
  return `${lines.join("\n")}\n`;
}

type Way = AdviceReport["ways"][number];

function headOf({ title, advised, closed }: Way, style: Style, paint: Paints): string[] {
  const sign = advised ? paint.green("→") : closed === null ? paint.dim("·") : paint.yellow("✗");
  const mark = advised ? " (advised)" : "";
  return wrap(title + mark, style.width - 2).map(
    (line, at) => `${at === 0 ? sign : " "} ${paint.bold(line)}`,
  );
}

function wayLines(way: Way, style: Style, paint: Paints): string[] {
  const row = (label: string, text: string) => labelled(label, text, COLUMN, style, paint.cyan);
  return [
    ...headOf(way, style, paint),
    ...(way.closed === null ? [] : row("not here", way.closed)),
    ...row("reaches", way.reaches),
    ...row("expires", way.expires),
    ...row("REST", way.rest),
    ...row("needs", way.needs),
    ...row("type", `\`${way.command}\``),
  ];
}

/** Every way, the advised one first, then the open ones, then those that are closed here. */
export function solutionsText(report: AdviceReport, style: Style): string {
  const paint = paints(style);
  const rank = ({ advised, closed }: Way) => (advised ? 0 : closed === null ? 1 : 2);
  const ways = report.ways.toSorted((a, b) => rank(a) - rank(b));
  const blocks = ways.map((way) => wayLines(way, style, paint).join("\n"));
  return `${[adviceText(report, style).trimEnd(), ...blocks].join("\n\n")}\n`;
}
