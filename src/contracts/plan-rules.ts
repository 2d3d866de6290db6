/**
 * What a plan may name. A plan is made anew and compared before it is carried out; these rules come first, so that a
 * file from elsewhere cannot even ask about another host, another program, or a file by a roundabout way.
 */
import { GIT_HOST } from "../core/bitbucket.ts";
import type { ConfigEntryName, Plan, PlannedAccount, ProofSource, Step } from "../core/plan.ts";
import { splitUrl } from "../core/url.ts";
import { isSshUrl, whyNotSsh } from "./plan-rules-ssh.ts";

/** Null: nothing is wrong. Otherwise what is, as the rest of a sentence; it repeats nothing of the value. */
type Rule<T> = (value: T) => string | null;

const BITBUCKET_URL = /^https:\/\/(?:[A-Za-z0-9._~!*'()%+-]+@)?bitbucket\.org(?::443)?(?:\/[^\s\\?#]*)?$/i;

const isUrl: Rule<string> = (url) =>
  BITBUCKET_URL.test(url) ? null : `names a URL that is not a plain https://${GIT_HOST} one`;

const isFile: Rule<string> = (file) => {
  if (!/^(?:\/|[A-Za-z]:[\\/])/.test(file)) return "names a file without its whole path";
  return file.split(/[\\/]/).includes("..") ? "names a file by way of `..`" : null;
};

const isGitUrl: Rule<string> = (url) => (isSshUrl(url) ? null : isUrl(url));

const isHost: Rule<string> = (host) =>
  host.toLowerCase() === GIT_HOST ? null : `names a host other than ${GIT_HOST}`;

/** `https://bitbucket.org/…` as the URL of a section, with `*` for a label and a masked password where one was. */
function isBitbucketPattern(pattern: string): boolean {
  const url = splitUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(pattern) ? pattern : `https://${pattern}`);
  if (url === null || url.scheme !== "https" || (url.port !== null && url.port !== 443)) return false;
  const labels = url.host.split(".");
  const own = GIT_HOST.split(".");
  return labels.length === own.length && labels.every((label, i) => label === "*" || label === own[i]);
}

interface KeyParts {
  section: string;
  subsection: string | null;
  name: string;
}

function splitKey(key: string): KeyParts {
  const first = key.indexOf(".");
  const last = key.lastIndexOf(".");
  return {
    section: key.slice(0, Math.max(first, 0)),
    subsection: first === last ? null : key.slice(first + 1, last),
    name: key.slice(last + 1),
  };
}

/** Entries that hold a URL, by section: their names with a subsection, and without. */
const URL_KEYS: Readonly<Record<string, { within: readonly string[]; alone: readonly string[] }>> = {
  remote: { within: ["url", "pushurl", "lfsurl", "lfspushurl"], alone: ["pushdefault"] },
  branch: { within: ["remote", "pushremote"], alone: [] },
  lfs: { within: [], alone: ["url", "pushurl"] },
  submodule: { within: ["url"], alone: [] },
};

function holdsUrl({ section, subsection, name }: KeyParts): boolean {
  const names = Object.hasOwn(URL_KEYS, section) ? URL_KEYS[section] : undefined;
  return (subsection === null ? names?.alone : names?.within)?.includes(name) ?? false;
}

/** Entries that may only be taken out. */
function isRemovable({ section, subsection, name }: KeyParts): boolean {
  const ours = subsection === null || isBitbucketPattern(subsection);
  if (section === "url") return subsection !== null && ours && /^(?:push)?insteadof$/.test(name);
  if (section === "http") return ours && name === "extraheader";
  return section === "credential" && ours;
}

const isUrlEntry: Rule<ConfigEntryName> = ({ key }) =>
  holdsUrl(splitKey(key)) ? null : "sets an entry of Git's configuration that holds no URL of a repository";

const isEntry: Rule<ConfigEntryName> = ({ key }) => {
  const parts = splitKey(key);
  return holdsUrl(parts) || isRemovable(parts)
    ? null
    : `takes out an entry of Git's configuration that has nothing to do with ${GIT_HOST}`;
};

/** Names of a helper as Git takes them, with words after it; nothing that only a shell would understand. */
const isHelper: Rule<string> = (helper) => {
  const plain = helper.replace(/\\.|'[^']*'|\$(?:HOME\b|\{HOME\})/g, "");
  return helper === "" || helper.startsWith("!") || /[;&|<>()`$]/.test(plain)
    ? "names a command where a helper belongs"
    : null;
};

/** git-rekey's own helper, by its whole path; blanks in it are escaped. */
function isOwnHelper(helper: string): boolean {
  const path = helper.replace(/\\(?=[^\w])/g, "");
  return (
    /[\\/]git-credential-rekey(?:\.exe)?$/.test(path) && isFile(path) === null && isHelper(helper) === null
  );
}

/** The helpers a fix writes: none, Git's `store`, that with a file of its own, or git-rekey's own. */
function isWritten(helper: string): boolean {
  if (isOwnHelper(helper)) return true;
  const [, quoted] = /^store --file '((?:[^']|'\\'')*)'$/.exec(helper) ?? [];
  return helper === "" || helper === "store" || (quoted !== undefined && isFile(quoted) === null);
}

type AddConfig = Extract<Step, { kind: "add-config" }>;

/** What a fix may say about Bitbucket beside a helper: each name with the one value it may have. */
const WRITTEN_VALUES: Readonly<Record<string, string>> = {
  useHttpPath: "true",
  bitbucketValidateStoredCredentials: "false",
};

/** All of Bitbucket, or one repository there. */
function isOwnSubsection(subsection: string | null): boolean {
  return /^https:\/\/bitbucket\.org(?:\/[^\s\\?#"@]+)?$/.test(subsection ?? "");
}

function isOwnSection({ section, subsection, lines }: AddConfig): boolean {
  const fits = lines.every(({ name, value }) =>
    name === "helper"
      ? isWritten(value)
      : Object.hasOwn(WRITTEN_VALUES, name) && WRITTEN_VALUES[name] === value,
  );
  return section === "credential" && isOwnSubsection(subsection) && lines.length > 0 && fits;
}

function isOwnPushUrl({ section, subsection, lines }: AddConfig): boolean {
  const [line, ...more] = lines;
  const fits = line?.name === "pushurl" && isGitUrl(line.value) === null && more.length === 0;
  return section === "remote" && subsection !== null && isRemote(subsection) === null && fits;
}

const isOwnAddition: Rule<AddConfig> = (step) =>
  isOwnSection(step) || isOwnPushUrl(step) ? null : "adds to Git's configuration what git-rekey would not";

/** The two places of git-rekey's own. A plan that comes from elsewhere may not make it run a program. */
const isAccountsFile: Rule<string> = (file) =>
  isFile(file) ??
  (/[\\/]git-rekey[\\/]accounts\.json$/.test(file) ? null : "names another file as the list of accounts");

const isTokenFile: Rule<string> = (file) =>
  isFile(file) ??
  (/[\\/]git-rekey[\\/]tokens[\\/][\w.@-]+$/.test(file) ? null : "names another file as a token's");

const isPlannedAccount: Rule<PlannedAccount> = ({ secret }) =>
  secret.kind === "command" ? "names a program to run, which only the command line may" : null;

const isRemote: Rule<string | null> = (remote) =>
  remote?.startsWith("-") ? "names a remote that Git would take for an option" : null;

const isSource: Rule<ProofSource | null> = (source) => {
  if (source?.kind === "helper") return isHelper(source.helper);
  return source?.kind === "ssh" && source.key !== null ? isFile(source.key) : null;
};

function stepIsWrong(step: Step): string | null {
  switch (step.kind) {
    case "set-config":
      return isFile(step.file) ?? isUrlEntry(step.entry) ?? isGitUrl(step.to);
    case "unset-config":
      return isFile(step.file) ?? isEntry(step.entry);
    case "add-config":
      return isFile(step.file) ?? isOwnAddition(step);
    case "set-netrc":
    case "drop-netrc":
      return isFile(step.file) ?? (step.entry.machine === null ? null : isHost(step.entry.machine));
    case "put-stored":
      return isFile(step.file) ?? isHost(step.host);
    case "drop-stored":
      return isFile(step.file) ?? isHost(step.entry.host);
    case "put-account":
      return isAccountsFile(step.file) ?? isPlannedAccount(step.account);
    case "drop-account":
    case "put-unrevoked":
    case "drop-unrevoked":
      return isAccountsFile(step.file);
    case "put-token":
    case "drop-token":
      return isTokenFile(step.file);
    case "put-ssh-key":
    case "add-known-hosts":
    case "drop-known-host":
    case "add-ssh-host":
      return isFile(step.file) ?? whyNotSsh(step);
    case "register-key":
      return isFile(step.publicKey) ?? whyNotSsh(step);
    case "set-mode":
      return isFile(step.file) ?? ((step.mode & ~0o700) === 0 ? null : "opens a file to others");
    case "helper-store":
    case "helper-erase":
      return isHelper(step.helper) ?? isHost(step.host);
    case "prove":
    case "verify": {
      return isGitUrl(step.url) ?? isRemote(step.remote) ?? isSource(step.source);
    }
    case "person":
      return null;
  }
}

/** Line ends and escape sequences would let one value pass for several, or move a terminal's cursor. */
function hasControl(value: unknown): boolean {
  if (typeof value === "string") return /[\u0000-\u001f\u007f-\u009f]/.test(value);
  return typeof value === "object" && value !== null && Object.values(value).some(hasControl);
}

/** What a plan of the right form may still not say; null where all is well. */
export function whatIsWrong(plan: Plan): string | null {
  if (hasControl(plan)) return "has a line end or another control character within a value";
  const { target } = plan;
  const aim = target.kind === "url" ? isGitUrl(target.url) : isFile(target.path);
  if (aim !== null) return aim;
  for (const [index, { step }] of plan.steps.entries()) {
    const wrong = stepIsWrong(step);
    if (wrong !== null) return `${wrong} (step ${index + 1})`;
  }
  return null;
}
