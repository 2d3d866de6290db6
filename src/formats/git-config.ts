/**
 * Finds and edits entries of a Git configuration file in place. Git's own parser has the word: whoever writes a file
 * first asks `agreesWithGit`. What is read here can hold secrets (in keys too); it must not leave probes and steps.
 */
import type { ConfigEntryName, ConfigLine } from "../core/plan.ts";
import { mask } from "../core/url.ts";
import {
  bytesOf,
  byteText,
  type CannotEdit,
  cannotEdit,
  type Edited,
  readable,
  splice,
  written,
} from "./edited.ts";
import { type Entry, type Header, type Part, scanConfig } from "./git-config-scan.ts";

export interface ConfigTextEntry {
  /** As `git config --list` prints it. Can hold a secret. */
  key: string;
  maskedKey: string;
  /** Unquoted, as Git would use it; null for a name without `=`. Can hold a secret. */
  value: string | null;
  /** From 1. */
  line: number;
  /** Bytes from the name to the end of its last line. */
  start: number;
  end: number;
}

export type ConfigText = { ok: true; entries: readonly ConfigTextEntry[] } | CannotEdit;

function toEntry(entry: Entry): ConfigTextEntry {
  const key = readable(entry.key);
  return {
    key,
    maskedKey: mask(key),
    value: entry.value === null ? null : readable(entry.value),
    line: entry.line,
    start: entry.start,
    end: entry.end,
  };
}

function isEntry(part: Part): part is Entry {
  return part.kind === "entry";
}

/** Every entry in file order, as `git config --file F --list` would give them. Includes are not followed. */
export function readConfigText(bytes: Uint8Array): ConfigText {
  const scan = scanConfig(byteText(bytes));
  return scan.ok ? { ok: true, entries: scan.parts.filter(isEntry).map(toEntry) } : scan;
}

/** Git up to 2.44 turns every unquoted blank into a space; later ones keep tabs. */
function sameBlanks(value: string): string {
  return value.replace(/[\t\r]/g, " ");
}

/** Whether what we read is what Git reads: `listing` is the output of `git config --file F --list -z`. */
export function agreesWithGit(entries: readonly ConfigTextEntry[], listing: Uint8Array): boolean {
  const ours = entries.map(({ key, value }) => (value === null ? key : `${key}\n${sameBlanks(value)}`));
  const gits = readable(byteText(listing))
    .split("\0")
    .slice(0, -1)
    .map((record) => {
      const newline = record.indexOf("\n");
      return newline < 0 ? record : record.slice(0, newline + 1) + sameBlanks(record.slice(newline + 1));
    });
  return ours.length === gits.length && ours.every((record, index) => record === gits[index]);
}

interface Found {
  text: string;
  parts: readonly Part[];
  entry: Entry;
}

function findEntry(bytes: Uint8Array, name: ConfigEntryName): Found | CannotEdit {
  const text = byteText(bytes);
  const scan = scanConfig(text);
  if (!scan.ok) return scan;
  const entry = scan.parts.filter(isEntry).filter(({ key }) => mask(readable(key)) === name.key)[
    name.occurrence
  ];
  return entry ? { text, parts: scan.parts, entry } : cannotEdit(`has no entry \`${name.key}\` any more`);
}

const ESCAPED: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\t": "\\t",
  "\b": "\\b",
};

/** A value as Git would write it; quoted only where it must be. Null for what no configuration file can hold. */
function writeValue(value: string): string | null {
  if (value.includes("\0")) return null;
  const escaped = written(value).replace(/[\\"\n\t\b]/g, (c) => ESCAPED[c] ?? c);
  return /^[ \r]|[ \r]$|[;#\r]/.test(value) ? `"${escaped}"` : escaped;
}

/** Gives one entry another value; no other byte changes. */
export function setConfigValue(bytes: Uint8Array, name: ConfigEntryName, to: string): Edited {
  const found = findEntry(bytes, name);
  if ("ok" in found) return found;
  const { text, entry } = found;
  const put = writeValue(to);
  if (put === null) return cannotEdit(`cannot hold a zero byte in \`${name.key}\``);
  const { afterEquals, valueStart: start, valueEnd: end, nameEnd } = entry;
  if (afterEquals === null)
    return done(splice(text, [{ start: nameEnd, end: nameEnd, put: ` = ${put}`.trimEnd() }]));
  if (start < end) return done(splice(text, [{ start, end, put }]));
  return done(splice(text, [{ start: afterEquals, end: afterEquals, put: put === "" ? "" : ` ${put}` }]));
}

function done(text: string): Edited {
  return { ok: true, bytes: bytesOf(text) };
}

/** Takes a range out, with its whole line where nothing else stands on it. */
function cut(text: string, start: number, end: number): string {
  let from = start;
  while (from > 0 && /[ \t]/.test(text.charAt(from - 1))) from--;
  const rest = /^[ \t]*(\r?\n|$)/.exec(text.slice(end));
  const alone =
    from === 0 || text.charAt(from - 1) === "\n" || (from === 3 && text.startsWith("\xef\xbb\xbf"));
  if (alone && rest) return text.slice(0, from) + text.slice(end + rest[0].length);
  return text.slice(0, from) + text.slice(end);
}

/**
 * The header to take out with its last entry. Like Git, it stays where a comment in it or right before it may be
 * about it.
 */
function headerLeftEmpty(parts: readonly Part[], entry: Entry): Header | null {
  const at = parts.indexOf(entry);
  const header = parts[at - 1];
  if (header?.kind !== "header" || parts[at - 2]?.kind === "comment") return null;
  const next = parts[at + 1];
  return next === undefined || next.kind === "header" ? header : null;
}

/**
 * Takes one entry out: its lines, and a comment on the same line. Its section goes too when nothing is left in it.
 */
export function unsetConfig(bytes: Uint8Array, name: ConfigEntryName): Edited {
  const found = findEntry(bytes, name);
  if ("ok" in found) return found;
  const { text, parts, entry } = found;
  const header = headerLeftEmpty(parts, entry);
  const without = cut(text, entry.start, entry.end);
  return done(header ? cut(without, header.start, header.end) : without);
}

function writeHeader(section: string, subsection: string | null): string | null {
  if (!/^[A-Za-z0-9-]+$/.test(section)) return null;
  if (subsection === null) return `[${section}]`;
  if (/[\n\0]/.test(subsection)) return null;
  return `[${section} "${written(subsection).replace(/["\\]/g, "\\$&")}"]`;
}

function writeLines(lines: readonly ConfigLine[]): string[] | null {
  const texts: string[] = [];
  for (const { name, value } of lines) {
    const text = writeValue(value);
    if (text === null || !/^[A-Za-z][A-Za-z0-9-]*$/.test(name)) return null;
    texts.push(`\t${name} = ${text}`);
  }
  return texts;
}

/** Appends a section in the file's own style of line ends. Nothing that is there changes its meaning. */
export function appendSection(
  bytes: Uint8Array,
  section: string,
  subsection: string | null,
  lines: readonly ConfigLine[],
): Edited {
  const text = byteText(bytes);
  const scan = scanConfig(text);
  if (!scan.ok) return scan;
  const header = writeHeader(section, subsection);
  const body = writeLines(lines);
  if (header === null || body === null)
    return cannotEdit(`cannot hold a section \`${section}\` like this one`);
  const eol = /^[^\n]*\r\n/.test(text) ? "\r\n" : "\n";
  const block = [header, ...body].map((line) => line + eol).join("");
  const start = text === "" || text === "\xef\xbb\xbf" || text.endsWith("\n") ? "" : eol;
  const wanted = scan.parts.length + 1 + lines.length;
  // A file that ends within a continued line would swallow the header: one more line end closes it.
  for (const gap of [start, start + eol]) {
    const longer = scanConfig(text + gap + block);
    if (longer.ok && longer.parts.length === wanted) return done(text + gap + block);
  }
  return cannotEdit("ends in a way that nothing can be added after it");
}
