/** Everything that one run needs around its git, and that goes with it. */
import { join, resolve } from "node:path";
import { escapePath } from "../core/escape-path.ts";
import { credentialRules, httpList } from "../core/git-rules.ts";
import { mask } from "../core/url.ts";
import { listConfig, type RawEntry, readConfig, readListing } from "../probes/config.ts";
import { lineOfRepository } from "../probes/line-to-bitbucket.ts";
import { askedUrl, ruleEntries } from "../probes/routes.ts";
import type { Eyes } from "../probes/world.ts";
import { FileError, type GitRun, type WriteFiles } from "../world/ports.ts";
import { environmentOfProcess, folderOfProcess, type Process } from "../world/processes.ts";
import { listenAt } from "../world/socket.ts";
import { Desk } from "./desk.ts";
import type { Kin } from "./kin.ts";
import { folderOfGit, keepNetrcAway } from "./netrc.ts";
import { makeOwnFolder, type OwnFolder } from "./own-folder.ts";
import { isAuthorization, settingsFile, withSetting } from "./settings.ts";
import type { Tokens } from "./tokens.ts";
import { placesFrom, placesOf, type Whither } from "./whither.ts";
import type { GitWords } from "./words.ts";

export interface RunRoom extends Eyes {
  files: WriteFiles;
}

export interface Wanted {
  words: GitWords;
  whither: Whither;
  tokens: Tokens;
  /** Paths of the programs, links resolved; LFS is null where there is none. */
  programs: { git: string; lfs: string | null; helper: string };
  /** Our helper as `credential.helper` takes it. */
  helperValue: string;
  /** Variables that hold a token of this run: git and its children do without. */
  secretVariables: readonly string[];
  /** Proxies and certificates that only a repository names may be used. */
  trustRepository: boolean;
  /** Says a sentence to the person while git runs. */
  tell(sentence: string): void;
}

export interface OpenRun {
  env: Readonly<Record<string, string>>;
  desk: Desk;
  close(): void;
}

/** One sentence: why the run cannot begin. */
export class CannotRun extends Error {
  override name = "CannotRun";
}

/** `http.<url>` of each route, as Git compares it when it signs in: with the user, without a password. */
function urlsOf({ routes }: Whither): string[] {
  return [...new Set(routes.map((raw) => mask(askedUrl(raw))))];
}

/** The person's own files as git reads them there, in its order, those included on a condition among them. */
async function globalFiles(room: RunRoom, { words }: Wanted): Promise<string[]> {
  const { stdout } = await listConfig(room, { cwd: room.self.cwd, trustArgs: words.options });
  const fields = Buffer.from(stdout).toString("utf8").split("\0");
  const files = new Set<string>();
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [scope, origin = ""] = fields.slice(at, at + 2);
    if (scope === "global" && origin.startsWith("file:")) files.add(origin.slice("file:".length));
  }
  return [...files];
}

function environmentFor({ self }: Eyes, { secretVariables }: Wanted, more: Readonly<Record<string, string>>) {
  const kept = Object.entries({ ...self.env, ...more }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && !secretVariables.includes(pair[0]),
  );
  return Object.fromEntries(kept);
}

/** What the words themselves say comes after all else. Nothing but our helper may be left to ask, and to be told. */
async function checkSettings(
  room: RunRoom,
  wanted: Wanted,
  env: Readonly<Record<string, string>>,
  value: string,
) {
  const footing = { cwd: room.self.cwd, trustArgs: wanted.words.options };
  const git = {
    run: (call: Parameters<Eyes["git"]["run"]>[0]) => room.git.run({ ...call, env: { ...env, ...call.env } }),
  };
  const listed = readListing(room, footing, await listConfig({ ...room, git }, footing));
  // Where git cannot read its configuration it says so itself in a moment.
  if (!Array.isArray(listed)) return;
  const rules = ruleEntries(listed as readonly RawEntry[]);
  for (const url of urlsOf(wanted.whither)) {
    const { helpers } = credentialRules(rules, url);
    if (!helpers.some((one) => one.value === value))
      throw new CannotRun("`git rekey run` needs git 2.31 or later");
    if (helpers.length > 1)
      throw new CannotRun(
        `the command sets \`credential.helper\` itself, so \`${helpers.at(-1)?.of.entry.value}\` would be given the token to keep; leave that out`,
      );
    if (httpList(rules, "extraheader", url).some((one) => isAuthorization(one.value)))
      throw new CannotRun(
        "the command sets an Authorization header itself, which Git would send instead; leave that out",
      );
  }
}

async function openIn(room: RunRoom, wanted: Wanted, own: OwnFolder): Promise<OpenRun> {
  const { whither, programs, words } = wanted;
  const gitFolder = await folderOfGit(room);
  if (gitFolder === null) throw new CannotRun("`git --exec-path` does not tell where git's programs are");
  const helperValue = `${wanted.helperValue} --socket ${escapePath(own.socket)}`;
  const settings = join(own.path, "config");
  const text = settingsFile(ruleEntries(whither.config), urlsOf(whither), helperValue);
  room.files.create(settings, Buffer.from(text), 0o600);
  const away = await keepNetrcAway({
    eyes: room,
    files: room.files,
    folder: own.path,
    gitFolder,
    lfs: programs.lfs,
    globalFiles: () => globalFiles(room, wanted),
  });
  if (away !== null && words.options.some((word) => word.startsWith("--exec-path=")))
    throw new CannotRun(
      "a netrc is kept away by `GIT_EXEC_PATH`, and the command says `--exec-path` itself; leave that out",
    );
  const ours = { ...withSetting(room.self.env, "include.path", settings), ...away?.env };
  await checkSettings(room, wanted, ours, helperValue);
  const env = environmentFor(room, wanted, ours);
  const kin: Kin = {
    ...programs,
    gits: gitsOf(room, wanted, gitFolder),
    gitFolder,
    helperValue,
    resolve: (path) => room.files.resolve(path),
    readScript: (path, shell) => scriptAt(room, path, shell),
  };
  const desk = new Desk({
    kin,
    given: {
      env: new Map(Object.entries(env)),
      also: new Map(Object.entries(away?.also ?? {})),
      settings: words.settings,
    },
    tokens: wanted.tokens,
    places: placesOf(whither.routes),
    isLedAstray: (one) => isLedAstray(room, wanted, one),
    placesFrom: (folder) => placesFrom(room, folder),
  });
  const listening = listenAt(own.socket, (pid, question) => desk.answer(pid, question));
  if (listening === null)
    throw new CannotRun("this system does not tell who asks at a socket, so no token is given out");
  return {
    env,
    desk,
    close() {
      listening.stop();
      own.remove();
    },
  };
}

/**
 * Whether the repository that a process works in, a submodule for example, leads its requests somewhere by itself. Git
 * tells its programs which repository that is.
 */
async function isLedAstray(
  room: RunRoom,
  { trustRepository, tell }: Wanted,
  { pid }: Process,
): Promise<boolean> {
  const cwd = trustRepository ? null : folderOfProcess(pid);
  if (cwd === null) return false;
  const found = environmentOfProcess(pid);
  const env = Object.fromEntries(
    ["GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE"].map((name) => [name, found?.get(name)]),
  );
  const git = { run: (call: GitRun) => room.git.run({ ...call, env: { ...env, ...call.env } }) };
  const config = await readConfig({ ...room, git }, { cwd, trustArgs: [] });
  const keys = Array.isArray(config) ? lineOfRepository(config as readonly RawEntry[]) : null;
  if (keys !== null) tell(`the repository in \`${cwd}\` sets ${keys}, so no token is sent that way`);
  return keys !== null;
}

/** Git names a hook from the folder it works in, which is not always the one it was called in. */
function scriptAt({ files }: RunRoom, path: string, { pid }: Process): string | null {
  const folder = path.startsWith("/") ? "/" : folderOfProcess(pid);
  const bytes = folder === null ? null : files.read(resolve(folder, path));
  return bytes === null ? null : Buffer.from(bytes).toString("utf8");
}

/**
 * What stands on PATH may be a script or a stub that leads to git, on macOS it always is one. Git installs itself beside
 * the folder of its subcommands, and once more in it.
 */
function gitsOf({ files }: RunRoom, { programs }: Wanted, gitFolder: string): Set<string> {
  const installed = [join(gitFolder, "../../bin/git"), join(gitFolder, "git")];
  return new Set([programs.git, ...installed.flatMap((path) => files.resolve(path) ?? [])]);
}

/** Makes the folder, the settings and the socket. Nothing is left of them when this throws. */
export async function openRun(room: RunRoom, wanted: Wanted): Promise<OpenRun> {
  let own: OwnFolder | null = null;
  try {
    own = makeOwnFolder(room);
    return await openIn(room, wanted, own);
  } catch (error) {
    own?.remove();
    if (error instanceof FileError)
      throw new CannotRun(`no folder could be made for what git needs (\`${error.path}\`: ${error.code})`);
    throw error;
  }
}
