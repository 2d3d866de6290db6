import { delimiter, isAbsolute, join } from "node:path";
import type { Eyes } from "./world.ts";

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

/** Splits words as a shell would, for the plain cases: quotes, a leading `~/`, `$HOME`. Null for anything cleverer. */
export function shellWords(text: string, home: string | null): string[] | null {
  const words: string[] = [];
  const pattern =
    /\s*(?:'([^']*)'|"((?:[^"\\$`]|\\.)*)"|((?:[^\s'"\\$`;&|<>(){}*?[\]#!~]|\\.)+|~(?=\/|\s|$))((?:[^\s'"\\$`;&|<>(){}*?[\]!]|\\.)*))(?=\s|$)/y;
  let source = text.trim();
  if (home !== null)
    source = source.replace(/\$(?:HOME\b|\{HOME\})/g, () => home.replace(/([\s'"\\$`])/g, "\\$1"));
  pattern.lastIndex = 0;
  while (pattern.lastIndex < source.length) {
    const at = pattern.lastIndex;
    const found = pattern.exec(source);
    if (!found) return null;
    const [, single, double, bare, rest = ""] = found;
    if (single !== undefined) words.push(single);
    else if (double !== undefined) words.push(double.replace(/\\(["\\])/g, "$1"));
    else {
      const head = bare === "~" ? (home ?? "~") : (bare ?? "");
      words.push((head + rest).replace(/\\(.)/g, "$1"));
    }
    if (pattern.lastIndex === at) return null;
  }
  return words;
}

export function readHelperSpec(raw: string, home: string | null): HelperSpec {
  if (raw.startsWith("!")) return { name: "shell", kind: "shell", args: null, raw };
  const words = shellWords(raw, home);
  const [first = raw.split(/\s/, 1)[0] ?? raw, ...args] = words ?? [];
  if (isAbsolute(first)) {
    const name =
      first
        .split("/")
        .at(-1)
        ?.replace(/^git-credential-/, "")
        .replace(/\.exe$/, "") ?? first;
    return { name, kind: "path", args: words === null ? null : args, raw };
  }
  const kind = first === "store" || first === "cache" ? "builtin" : "named";
  return { name: first, kind, args: words === null ? null : args, raw };
}

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
  if (spec.kind === "path") {
    const path = shellWords(spec.raw, eyes.self.home)?.[0];
    return path === undefined || eyes.files.resolve(path) !== null;
  }
  const folders = [...(eyes.self.env.PATH ?? "").split(delimiter), ...(execPath === null ? [] : [execPath])];
  const program = `git-credential-${spec.name}`;
  return folders.some(
    (folder) =>
      folder !== "" &&
      [program, `${program}.exe`].some((name) => eyes.files.resolve(join(folder, name)) !== null),
  );
}

/** The files of a `store` helper, in the order it reads them. Null where only a shell could tell. */
export function storeFiles(eyes: Eyes, spec: HelperSpec, cwd: string): string[] | null {
  if (spec.args === null) return null;
  for (const [index, word] of spec.args.entries()) {
    const value = word.startsWith("--file=")
      ? word.slice(7)
      : word === "--file"
        ? spec.args[index + 1]
        : undefined;
    if (value !== undefined) return [isAbsolute(value) ? value : join(cwd, value)];
  }
  const { home, env } = eyes.self;
  if (home === null) return [];
  const xdg = env.XDG_CONFIG_HOME || join(home, ".config");
  return [join(home, ".git-credentials"), join(xdg, "git", "credentials")];
}
