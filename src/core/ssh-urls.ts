/** What leads to Bitbucket from a checkout, and its URLs once it leads there over SSH. Pure. */
import {
  GIT_HOST,
  type RepositoryName,
  repositoryKey,
  SSH_ALT_HOST,
  SSH_ALT_PORT,
  SSH_USER,
} from "./bitbucket.ts";
import { type RuleEntry, rewriteUrl } from "./git-rules.ts";
import type { CheckId } from "./ids.ts";
import type { PlannedStep, SshChoice } from "./plan.ts";
import { isOverSsh } from "./remote-url.ts";
import type { ConfigEntry, Route } from "./setup.ts";
import { presentOutcomes, type SshView } from "./ssh.ts";
import { type NoSsh, noSsh } from "./ssh-way.ts";

/** A route that is to lead over SSH, or does and is refused. */
export interface Served {
  route: Route;
  repository: RepositoryName;
}

/** Names of Bitbucket's that a fix writes; a person's own aliases are theirs to mend. */
const isOurName = (name: string) =>
  name === GIT_HOST || name === SSH_ALT_HOST || name.startsWith(`${GIT_HOST}-`);

/** Fetches and pushes over SSH that do not get through. Those that do are left as they are. */
function brokenOverSsh(view: SshView, push: boolean): Route[] {
  return presentOutcomes(view)
    .filter(({ state, destination }) => state !== "ok" && isOurName(destination))
    .map(({ route }) => route)
    .filter(({ direction, pushOnly }) => direction === "fetch" || push || pushOnly);
}

/** Everything over HTTPS that leads to a repository of Bitbucket's, and what is broken over SSH. */
export function routesToServe(routes: readonly Route[], view: SshView, push: boolean): Served[] {
  const overHttps = routes.filter(({ url }) => url.isBitbucket && url.transport === "https");
  return [...overHttps, ...brokenOverSsh(view, push)].flatMap((route) => {
    const { repository } = route.url;
    return repository === null ? [] : [{ route, repository }];
  });
}

/** A place where nothing but pushes goes. */
function isForPushes({ entry, direction, pushOnly }: Route): boolean {
  if (direction !== "push") return false;
  return pushOnly || /^(?:push|lfspush)/.test(entry?.name ?? "");
}

/** What a key can serve: an access key reads, so what only pushes stays on its own way. */
export function servedBy(as: SshChoice["as"], all: readonly Served[]): Served[] {
  return as === "person" ? [...all] : all.filter(({ route }) => !isForPushes(route));
}

/** Each repository once, the first first. */
export function repositoriesIn(all: readonly Served[]): RepositoryName[] {
  const byName = new Map(all.map(({ repository }) => [repositoryKey(repository), repository]));
  return [...byName.values()];
}

/** The URL of a repository by this choice. */
function sshUrl({ host }: Pick<SshChoice, "host">, path: string): string {
  const clean = path.replace(/^\/+|\/+$/g, "").replace(/\/info\/lfs$/, "");
  return host === SSH_ALT_HOST
    ? `ssh://${SSH_USER}@${host}:${SSH_ALT_PORT}/${clean}`
    : `${SSH_USER}@${host}:${clean}`;
}

/** A route over SSH that has the right name already keeps its URL, however it is written. */
export function urlAfter({ host }: SshChoice, { url }: Route): string {
  return url.transport === "ssh" && url.host === host ? url.text : sshUrl({ host }, url.path);
}

const keyOf = ({ file, key, occurrence }: ConfigEntry) => JSON.stringify([file, key, occurrence]);

/** Others use it too, or no file holds it. */
export function isNotOurs({ file, scope, foreign }: ConfigEntry): boolean {
  return file === null || foreign || scope === "system" || scope === "unknown" || scope === "command";
}

/** With an SSH remote git-lfs asks ssh where to go, unless it is told a URL: of the same repository it is not needed. */
function lfsStep(entry: ConfigEntry, file: string, to: string, remotes: ReadonlySet<string>): PlannedStep {
  const name = { key: entry.key, occurrence: entry.occurrence };
  const isImplied = remotes.has(to.replace(/\.git$/, ""));
  return {
    phase: "cleanUp",
    safety: "safe",
    answers: null,
    step: isImplied
      ? { kind: "unset-config", file, entry: name }
      : { kind: "set-config", file, entry: name, to },
  };
}

/** What only a person can change, in their own words. */
function byHand(entry: ConfigEntry, to: string): PlannedStep {
  const where = entry.file === null ? "a variable or `git -c`" : `\`${entry.file}\``;
  const isCarried = entry.fromRepository && entry.scope === "unknown";
  const what = isCarried
    ? `\`${entry.key}\` stands in ${where}, which the repository carries: it still leads over HTTPS until somebody changes it there`
    : `\`${entry.key}\` comes from ${where} and is not changed: set it to \`${to}\` there`;
  return { phase: "cleanUp", safety: "safe", answers: null, step: { kind: "person", what, command: null } };
}

/** Rewrites every URL; each entry once, although fetch and push may share it. */
export function urlSteps(choice: SshChoice, served: readonly Served[]): PlannedStep[] {
  const remotes = new Set(
    served
      .filter(({ route }) => route.purpose === "remote" && route.direction === "fetch")
      .map(({ route }) => urlAfter(choice, route).replace(/\.git$/, "")),
  );
  const steps = new Map<string, PlannedStep>();
  for (const { route } of served) {
    const { entry, purpose } = route;
    const to = urlAfter(choice, route);
    if (entry === null || to === route.url.text) continue;
    const file = isNotOurs(entry) ? null : entry.file;
    if (file === null) steps.set(keyOf(entry), byHand(entry, to));
    else if (purpose === "lfs") steps.set(keyOf(entry), lfsStep(entry, file, to, remotes));
    else
      steps.set(keyOf(entry), {
        phase: "cleanUp",
        safety: "safe",
        answers: null,
        step: { kind: "set-config", file, entry: { key: entry.key, occurrence: entry.occurrence }, to },
      });
  }
  return [...steps.values()];
}

const REWRITTEN: CheckId = "ssh-rewritten-to-https";

const rulesOf = (config: readonly ConfigEntry[]): RuleEntry<ConfigEntry>[] =>
  config.map((of) => ({ ...of, of }));

/** What Git would make of the new URL, if that is not SSH any more: the entry that does it. */
function turnedBack(url: string, direction: Route["direction"], config: readonly ConfigEntry[]) {
  const rules = rulesOf(config);
  const pushed = direction === "push" ? rewriteUrl(url, rules, "pushinsteadof") : null;
  const rewritten = pushed ?? rewriteUrl(url, rules, "insteadof");
  return rewritten !== null && !isOverSsh(rewritten.url) ? rewritten.by : null;
}

/** Rules that would turn the new URLs back: taken out where somebody said yes, because other URLs hang on them too. */
export function unturnSteps(
  choice: SshChoice,
  served: readonly Served[],
  config: readonly ConfigEntry[],
  accept: readonly CheckId[],
): PlannedStep[] | NoSsh {
  const steps: PlannedStep[] = [];
  let left = config;
  for (const { route } of served) {
    if (choice.as === "access-key" && route.direction === "push") continue;
    const url = urlAfter(choice, route);
    for (let by = turnedBack(url, route.direction, left); by !== null; ) {
      const { file, key, occurrence } = by;
      const what = `\`${key}\` ${file === null ? "comes by a variable or `git -c` and" : `in \`${file}\``} turns \`${url}\` back into HTTPS`;
      if (file === null) return noSsh(`${what}: take it away first`);
      if (!accept.includes(REWRITTEN))
        return noSsh(
          `${what}, and other URLs may hang on it`,
          `\`git rekey fix --with ssh --accept ${REWRITTEN}\` takes it out`,
        );
      steps.push({
        phase: "change",
        safety: "ask",
        answers: REWRITTEN,
        step: { kind: "unset-config", file, entry: { key, occurrence } },
      });
      const gone = by;
      left = left.filter((entry) => entry !== gone);
      by = turnedBack(url, route.direction, left);
    }
  }
  return steps;
}
