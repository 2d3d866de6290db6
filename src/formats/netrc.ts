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
  /** Everything that goes with it: keywords, values, and words that mean nothing to libcurl. */
  words: Token[];
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
        this.open(null, token, [token]);
        return false;
      case "machine":
        this.word = token;
        return false;
      case "login":
      case "password":
      case "account":
        this.word = token;
    }
    this.blocks.at(-1)?.words.push(token);
    return false;
  }

  private fill(word: Token, token: Token): void {
    const kind = word.text.toLowerCase();
    if (kind === "machine") {
      this.open(token, token, [word, token]);
      return;
    }
    const block = this.blocks.at(-1);
    block?.words.push(token);
    // libcurl stops at the first pair that is whole.
    if (!block || (block.login?.text && block.password?.text)) return;
    if (kind === "login") block.login = token;
    if (kind === "password") {
      block.password = token;
      block.passwordWord = word;
    }
  }

  private open(machine: Token | null, head: Token, words: Token[]): void {
    const name = machine === null ? "" : `=${machine.text}`;
    const occurrence = this.counts.get(name) ?? 0;
    this.counts.set(name, occurrence + 1);
    const nothing = { login: null, password: null, passwordWord: null };
    this.blocks.push({ machine, head, ...nothing, words, occurrence });
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

/** A password in a netrc, and where it stands. */
export interface NetrcPassword {
  /** Null for `default`. */
  machine: string | null;
  login: string | null;
  /** A secret. */
  password: string;
  /** Offsets of the password as written, quotes included. */
  start: number;
  end: number;
}

/** Every password of a netrc in file order, from byte text. Never throws. */
export function netrcPasswords(text: string): NetrcPassword[] {
  return readBlocks(text).flatMap(({ machine, login, password }) => {
    if (password === null) return [];
    const { start, end } = password;
    return [
      { machine: textOf(machine), login: textOf(login), password: readable(password.text), start, end },
    ];
  });
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

function findBlock(text: string, name: NetrcEntryName): Block | null {
  const named = ({ machine, occurrence }: Block) =>
    textOf(machine) === name.machine && occurrence === name.occurrence;
  return readBlocks(text).find(named) ?? null;
}

function isGone({ machine }: NetrcEntryName) {
  return cannotEdit(`has no entry for ${machine === null ? "`default`" : `\`${machine}\``} any more`);
}

/** Gives one entry another login and password; everything else in the file stays as it is. */
export function setNetrcEntry(
  bytes: Uint8Array,
  name: NetrcEntryName,
  to: { login: string; password: string },
): Edited {
  const text = byteText(bytes);
  const block = findBlock(text, name);
  if (block === null) return isGone(name);
  if (/\0/.test(to.login + to.password)) return cannotEdit("cannot hold a zero byte");
  return { ok: true, bytes: bytesOf(splice(text, changesFor(block, to.login, to.password))) };
}

/** One line without some of its words: with the blank before each, and with its end where nothing else is on it. */
function lineWithout(text: string, words: readonly Token[]) {
  const [first] = words;
  if (first === undefined) return [];
  const start = text.lastIndexOf("\n", first.start - 1) + 1;
  const newline = text.indexOf("\n", first.start);
  const end = newline < 0 ? text.length : newline + 1;
  const ranges = words.map((word) => {
    const blank = /[ \t]*$/.exec(text.slice(start, word.start))?.[0].length ?? 0;
    return { start: word.start - blank, end: word.end, put: "" };
  });
  const left = splice(
    text.slice(start, end),
    ranges.map((one) => shifted(one, -start)),
  );
  return left.trim() === "" ? [{ start, end, put: "" }] : ranges;
}

function shifted({ start, end, put }: { start: number; end: number; put: string }, by: number) {
  return { start: start + by, end: end + by, put };
}

/** Takes one entry out; comments, macros and all other entries stay. */
export function dropNetrcEntry(bytes: Uint8Array, name: NetrcEntryName): Edited {
  const text = byteText(bytes);
  const block = findBlock(text, name);
  if (block === null) return isGone(name);
  const lines = [...Map.groupBy(block.words, ({ line }) => line).values()];
  return {
    ok: true,
    bytes: bytesOf(
      splice(
        text,
        lines.flatMap((words) => lineWithout(text, words)),
      ),
    ),
  };
}
