import { delimiter, isAbsolute, join } from "node:path";
import { type Eyes, passingOverClosed } from "./world.ts";

/** A `credential.helper` value, taken apart as far as that is safe. */
export interface HelperSpec {
  /** `store`, `cache`, `osxkeychain` …; the base name without `git-credential-` for a path; `shell` for `!…`. */
  name: string;
  kind: "builtin" | "named" | "path" | "shell";
  /** Words after the name; null where only a shell could tell what they are. */
  args: readonly string[] | null;
  raw: string;
}

/**
 * Helpers that only look a credential up when asked to `get`. All others may open a window, call a server or make
 * a token, so they are not asked without consent.
 */
const LOOK_UP_ONLY = new Set([
  "store",
  "cache",
  "osxkeychain",
  "libsecret",
  "wincred",
  "gnome-keyring",
  "rekey",
]);

/** The pieces a word is made of, outside and inside double quotes. What no row takes only a shell understands. */
const PIECE =
  /(?<blank>[ \t]+)|'(?<single>[^']*)'|(?<quote>")|\\(?<escaped>[^\n])|(?<home>\$(?:HOME(?!\w)|\{HOME\}))|(?<plain>[^\s'"\\$`;&|<>(){}*?[\]!]+)/y;
const QUOTED =
  /(?<quote>")|\\(?<escaped>["\\$`])|(?<home>\$(?:HOME(?!\w)|\{HOME\}))|(?<plain>[^"\\$`]+|\\(?=[^\n]))/y;

interface Piece {
  /** What it adds to the word; null where a blank ends it. */
  text: string | null;
  end: number;
  /** Whether double quotes are open after it. */
  quoted: boolean;
}

/** The next piece of a word (`begun`: not its first). Null for what only a shell understands. */
function takePiece(source: string, at: number, quoted: boolean, begun: boolean, home: string | null) {
  const pattern = quoted ? QUOTED : PIECE;
  pattern.lastIndex = at;
  const groups = pattern.exec(source)?.groups;
  if (!groups) return null;
  const end = pattern.lastIndex;
  const piece = (text: string | null, open = quoted): Piece => ({ text, end, quoted: open });
  if (groups.blank !== undefined) return piece(null);
  if (groups.quote !== undefined) return piece("", !quoted);
  const literal = groups.single ?? groups.escaped ?? (begun || quoted ? groups.plain : undefined);
  if (literal !== undefined) return piece(literal);
  const expanded = groups.plain === undefined ? home : expandTilde(groups.plain, source[end], home);
  // A home folder that a shell would split into words, or none at all.
  const isSplit = groups.home !== undefined && !quoted && /[\s*?[\]]/.test(expanded ?? "");
  return expanded === null || isSplit ? null : piece(expanded);
}

/** Splits words as a shell would, for the plain cases: quotes, a leading `~/`, `$HOME`. Null for anything cleverer. */
export function shellWords(text: string, home: string | null): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quoted = false;
  for (let at = 0; at < text.length; ) {
    const piece = takePiece(text, at, quoted, word !== null, home);
    if (piece === null) return null;
    if (piece.text !== null) word = (word ?? "") + piece.text;
    else {
      if (word !== null) words.push(word);
      word = null;
    }
    at = piece.end;
    quoted = piece.quoted;
  }
  if (quoted) return null;
  return word === null ? words : [...words, word];
}

/** The beginning of a word. Null for a comment, or for the home folder of somebody else. */
function expandTilde(text: string, next: string | undefined, home: string | null): string | null {
  if (text.startsWith("#")) return null;
  if (!text.startsWith("~")) return text;
  const isHome = text.startsWith("~/") || (text === "~" && /^\s?$/.test(next ?? ""));
  return home !== null && isHome ? home + text.slice(1) : null;
}

/** Git's rule: `!` is a shell command, an absolute path is run as it is, anything else follows `git credential-`. */
export function readHelperSpec(raw: string, home: string | null): HelperSpec {
  if (raw.startsWith("!")) return { name: "shell", kind: "shell", args: null, raw };
  if (isAbsolute(raw)) {
    const words = shellWords(raw, home);
    const path = words?.[0] ?? raw.split(/\s/, 1)[0] ?? raw;
    const program = path.slice(path.lastIndexOf("/") + 1);
    const name = program.replace(/^git-credential-/, "").replace(/\.exe$/, "");
    return { name, kind: "path", args: words?.slice(1) ?? null, raw };
  }
  // Within a word a `~` is only a `~`.
  const words = shellWords(`${PROGRAM}${raw}`, home);
  const name = words?.[0]?.slice(PROGRAM.length) ?? raw.split(/\s/, 1)[0] ?? raw;
  const kind = name === "store" || name === "cache" ? "builtin" : "named";
  return { name, kind, args: words?.slice(1) ?? null, raw };
}

const PROGRAM = "git-credential-";

export function looksUpOnly(spec: HelperSpec): boolean {
  return spec.kind !== "shell" && LOOK_UP_ONLY.has(spec.name);
}

/** The statements of a shell helper that does nothing but print: `f() { test "$1" = get && echo password=…; }; f`. */
const PRINTS_ONLY =
  /^(?:|\w+|(?:test|\[) ["']?\$1["']? ==? ["']?get["']?(?: \])?|(?:echo|printf)(?: (?:'[^'$`]*'|"[^"$`]*"|[^\s'"$`<>]+))+|(?:sleep|true|exit)(?: \d+)?)$/;

/**
 * What a shell helper would answer, read from its own words; null where they do more than print, and only running it
 * could tell. It is never run for this: its words would be seen in the process list.
 */
export function readPrintedAnswer({
  kind,
  raw,
}: HelperSpec): { username: string | null; password: string } | null {
  if (kind !== "shell") return null;
  const words = raw.slice(1).replace(/\(\)/g, "");
  const statements = words.split(/&&|[;{}\n]/).map((one) => one.trim());
  if (!statements.every((one) => PRINTS_ONLY.test(one))) return null;
  const printed = (name: string) => new RegExp(`\\b${name}=([^\\s"'\\\\]+)`).exec(words)?.[1] ?? null;
  const password = printed("password");
  return password === null ? null : { username: printed("username"), password };
}

/** Whether Git would find the program. Built-in helpers are part of git. */
export function helperExists(eyes: Eyes, spec: HelperSpec, execPath: string | null): boolean {
  if (spec.kind === "builtin" || spec.kind === "shell") return true;
  const files = passingOverClosed(eyes.files);
  if (spec.kind === "path") {
    const path = shellWords(spec.raw, eyes.self.home)?.[0];
    return path === undefined || files.resolve(path) !== null;
  }
  const folders = [...(eyes.self.env.PATH ?? "").split(delimiter), ...(execPath === null ? [] : [execPath])];
  const program = PROGRAM + spec.name;
  return folders.some(
    (folder) =>
      folder !== "" && [program, `${program}.exe`].some((name) => files.resolve(join(folder, name)) !== null),
  );
}

/** The files of a `store` helper, in the order it reads them. Null where only a shell could tell. */
export function storeFiles(eyes: Eyes, spec: HelperSpec, cwd: string): string[] | null {
  if (spec.args === null) return null;
  let named: string | undefined;
  for (const [index, word] of spec.args.entries()) {
    // Git takes an option by any beginning of its name, and the last one counts.
    const [found, value = spec.args[index + 1]] = /^--f(?:i|il|ile)?(?:=(.*))?$/s.exec(word) ?? [];
    if (found !== undefined) named = value ?? named;
  }
  if (named !== undefined) return [isAbsolute(named) ? named : join(cwd, named)];
  const { home, env } = eyes.self;
  if (home === null) return [];
  const xdg = env.XDG_CONFIG_HOME || join(home, ".config");
  return [join(home, ".git-credentials"), join(xdg, "git", "credentials")];
}
