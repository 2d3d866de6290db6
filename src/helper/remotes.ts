/** Git did not say which repository it means: the folder it was called in tells which it may be. */
import { GIT_HOST, type RepositoryName, repositoryOf } from "../core/bitbucket.ts";
import { splitUrl } from "../core/split-url.ts";
import type { RunProgram } from "../world/ports.ts";

/** Milliseconds. */
const PATIENCE = 3000;

function bitbucketRepository(url: string): RepositoryName | null {
  const parts = splitUrl(url);
  return parts?.scheme === "https" && parts.host === GIT_HOST ? repositoryOf(parts.path) : null;
}

/**
 * The repositories on Bitbucket among the remotes here, after `insteadOf`, each once. The URLs may hold passwords, and
 * nothing of them but the names is kept.
 */
export async function repositoriesHere(run: RunProgram, cwd: string): Promise<RepositoryName[]> {
  const result = await run(["git", "remote", "-v"], cwd, PATIENCE);
  if (result?.code !== 0) return [];
  const found = new Map<string, RepositoryName>();
  for (const line of result.stdout.split("\n")) {
    const url = /^[^\t]*\t(.*?) \((?:fetch|push)\)/.exec(line)?.[1];
    const name = url === undefined ? null : bitbucketRepository(url);
    if (name !== null) found.set(`${name.workspace}/${name.repository}`.toLowerCase(), name);
  }
  return [...found.values()];
}
