/** Scripts, profiles and files of variables: what a shell reads, and what is read as one would. */

import { kindByPrefix } from "../../core/token.ts";
import { baseName, type Format } from "../format.ts";
import { isVariable } from "../placeholder.ts";
import { pairSeen } from "../shapes/pair.ts";
import { isLegacyForm } from "../shapes/tokens.ts";
import type { Sighting } from "../sighting.ts";
import { shellExamples } from "./shell-examples.ts";

const DOTENV = /^\.env(?:[.-].+)?$|\.env$|^\.envrc$/;

const SCRIPT = /\.(?:sh|bash|zsh|ksh|csh|fish|ps1|psm1|psd1|bat|cmd|command)$/i;

const PROFILE =
  /^\.?(?:bash|zsh|ksh|csh|tcsh|sh|fish)?_?(?:rc|profile|env|login|logout|aliases)$|^\.xsessionrc$|^\.pam_environment$|^profile\.ps1$/i;

/** Git's hooks, which have no ending. */
const HOOK = /\/\.husky\/[^/]+$|\/hooks\/(?:pre|post|commit|prepare|update|applypatch)[a-z-]*$/;

/** What every session of everybody begins with. */
const FOR_ALL = /^\/etc\/(?:environment|profile|bash\.bashrc|zsh\/.+|profile\.d\/.+)$/;

const isPartOf = (path: string): boolean => FOR_ALL.test(path) || /\/environment\.d\/[^/]+\.conf$/.test(path);

/** Secrets of a program that speaks Git to whatever host it is told. */
const GIT_SECRET =
  /(?<![\w$])(GIT_(?:(?:HTTP|HTTPS|REPO|REMOTE|SYNC|AUTH|APP)_)?(?:PASSWORD|PASSWD|PASS|TOKEN))=["']?([^\s"'#;]{1,800})/dg;

const GIT_USER =
  /(?<![\w$])GIT_(?:(?:HTTP|HTTPS|REPO|REMOTE|SYNC|AUTH|APP)_)?(?:USER(?:NAME)?|LOGIN)=["']?([^\s"'#;]+)/;

/** A script for `GIT_ASKPASS`: `Password*) echo …`. */
const ANSWER =
  /["']?\*?[Pp]assw(?:or)?d[^)\n]{0,20}\)\s*(?:echo|printf(?:\s+["']?%s(?:\\n)?["']?)?)\s+["']?([^\s"';]{1,800})/dg;

const ANSWERED_USER =
  /["']?\*?[Uu]ser(?:name)?[^)\n]{0,20}\)\s*(?:echo|printf(?:\s+["']?%s(?:\\n)?["']?)?)\s+["']?([^\s"';]+)/;

/** Whether a text is about Bitbucket and no other service of its kind. */
function isAboutBitbucket(text: string): boolean {
  return /bitbucket\.org/i.test(text) && !/\b(?:github|gitlab)\.com\b/i.test(text);
}

function literals(
  text: string,
  form: RegExp,
  group: number,
  user: string | null,
  place: (name: string) => string,
) {
  return [...text.matchAll(form)].flatMap((match): Sighting[] => {
    const secret = match[group] ?? "";
    const [start, end] = match.indices?.[group] ?? [0, 0];
    const isToken = kindByPrefix(secret) !== null;
    if (isVariable(secret) || !(isToken || (isLegacyForm(secret) && isAboutBitbucket(text)))) return [];
    return pairSeen({ user, secret, use: "git", start, end, place: place(match[1] ?? "") });
  });
}

function find(text: string, path: string): Sighting[] {
  const advice = adviceFor(path);
  const named = literals(text, GIT_SECRET, 2, GIT_USER.exec(text)?.[1] ?? null, (name) => `\`${name}\``);
  const user = ANSWERED_USER.exec(text)?.[1] ?? null;
  const answered = literals(text, ANSWER, 1, user, () => "an answer of a script for `GIT_ASKPASS`");
  return [...named, ...answered].map((one) => ({ ...one, advice }));
}

function adviceFor(path: string): string {
  if (isPartOf(path))
    return "take it out of the file, which all of that user's programs or even everybody may read: give it to the one program that needs it, from a file of mode 0600";
  const name = baseName(path);
  if (DOTENV.test(name))
    return "put a token that works there, keep the file out of Git (`.gitignore`) and readable by its owner alone (`chmod 600`)";
  if (PROFILE.test(name))
    return "take it out of the profile, whose variables every program gets: for Git run `git rekey fix`, for REST read it from a file of mode 0600 where it is needed";
  return "read it from a variable or from a file of mode 0600, and give it to curl with `--netrc-file` or `-K`; leave Git's to a credential helper";
}

export const shell: Format = {
  id: "shell",
  title: "Shell: scripts, profiles, .env and .envrc files, /etc/environment",
  claims: (path) => {
    const name = baseName(path);
    return SCRIPT.test(name) || HOOK.test(path) || DOTENV.test(name) || PROFILE.test(name) || isPartOf(path);
  },
  find,
  advice: adviceFor,
  examples: shellExamples,
};
