import { join } from "node:path";
import { type CredentialRequest, credentialRequest, credentialRules, httpList } from "../core/git-rules.ts";
import {
  type ConfigEntry,
  type Environment,
  type Location,
  type NetrcFile,
  OWN_HELPER,
  type Source,
  type StoreFile,
} from "../core/setup.ts";
import type { RawEntry } from "./config.ts";
import { readAuthorization } from "./config-mask.ts";
import {
  type HelperSpec,
  helperExists,
  looksUpOnly,
  readHelperSpec,
  readPrintedAnswer,
  storeFiles,
} from "./helper-spec.ts";
import { askedUrl, type RawRoute, ruleEntries } from "./routes.ts";
import { readStoreFile } from "./stores.ts";
import type { Eyes } from "./world.ts";

/** What is the same for every route of one set-up. */
export interface Surroundings {
  config: readonly RawEntry[];
  netrc: readonly NetrcFile[];
  stores: readonly StoreFile[];
  environment: Environment;
  cwd: string;
  /** The person agreed to helpers being run that may do more than look up. */
  runHelpers: boolean;
}

const NOTHING = {
  user: null,
  secret: null,
  scheme: "basic",
  configured: null,
  stored: null,
  helper: null,
  keepsIn: null,
  entry: null,
  occurrence: 0,
  path: null,
  reason: null,
} as const;

function locationOf(entry: ConfigEntry): Location | null {
  return entry.file === null ? null : { file: entry.file, line: entry.line, scope: entry.scope };
}

function headerSources(eyes: Eyes, route: RawRoute, config: readonly RawEntry[]): Source[] {
  return httpList(ruleEntries(config), "extraheader", route.rawUrl).flatMap(({ of: { entry, rawValue } }) => {
    const header = readAuthorization(rawValue ?? "");
    if (header === null) return [];
    const configured = locationOf(entry);
    const common = {
      ...NOTHING,
      kind: "header",
      label: entry.key,
      state: "answers",
      configured,
      stored: configured,
      entry,
    } as const;
    return [{ ...common, user: header.user, secret: eyes.vault.keep(header.secret), scheme: header.scheme }];
  });
}

function urlSource({ route }: RawRoute): Source[] {
  if (route.url.password === null) return [];
  const entry = route.rewrittenBy ?? route.entry;
  const stored = entry === null ? null : locationOf(entry);
  const common = {
    ...NOTHING,
    kind: "url",
    label: "the URL",
    state: "answers",
    configured: stored,
    stored,
    entry,
  } as const;
  return [{ ...common, user: route.url.user, secret: route.url.password }];
}

function netrcSource(files: readonly NetrcFile[]): Source[] {
  for (const { file, entries } of files) {
    const found =
      entries.find((entry) => entry.machine !== null && entry.secret !== null) ??
      entries.find((entry) => entry.secret !== null);
    if (!found) continue;
    const stored = { file, line: found.line, scope: null };
    const common = {
      ...NOTHING,
      kind: "netrc",
      label: "netrc",
      state: "answers",
      stored,
      occurrence: found.occurrence,
    } as const;
    return [{ ...common, user: found.login, secret: found.secret }];
  }
  return [];
}

/** What Git tells a helper to look for. A port that is written out is part of the host, the usual one too. */
interface Wanted extends CredentialRequest {
  host: string;
}

function fromStore(eyes: Eyes, files: readonly string[], wanted: Wanted, base: Source): Source {
  for (const file of files) {
    const entry = readStoreFile(eyes, file)?.entries.find(
      (one) =>
        one.host === wanted.host &&
        (wanted.username === null || one.user === wanted.username) &&
        (wanted.path === null || one.path === wanted.path),
    );
    if (!entry) continue;
    const stored = { file, line: entry.line, scope: null };
    return {
      ...base,
      state: "answers",
      user: entry.user,
      secret: entry.secret,
      stored,
      occurrence: entry.occurrence,
      path: entry.path,
    };
  }
  return base;
}

function request(wanted: Wanted): string {
  const lines = ["protocol=https", `host=${wanted.host}`];
  if (wanted.path !== null) lines.push(`path=${wanted.path}`);
  if (wanted.username !== null) lines.push(`username=${wanted.username}`);
  return `${lines.join("\n")}\n\n`;
}

/** What our own helper says where it does not answer. */
function ownRemark(stderr: string): string | null {
  return /^git-rekey: (.+)$/m.exec(stderr)?.[1] ?? null;
}

/** Asks one helper alone, by resetting the list to it. Its `store` and `erase` are never called. */
async function askHelper(
  eyes: Eyes,
  spec: HelperSpec,
  wanted: Wanted,
  cwd: string,
  base: Source,
): Promise<Source> {
  // Only helpers without secrets in their words come here: others would show them to the process list.
  const args = [
    "-c",
    "credential.helper=",
    "-c",
    `credential.helper=${spec.raw}`,
    "-c",
    "credential.useHttpPath=true",
    "credential",
    "fill",
  ];
  const result = await eyes.git.run({ args, cwd, stdin: request(wanted), timeout: 5000 });
  if (result.timedOut) return { ...base, state: "failed", reason: "it did not answer within 5 seconds" };
  const fields = new Map<string, string>();
  for (const line of Buffer.from(result.stdout).toString("utf8").split("\n")) {
    const equals = line.indexOf("=");
    if (equals > 0) fields.set(line.slice(0, equals), line.slice(equals + 1).replace(/\r$/, ""));
  }
  const password = fields.get("password");
  if (!password) return { ...base, reason: spec.name === OWN_HELPER ? ownRemark(result.stderr) : null };
  return {
    ...base,
    state: "answers",
    user: fields.get("username") ?? wanted.username,
    secret: eyes.vault.keep(password),
  };
}

function cacheHasSocket(eyes: Eyes, spec: HelperSpec): boolean {
  if (spec.args?.some((word) => word.startsWith("--socket"))) return true;
  const { home, env } = eyes.self;
  if (home === null) return false;
  const cache = env.XDG_CACHE_HOME || join(home, ".cache");
  return [join(home, ".git-credential-cache", "socket"), join(cache, "git", "credential", "socket")].some(
    (path) => eyes.files.facts(path) !== null,
  );
}

/** Why a helper is left alone; null for one that may be asked. */
function whyNotAsked(spec: HelperSpec, entry: ConfigEntry, runHelpers: boolean): string | null {
  if (entry.fromRepository && spec.kind !== "builtin") return "only this repository brings it";
  if (entry.secret !== null) return "its own words hold a secret";
  if (looksUpOnly(spec) || runHelpers) return null;
  return "it may open a window or make a token, so it is run only with `--run-helpers`";
}

async function helperSource(
  eyes: Eyes,
  found: RawEntry,
  wanted: Wanted,
  around: Surroundings,
  execPath: () => Promise<string | null>,
): Promise<Source> {
  const spec = readHelperSpec(found.rawValue ?? "", eyes.self.home);
  const base: Source = {
    ...NOTHING,
    kind: "helper",
    label: spec.kind === "shell" ? "a shell command" : spec.name,
    state: "silent",
    configured: locationOf(found.entry),
    helper: found.entry.value,
    entry: found.entry,
  };
  const needsPath = spec.kind === "named" ? await execPath() : null;
  if (!helperExists(eyes, spec, needsPath))
    return { ...base, state: "missing", reason: "Git cannot find this program" };
  if (spec.name === "store" && spec.kind === "builtin") {
    const files = storeFiles(eyes, spec, around.cwd);
    // Git adds to the first file that is there, or makes the first of its list.
    const keepsIn = files?.find((file) => eyes.files.facts(file) !== null) ?? files?.[0] ?? null;
    if (files !== null) return fromStore(eyes, files, wanted, { ...base, keepsIn });
  }
  if (spec.name === "cache" && spec.kind === "builtin" && !cacheHasSocket(eyes, spec)) return base;
  const printed = readPrintedAnswer(spec);
  if (printed !== null) {
    const user = printed.username ?? wanted.username;
    return {
      ...base,
      state: "answers",
      user,
      secret: eyes.vault.keep(printed.password),
      stored: base.configured,
    };
  }
  const reason = whyNotAsked(spec, found.entry, around.runHelpers);
  if (reason !== null) return { ...base, state: "not-asked", reason };
  return askHelper(eyes, spec, wanted, around.cwd, base);
}

function lastResorts(environment: Environment): Source[] {
  const { askpass, hasTerminal } = environment;
  const sources: Source[] = [];
  if (askpass && askpass.program !== "") {
    const label = `${askpass.from} (${askpass.program})`;
    sources.push({
      ...NOTHING,
      kind: "askpass",
      label,
      state: askpass.works ? "asks" : "failed",
      reason: askpass.reason,
    });
  }
  const state = hasTerminal ? "asks" : "silent";
  sources.push({
    ...NOTHING,
    kind: "terminal",
    label: "the terminal",
    state,
    reason: hasTerminal ? null : "there is no terminal",
  });
  return sources;
}

/** Everything Git would consult for one route, in Git's order, each asked without changing anything. */
export async function readSources(eyes: Eyes, route: RawRoute, around: Surroundings): Promise<Source[]> {
  const asked = askedUrl(route);
  const rules = credentialRules(ruleEntries(around.config), asked);
  const { host, port } = route.route.url;
  const wanted = {
    ...credentialRequest(rules, asked),
    host: port === null ? host : `${host}:${port}`,
  };
  let execPath: Promise<string | null> | null = null;
  const findExecPath = () => {
    execPath ??= eyes.git
      .run({ args: ["--exec-path"] })
      .then(({ stdout }) => Buffer.from(stdout).toString("utf8").trim() || null);
    return execPath;
  };
  const helpers = await Promise.all(
    rules.helpers.map(({ of }) => helperSource(eyes, of, wanted, around, findExecPath)),
  );
  return [
    ...headerSources(eyes, route, around.config),
    ...urlSource(route),
    ...netrcSource(around.netrc),
    ...helpers,
    ...lastResorts(around.environment),
  ];
}
