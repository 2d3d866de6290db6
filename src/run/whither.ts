/** Where a git command may want to sign in: the repository's remotes, submodules and LFS, and URLs among its words. */
import { resolve } from "node:path";
import type { RepositoryName } from "../core/bitbucket.ts";
import { Unavailable } from "../core/setup.ts";
import { type RawEntry, readConfig } from "../probes/config.ts";
import { standInRepository } from "../probes/place.ts";
import { type RawRoute, readRoutes, routesOfUrl } from "../probes/routes.ts";
import type { Eyes } from "../probes/world.ts";
import type { GitWords } from "./words.ts";

export interface Whither {
  /** Where git will look for its repository. */
  folder: string;
  /** Everything on Bitbucket over HTTPS that may be asked for. Holds secrets. */
  routes: readonly RawRoute[];
  /** Those that this command is about, as far as its words tell. */
  meant: readonly RawRoute[];
  config: readonly RawEntry[];
  /** Git's folder of the repository, shared by its work trees; null where there is none. */
  gitFolder: string | null;
}

function isOurs({ route: { url } }: RawRoute): boolean {
  return url.isBitbucket && url.transport === "https";
}

/** What looks like a URL, or like one that `insteadOf` shortens. */
function urlsIn({ rest }: GitWords): string[] {
  return rest.filter((word) => /^[a-z][\w+.-]*:/i.test(word));
}

/** What a person named decides; where nothing is named, everything may be meant. */
function choose(routes: readonly RawRoute[], ofWords: readonly RawRoute[], { rest }: GitWords): RawRoute[] {
  const named = routes.filter(({ route }) => route.remote !== null && rest.includes(route.remote));
  if (named.length + ofWords.length === 0) return [...routes];
  const beside = routes.filter(({ route }) => route.purpose !== "remote");
  return [...named, ...ofWords, ...beside];
}

/** The routes from one folder; none where it is in no repository. */
async function routesFrom(eyes: Eyes, folder: string): Promise<Omit<Whither, "folder" | "meant">> {
  const stand = await standInRepository(eyes, folder);
  const footing = stand instanceof Unavailable ? { cwd: folder, trustArgs: [] } : stand;
  const listed = await readConfig(eyes, footing);
  const config = Array.isArray(listed) ? (listed as readonly RawEntry[]) : [];
  if (stand instanceof Unavailable) return { routes: [], config, gitFolder: null };
  const routes = (await readRoutes(eyes, stand, config)).filter(isOurs);
  return { routes, config, gitFolder: stand.place.commonDir };
}

/** Looks before git runs. */
export async function lookWhither(eyes: Eyes, words: GitWords): Promise<Whither> {
  const folder = resolve(eyes.self.cwd, ...words.folders);
  const there: Eyes = {
    ...eyes,
    git: { run: (call) => eyes.git.run({ ...call, env: { ...words.env, ...call.env } }) },
  };
  const { routes, ...around } = await routesFrom(there, folder);
  const { config } = around;
  const ofWords = urlsIn(words)
    .flatMap((url) => routesOfUrl(eyes, config, url))
    .filter(isOurs);
  return { ...around, folder, routes: [...routes, ...ofWords], meant: choose(routes, ofWords, words) };
}

/** What a folder that appeared meanwhile, a new clone with submodules for example, has routes to. */
export async function placesFrom(eyes: Eyes, folder: string): Promise<RepositoryName[]> {
  return placesOf((await routesFrom(eyes, folder)).routes);
}

export function placesOf(routes: readonly RawRoute[]): RepositoryName[] {
  return routes.flatMap(({ route }) => route.url.repository ?? []);
}
