/** `NAME=value`, `name: value` and `"name": "value"` in any language, where the name tells what the value is. */
import { holdsVariable } from "../placeholder.ts";
import { nameAt, type Sighting } from "../sighting.ts";
import { kindByName, pairSeen, splitPair } from "./pair.ts";
import { isLegacyForm, kindByForm } from "./tokens.ts";

/** Names that programs and people give to Bitbucket's secrets. The user's own name is none. */
const SECRET_NAME =
  "(?:\\w{1,40}[_.-])?(?:BITBUCKET|BB)(?:_?CLOUD)?[_.-](?:APP[_.-]?(?:PASSWORD|PASS|PWD|PW)|PASSWORD|PASSWD|PASS|PWD|PW|AUTH(?:[_.-]?STRING)?|TICKET|SECRET|CREDENTIALS?|(?:(?:API|REPO(?:SITORY)?|PROJECT|WORKSPACE|REPO[_.-]ACCESS|ACCESS|AUTH|PUSH|PULL|READ|WRITE|DEPLOY)[_.-]?)?TOKEN|API[_.-]?KEY)" +
  "|bitbucket(?:Cloud)?(?:App)?(?:Password|Passwd|Pwd|Secret|Token)|bitbucket(?:Api|Access)Token|bbpass(?:word)?|bb(?:App)?Password" +
  "|BUNDLE_BITBUCKET__ORG|git-town\\.bitbucket-app-password";

/** The name of who signs in, from which the value beside it gets its user. */
const USER_NAME =
  /\b(?:\w{1,40}[_.-])?(?:BITBUCKET|BB)(?:_?CLOUD)?[_.-](?:APP[_.-])?(?:USER(?:NAME)?|UN|LOGIN|EMAIL|MAIL)["']?\s{0,3}[:=]{1,2}>?\s{0,3}["']?([^\s"',;#]{1,200})/i;

const VALUE =
  '(?:\\\\*"((?:[^"\\n\\\\]|\\\\[^"\\n]){0,1500})\\\\*"|\'([^\'\\n]{0,1500})\'|((?:\\$\\{\\{[^{}\\n]{0,200}\\}\\}|\\{\\{[^{}\\n]{0,200}\\}\\}|\\$\\([^()\\n]{0,200}\\)|[^\\s"\'`,;#<>|&)\\]}\\\\]|\\\\=){1,1500}))';

const ASSIGNMENT = new RegExp(
  `(?<![\\w$@{%.-])\\\\*["']?((?:${SECRET_NAME})\\b)\\\\*["']?\\]?[ \\t]{0,20}(?:\\?=|:=|\\+=|=>|=(?!=)|:(?!:)|[ \\t])[ \\t]{0,20}${VALUE}`,
  "dgi",
);

/** A telling name that is only read here: `$NAME`, `secrets.NAME`, `env("NAME")`. */
const MENTION = new RegExp(
  `(?:\\$\\{?|%|\\bsecrets\\.|\\benv\\.|\\bENV\\[["']|\\bgetenv\\(["']|\\benviron(?:\\.get\\(|\\[)["']|\\bcredentials\\(["']|\\{\\{\\s*(?:[\\w.]+\\.)?)((?:${SECRET_NAME})\\b)`,
  "dgi",
);

/** What Pipelines sets by itself, and what only looks like a secret. */
const PREDEFINED = /^BITBUCKET_STEP_O|_(?:OIDC|OAUTH)_/i;

/** `user:secret` in one value is what these names are for. */
const JOINED = /AUTH(?:[_.-]?STRING)?$|BITBUCKET__ORG$|CREDENTIALS?$/i;

/** What gives a name its value with nothing but a blank between: `ENV` and `ARG` of Docker, `set -x`, `setx`, `setenv`. */
const SETS = /\b(?:ENV|ARG|set|setx|setenv|config|SetEnv|secret)(?:[ \t]+-{1,2}[\w-]+)*[ \t]+["']?$/;

/**
 * Whether a value is a word of a program or of a sentence: a type, another variable, the name of an entry. A shell or
 * an environment file (`NAME=value` with nothing between) has only values.
 */
function isMereWord(match: RegExpExecArray, value: string, isQuoted: boolean): boolean {
  if (kindByForm(value) !== null || isLegacyForm(value)) return false;
  const [written, name = ""] = match;
  const between = written.slice(written.indexOf(name) + name.length, written.lastIndexOf(value));
  if (/^[ \t]+$/.test(between) && !SETS.test(match.input.slice(Math.max(0, match.index - 40), match.index)))
    return true;
  if (/\s/.test(value) || /^[a-z]+(?:[-_.:/][a-z]+)+$/i.test(value)) return true;
  const isShell = /^=["']?$/.test(between) && name === name.toUpperCase();
  return !isQuoted && !isShell && /^[A-Za-z_][\w.?!]*[([]?$/.test(value);
}

/** Lines around an assignment in which its user may stand. */
const NEAR = 600;

function userNear(text: string, at: number): string | null {
  const around = text.slice(Math.max(0, at - NEAR), at + NEAR);
  return USER_NAME.exec(around)?.[1] ?? null;
}

function assigned(match: RegExpExecArray, text: string): Sighting[] {
  const [, name = ""] = match;
  if (PREDEFINED.test(name)) return [];
  // Encrypted where it stands: only who has Ansible's key reads it.
  if (/^\s*!vault\b/.test(match[4] ?? "")) return [];
  const which = [2, 3, 4].find((group) => match[group] !== undefined) ?? 4;
  const value = match[which] ?? "";
  const [start, end] = match.indices?.[which] ?? [0, 0];
  const place = `\`${name}\``;
  const pair = JOINED.test(name) ? splitPair(value) : null;
  if (pair !== null) {
    const at = start + pair.colon + 1;
    return pairSeen({ user: pair.user, secret: pair.secret, use: "rest", start: at, end, place });
  }
  if (value === "" || holdsVariable(value)) {
    return [nameAt(name, "variable-named", { start, end, place, kind: kindByName(name, null, "unknown") })];
  }
  if (isMereWord(match, value, which !== 4)) return [];
  const kind = kindByName(name, null, "unknown");
  return pairSeen({
    user: userNear(text, match.index),
    secret: value,
    use: "unknown",
    start,
    end,
    place,
    kind,
  });
}

function mentioned(match: RegExpExecArray): Sighting[] {
  const [, name = ""] = match;
  const [start, end] = match.indices?.[1] ?? [0, 0];
  if (PREDEFINED.test(name)) return [];
  return [
    nameAt(name, "variable-named", {
      start,
      end,
      place: `\`${name}\``,
      kind: kindByName(name, null, "unknown"),
    }),
  ];
}

/** Every value with a telling name, and every place that reads such a name. */
export function assignmentsIn(text: string): Sighting[] {
  const set = [...text.matchAll(ASSIGNMENT)].flatMap((match) => assigned(match, text));
  return [...set, ...[...text.matchAll(MENTION)].flatMap(mentioned)];
}
