import { join } from "node:path";
import { afterDetour, detourOf } from "../core/detour.ts";
import { type ResolvedUrl, type RuleEntry, rewriteUrl, urlsOfRemote } from "../core/git-rules.ts";
import { moduleFolders } from "../core/module-folders.ts";
import { cleanUrl, readRemoteUrl } from "../core/remote-url.ts";
import type { Route } from "../core/setup.ts";
import { type RawEntry, readCarriedFile, readConfig } from "./config.ts";
import type { Stand } from "./place.ts";
import type { Eyes } from "./world.ts";

/** A route with the URL as Git has it, which may hold secrets and stays among the probes. */
export interface RawRoute {
  route: Route;
  rawUrl: string;
}

/** Routes that HTTPS credentials decide. */
export function isOurs({ route }: RawRoute): boolean {
  return route.url.isBitbucket && route.url.transport === "https";
}

/** Entries in the form Git's rules take them. */
export function ruleEntries(entries: readonly RawEntry[]): RuleEntry<RawEntry>[] {
  return entries.map((raw) => ({
    section: raw.entry.section,
    subsection: raw.rawSubsection,
    name: raw.entry.name,
    value: raw.rawValue,
    of: raw,
  }));
}

type Origin = Pick<Route, "purpose" | "remote">;

function toRoute(eyes: Eyes, found: ResolvedUrl<RawEntry>, origin: Origin): RawRoute {
  return {
    rawUrl: found.url,
    route: {
      ...origin,
      direction: found.direction,
      url: readRemoteUrl(found.url, (secret) => eyes.vault.keep(secret)),
      entry: found.entry?.entry ?? null,
      rewrittenBy: found.rewrittenBy?.entry ?? null,
      pushOnly: false,
      detour: null,
    },
  };
}

function remoteNames(rules: readonly RuleEntry<RawEntry>[]): string[] {
  const names = new Set<string>();
  for (const { section, subsection, name } of rules) {
    if (section === "remote" && subsection !== null && (name === "url" || name === "pushurl"))
      names.add(subsection);
  }
  return [...names];
}

/** What Git makes of a URL that is no remote's. */
function resolveUrl(url: string, rules: readonly RuleEntry<RawEntry>[], direction: "fetch" | "push") {
  const pushed = direction === "push" ? rewriteUrl(url, rules, "pushinsteadof") : null;
  const rewritten = pushed ?? rewriteUrl(url, rules, "insteadof");
  return { url: rewritten?.url ?? url, rewrittenBy: rewritten?.by ?? null };
}

/** `branch.<name>.remote` and `remote.pushDefault` may be URLs themselves. */
function urlsInPlaceOfRemotes(eyes: Eyes, rules: readonly RuleEntry<RawEntry>[]): RawRoute[] {
  const routes: RawRoute[] = [];
  for (const rule of rules) {
    const isBranch = rule.section === "branch" && (rule.name === "remote" || rule.name === "pushremote");
    const isDefault = rule.section === "remote" && rule.subsection === null && rule.name === "pushdefault";
    if (!(isBranch || isDefault) || !rule.value?.includes("://")) continue;
    for (const direction of ["fetch", "push"] as const) {
      if (direction === "fetch" && rule.name !== "remote") continue;
      const resolved = { ...resolveUrl(rule.value, rules, direction), entry: rule.of, direction };
      routes.push(toRoute(eyes, resolved, { purpose: "remote", remote: null }));
    }
  }
  return routes;
}

function lfsRoutes(eyes: Eyes, rules: readonly RuleEntry<RawEntry>[]): RawRoute[] {
  const routes: RawRoute[] = [];
  for (const rule of rules) {
    const isOwn =
      rule.section === "lfs" && rule.subsection === null && (rule.name === "url" || rule.name === "pushurl");
    const isRemotes = rule.section === "remote" && (rule.name === "lfsurl" || rule.name === "lfspushurl");
    if (!(isOwn || isRemotes) || !rule.value) continue;
    const direction = rule.name.includes("push") ? "push" : "fetch";
    const resolved = { url: rule.value, entry: rule.of, rewrittenBy: null, direction } as const;
    routes.push(toRoute(eyes, resolved, { purpose: "lfs", remote: isRemotes ? rule.subsection : null }));
  }
  return routes;
}

async function readSubmodule(eyes: Eyes, stand: Stand, gitDir: string): Promise<RawRoute[]> {
  const inside: Stand = { ...stand, cwd: gitDir, trustArgs: [...stand.trustArgs, "--git-dir=."] };
  const config = await readConfig(eyes, inside);
  if (!Array.isArray(config)) return [];
  const name = gitDir.slice(join(stand.place.commonDir ?? "", "modules").length + 1);
  return routesOfRemotes(eyes, config as RawEntry[], { purpose: "submodule", remote: name });
}

/** `submodule.<name>.url` in the superproject: what the next `git submodule update --init` would clone. */
function plannedSubmodules(eyes: Eyes, rules: readonly RuleEntry<RawEntry>[]): RawRoute[] {
  return rules
    .filter((rule) => rule.section === "submodule" && rule.subsection !== null && rule.name === "url")
    .map((rule) => {
      const rewritten = rewriteUrl(rule.value ?? "", rules, "insteadof");
      const resolved = {
        url: rewritten?.url ?? rule.value ?? "",
        entry: rule.of,
        rewrittenBy: rewritten?.by ?? null,
        direction: "fetch",
      } as const;
      return toRoute(eyes, resolved, { purpose: "submodule", remote: rule.subsection });
    });
}

function routesOfRemotes(eyes: Eyes, config: readonly RawEntry[], origin?: Origin): RawRoute[] {
  const rules = ruleEntries(config);
  return remoteNames(rules).flatMap((name) =>
    urlsOfRemote(rules, name).map((found) =>
      toRoute(eyes, found, origin ?? { purpose: "remote", remote: name }),
    ),
  );
}

/** What the repository carries counts only where no configuration says otherwise. */
function unlessConfigured(carried: readonly RawEntry[], config: readonly RawEntry[]): RawEntry[] {
  const configured = new Set(config.map(({ entry }) => entry.key));
  return carried.filter(({ entry }) => !configured.has(entry.key));
}

async function carriedRoutes(eyes: Eyes, stand: Stand, config: readonly RawEntry[]): Promise<RawRoute[]> {
  if (stand.place.bare) return [];
  const [lfs, modules] = await Promise.all([
    readCarriedFile(eyes, stand, ".lfsconfig"),
    readCarriedFile(eyes, stand, ".gitmodules"),
  ]);
  // A relative submodule URL, or one without a secret, is what the superproject's own remote already tells.
  const telling = unlessConfigured(modules, config).filter(({ entry }) => entry.secret !== null);
  return [
    ...lfsRoutes(eyes, ruleEntries(unlessConfigured(lfs, config))),
    ...plannedSubmodules(eyes, [
      ...ruleEntries(config).filter(({ section }) => section === "url"),
      ...ruleEntries(telling),
    ]),
  ];
}

/** Who pushes to Bitbucket where they do not fetch from it has set that up, and wants it to work. */
function markPushOnly(routes: readonly RawRoute[]): RawRoute[] {
  // Behind any name of a host over SSH may be Bitbucket.
  const ours = routes.filter(
    (raw) => raw.route.purpose === "remote" && (isOurs(raw) || raw.route.url.transport === "ssh"),
  );
  const wayOf = ({ route }: RawRoute) => `${route.url.transport} ${route.remote}`;
  const fetched = new Set(ours.filter(({ route }) => route.direction === "fetch").map(wayOf));
  return routes.map((raw) => {
    const pushOnly = ours.includes(raw) && raw.route.direction === "push" && !fetched.has(wayOf(raw));
    return { ...raw, route: { ...raw.route, pushOnly } };
  });
}

/** Follows every way to its end: some URLs lead to Bitbucket by a detour. */
function followDetours(routes: readonly RawRoute[], rules: readonly RuleEntry<RawEntry>[]): RawRoute[] {
  return routes.map((raw) => {
    const { route, rawUrl } = raw;
    const detour = route.purpose === "lfs" ? null : detourOf(route.url, rules, rawUrl);
    if (detour === null) return raw;
    return { rawUrl, route: { ...route, detour, url: detour.arrives ? afterDetour(route.url) : route.url } };
  });
}

/** The URL for which Git looks for a credential. */
export function askedUrl({ route, rawUrl }: RawRoute): string {
  return route.detour?.arrives ? cleanUrl(route.url, null) : rawUrl;
}

/** Every URL that a fetch, a push, a submodule update or Git LFS would contact from here. */
export async function readRoutes(eyes: Eyes, stand: Stand, config: readonly RawEntry[]): Promise<RawRoute[]> {
  const rules = ruleEntries(config);
  const modules =
    stand.place.commonDir === null ? [] : moduleFolders(eyes.files, join(stand.place.commonDir, "modules"));
  const [carried, inModules] = await Promise.all([
    carriedRoutes(eyes, stand, config),
    Promise.all(modules.map((gitDir) => readSubmodule(eyes, stand, gitDir))),
  ]);
  const follow = (routes: readonly RawRoute[]) => followDetours(routes, rules);
  return [
    ...markPushOnly(follow([...routesOfRemotes(eyes, config), ...urlsInPlaceOfRemotes(eyes, rules)])),
    ...lfsRoutes(eyes, rules),
    ...follow([...plannedSubmodules(eyes, rules), ...inModules.flat(), ...carried]),
  ];
}

/** The two routes of a URL that is no remote: what `git clone URL` and a push to it would contact. */
export function routesOfUrl(eyes: Eyes, config: readonly RawEntry[], url: string): RawRoute[] {
  const rules = ruleEntries(config);
  const routes = (["fetch", "push"] as const).map((direction) => {
    const resolved = { ...resolveUrl(url, rules, direction), entry: null, direction };
    return toRoute(eyes, resolved, { purpose: "url", remote: null });
  });
  return followDetours(routes, rules);
}
