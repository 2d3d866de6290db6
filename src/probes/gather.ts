import {
  type Gathered,
  type NetrcFile,
  type Outcome,
  type Setup,
  type StoreFile,
  Unavailable,
} from "../core/setup.ts";
import { NOTHING_OVER_HTTPS } from "../core/unasked.ts";
import { type LoadedAccounts, readAccountList, readAccounts } from "./accounts.ts";
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
import { deadEnds, deadEndsAnywhere } from "./dead-ends.ts";
import { readEnvironment } from "./environment.ts";
import { lookAtGit } from "./git-program.ts";
import { readHelperSpec, storeFiles } from "./helper-spec.ts";
import { readLent } from "./lent.ts";
import { findLine } from "./line-to-bitbucket.ts";
import { readNetrcFiles } from "./netrc.ts";
import { followRoute, readNetwork } from "./outcomes.ts";
import { branchOf, folderOf, type Stand, standAtUrl, standInRepository } from "./place.ts";
import { readRest } from "./rest.ts";
import { isOurs, type RawRoute, readRoutes, routesOfUrl } from "./routes.ts";
import type { Surroundings } from "./sources.ts";
import { readSourcetree } from "./sourcetree.ts";
import { readSsh } from "./ssh.ts";
import { readHostKeys } from "./ssh-host-keys.ts";
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
  /** git-rekey's own helper, as `credential.helper` names it. */
  ownHelper: string;
  /** What is looked at of SSH: where URLs lead over it (the default), or also how it would be if they did. */
  ssh?: "routes" | "wanted" | undefined;
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
    accounts: nothing,
    sourcetree: nothing,
    ssh: nothing,
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
  accounts: LoadedAccounts;
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
): Promise<Omit<Local, "accounts">> {
  const netrc = readNetrcFiles(eyes);
  const stores = readStores(eyes, config, stand.cwd);
  const environment = readEnvironment(eyes, config, inquiry.hasTerminal);
  const around = { config, netrc, stores, environment, cwd: stand.cwd, runHelpers: inquiry.runHelpers };
  const local = { config, netrc, stores, around };
  if (stand.place.kind === "url") return { ...local, routes: routesOfUrl(eyes, config, inquiry.target) };
  const routes = await readRoutes(eyes, stand, config);
  const branch = branchOf(eyes, stand.place.gitDir ?? "");
  const upstream = config.find(
    ({ entry }) => entry.section === "branch" && entry.subsection === branch && entry.name === "remote",
  );
  stand.place.upstream = upstream?.rawValue ?? "origin";
  return { ...local, routes: sortRoutes(routes, stand.place.upstream) };
}

type Asked = Pick<Gathered, "network" | "rest"> & Pick<Setup, "outcomes" | "accounts">;

/** Who asks Bitbucket, or why nobody does. */
function findAsker(eyes: Eyes, inquiry: Inquiry, { config }: Local): Asker | Unavailable {
  if (inquiry.offline) return new Unavailable("`--offline` looks at this machine only");
  const line = findLine(eyes, config, inquiry.trustRepository);
  return line instanceof Unavailable ? line : new Asker(eyes, line);
}

/** Sourcetree's own git may have other helpers than the person's; it would go the first of the ways to Bitbucket. */
function lookAtSourcetree(eyes: Eyes, stand: Stand, local: Local, asking: Asker | Unavailable) {
  const first = local.routes.find(isOurs);
  const asker = asking instanceof Unavailable ? null : asking;
  return readSourcetree(eyes, {
    stand,
    rawUrl: first?.rawUrl ?? null,
    follow: (itsEyes, config) =>
      first === undefined ? null : followRoute(itsEyes, first, { ...local.around, config }, asker),
  });
}

function lookAtSsh(eyes: Eyes, inquiry: Inquiry, stand: Stand, { routes, config }: Local) {
  const published = readHostKeys(eyes);
  if (published instanceof Unavailable) return published;
  const { cwd } = stand;
  return readSsh(eyes, { ...inquiry, ssh: inquiry.ssh ?? "routes", routes, config, cwd, published });
}

async function askAround(
  eyes: Eyes,
  inquiry: Inquiry,
  local: Local,
  asker: Asker | Unavailable,
): Promise<Asked> {
  const ours = local.routes.filter(isOurs);
  const first = ours[0];
  const follow = (asker: Asker | null) =>
    Promise.all(ours.map((route) => followRoute(eyes, route, local.around, asker)));
  const answering = (outcomes: readonly Outcome[], asker: Asker | null) =>
    readAccounts(eyes, local.accounts, ours, outcomes, local.config, {
      asker,
      runHelpers: inquiry.runHelpers,
    });
  if (asker instanceof Unavailable) {
    const outcomes = await follow(null);
    return { outcomes, network: asker, rest: asker, accounts: await answering(outcomes, null) };
  }
  if (first === undefined) {
    const none = new Unavailable(NOTHING_OVER_HTTPS);
    return { outcomes: [], network: none, rest: none, accounts: await answering([], asker) };
  }
  const [outcomes, network] = await Promise.all([
    follow(asker),
    readNetwork(eyes, first, asker, asker.isProxied ? "proxy" : null),
  ]);
  const [rest, accounts] = await Promise.all([
    readRest(outcomes, asker, inquiry.email),
    answering(outcomes, asker),
  ]);
  return { outcomes, network, rest, accounts };
}

type Read = Awaited<ReturnType<typeof readConfig>>;

interface Footing {
  stand: Stand | Unavailable;
  config: Read;
  /** What Git could not read, whether it stopped there or went on without it. */
  trouble: ConfigTrouble | null;
}

/** What keeps Git from finding the repository, where it lists its configuration all the same. */
function deadEndIn(config: Read): ConfigTrouble | null {
  return isList(config) ? (deadEndsAnywhere(config)[0] ?? null) : null;
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
  if (stand instanceof Unavailable) {
    const found = trouble ?? deadEndIn(readListing(eyes, guess, config));
    return { stand, config: found ?? stand, trouble: found };
  }
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
  if (!isList(config)) {
    const known = config instanceof Unavailable ? config : [config];
    return { parts: withoutConfig(stand, known), stand, problem: null, config: [] };
  }
  for (const raw of config) trustOwnHelper(raw, inquiry.ownHelper);
  const calm = { ...eyes, files: passingOverClosed(eyes.files) };
  // A list that may not be read is no empty one.
  const accounts = readAccountList(eyes);
  const local = { ...(await lookAround(calm, inquiry, stand, config)), accounts };
  const asker = findAsker(calm, inquiry, local);
  const [asked, sourcetree, ssh] = await Promise.all([
    askAround(calm, inquiry, local, asker),
    lookAtSourcetree(calm, stand, local, asker),
    lookAtSsh(eyes, inquiry, stand, local),
  ]);
  const fatal = deadEnds(config, local.routes.filter(isOurs), asked.outcomes, inquiry.push);
  if (fatal.length > 0) return { parts: withoutConfig(stand, fatal), stand, problem: null, config: [] };
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
      sourcetree,
      lent: readLent(calm, config),
      ssh,
      ...asked,
    },
  };
}

/** A repository that names our own helper asks for nothing that the person has not set up. */
function trustOwnHelper({ entry, rawValue }: RawEntry, ownHelper: string): void {
  if (entry.section === "credential" && entry.name === "helper" && rawValue === ownHelper)
    entry.fromRepository = false;
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

function withoutConfig(
  stand: Stand,
  troubles: readonly ConfigTrouble[] | Unavailable,
): Omit<Gathered, "git" | "intent"> {
  if (troubles instanceof Unavailable) return { ...everything(troubles.reason), place: stand.place };
  const file = troubles[0]?.file;
  const unread = file == null ? "one of its settings" : `\`${file}\``;
  return { ...everything(`Git cannot read ${unread}`), place: stand.place, configProblems: troubles };
}
