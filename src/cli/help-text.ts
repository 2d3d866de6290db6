/** The library's help pages as they fit on a screen. Pure. */
import { wrap } from "../report/style.ts";

const WIDTH = 80;

/** An option, a command or an argument, padded to where its description begins. */
const ROW = /^( +(?:-\w +)?\[?--[\w-]*\]?(?:\.{3})? +| {2}\S+ {2,})(\S.*)$/;

/** That an option is off unless it is given goes without saying, and what follows need not stand in a column. */
function described(text: string): string {
  return text.replace(/ *\[default = false\]$/, "").replace(/ +(\[[^\]]*\])$/, " $1");
}

function rowText(line: string): string {
  const [, name, text] = ROW.exec(line) ?? [];
  if (name === undefined || text === undefined) return line;
  const [first = "", ...others] = wrap(described(text), WIDTH - name.length);
  return [name + first, ...others.map((more) => " ".repeat(name.length) + more)].join("\n");
}

/** A help page, with its descriptions broken over lines where they are too long. */
export function helpText(page: string): string {
  return page.split("\n").map(rowText).join("\n");
}
