/** The repositories that a scan met, read from their own files: there can be thousands, too many to start git for each. */
import { basename, dirname, join, resolve, sep } from "node:path";
import { fullNameOf, SSH_ALT_HOST } from "../core/bitbucket.ts";
import { isTrue } from "../core/git-rules.ts";
import type { FoundRemote, FoundRepository, Inventory, SignsIn } from "../core/inventory.ts";
import { readRemoteUrl } from "../core/remote-url.ts";
import type { RemoteUrl } from "../core/setup.ts";
import { shapeOfToken } from "../core/token.ts";
import { mask } from "../core/url.ts";
import type { ConfigTextEntry } from "../formats/git-config.ts";
import { FileError, type ReadFiles } from "../world/ports.ts";
import { readLine, readSmallConfig } from "./small-file.ts";

type Entries = readonly ConfigTextEntry[];

function signsIn({ transport, user, password, userSecret }: RemoteUrl): SignsIn {
  if (transport === "ssh") return "ssh";
  if (transport !== "https") return "other";
  if (password !== null || userSecret !== null) return "https-with-secret";
  return user === null ? "https" : "https-with-user";
}

function remoteOf(name: string, value: string): FoundRemote {
  // Only that there is a secret matters, not which.
  const url = readRemoteUrl(value, (secret) => ({ ref: "", ...shapeOfToken(secret) }));
  const isBitbucket = url.isBitbucket || (url.transport === "ssh" && url.host === SSH_ALT_HOST);
  const repository = isBitbucket && url.repository !== null ? mask(fullNameOf(url.repository)) : null;
  return { name: mask(name), url: url.text, isBitbucket, repository, signsIn: signsIn(url) };
}

function remotesOf(entries: Entries): FoundRemote[] {
  return entries.flatMap(({ key, value }) => {
    const [, name] = /^remote\.(.+)\.(?:url|pushurl)$/s.exec(key) ?? [];
    return name !== undefined && value ? [remoteOf(name, value)] : [];
  });
}

function lastOf(entries: Entries, key: string): string | null {
  const entry = entries.findLast((each) => each.key === key);
  // A name without `=` says yes.
  return entry === undefined ? null : (entry.value ?? "true");
}

/** A submodule that leads out of its repository is none that git would check out. */
function submodulesOf(files: ReadFiles, folder: string): string[] {
  const paths = (readSmallConfig(files, join(folder, ".gitmodules")) ?? []).flatMap(({ key, value }) =>
    value && /^submodule\..+\.path$/s.test(key) ? [resolve(folder, value)] : [],
  );
  return [...new Set(paths)].filter((path) => path.startsWith(folder + sep));
}

/** Where the repository is that was met: the folder itself, or the one that a `.git` file leads to. */
function gitFolderOf(files: ReadFiles, met: string): string | null {
  if (files.facts(met)?.kind === "folder") return resolve(met);
  const [, leads] = /^gitdir: (.+)$/.exec(readLine(files, met) ?? "") ?? [];
  return leads === undefined ? null : files.resolve(resolve(dirname(met), leads));
}

/** Whether it lies in the `modules` of another repository. */
function isSubmodule(files: ReadFiles, gitFolder: string): boolean {
  const parts = gitFolder.split(sep);
  return parts.some(
    (part, at) =>
      part === "modules" && files.facts(join(parts.slice(0, at).join(sep) || sep, "HEAD")) !== null,
  );
}

/** Of a worktree the folder it shares with others, otherwise its own. */
function sharedFolder(files: ReadFiles, gitFolder: string): string {
  const common = readLine(files, join(gitFolder, "commondir"));
  return common ? resolve(gitFolder, common) : gitFolder;
}

/** The configuration files of a repository, in Git's order; null where there is none that it could read. */
function configsOf(files: ReadFiles, gitFolder: string, shared: string): string[] | null {
  const config = join(shared, "config");
  const entries = readSmallConfig(files, config);
  if (entries === null) return null;
  const isDivided = isTrue(lastOf(entries, "extensions.worktreeconfig") ?? "no");
  return isDivided ? [config, join(gitFolder, "config.worktree")] : [config];
}

function kindOf(
  files: ReadFiles,
  gitFolder: string,
  isWorktree: boolean,
  bare: string | null,
): FoundRepository["kind"] {
  if (isWorktree) return "worktree";
  if (isSubmodule(files, gitFolder)) return "submodule";
  const isBare = bare === null ? basename(gitFolder) !== ".git" : isTrue(bare);
  return isBare ? "bare" : "checkout";
}

/** Where the files are; `met` knows it if it was their `.git`. */
function folderOf(files: ReadFiles, met: string, gitFolder: string, worktree: string | null): string {
  if (basename(met) === ".git") return dirname(met);
  return (worktree === null ? null : files.resolve(resolve(gitFolder, worktree))) ?? gitFolder;
}

function readRepository(files: ReadFiles, met: string): FoundRepository | null {
  const gitFolder = gitFolderOf(files, met);
  if (gitFolder === null || readLine(files, join(gitFolder, "HEAD")) === null) return null;
  const shared = sharedFolder(files, gitFolder);
  const configs = configsOf(files, gitFolder, shared);
  if (configs === null) return null;
  const entries = configs.flatMap((config) => readSmallConfig(files, config) ?? []);
  const kind = kindOf(files, gitFolder, shared !== gitFolder, lastOf(entries, "core.bare"));
  const path =
    kind === "bare" ? gitFolder : folderOf(files, met, gitFolder, lastOf(entries, "core.worktree"));
  const submodules = kind === "bare" ? [] : submodulesOf(files, path);
  return { path, gitFolder, kind, remotes: remotesOf(entries), submodules, configs };
}

/** The same, where what may not be read is broken. */
function readOrNull(files: ReadFiles, met: string): FoundRepository | null {
  try {
    return readRepository(files, met);
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

const byPath = (a: FoundRepository, b: FoundRepository): number =>
  a.path < b.path ? -1 : Number(a.path > b.path);

/**
 * Reads the repositories that were met: their own folders, and `.git` files that lead to one. One that was met by both
 * is told once.
 */
export function takeInventory(met: readonly string[], files: ReadFiles): Inventory {
  const found = new Map<string, FoundRepository>();
  const broken: string[] = [];
  for (const path of [...met].sort()) {
    const repository = readOrNull(files, path);
    if (repository === null) broken.push(path);
    // A `.git` in the midst of the files knows better where they are than the repository does.
    else if (!found.has(repository.gitFolder) || basename(path) === ".git")
      found.set(repository.gitFolder, repository);
  }
  return { repositories: [...found.values()].sort(byPath), broken };
}
