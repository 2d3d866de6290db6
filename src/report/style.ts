/** Colours and line breaking for terminals. Everything reads the same without colour. */
export interface Style {
  colour: boolean;
  /** In columns; text is broken to fit. */
  width: number;
}

type Paint = (text: string) => string;

export interface Paints {
  bold: Paint;
  dim: Paint;
  red: Paint;
  yellow: Paint;
  green: Paint;
  cyan: Paint;
}

const CODES: Readonly<Record<keyof Paints, [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  cyan: [36, 39],
};

export function paints({ colour }: Style): Paints {
  const paint =
    (name: keyof Paints): Paint =>
    (text) => {
      const [on, off] = CODES[name];
      return colour && text !== "" ? `\u001b[${on}m${text}\u001b[${off}m` : text;
    };
  return {
    bold: paint("bold"),
    dim: paint("dim"),
    red: paint("red"),
    yellow: paint("yellow"),
    green: paint("green"),
    cyan: paint("cyan"),
  };
}

const COLOURS = /\u001b\[\d+m/g;

/** Control characters of other people's file names and messages must not move the cursor or change the title. */
export function tame(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (c) =>
    c === "\u001b" ? "␛" : `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

/** A sentence with other people's names in it, tame and on one line whatever they contain. */
export function oneLine(text: string): string {
  return tame(text.replaceAll("\n", "\\n"));
}

const isOpen = (text: string): boolean => text.split("`").length % 2 === 0;

const lengthOf = (text: string): number => text.replace(COLOURS, "").length;

/** The words of a text. What stands in backticks is one, where it fits: a command is copied in one piece or not at all. */
function wordsOf(text: string, width: number): string[] {
  const parts = text.split(" ");
  const words: string[] = [];
  for (let at = 0; at < parts.length; ) {
    let whole = parts[at] ?? "";
    let end = at + 1;
    while (end < parts.length && isOpen(whole) && lengthOf(whole) < width) whole += ` ${parts[end++]}`;
    const fits = !isOpen(whole) && lengthOf(whole) <= width;
    words.push(fits ? whole : (parts[at] ?? ""));
    at = fits ? end : at + 1;
  }
  return words;
}

/** Breaks a text into lines of at most `width` columns, at blanks; a longer word stands alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of tame(text).split("\n")) {
    let line = "";
    for (const word of wordsOf(paragraph, width)) {
      if (line === "") line = word;
      else if (line.length + 1 + word.length <= width) line += ` ${word}`;
      else {
        lines.push(line);
        line = word;
      }
    }
    lines.push(line);
  }
  return lines;
}

/** The same text with lines that are too long broken at blanks. For whole sentences that are already tame and painted. */
export function fit(text: string, width: number): string {
  return text
    .split("\n")
    .map((line) => fitLine(line, width))
    .join("\n");
}

function fitLine(line: string, width: number): string {
  if (lengthOf(line.trimEnd()) <= width) return line;
  const indent = /^ */.exec(line)?.[0] ?? "";
  const lines = [""];
  for (const word of wordsOf(line.slice(indent.length), width - indent.length)) {
    const last = lines.at(-1) ?? "";
    if (last === "") lines[lines.length - 1] = word;
    else if (lengthOf(indent + last) + 1 + lengthOf(word) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((part) => indent + part).join("\n");
}

/** `label` in a column of its own, the text beside it; on narrow terminals below it. */
export function labelled(
  label: string,
  text: string,
  column: number,
  style: Style,
  paint: Paint = (t) => t,
): string[] {
  const indent = "  ";
  if (style.width < 60) {
    return [
      ...(label === "" ? [] : [`${indent}${paint(label)}`]),
      ...wrap(text, style.width - 4).map((line) => `${indent}${indent}${line}`),
    ];
  }
  const lines = wrap(text, style.width - indent.length - column);
  return lines.map(
    (line, index) =>
      indent + (index === 0 ? paint(label) + " ".repeat(column - label.length) : " ".repeat(column)) + line,
  );
}
