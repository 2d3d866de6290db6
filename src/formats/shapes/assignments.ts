/** `NAME=value`, `name: value` and `"name": "value"` in any language, where the name tells what the value is. */
import { kindByPrefix } from "../../core/token.ts";
import { holdsVariable } from "../placeholder.ts";
import { nameAt, type Sighting } from "../sighting.ts";
import { FILLED_IN } from "./filled-in.ts";
import { matchesByLine } from "./near.ts";
import { kindByName, pairSeen, splitPair } from "./pair.ts";
import { hasOurForm, isLegacyForm, plainToken } from "./tokens.ts";

/** Names that programs and people give to Bitbucket's secrets. The user's own name is none. */
const SECRET_NAME =
  "(?:\\w{1,40}[_.-])?(?:BITBUCKET|BB)(?:_?CLOUD)?[_.-](?:APP[_.-]?(?:PASSWORD|PASS|PWD|PW)|PASSWORD|PASSWD|PASS|PWD|PW|AUTH(?:[_.-]?STRING)?|TICKET|SECRET|CREDENTIALS?|(?:(?:API|REPO(?:SITORY)?|PROJECT|WORKSPACE|REPO[_.-]ACCESS|ACCESS|AUTH|PUSH|PULL|READ|WRITE|DEPLOY)[_.-]?)?TOKEN|API[_.-]?KEY)" +
  "|bitbucket(?:Cloud)?(?:App)?(?:Password|Passwd|Pwd|Secret|Token)|bitbucket(?:Api|Access)Token|bbpass(?:word)?|bb(?:App)?Password" +
  "|BUNDLE_BITBUCKET__ORG|git-town\\.bitbucket-app-password";

/** The name of who signs in, from which the value beside it gets its user. */
const USER_NAME =
  /\b(?:\w{1,40}[_.-])?(?:BITBUCKET|BB)(?:_?CLOUD)?[_.-](?:APP[_.-])?(?:USER(?:NAME)?|UN|LOGIN|EMAIL|MAIL)["']?\s{0,3}[:=]{1,2}>?\s{0,3}["']?([^\s"',;#]{1,200})/i;

const VALUE =
  '(?:\\\\*"((?:[^"\\n\\\\]|\\\\[^"\\n]){0,1500})\\\\*"|\'([^\'\\n]{0,1500})\'|((?:' +
  FILLED_IN +
  "|[^\\s\"'`,;#<>|&)\\]}\\\\]|\\\\=){1,1500}))";

const ASSIGNMENT = new RegExp(
  `(?<![\\w$@{%.-])\\\\*["']?((?:${SECRET_NAME})\\b)\\\\*["']?\\]?[ \\t]{0,20}(?:\\?=|:=|\\+=|=>|=(?!=)|:(?!:)|[ \\t])[ \\t]{0,20}${VALUE}`,
  "dgi",
);

/** What is in every telling name. */
const WORD = /bitbucket|bb(?:_?cloud)?[_.-]|bb(?:app)?pass/gi;

/** A telling name that is only read here: `$NAME`, `secrets.NAME`, `env("NAME")`. */
const MENTION = new RegExp(
  `(?:\\$\\{?|%|\\bsecrets\\.|\\benv\\.|\\bENV\\[["']|\\bgetenv\\(["']|\\benviron(?:\\.get\\(|\\[)["']|\\bcredentials\\(["']|\\{\\{\\s*(?:[\\w.]+\\.)?)((?:${SECRET_NAME})\\b)`,
  "dgi",
);

/** What Pipelines sets by itself, and what only looks like a secret. */
const PREDEFINED = /^BITBUCKET_STEP_O|_(?:OIDC|OAUTH)_/i;

/** `user:secret` in one value is what these names are for. */
const JOINED = /AUTH(?:[_.-]?STRING)?$|BITBUCKET__ORG$|CREDENTIALS?$/i;

/** Bundler's name for what Git signs in with. */
const OF_GIT = /^BUNDLE_BITBUCKET__ORG$/i;

/**
 * Whether a value is a word of a program or of a sentence: a type, another variable, the name of an entry. A shell or
 * an environment file (`NAME=value` with nothing between) has only values.
 */
function isMereWord(match: RegExpExecArray, value: string, isQuoted: boolean): boolean {
  if (kindByPrefix(value) !== null || isLegacyForm(value)) return false;
  const [written, name = ""] = match;
  const between = written.slice(written.indexOf(name) + name.length, written.lastIndexOf(value));
  if (/\s/.test(value) || /^[a-z]+(?:[-_.:/][a-z]+)+$/i.test(value)) return true;
  const isShell = /^=["']?$/.test(between) && name === name.toUpperCase();
  return !isQuoted && !isShell && /^[A-Za-z_][\w.?!]*[([]?$/.test(value);
}

/** Lines around an assignment in which its user may stand. */
const NEAR = 600;

const WHOLE_NAME = new RegExp(`^(?:${SECRET_NAME})$`, "i");

/** Whether this is a name that somebody gives to a secret of Bitbucket's. */
export function isSecretName(name: string): boolean {
  return WHOLE_NAME.test(name) && !PREDEFINED.test(name);
}

function userNear(text: string, at: number): string | null {
  const around = text.slice(Math.max(0, at - NEAR), at + NEAR);
  return USER_NAME.exec(around)?.[1] ?? null;
}

/** Commands that take a name and its value with only a blank between. */
const TAKES_BOTH =
  /\b(?:ENV|ARG|SetEnv|setenv|setx|secret|set(?:[ \t]+-\w+)*|config(?:[ \t]+--?[\w-]+)*)[ \t]+["']?$/;

/** Whether what follows a name after a blank is its value, and not the next word of a sentence or a command. */
function isGiven(match: RegExpExecArray, text: string, start: number, value: string): boolean {
  const [from = 0, to = 0] = match.indices?.[1] ?? [];
  if (/[=:]/.test(text.slice(to, start))) return true;
  if (hasOurForm(plainToken(value)) || holdsVariable(value)) return true;
  return TAKES_BOTH.test(text.slice(Math.max(0, from - 80), from));
}

function assigned(match: RegExpExecArray, text: string): Sighting[] {
  const [, name = ""] = match;
  if (PREDEFINED.test(name)) return [];
  // Encrypted where it stands: only who has Ansible's key reads it.
  if (/^\s*!vault\b/.test(match[4] ?? "")) return [];
  const which = [2, 3, 4].find((group) => match[group] !== undefined) ?? 4;
  const value = match[which] ?? "";
  const [start, end] = match.indices?.[which] ?? [0, 0];
  if (!isGiven(match, text, start, value)) return [];
  const place = `\`${name}\``;
  const pair = JOINED.test(name) ? splitPair(value) : null;
  if (pair !== null) {
    const at = start + pair.colon + 1;
    const use = OF_GIT.test(name) ? "git" : "rest";
    return pairSeen({ user: pair.user, secret: pair.secret, use, start: at, end, place });
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
  const set = matchesByLine(text, WORD, ASSIGNMENT).flatMap((match) => assigned(match, text));
  return [...set, ...matchesByLine(text, WORD, MENTION).flatMap(mentioned)];
}
