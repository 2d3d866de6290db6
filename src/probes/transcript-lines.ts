/** From raw lines to logical ones: escapes undone, prefixes removed, broken lines put together again. */
import { isLogged, withoutPrefix } from "./transcript-prefix.ts";
import type { RawLine } from "./transcript-text.ts";
import { maySpeak, WORTH } from "./transcript-worth.ts";

/** A line as the program wrote it. */
export interface LogicalLine {
  text: string;
  /** Where each pasted line begins in `text`. */
  parts: readonly { at: number; line: number }[];
  /** Indexes of its first raw line, and of the one after its last. */
  first: number;
  next: number;
  /** Said by the server: Git's `remote: `. */
  remote: boolean;
  /** Whether it may say something by itself; the others only tell what was going on around it. */
  speaks: boolean;
}

/** How Git begins a line, in the languages that translate it, and what else cannot be the rest of a broken line. */
const STARTER =
  /^(?:(?:remote|hint|warning|fatal|stderr|stdout|Schwerwiegend|Fehler|Warnung|erreur|avertissement|ödesdigert|fel|onulmaz|hata|aviso|advertencia|致命错误|致命錯誤|错误|錯誤|警告|фатална грешка|грешка)\s?[:：]|error: (?!\d{3}\b)|curl: |To |From |Cloning |! \[|\* |[{}]|git |Caused by|at [\w.]+\()/i;

/** The same behind a prefix nobody knows. */
const STARTS_SOON = /^.{0,60}\b(?:remote|fatal): /;

const LONGEST = 4096;

const ENTITIES: Readonly<Record<string, string>> = {
  quot: '"',
  apos: "'",
  lt: "<",
  gt: ">",
  amp: "&",
  nbsp: " ",
};

/** `&#39;` and `&amp;#39;`, as web pages show logs. */
function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:amp;){0,3}(?:#(\d{1,5})|#x([0-9a-f]{1,4})|(quot|apos|lt|gt|amp|nbsp));/gi,
    (...found) => {
      const [, decimal, hex, name] = found as string[];
      if (name) return ENTITIES[name.toLowerCase()] ?? "";
      return String.fromCharCode(decimal ? Number(decimal) : Number.parseInt(hex ?? "20", 16));
    },
  );
}

/** JSON inside a line (Ansible, structured logs): a message with `\n` becomes lines again, each member its own. */
function unescapeJson(text: string): string[] {
  if (!/\\(?:n|"|u00)/.test(text) || !text.includes('"')) return [text];
  const lines = text
    .replace(/\\{1,8}u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\x1b\[[0-9;]{0,20}[A-Za-z]/g, "")
    .replace(/(?:\\{1,8}r)?\\{1,8}n|\\{1,8}r/g, "\n")
    .replace(/\\{1,8}t/g, " ");
  // A REST body stays in one piece, because its scopes belong to its message.
  const members = /"required\\{0,8}"/.test(text)
    ? lines
    : lines.replace(/(?<!\\)"(?:, ?|: ?|\], ?)\[?"/g, "\n");
  return members.replace(/\\{1,8}(["'/])/g, "$1").split("\n");
}

/** A very long line in pieces that overlap: no pattern then works on more than a few thousand characters. */
function pieces(text: string): string[] {
  if (text.length <= LONGEST) return [text];
  const found: string[] = [];
  for (let at = 0; at < text.length; at += LONGEST - 512) found.push(text.slice(at, at + LONGEST));
  return found;
}

/** Whether `left` was long enough for a terminal or a mail program of at least 60 columns to have cut it there. */
function isFull(left: string, rest: string): boolean {
  return left.length >= 20 && left.length + (/^\S{1,80}/.exec(rest)?.[0].length ?? 0) >= 60;
}

/** Whether `right` is the rest of `left`. */
function continues(left: string, right: string): boolean {
  if (left.length < 20 || right.trim() === "" || isLogged(right)) return false;
  const rest = withoutPrefix(right);
  if (STARTER.test(rest.text) || STARTS_SOON.test(rest.text)) return false;
  return isFull(left, rest.text);
}

/**
 * What stood between two parts: nothing where a terminal broke the line at its last column (then no line of the paste
 * is longer) or inside a long word, as URLs and tokens are; else the blank at which it was broken.
 */
function joint(left: string, width: number): string {
  if (/\s$/.test(left) || left.length >= width || left.length % 20 === 0) return "";
  const word = /\S{0,400}$/.exec(left)?.[0] ?? "";
  return word.includes("://") || word.length >= 16 ? "" : " ";
}

function isWhole(text: string, lines: readonly string[]): boolean {
  return lines.length === 1 && text.length <= LONGEST;
}

function logicalLine(text: string, parts: LogicalLine["parts"], first: number, next: number): LogicalLine {
  return { text, parts, first, next, remote: text.startsWith("remote:"), speaks: maySpeak(text) };
}

/** Puts the lines that follow behind the one at `first`, as long as they are the rest of it. */
function withRest(start: string, raw: readonly RawLine[], first: number, width: number): LogicalLine {
  const parts = [{ at: 0, line: raw[first]?.line ?? 1 }];
  let text = start;
  let next = first + 1;
  for (let i = 0; i < 8; i++) {
    const left = raw[next - 1]?.text ?? "";
    const right = raw[next];
    if (!right || text.length > LONGEST / 2 || right.text.length > LONGEST / 2) break;
    if (!continues(left, right.text)) break;
    text += joint(left, width);
    parts.push({ at: text.length, line: right.line });
    text += decodeEntities(right.text.replace(/^\s{0,8}>{1,8} ?/, ""));
    next++;
  }
  return logicalLine(text, parts, first, next);
}

/** The parts of one raw line that are worth reading. */
function partsOf(lines: readonly string[], line: number, first: number): LogicalLine[] {
  return lines
    .flatMap(pieces)
    .filter((part) => WORTH.test(part))
    .map((part) => logicalLine(withoutPrefix(part).text, [{ at: 0, line }], first, first + 1));
}

/** The lines worth reading, in order, each as it was before it was wrapped, prefixed and escaped. */
export function logicalLines(raw: readonly RawLine[]): LogicalLine[] {
  const found: LogicalLine[] = [];
  const width = raw.reduce((widest, { text }) => Math.max(widest, text.length), 0);
  for (let i = 0; i < raw.length; i++) {
    const { text, line } = raw[i] as RawLine;
    if (!WORTH.test(text)) continue;
    const plain = decodeEntities(text);
    const lines = unescapeJson(plain);
    if (isWhole(plain, lines)) {
      const whole = withRest(withoutPrefix(lines[0] ?? "").text, raw, i, width);
      found.push(whole);
      i = whole.next - 1;
    } else for (const part of partsOf(lines, line, i)) found.push(part);
  }
  return found;
}

/** Whether it may begin in the middle of a word: then that word may be the rest of a secret. */
export function isCutOff({ text, first }: LogicalLine, raw: readonly RawLine[]): boolean {
  const { text: whole = "" } = raw[first] ?? {};
  if (whole.length > LONGEST) return true;
  return !withoutPrefix(whole).logged && !STARTER.test(text) && isFull(raw[first - 1]?.text ?? "", text);
}

/** The number of the pasted line in which the character at `at` stands. */
export function lineAt({ parts }: LogicalLine, at: number): number {
  return parts.findLast((part) => part.at <= at)?.line ?? 1;
}
