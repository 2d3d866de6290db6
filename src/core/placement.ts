/** Where a new token goes. Pure. */
import { ACCESS_TOKEN_USER, GIT_HOST } from "./bitbucket.ts";
import { canBeBound, pathsFor, sectionsFor } from "./bound.ts";
import { credentialRequest, credentialRules } from "./git-rules.ts";
import { ownFileIn } from "./own-file.ts";
import { inNetrc, netrcInFront } from "./placement-netrc.ts";
import {
  change,
  type NoPlace,
  noPlace,
  type Placement,
  type Places,
  type TakenEntry,
} from "./placement-parts.ts";
import { type Choices, type PlannedStep, userOfWay } from "./plan.ts";
import { cleanUrl } from "./remote-url.ts";
import type { ConfigEntry, NetrcFile, Outcome, RemoteUrl, Source } from "./setup.ts";

/** Helpers that keep what they are given and give it back, without opinions about Bitbucket's tokens. */
const KEEPERS = new Set(["store", "cache", "osxkeychain", "libsecret", "wincred"]);

/** A keeper that only the repository names is obeyed only in its plainest form: its words could lead anywhere. */
function isKeeper({ kind, label, state, helper, entry }: Source): boolean {
  if (kind !== "helper" || !KEEPERS.has(label) || state === "missing" || state === "failed") return false;
  return !entry?.fromRepository || helper === label;
}

/** A kept token, as steps and as the entries they take: one for each path. */
type Kept = { steps: readonly PlannedStep[]; taken: readonly TakenEntry[] };

function keptInFile(file: string, choices: Choices, paths: readonly (string | null)[]): Kept {
  const username = userOfWay(choices);
  const steps = paths.map((path) =>
    change({ kind: "put-stored", file, host: GIT_HOST, path, username, password: "newToken" }),
  );
  return { steps, taken: paths.map((path) => ({ file, helper: null, username, path })) };
}

function keptByHelper(helper: string, choices: Choices, paths: readonly (string | null)[]): Kept {
  const username = userOfWay(choices);
  const steps = paths.map((path) =>
    change({ kind: "helper-store", helper, host: GIT_HOST, path, username, password: "newToken" }),
  );
  return { steps, taken: paths.map((path) => ({ file: null, helper, username, path })) };
}

function inStoreFile(
  file: string,
  choices: Choices,
  helper: string,
  paths: readonly (string | null)[],
  steps: readonly PlannedStep[],
): Placement {
  const kept = keptInFile(file, choices, paths);
  return {
    steps: [...steps, ...kept.steps],
    proof: { kind: "helper", helper },
    taken: kept.taken,
    pinUser: false,
    where: `in \`${file}\`, a plain text file only you can read`,
  };
}

/** For what helpers are asked: the whole host, or each repository by its path where `useHttpPath` says so. */
function pathsOf(
  broken: readonly Outcome[],
  config: readonly ConfigEntry[],
): readonly [string | null, ...(string | null)[]] {
  const entries = config.map((of) => ({ ...of, of }));
  const [first = null, ...others] = new Set(
    broken.map(({ route: { url } }) => {
      const clean = cleanUrl(url, url.user);
      return credentialRequest(credentialRules(entries, clean), clean).path;
    }),
  );
  return [first, ...others];
}

function keptBy(keeper: Source, choices: Choices, paths: readonly (string | null)[], places: Places): Kept {
  return keeper.label === "store"
    ? keptInFile(fileOfStore(keeper, places), choices, paths)
    : keptByHelper(keeper.helper ?? keeper.label, choices, paths);
}

/**
 * In the helpers the person has. Git copies what worked into every one of them, so the plan says so and does it itself:
 * else the first `git fetch` would leave the token where no undo knows of it.
 */
function inOwnHelpers(
  [keeper, ...others]: readonly [Source, ...Source[]],
  choices: Choices,
  paths: readonly (string | null)[],
  places: Places,
): Placement {
  const all = [keeper, ...others].map((one) => keptBy(one, choices, paths, places));
  const where =
    keeper.label === "store"
      ? `in \`${fileOfStore(keeper, places)}\`, a plain text file only you can read`
      : `in your helper \`${keeper.label}\``;
  return {
    steps: all.flatMap(({ steps }) => steps),
    proof: { kind: "helper", helper: keeper.helper ?? keeper.label },
    taken: all.flatMap(({ taken }) => taken),
    pinUser: false,
    where: others.length === 0 ? where : `${where}, and in the helpers beside it, to which Git copies it`,
  };
}

function fileOfStore(keeper: Source, places: Places): string {
  return keeper.stored?.file ?? keeper.keepsIn ?? places.storeFile;
}

/**
 * The two lines that make Git ask one helper alone for Bitbucket: the empty one forgets all others, so nothing
 * stale is asked and Git does not copy the token into them.
 */
function scopedHelper(file: string, helper: string): PlannedStep {
  const lines = [
    { name: "helper", value: "" },
    { name: "helper", value: helper },
  ];
  return change({
    kind: "add-config",
    file,
    section: "credential",
    subsection: `https://${GIT_HOST}`,
    lines,
  });
}

function asked(places: Places, helpers: readonly Source[], sections: readonly string[]): Placement {
  const file = places.localConfig ?? places.globalConfig;
  const lines = [{ name: "helper", value: "" }];
  const forget = (subsection: string) =>
    change({ kind: "add-config", file, section: "credential", subsection, lines });
  const reset = helpers.length > 0 ? sections.map(forget) : [];
  return {
    steps: reset,
    proof: { kind: "ask" },
    taken: [],
    pinUser: true,
    where: "nowhere: Git asks for it each time",
  };
}

/** Already there from an earlier fix: adding the lines again would only lengthen the file. */
function hasScopedStore(config: readonly ConfigEntry[]): boolean {
  const own = config.filter((entry) => entry.key === `credential.https://${GIT_HOST}.helper`);
  return (
    own.length === 2 &&
    own[0]?.value === "" &&
    own[1]?.value === "store" &&
    own.every(({ scope }) => scope === "global")
  );
}

export const NO_REPOSITORY =
  "an access token is bound to one repository, and this URL does not name one as Bitbucket writes it";
const NO_HELPER = "Git has no helper here that could keep the token";

/** What a variable or `git -c` brings goes before every file, and no file holds it: only a person can take it away. */
export function imposedOn(broken: readonly Outcome[]): NoPlace | null {
  const found = broken.find(({ used }) => used?.entry?.scope === "command" && used.entry.file === null);
  if (found?.used == null) return null;
  const what = `\`${found.used.label}\` comes by a variable or by \`git -c\` and goes before every file`;
  return noPlace(`${what}: take it away first, then run this again`, false);
}

/** Whether Git asks for these URLs this helper alone, and tells it which of them it means. */
function isAskedAlone(config: readonly ConfigEntry[], helper: string, urls: readonly RemoteUrl[]): boolean {
  const entries = config.map((of) => ({ ...of, of }));
  return urls.every((url) => {
    const { helpers, useHttpPath } = credentialRules(entries, cleanUrl(url, null));
    return useHttpPath && helpers.length === 1 && helpers[0]?.value === helper;
  });
}

/**
 * An access token opens one repository, and Git would offer it to all of them: a `store` entry answers for every
 * path, and one 401 elsewhere would make Git erase it. So it gets a file of its own, which Git is told of in sections
 * about this repository alone.
 */
function forOneRepository(
  broken: readonly Outcome[],
  config: readonly ConfigEntry[],
  choices: Choices,
  places: Places,
  keeper: Source | undefined,
): Placement | NoPlace {
  const urls = broken.map(({ route }) => route.url);
  const { file, helper } = ownFileIn(places.home, urls[0]?.path ?? "");
  const isThere = isAskedAlone(config, helper, urls);
  // A plain text file is right where the person has one already, or said so.
  if (!isThere && choices.store !== "git-store" && keeper?.label !== "store") {
    const reason = `the helper \`${keeper?.label}\` would offer the access token of one repository to all`;
    return noPlace(keeper ? reason : NO_HELPER, true);
  }
  const lines = [
    { name: "helper", value: "" },
    { name: "helper", value: helper },
    { name: "useHttpPath", value: "true" },
  ];
  const into = places.localConfig ?? places.globalConfig;
  const bind = (subsection: string) =>
    change({ kind: "add-config", file: into, section: "credential", subsection, lines });
  const sections = isThere ? [] : sectionsFor(urls).map(bind);
  return inStoreFile(file, choices, helper, pathsFor(urls), sections);
}

/** Git's own helpers keep a token under its user name, and are asked for the one in the URL; no file holds this URL. */
function namedByHand(broken: readonly Outcome[]): NoPlace | null {
  const found = broken.find(({ route: { url, entry } }) => entry === null && url.user !== null);
  const user = found?.route.url.user;
  if (user == null || user === ACCESS_TOKEN_USER) return null;
  const ways = "leave that out of it, or keep the token with `--store file`";
  return noPlace(
    `the URL names \`${user}\`, and Git's own helpers have an access token under \`${ACCESS_TOKEN_USER}\`: ${ways}`,
    false,
  );
}

/** Whatever the person has, one repository's token must not get into it. */
function placeForOne(
  broken: readonly Outcome[],
  setup: Known,
  choices: Choices,
  places: Places,
): Placement | NoPlace {
  const urls = broken.map(({ route }) => route.url);
  if (!canBeBound(urls)) return noPlace(NO_REPOSITORY, false);
  const front = imposedOn(broken) ?? netrcInFront(setup.netrc, broken, setup.outcomes, choices);
  if ("noPlace" in front) return front;
  const placement = boundPlace(broken, setup, choices, places);
  return "noPlace" in placement ? placement : { ...placement, steps: [...front.steps, ...placement.steps] };
}

function boundPlace(
  broken: readonly Outcome[],
  setup: Known,
  choices: Choices,
  places: Places,
): Placement | NoPlace {
  const helpers = (broken[0]?.sources ?? []).filter(({ kind }) => kind === "helper");
  const urls = broken.map(({ route }) => route.url);
  if (choices.store === "prompt") return asked(places, helpers, sectionsFor(urls));
  return (
    namedByHand(broken) ?? forOneRepository(broken, setup.config, choices, places, helpers.find(isKeeper))
  );
}

/** What is known of the machine. */
interface Known {
  netrc: readonly NetrcFile[];
  config: readonly ConfigEntry[];
  outcomes: readonly Outcome[];
}

/** Decides where the new token is kept and what Git must be told for it. `broken`: what shall work with it. */
export function placeToken(
  broken: readonly Outcome[],
  setup: Known,
  choices: Choices,
  places: Places,
): Placement | NoPlace {
  if (choices.with === "access-token") return placeForOne(broken, setup, choices, places);
  const { sources = [], used = null } = broken[0] ?? {};
  const helpers = sources.filter(({ kind }) => kind === "helper");
  const [keeper, ...others] = helpers.filter(isKeeper);
  const ahead = imposedOn(broken) ?? inNetrc(setup.netrc, used, choices);
  if (ahead) return ahead;
  if (choices.store === "prompt") return asked(places, helpers, [`https://${GIT_HOST}`]);
  const paths = pathsOf(broken, setup.config);
  if (choices.store === "git-store") {
    const scoped = hasScopedStore(setup.config) ? [] : [scopedHelper(places.globalConfig, "store")];
    return inStoreFile(places.storeFile, choices, "store", paths, scoped);
  }
  return keeper ? inOwnHelpers([keeper, ...others], choices, paths, places) : noPlace(NO_HELPER, true);
}
