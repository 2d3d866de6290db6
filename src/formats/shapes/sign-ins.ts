/** Commands and calls that sign in to Bitbucket's REST with a user and a secret: `curl -u`, `auth=(…)` and the like. */
import type { Use } from "../../core/spot.ts";
import type { Sighting } from "../sighting.ts";
import { FILLED_IN } from "./filled-in.ts";
import { pairSeen, splitPair } from "./pair.ts";

/** What one word of a shell may be: quoted or not, with what a template puts there. */
const WORD =
  '(?:\\\\*"(?:[^"\\n\\\\]|\\\\[^"\\n]){0,1200}\\\\*"|\\\\*\'[^\'\\n]{0,1200}\'|(?:' +
  FILLED_IN +
  "|\\$\\{[^{}\\n]{0,200}\\}|[^\\s\"'`;|&<>])(?:" +
  FILLED_IN +
  "|\\$\\{[^{}\\n]{0,200}\\}|[^\\s`;|&<>]){0,1200})";

/** `-u` of curl (also among other letters), `--user` of curl, `-a` and `--auth` of httpie. */
const USER_OPTION = new RegExp(
  `(?:^|[\\s"',[(=])(?:-[A-Za-z]{0,6}u|--user|-a|--auth|CURLOPT_USERPWD["']?\\s*,|--proxy-user)(?:["']\\s*,\\s*|[ \\t=]{0,4})(${WORD})`,
  "dg",
);

/** `auth=("user", "secret")`, `HTTPBasicAuth("user", "secret")`, `.basic("user", "secret")`, `auth: ["user", "secret"]`. */
const AUTH_CALL =
  /(?:\bauth\s*[=:]\s*[([]|Basic(?:Auth(?:entication)?|Credentials)?\(|\bbasic(?:_auth|Auth)?\(|\.auth\(|Credentials(?:Provider)?\()\s*(["'][^"'\n]{1,300}["']|[\w.[\]$'"()]{1,120})\s*,\s*(["'][^"'\n]{1,1200}["']|[\w.[\]$'"()]{1,160})/dg;

const REST = /api\.bitbucket\.org/i;
const BITBUCKET = /bitbucket\.org/i;

/** A command with the lines it is continued on. */
interface Command {
  start: number;
  text: string;
}

/** Lines, each with those that a backslash, a backtick or a caret at its end joins to it. */
function commandsIn(text: string): Command[] {
  const commands: Command[] = [];
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf("\n", start);
    while (end >= 0 && /[\\^`]\s?$/.test(text.slice(Math.max(start, end - 2), end)))
      end = text.indexOf("\n", end + 1);
    const stop = end < 0 ? text.length : end;
    commands.push({ start, text: text.slice(start, stop) });
    start = stop + 1;
  }
  return commands;
}

/** How far from a call the address may stand that it is for, in characters. */
const NEAR = 1500;

function useAt(text: string, at: number): Use | null {
  const around = text.slice(Math.max(0, at - NEAR), at + NEAR);
  if (REST.test(around)) return "rest";
  return BITBUCKET.test(around) ? "unknown" : null;
}

function inCommand({ start, text }: Command, whole: string): Sighting[] {
  if (!/(?:-[A-Za-z]{0,6}u|--user|-a|--auth|USERPWD)/.test(text)) return [];
  const use = BITBUCKET.test(text)
    ? REST.test(text)
      ? "rest"
      : "git"
    : isWrapped(whole, start)
      ? "rest"
      : null;
  if (use === null) return [];
  return [...text.matchAll(USER_OPTION)].flatMap((match) => {
    const [from = 0] = match.indices?.[1] ?? [];
    const word = match[1] ?? "";
    const opening = /^\\*["']?/.exec(word)?.[0].length ?? 0;
    const bare = word.slice(opening).replace(/\\*["']$/, "");
    const pair = splitPair(bare);
    if (pair === null) return [];
    const at = start + from + opening + pair.colon + 1;
    const { user, secret } = pair;
    return pairSeen({
      user,
      secret: secret.replace(/^["']|["'],?$/g, ""),
      use,
      start: at,
      end: at + secret.length,
      place: "`curl -u`",
    });
  });
}

/** A command that is put together over several lines, or whose address is in a variable: the file tells where it goes. */
function isWrapped(text: string, at: number): boolean {
  return REST.test(text.slice(Math.max(0, at - NEAR), at + NEAR));
}

/** A constant, a setting or a name of Bitbucket's; any other word may hold whatever the program was given. */
const TELLING =
  /\b[A-Z][A-Z0-9_]*(?:PASS|PWD|PW|TOKEN|SECRET|TICKET)|bitbucket|\bbb_?|app_?pass|environ|env[.([]/;

function inCalls(text: string): Sighting[] {
  return [...text.matchAll(AUTH_CALL)].flatMap((match) => {
    const [, user = "", secret = ""] = match;
    const use = useAt(text, match.index);
    const [start, end] = match.indices?.[2] ?? [0, 0];
    if (use === null) return [];
    const isQuoted = /^["']/.test(secret);
    if (!isQuoted && !TELLING.test(secret)) return [];
    const value = isQuoted ? secret.slice(1, -1) : `$${secret.replace(/\W+/g, "_")}`;
    const name = /^["']/.test(user) ? user.slice(1, -1) : `$${user.replace(/\W+/g, "_")}`;
    const quote = isQuoted ? 1 : 0;
    return pairSeen({
      user: name,
      secret: value,
      use,
      start: start + quote,
      end: end - quote,
      place: "a call that signs in",
    });
  });
}

/** Every pair that a command or a call signs in with, where it is Bitbucket's. */
export function signInsIn(text: string): Sighting[] {
  if (!BITBUCKET.test(text)) return [];
  return [...commandsIn(text).flatMap((command) => inCommand(command, text)), ...inCalls(text)];
}
