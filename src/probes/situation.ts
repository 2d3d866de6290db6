/** What advice rests on, read from the machine. */
import { join } from "node:path";
import type { Situation, SshHere } from "../core/advice.ts";
import { GIT_HOST, SSH_ALT_PORT } from "../core/bitbucket.ts";
import { Unavailable } from "../core/setup.ts";
import { isShut, type SshAttempt, type SshView } from "../core/ssh.ts";
import { repositoriesBeside, repositoryNames } from "./beside.ts";
import type { Survey } from "./gather.ts";
import { readPlainFile } from "./plain-file.ts";
import { type Eyes, passingOverClosed } from "./world.ts";

/** Variables that a CI sets for each of its jobs. */
const CI_VARIABLES = [
  "CI",
  "GITHUB_ACTIONS",
  "GITLAB_CI",
  "JENKINS_URL",
  "BUILDKITE",
  "TEAMCITY_VERSION",
  "TF_BUILD",
] as const;

/** Variables that programs asking Bitbucket's REST API take their credential from. */
const REST_VARIABLE = /^BITBUCKET_(?:.*_)?(?:TOKEN|PASSWORD|EMAIL)$/;

/** Files and folders looked at, at most; and bytes of each. */
const MOST = 200;
const MOST_BYTES = 1_000_000;

const isSet = (value: string | undefined): boolean => value !== undefined && !/^(?:|0|false)$/i.test(value);

/** Signs of people on a machine without a screen of its own. */
const DESK_VARIABLES = [
  "WSL_DISTRO_NAME",
  "VSCODE_GIT_IPC_HANDLE",
  "CODESPACES",
  "REMOTE_CONTAINERS",
] as const;

interface Traces {
  hasScreen: boolean;
  /** Somebody has pushed from here. */
  hasPushed: boolean;
  /** Somebody who said their name to Git sits at a terminal. */
  hasAuthor: boolean;
}

/** What a machine is for, as far as it shows. */
export function machineOf(
  { env, platform }: Pick<Eyes["self"], "env" | "platform">,
  { hasScreen, hasPushed, hasAuthor }: Traces,
): Situation["machine"] {
  if (env.BITBUCKET_BUILD_NUMBER !== undefined && env.BITBUCKET_REPO_SLUG !== undefined) return "pipelines";
  if (CI_VARIABLES.some((name) => isSet(env[name]))) return "ci";
  const isDesk =
    platform === "darwin" || platform === "win32" || DESK_VARIABLES.some((name) => isSet(env[name]));
  return isDesk || hasScreen || hasPushed || hasAuthor ? "desk" : "server";
}

function text(eyes: Eyes, file: string): string {
  return Buffer.from(readPlainFile(eyes.files, file, MOST_BYTES) ?? []).toString("latin1");
}

/** The files below a folder, until so many names were looked at. */
function filesBelow(eyes: Eyes, top: string): string[] {
  const folders = [top];
  const found: string[] = [];
  let left = MOST;
  for (let folder = folders.shift(); folder !== undefined && left > 0; folder = folders.shift()) {
    const paths = (eyes.files.list(folder) ?? []).slice(0, left).map((name) => join(folder, name));
    left -= paths.length;
    for (const path of paths) (eyes.files.facts(path)?.kind === "folder" ? folders : found).push(path);
  }
  return found;
}

/** Git notes in the log of a remote's branch whether it moved by a fetch or by a push. */
function hasPushed(eyes: Eyes, commonDir: string | null): boolean {
  if (commonDir === null) return false;
  const logs = filesBelow(eyes, join(commonDir, "logs", "refs", "remotes"));
  return logs.some((file) => text(eyes, file).includes("\tupdate by push"));
}

/** Composer asks REST for each package that comes from Bitbucket. */
function hasComposer(eyes: Eyes, folder: string): boolean {
  return text(eyes, join(folder, "composer.json")).includes(GIT_HOST);
}

/** SSH as it was tried; `pushes` decides whether a key that only reads is enough. */
export function sshHere(view: SshView | Unavailable, pushes: boolean): SshHere {
  // Where nothing leads over SSH and it was not asked for, it was not looked at.
  if (view instanceof Unavailable || view.destinations.length === 0) return "unknown";
  if (view.forbidden !== null) return "forbidden";
  if (view.client === null) return "no-client";
  const wanted = view.outcomes.filter(({ route }) => pushes || route.direction === "fetch");
  if (wanted.length > 0 && wanted.every(({ state }) => state === "ok")) return "works";
  const tried = view.destinations.filter(({ isBitbucket, attempt }) => isBitbucket && attempt !== null);
  const arrived = tried.filter(({ attempt }) => hasArrived(attempt));
  if (arrived.some(({ resolved }) => resolved.port !== SSH_ALT_PORT)) return "open";
  if (arrived.length > 0) return "open-443";
  return tried.some(({ attempt }) => isShut(attempt?.saying)) ? "closed" : "unknown";
}

/** Whatever a server says about keys, its own or ours: it was reached. */
function hasArrived(attempt: SshAttempt | null): boolean {
  return attempt?.state === "signed-in" || (attempt?.serverKey ?? null) !== null;
}

export interface Wishes {
  push: boolean;
  hasScreen: boolean;
  hasTerminal: boolean;
}

/** Everything that advice rests on. */
export function readSituation(given: Eyes, { gathered, stand, config }: Survey, wishes: Wishes): Situation {
  const eyes = { ...given, files: passingOverClosed(given.files) };
  const routes = gathered.routes instanceof Unavailable ? [] : gathered.routes;
  const place = stand?.place ?? null;
  const folder = place?.kind === "repository" ? place.path : null;
  const pushed = hasPushed(eyes, place?.commonDir ?? null);
  const { push, hasScreen, hasTerminal } = wishes;
  const pushes = push || pushed || routes.some(({ pushOnly }) => pushOnly);
  const beside = folder === null ? [] : repositoriesBeside(eyes, folder);
  const isMany = new Set([...repositoryNames(routes.map(({ url }) => url)), ...beside]).size > 1;
  const hasSourcetree = !(gathered.sourcetree instanceof Unavailable) && gathered.sourcetree !== null;
  const isNamed = config.some(({ entry }) => entry.scope === "global" && entry.key === "user.email");
  const traces = { hasScreen, hasPushed: pushed, hasAuthor: hasTerminal && isNamed };
  const machine = machineOf(eyes.self, traces);
  const rest =
    hasSourcetree ||
    (folder !== null && hasComposer(eyes, folder)) ||
    (machine !== "pipelines" && Object.keys(eyes.self.env).some((name) => REST_VARIABLE.test(name)));
  return {
    machine,
    push: pushes,
    repositories: isMany ? "many" : "one",
    rest,
    ssh: sshHere(gathered.ssh, pushes),
  };
}
