import { type Gathered, type NetrcFile, type StoreFile, Unavailable } from "../core/setup.ts";
import { Asker } from "./answers.ts";
import {
  type ConfigTrouble,
  closedFiles,
  listConfig,
  type RawEntry,
  readConfig,
  readListing,
  troubleIn,
} from "./config.ts";
import { readEnvironment } from "./environment.ts";
import { lookAtGit } from "./git-program.ts";
import { readHelperSpec, storeFiles } from "./helper-spec.ts";
import { readLent } from "./lent.ts";
import { findLine } from "./line-to-bitbucket.ts";
import { readNetrcFiles } from "./netrc.ts";
import { followRoute, isOurs, readNetwork } from "./outcomes.ts";
import { branchOf, folderOf, type Stand, standAtUrl, standInRepository } from "./place.ts";
import { readRest } from "./rest.ts";
import { type RawRoute, readRoutes, routesOfUrl } from "./routes.ts";
import type { Surroundings } from "./sources.ts";
import { readStoreFile } from "./stores.ts";
import { type Eyes, passingOverClosed } from "./world.ts";

/** What a person allowed, and what they want to know. */
export interface Inquiry {
  /** A path or a URL. */
  target: string;
  offline: boolean;
  email: string | null;
  runHelpers: boolean;
  trustRepository: boolean;
  hasTerminal: boolean;
  /** Push is wanted, so a refused push is a fault. */
  push: boolean;
}

/** All that was gathered, with the parts that plans need and reports must not see. */
export interface Survey {
  gathered: Gathered;
  stand: Stand | null;
  /** Why there is nothing to stand on, for a person. */
  problem: string | null;
  /** Raw routes and configuration, for planning and proving. Hold secrets. */
  config: readonly RawEntry[];
}

export function isUrl(target: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(target) || /^[^/\s]+@[^/\s]+:/.test(target);
}

function everything(reason: string): Omit<Gathered, "git" | "intent"> {
  const nothing = new Unavailable(reason);
  return {
    place: nothing,
    configProblems: nothing,
    config: nothing,
    environment: nothing,
    routes: nothing,
    outcomes: nothing,
    netrc: nothing,
    stores: nothing,
    lent: nothing,
    network: nothing,
    rest: nothing,
  };
}

/** Store files that configuration names, and the two that Git uses by itself. */
function readStores(eyes: Eyes, config: readonly RawEntry[], cwd: string): StoreFile[] {
  const files = new Set<string>(storeFiles(eyes, readHelperSpec("store", eyes.self.home), cwd) ?? []);
  for (const { entry, rawValue } of config) {
    if (entry.section !== "credential" || entry.name !== "helper" || !rawValue) continue;
    const spec = readHelperSpec(rawValue, eyes.self.home);
    if (spec.name === "store") for (const file of storeFiles(eyes, spec, cwd) ?? []) files.add(file);
  }
  return [...files].flatMap((file) => readStoreFile(eyes, file) ?? []);
}

interface Local {
  config: readonly RawEntry[];
  routes: readonly RawRoute[];
  netrc: readonly NetrcFile[];
  stores: readonly StoreFile[];
  around: Surroundings;
}

/** The upstream remote first: it is what a plain `git pull` uses. */
function sortRoutes(routes: readonly RawRoute[], upstream: string | null): RawRoute[] {
  const weight = ({ route }: RawRoute) =>
    route.purpose !== "remote" ? 2 : route.remote === upstream ? 0 : 1;
  return [...routes].sort((a, b) => weight(a) - weight(b));
}

async function lookAround(
  eyes: Eyes,
  inquiry: Inquiry,
  stand: Stand,
  config: readonly RawEntry[],
): Promise<Local> {
  const netrc = readNetrcFiles(eyes);
  const stores = readStores(eyes, config, stand.cwd);
  const environment = readEnvironment(eyes, config, inquiry.hasTerminal);
  const around = { config, netrc, stores, environment, cwd: stand.cwd, runHelpers: inquiry.runHelpers };
  if (stand.place.kind === "url")
    return { config, netrc, stores, around, routes: routesOfUrl(eyes, config, inquiry.target) };
  const routes = await readRoutes(eyes, stand, config);
  const branch = branchOf(eyes, stand.place.gitDir ?? "");
  const upstream = config.find(
    ({ entry }) => entry.section === "branch" && entry.subsection === branch && entry.name === "remote",
  );
  stand.place.upstream = upstream?.rawValue ?? "origin";
  return { config, netrc, stores, around, routes: sortRoutes(routes, stand.place.upstream) };
}

type Asked = Pick<Gathered, "outcomes" | "network" | "rest">;

async function askAround(eyes: Eyes, inquiry: Inquiry, local: Local): Promise<Asked> {
  const ours = local.routes.filter(isOurs);
  const first = ours[0];
  const follow = (asker: Asker | null) =>
    Promise.all(ours.map((route) => followRoute(eyes, route, local.around, asker)));
  const line = inquiry.offline
    ? new Unavailable("`--offline` looks at this machine only")
    : findLine(eyes, local.config, inquiry.trustRepository);
  if (line instanceof Unavailable) return { outcomes: await follow(null), network: line, rest: line };
  const asker = new Asker(eyes, line);
  if (first === undefined) {
    const none = new Unavailable("nothing here points to bitbucket.org over HTTPS");
    return { outcomes: [], network: none, rest: none };
  }
  const [outcomes, network] = await Promise.all([
    follow(asker),
    readNetwork(eyes, first, asker, line.proxy === null ? null : "proxy"),
  ]);
  return { outcomes, network, rest: await readRest(outcomes, asker, inquiry.email) };
}

type Read = Awaited<ReturnType<typeof readConfig>>;

interface Footing {
  stand: Stand | Unavailable;
  config: Read;
  /** What Git could not read, whether it stopped there or went on without it. */
  trouble: ConfigTrouble | null;
}

/** The first two questions to git, at the same time: each costs a process. */
async function findFooting(eyes: Eyes, inquiry: Inquiry): Promise<Footing> {
  if (isUrl(inquiry.target)) {
    const stand = standAtUrl(inquiry.target);
    return { stand, config: await readConfig(eyes, stand), trouble: null };
  }
  const folder = folderOf(eyes, inquiry.target);
  if (folder instanceof Unavailable) return { stand: folder, config: folder, trouble: null };
  const guess = { cwd: folder, trustArgs: [] };
  const [stand, config] = await Promise.all([standInRepository(eyes, folder), listConfig(eyes, guess)]);
  const trouble = troubleIn(eyes, guess, config);
  if (stand instanceof Unavailable) return { stand, config: trouble ?? stand, trouble };
  // Git names files from the top of the work tree, wherever it was called; a strange owner it has to be told of.
  const listing = stand.trustArgs.length === 0 ? config : await listConfig(eyes, stand);
  return { stand, config: readListing(eyes, stand, listing), trouble };
}

/** What is seen from where we stand: all but the git program and what was asked for. */
type Seen = Omit<Survey, "gathered"> & { parts: Omit<Gathered, "git" | "intent"> };

async function look(eyes: Eyes, inquiry: Inquiry): Promise<Seen> {
  const { stand, config, trouble } = await findFooting(eyes, inquiry);
  const configProblems = trouble === null ? closedFiles(eyes) : [trouble];
  if (stand instanceof Unavailable) {
    // A line that Git cannot read keeps it from finding the repository at all.
    const known = trouble === null ? {} : { configProblems };
    const parts = { ...everything(stand.reason), ...known };
    return { parts, stand: null, problem: stand.reason, config: [] };
  }
  if (!isList(config)) return { parts: withoutConfig(stand, config), stand, problem: null, config: [] };
  const calm = { ...eyes, files: passingOverClosed(eyes.files) };
  const local = await lookAround(calm, inquiry, stand, config);
  const asked = await askAround(calm, inquiry, local);
  return {
    stand,
    problem: null,
    config,
    parts: {
      place: stand.place,
      configProblems,
      config: config.map((raw: RawEntry) => raw.entry),
      environment: local.around.environment,
      routes: local.routes.map((raw) => raw.route),
      netrc: local.netrc,
      stores: local.stores,
      lent: readLent(calm, config),
      ...asked,
    },
  };
}

/** Looks at everything, once. Parts that could not be looked at say why. */
export async function survey(eyes: Eyes, inquiry: Inquiry): Promise<Survey> {
  // Which git it is, is wanted last: that process is started after those that everything waits for.
  const [{ parts, ...seen }, git] = await Promise.all([look(eyes, inquiry), lookAtGit(eyes)]);
  return { ...seen, gathered: { git, intent: { push: inquiry.push }, ...parts } };
}

function isList(config: readonly RawEntry[] | ConfigTrouble | Unavailable): config is readonly RawEntry[] {
  return Array.isArray(config);
}

function withoutConfig(stand: Stand, trouble: ConfigTrouble | Unavailable): Omit<Gathered, "git" | "intent"> {
  if (trouble instanceof Unavailable) return { ...everything(trouble.reason), place: stand.place };
  return {
    ...everything(`Git cannot read \`${trouble.file}\``),
    place: stand.place,
    configProblems: [trouble],
  };
}
