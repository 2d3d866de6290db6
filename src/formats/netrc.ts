/**
 * Reads and edits netrc files as libcurl reads them, except that every blank separates (libcurl trips over a few).
 * Entries hold passwords: these records must not leave probes and steps.
 */
import type { NetrcEntryName } from "../core/plan.ts";
import { bytesOf, byteText, cannotEdit, type Edited, readable, splice, written } from "./edited.ts";

interface Token {
  /** Unquoted, as byte text. */
  text: string;
  start: number;
  end: number;
  line: number;
}

export interface NetrcEntry {
  /** Null for `default`. */
  machine: string | null;
  login: string | null;
  /** A secret. */
  password: string | null;
  /** Of `machine` or `default`; from 1. */
  line: number;
  /** From 0, among the entries with this machine. */
  occurrence: number;
}

interface Block {
  machine: Token | null;
  /** `machine x` or `default`: what a login may follow. */
  head: Token;
  login: Token | null;
  password: Token | null;
  passwordWord: Token | null;
  occurrence: number;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/** A token that begins with a quote; null where the quote is never closed on its line. */
function quotedToken(text: string, start: number, lineEnd: number): { text: string; end: number } | null {
  let value = "";
  for (let at = start + 1; at < lineEnd; at++) {
    const c = text.charAt(at);
    if (c === '"') return { text: value, end: at + 1 };
    if (c !== "\\") value += c;
    else if (++at < lineEnd) value += ESCAPES[text.charAt(at)] ?? text.charAt(at);
  }
  return null;
}

/** The tokens of one line up to a comment; null behind a quote that is never closed, where libcurl gives up. */
function lineTokens(text: string, from: number, lineEnd: number, line: number): (Token | null)[] {
  const tokens: (Token | null)[] = [];
  let at = from;
  for (;;) {
    while (at < lineEnd && /\s/.test(text.charAt(at))) at++;
    if (at >= lineEnd || text.charAt(at) === "#") return tokens;
    const start = at;
    if (text.charAt(at) === '"') {
      const quoted = quotedToken(text, start, lineEnd);
      if (quoted === null) return [...tokens, null];
      at = quoted.end;
      tokens.push({ text: quoted.text, start, end: at, line });
    } else {
      while (at < lineEnd && !/[ \t\r\v\f]/.test(text.charAt(at))) at++;
      tokens.push({ text: text.slice(start, at), start, end: at, line });
    }
  }
}

/** Takes tokens in order and puts them into blocks. */
class Reader {
  readonly blocks: Block[] = [];
  private word: Token | null = null;
  private readonly counts = new Map<string, number>();

  /** Returns true where a macro begins: everything up to the next empty line is its body. */
  take(token: Token): boolean {
    const word = this.word;
    if (word !== null) {
      this.word = null;
      this.fill(word, token);
      return false;
    }
    switch (token.text.toLowerCase()) {
      case "macdef":
        return true;
      case "default":
        this.open(null, token);
        return false;
      case "machine":
      case "login":
      case "password":
      case "account":
        this.word = token;
    }
    return false;
  }

  private fill(word: Token, token: Token): void {
    const kind = word.text.toLowerCase();
    if (kind === "machine") {
      this.open(token, token);
      return;
    }
    const block = this.blocks.at(-1);
    // libcurl stops at the first pair that is whole.
    if (!block || (block.login?.text && block.password?.text)) return;
    if (kind === "login") block.login = token;
    if (kind === "password") {
      block.password = token;
      block.passwordWord = word;
    }
  }

  private open(machine: Token | null, head: Token): void {
    const name = machine === null ? "" : `=${machine.text}`;
    const occurrence = this.counts.get(name) ?? 0;
    this.counts.set(name, occurrence + 1);
    this.blocks.push({ machine, head, login: null, password: null, passwordWord: null, occurrence });
  }
}

function readBlocks(text: string): readonly Block[] {
  const reader = new Reader();
  let inMacro = false;
  let start = 0;
  for (let line = 1; start < text.length; line++) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    if (inMacro) inMacro = end > start && text.charAt(start) !== "\r";
    else {
      for (const token of lineTokens(text, start, end, line)) {
        if (token === null) return reader.blocks;
        if (reader.take(token)) {
          inMacro = true;
          break;
        }
      }
    }
    start = end + 1;
  }
  return reader.blocks;
}

function textOf(token: Token | null): string | null {
  return token === null ? null : readable(token.text);
}

/** Every entry in file order. Never throws: behind a quote that is not closed nothing is read, as in libcurl. */
export function readNetrc(bytes: Uint8Array): NetrcEntry[] {
  return readBlocks(byteText(bytes)).map((block) => ({
    machine: textOf(block.machine),
    login: textOf(block.login),
    password: textOf(block.password),
    line: block.head.line,
    occurrence: block.occurrence,
  }));
}

const ESCAPED: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** Quoted only where it must be: libcurl before 7.84 knows no quotes. */
function writeToken(text: string): string {
  const plain = text !== "" && !/\s/.test(text) && !/^["#]/.test(text);
  return plain ? written(text) : `"${written(text).replace(/[\\"\n\r\t]/g, (c) => ESCAPED[c] ?? c)}"`;
}

function changesFor(block: Block, login: string, password: string) {
  const replace = (token: Token, put: string) => ({ start: token.start, end: token.end, put });
  const after = (token: Token, put: string) => ({ start: token.end, end: token.end, put });
  const user = writeToken(login);
  const secret = writeToken(password);
  if (block.login && block.password) return [replace(block.login, user), replace(block.password, secret)];
  if (block.login) return [replace(block.login, user), after(block.login, ` password ${secret}`)];
  if (block.password && block.passwordWord) {
    const { start } = block.passwordWord;
    return [{ start, end: start, put: `login ${user} ` }, replace(block.password, secret)];
  }
  return [after(block.head, ` login ${user} password ${secret}`)];
}

/** Gives one entry another login and password; everything else in the file stays as it is. */
export function setNetrcEntry(
  bytes: Uint8Array,
  name: NetrcEntryName,
  to: { login: string; password: string },
): Edited {
  const text = byteText(bytes);
  const block = readBlocks(text).find(
    ({ machine, occurrence }) => textOf(machine) === name.machine && occurrence === name.occurrence,
  );
  const called = name.machine === null ? "`default`" : `\`${name.machine}\``;
  if (!block) return cannotEdit(`has no entry for ${called} any more`);
  if (/\0/.test(to.login + to.password)) return cannotEdit("cannot hold a zero byte");
  return { ok: true, bytes: bytesOf(splice(text, changesFor(block, to.login, to.password))) };
}
