/** Git's configuration: remotes, rules for URLs, headers, helpers that print a password, and keys of other programs. */
import { decode } from "../../core/split-url.ts";
import { kindByPrefix } from "../../core/token.ts";
import { baseName, type Format } from "../format.ts";
import { type Entry, type Header, type Part, scanConfig } from "../git-config-scan.ts";
import { pairSeen, splitPair } from "../shapes/pair.ts";
import { isLegacyForm } from "../shapes/tokens.ts";
import { urlsIn } from "../shapes/urls.ts";
import type { Sighting } from "../sighting.ts";
import { gitConfigExamples } from "./git-config-examples.ts";
import { urlSeen } from "./text.ts";

const OUT_OF_URL =
  "run `git rekey fix` there: it takes the secret out of the URL and gives Git a helper for it";

/** A key as a person says it: `the remote \`origin\``. */
function placeOf(key: string): string {
  const named = /^(remote|submodule)\.(.+)\.[^.]+$/s.exec(key);
  return named ? `the ${named[1]} \`${named[2]}\`` : `\`${key}\``;
}

function urlsAt(text: string, start: number, end: number, place: string, advice: string): Sighting[] {
  return urlsIn(text.slice(start, end)).flatMap((url) =>
    urlSeen(
      { ...url, secretStart: start + url.secretStart, secretEnd: start + url.secretEnd },
      { place, advice },
    ),
  );
}

/** `[url "https://user:secret@bitbucket.org/"]`: the secret stands in the name of the section. */
function inHeader(text: string, { start, end, prefix }: Header): Sighting[] {
  if (!prefix.startsWith("url.")) return [];
  const advice =
    "remove the rule with `git config --edit` in the file it is in, then run `git rekey fix` in a repository that went by it";
  return urlsAt(text, start, end, "the base URL of an `insteadOf` rule", advice);
}

/** Whether a section is for Bitbucket: `true` and `false` where its URL says so, null where it has none. */
function isForBitbucket(key: string): boolean | null {
  const url = /^[^.]+\.(.+)\.[^.]+$/s.exec(key)?.[1];
  return url === undefined ? null : /(?:^|[/@.])bitbucket\.org(?:[:/]|$)/i.test(url);
}

/** Without an address, only what can be nobody else's is Bitbucket's. */
function isOurs(key: string, secret: string): boolean {
  return isForBitbucket(key) ?? kindByPrefix(secret) !== null;
}

function inExtraHeader(text: string, { key, valueStart, valueEnd }: Entry): Sighting[] {
  const written = text.slice(valueStart, valueEnd);
  const header = /authorization:\s*(basic|bearer)\s+([^\s"]+)/i.exec(written);
  const [, scheme = "", value = ""] = header ?? [];
  if (header === null) return [];
  const isBasic = scheme.toLowerCase() === "basic";
  const pair = isBasic
    ? splitPair(Buffer.from(value, "base64").toString("latin1"))
    : { user: null, secret: value };
  if (pair === null || !isOurs(key, pair.secret)) return [];
  const start = valueStart + header.index + header[0].length - value.length;
  return pairSeen({
    user: pair.user,
    secret: pair.secret,
    use: "git",
    start,
    end: start + value.length,
    place: `\`${key}\``,
    encoding: isBasic ? "base64" : null,
    advice:
      "remove the header with `git config --unset-all`: Git sends it instead of every other credential; then run `git rekey fix`",
  });
}

/** `!f() { echo username=ana; echo password=…; }; f`: a helper that is its own store. */
function inHelper(text: string, { key, valueStart, valueEnd }: Entry): Sighting[] {
  const written = text.slice(valueStart, valueEnd);
  const line = /\bpassword=(\$\([^()]*\)|[^\s"';&|\\]+)/d.exec(written);
  const [, secret = ""] = line ?? [];
  const [from = 0, to = 0] = line?.indices?.[1] ?? [];
  if (line === null || !isOurs(key, secret)) return [];
  return pairSeen({
    user: /\busername=([^\s"';&|\\]+)/.exec(written)?.[1] ?? null,
    secret,
    use: "git",
    start: valueStart + from,
    end: valueStart + to,
    place: `the helper in \`${key}\``,
    advice:
      "let the helper read the secret from a file or variable, or run `git rekey fix` for a helper that does",
  });
}

/** Keys of programs beside Git, each with the key that holds its user, and what to do there. */
const OTHERS: Readonly<Record<string, { user: string; advice: string | null }>> = {
  "git-town.bitbucket-app-password": {
    user: "git-town.bitbucket-username",
    advice:
      "give Git Town the Atlassian e-mail as `git-town.bitbucket-username`, and an API token in the place of the app password",
  },
  "bitbucket.accesstoken": { user: "bitbucket.username", advice: null },
};

function inEntry(text: string, entry: Entry, entries: readonly Entry[]): Sighting[] {
  const { key, value, valueStart: start, valueEnd: end } = entry;
  if (value === null || value === "") return [];
  if (/^http\..*extraheader$/is.test(key)) return inExtraHeader(text, entry);
  if (/^credential\..*helper$/is.test(key)) return inHelper(text, entry);
  const other = OTHERS[key];
  if (other !== undefined) {
    const user = entries.find((one) => one.key === other.user)?.value ?? null;
    const { advice } = other;
    if (kindByPrefix(value) === null && !isLegacyForm(value)) return [];
    return pairSeen({ user, secret: value, use: "rest", start, end, place: `\`${key}\``, advice });
  }
  return urlsAt(text, start, end, placeOf(decode(key)), OUT_OF_URL);
}

function find(text: string): Sighting[] {
  const scanned = scanConfig(text);
  const parts: readonly Part[] = scanned.ok ? scanned.parts : [];
  const entries = parts.filter((part) => part.kind === "entry");
  return parts.flatMap((part) => {
    if (part.kind === "header") return inHeader(text, part);
    return part.kind === "entry" ? inEntry(text, part, entries) : [];
  });
}

/** Entries for other hosts. */
function foreign(text: string): readonly Entry[] {
  const scanned = scanConfig(text);
  const parts: readonly Part[] = scanned.ok ? scanned.parts : [];
  return parts
    .filter((part) => part.kind === "entry")
    .filter(({ key }) => /^(?:http|credential)\./.test(key) && isForBitbucket(key) === false);
}

/** Bare repositories, modules, and what package managers clone for themselves. */
const CONFIG = /(?:\.git|\/\.git\/modules\/.+|\/vcs\/[^/]+|\/worktrees\/[^/]+|\/git)\/config(?:\.worktree)?$/;

export const gitConfig: Format = {
  id: "git-config",
  title: "Git's configuration: .git/config, ~/.gitconfig, .gitmodules, .lfsconfig",
  claims: (path) =>
    /^(?:\.?gitconfig(?:[-._].*)?|.*\.gitconfig|\.gitmodules|\.lfsconfig|config\.worktree)$/.test(
      baseName(path),
    ) || CONFIG.test(path),
  find,
  foreign,
  examples: gitConfigExamples,
};
