/** From what was pasted to lines of text: encodings, colours, cursor movements, line ends. Linear in its input. */

/** One line as it was pasted, with its number from 1. Several have the same number where `\r` overwrote a line. */
export interface RawLine {
  text: string;
  line: number;
}

function decode(bytes: Uint8Array): string {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  if (first === 0xef && second === 0xbb && third === 0xbf) return new TextDecoder().decode(bytes);
  // PowerShell's `>` writes UTF-16; cut out of such a file it has no mark, but every second byte of ASCII is 0.
  const sample = bytes.subarray(0, 4000);
  let even = 0;
  let odd = 0;
  for (const [i, byte] of sample.entries()) if (byte === 0) i % 2 === 0 ? even++ : odd++;
  if (odd > sample.length / 4 && even < sample.length / 20) return new TextDecoder("utf-16le").decode(bytes);
  if (even > sample.length / 4 && odd < sample.length / 20) return new TextDecoder("utf-16be").decode(bytes);
  return new TextDecoder().decode(bytes);
}

/** Escape sequences, real ones and those a viewer wrote out (`^[[31m`) or lost the first character of (`[31m`). */
const ESCAPES: readonly RegExp[] = [
  // OSC, for hyperlinks and titles: the text between two of them stays
  /(?:\x1b\]|\x9d)[^\x07\x1b\x9c\n]{0,4096}(?:\x07|\x1b\\|\x9c|(?=\n))/g,
  /(?:\x1b\[|\x9b|\^\[\[)[0-?]{0,32}[ -/]{0,8}[@-~]/g,
  /\x1b[()#%][\x20-\x7e]|\x1b[\x30-\x7e]/g,
  /\[(?:\d{1,3}(?:;\d{1,3}){0,8}m|0?K(?!\w))/g,
];

/** Everything that is not text, except line ends and tabs. */
const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** More than a few NULs that are not UTF-16: a picture, a program, an archive. */
function isBinary(text: string): boolean {
  const sample = text.slice(0, 8000);
  let strange = 0;
  for (let i = 0; i < sample.length; i++) {
    const code = sample.charCodeAt(i);
    if (code === 0 || code === 0xfffd) strange++;
  }
  return strange > 8 && strange > sample.length / 50;
}

/** UTF-16 that was read as UTF-8 by whoever calls: a NUL beside every letter. */
function withoutNuls(text: string): string {
  const nuls = text.slice(0, 4000).split("\0").length - 1;
  return nuls > Math.min(text.length, 4000) / 3 ? text.replaceAll("\0", "") : text;
}

/**
 * The text of a paste, pipe or file without colours and control characters; empty for what is not text.
 * `\r` stays: only the lines know what it overwrote.
 */
export function readText(input: string | Uint8Array): string {
  const text = withoutNuls(typeof input === "string" ? input : decode(input));
  if (isBinary(text)) return "";
  const shown = ESCAPES.reduce((rest, form) => rest.replace(form, ""), text);
  return shown.replace(CONTROLS, "").replaceAll("\u00a0", " ").replaceAll("\u202f", " ");
}

/** Numbered lines. What `\r` overwrote on a screen is kept: a message can stand on either side of it. */
export function rawLines(text: string): RawLine[] {
  if (!text.includes("\n")) return text.split("\r").map((part, i) => ({ text: part, line: i + 1 }));
  const lines: RawLine[] = [];
  for (const [i, whole] of text.split("\n").entries()) {
    if (!whole.includes("\r")) lines.push({ text: whole, line: i + 1 });
    else for (const part of whole.split("\r")) if (part !== "") lines.push({ text: part, line: i + 1 });
  }
  return lines;
}
