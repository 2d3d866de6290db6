/**
 * Where things stand in a Git configuration file. It follows `config.c` character by character (2.30 to 2.55), because
 * an editor that reads a file differently from Git would change another entry than the one Git obeys.
 */
import { type CannotEdit, cannotEdit } from "./edited.ts";

/** `[section "subsection"]`, brackets included in the range. */
export interface Header {
  kind: "header";
  start: number;
  end: number;
  line: number;
  /** As byte text; the start of every key below it, without the dot. */
  prefix: string;
}

export interface Entry {
  kind: "entry";
  /** From the first letter of the name to the end of its last line, the line end not included. */
  start: number;
  end: number;
  line: number;
  /** As byte text. */
  key: string;
  /** As byte text; null for a name without `=`. */
  value: string | null;
  nameEnd: number;
  /** After `=`; null for a name without one. */
  afterEquals: number | null;
  /** The value as written, without blanks and comment around it. Empty range for an empty value. */
  valueStart: number;
  valueEnd: number;
}

export interface Comment {
  kind: "comment";
  start: number;
  end: number;
}

export type Part = Header | Entry | Comment;

const BOM = "\xef\xbb\xbf";
const isBlank = (c: string): boolean => c === " " || c === "\t" || c === "\n" || c === "\r";
const isLetter = (c: string): boolean => /^[A-Za-z]$/.test(c);
const isKeyChar = (c: string): boolean => /^[A-Za-z0-9-]$/.test(c);

/** Git's own folding: ASCII only, whatever the locale. */
function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Hands out characters as Git's `get_next_char` does: a line end is one character, and so is the end of the file. */
class Chars {
  at = 0;
  line = 1;
  ended = false;
  /** Where the last character began. */
  last = 0;
  constructor(readonly text: string) {}

  next(): string {
    this.last = this.at;
    if (this.at >= this.text.length) {
      this.ended = true;
      return "\n";
    }
    const c = this.text.charAt(this.at++);
    if (c === "\r" && this.text.charAt(this.at) === "\n") {
      this.at++;
      this.line++;
      return "\n";
    }
    if (c === "\n") this.line++;
    return c;
  }
}

/** `"…"]` of a header, its opening blank already read. Null where Git would refuse it. */
function scanSubsection(chars: Chars, blank: string): string | null {
  let c = blank;
  while (isBlank(c)) {
    if (c === "\n") return null;
    c = chars.next();
  }
  if (c !== '"') return null;
  let name = "";
  for (;;) {
    c = chars.next();
    if (c === "\n") return null;
    if (c === '"') return chars.next() === "]" ? name : null;
    if (c === "\\") {
      c = chars.next();
      if (c === "\n") return null;
    }
    name += c;
  }
}

/** The prefix a header gives to keys, its `[` already read. Null where Git would refuse it. */
function scanHeader(chars: Chars): string | null {
  let section = "";
  for (;;) {
    const c = chars.next();
    if (chars.ended) return null;
    if (c === "]") return section === "" ? null : lower(section);
    if (isBlank(c)) {
      const subsection = scanSubsection(chars, c);
      return subsection === null ? null : `${lower(section)}.${subsection}`;
    }
    if (!isKeyChar(c) && c !== ".") return null;
    section += c;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\n": "",
  t: "\t",
  b: "\b",
  n: "\n",
  "\\": "\\",
  '"': '"',
};

interface Value {
  value: string;
  start: number;
  end: number;
  lineEnd: number;
}

/** Skips a comment; returns where its line ends. */
function skipComment(chars: Chars): number {
  while (chars.next() !== "\n");
  return chars.last;
}

/** What one character of a value stands for, a quote for nothing; undefined for an escape Git does not know. */
function meaning(chars: Chars, c: string): string | undefined {
  if (c === '"') return "";
  return c === "\\" ? ESCAPES[chars.next()] : c;
}

function scanValue(chars: Chars): Value | null {
  let value = "";
  let blanks = "";
  let quoted = false;
  let start: number | null = null;
  let end = chars.at;
  for (let c = chars.next(); c !== "\n" || quoted; c = chars.next()) {
    if (!quoted && isBlank(c)) {
      if (value !== "") blanks += c;
      continue;
    }
    if (!quoted && (c === ";" || c === "#")) {
      skipComment(chars);
      break;
    }
    start ??= chars.last;
    const text = c === "\n" ? undefined : meaning(chars, c);
    if (text === undefined) return null;
    if (c === '"') quoted = !quoted;
    value += blanks + text;
    blanks = "";
    end = chars.at;
  }
  return { value, start: start ?? end, end, lineEnd: chars.last };
}

/** An entry, its first letter already read. Null where Git would refuse it. */
function scanEntry(chars: Chars, first: string, prefix: string | null): Entry | null {
  const start = chars.last;
  const line = chars.line;
  let name = first;
  let c = chars.next();
  for (; !chars.ended && isKeyChar(c); c = chars.next()) name += c;
  const nameEnd = chars.last;
  while (c === " " || c === "\t") c = chars.next();
  const key = prefix === null ? lower(name) : `${prefix}.${lower(name)}`;
  const base = { kind: "entry" as const, start, line, key, nameEnd };
  if (c === "\n")
    return {
      ...base,
      end: chars.last,
      value: null,
      afterEquals: null,
      valueStart: nameEnd,
      valueEnd: nameEnd,
    };
  if (c !== "=") return null;
  const afterEquals = chars.at;
  const found = scanValue(chars);
  if (found === null) return null;
  return {
    ...base,
    end: found.lineEnd,
    value: found.value,
    afterEquals,
    valueStart: found.start,
    valueEnd: found.end,
  };
}

/** Every header, entry and comment in file order; a failure where Git would call the file broken. */
export function scanConfig(text: string): { ok: true; parts: readonly Part[] } | CannotEdit {
  if (text.includes("\0")) return cannotEdit("holds a zero byte");
  const chars = new Chars(text);
  if (text.startsWith(BOM)) chars.at = BOM.length;
  const parts: Part[] = [];
  let prefix: string | null = null;
  for (;;) {
    const c = chars.next();
    const line = chars.line;
    if (chars.ended) return { ok: true, parts };
    if (isBlank(c)) continue;
    const start = chars.last;
    if (c === "#" || c === ";") {
      parts.push({ kind: "comment", start, end: skipComment(chars) });
      continue;
    }
    if (c === "[") {
      prefix = scanHeader(chars);
      if (prefix === null) return cannotEdit("has a section header Git cannot read", line);
      parts.push({ kind: "header", start, end: chars.at, line, prefix });
      continue;
    }
    const entry = isLetter(c) ? scanEntry(chars, c, prefix) : null;
    if (entry === null) return cannotEdit("has a line Git cannot read", line);
    parts.push(entry);
  }
}
