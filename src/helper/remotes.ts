/** Git did not say which repository it means: the folder it was called in tells which it may be. */
import { GIT_HOST, type RepositoryName, repositoryOf } from "../core/bitbucket.ts";
import { splitUrl } from "../core/split-url.ts";
import type { RunProgram } from "../world/ports.ts";

/** Milliseconds. */
const PATIENCE = 3000;

interface Remote {
  name: RepositoryName;
  /** As it is in the URL. */
  path: string;
}

function bitbucketRemote(url: string): Remote | null {
  const parts = splitUrl(url);
  if (parts?.scheme !== "https" || parts.host !== GIT_HOST) return null;
  const name = repositoryOf(parts.path);
  return name === null ? null : { name, path: parts.path };
}

/**
 * The remotes on Bitbucket here, after `insteadOf`, each spelling once. The URLs may hold passwords, and nothing of
 * them but the paths is kept.
 */
async function remotesHere(run: RunProgram, cwd: string): Promise<Remote[]> {
  const result = await run(["git", "remote", "-v"], cwd, PATIENCE);
  if (result?.code !== 0) return [];
  const found = new Map<string, Remote>();
  for (const line of result.stdout.split("\n")) {
    const url = /^[^\t]*\t(.*?) \((?:fetch|push)\)/.exec(line)?.[1];
    const remote = url === undefined ? null : bitbucketRemote(url);
    if (remote !== null) found.set(remote.path, remote);
  }
  return [...found.values()];
}

function namesOf(remotes: readonly Remote[]): RepositoryName[] {
  const byName = remotes.map(
    ({ name }) => [`${name.workspace}/${name.repository}`.toLowerCase(), name] as const,
  );
  return [...new Map(byName).values()];
}

/** The repositories on Bitbucket among the remotes here, each once. */
export async function repositoriesHere(run: RunProgram, cwd: string): Promise<RepositoryName[]> {
  return namesOf(await remotesHere(run, cwd));
}

/**
 * Those that Git may mean when it names none. A repository that `useHttpPath` is on for is none of them, as a bound
 * access token's is: Git would have named it. It means another, by a URL on the command line.
 */
export async function repositoriesUnnamed(run: RunProgram, cwd: string): Promise<RepositoryName[]> {
  const asked = ["git", "config", "--type=bool", "--get-urlmatch", "credential.useHttpPath"];
  const isNamed = async ({ path }: Remote): Promise<boolean> =>
    (await run([...asked, `https://${GIT_HOST}${path}`], cwd, PATIENCE))?.stdout.trim() === "true";
  const remotes = await remotesHere(run, cwd);
  const named = await Promise.all(remotes.map(isNamed));
  return namesOf(remotes.filter((_, at) => !named[at]));
}
