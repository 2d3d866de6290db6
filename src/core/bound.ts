/** What belongs to one repository alone, where a token opens no other. Pure. */
import { GIT_HOST, type RepositoryName, repositoryKey, repositoryOf } from "./bitbucket.ts";
import type { Choices, PlannedStep } from "./plan.ts";
import type { Outcome, RemoteUrl } from "./setup.ts";
import { splitUrl } from "./split-url.ts";
import { brokenOutcomes, isWanted } from "./wanted.ts";

/** Bitbucket takes names in upper and lower case alike. */
function isSameRepository(a: RepositoryName | null, b: RepositoryName | null): boolean {
  return a !== null && b !== null && repositoryKey(a) === repositoryKey(b);
}

/** What Git signs in to with a helper's credential that is no access token: with one, that works as well. */
function movable(outcomes: readonly Outcome[], choices: Pick<Choices, "push">): readonly Outcome[] {
  const working = outcomes.filter(({ state, used }) => state === "ok" && used !== null);
  const isMovable = ({ used, last }: Outcome) =>
    used?.kind === "helper" && last?.secret != null && last.secret.kind !== "access-token";
  const [first] = working;
  if (first === undefined || !isMovable(first)) return [];
  const isIts = ({ route }: Outcome) => isSameRepository(route.url.repository, first.route.url.repository);
  return working.filter((one) => isMovable(one) && isIts(one) && isWanted(one.route, choices));
}

/**
 * What a new token is wanted for: all that is refused. Where nothing is, whoever asks for an access token wants it
 * instead of the one that works, for the first repository here.
 */
export function wantedFor(outcomes: readonly Outcome[], choices: Choices): readonly Outcome[] {
  const broken = brokenOutcomes(outcomes, choices);
  return broken.length > 0 || choices.kind !== "access-token" ? broken : movable(outcomes, choices);
}

/** What a new token serves: everything, or with an access token what is of the first one's repository. */
export function servedBy(
  { kind }: Pick<Choices, "kind">,
  wanted: readonly Outcome[],
): { served: readonly Outcome[]; others: readonly Outcome[] } {
  const repository = wanted[0]?.route.url.repository ?? null;
  if (kind !== "access-token" || repository === null) return { served: wanted, others: [] };
  const isIts = ({ route }: Outcome) => isSameRepository(route.url.repository, repository);
  return { served: wanted.filter(isIts), others: wanted.filter((one) => !isIts(one)) };
}

/** The path as it is written, without what Git and LFS may append. */
function basesOf(urls: readonly RemoteUrl[]): string[] {
  const bases = urls.map(({ path }) =>
    path
      .replace(/\/+$/, "")
      .replace(/\/info\/lfs$/, "")
      .replace(/\.git$/, ""),
  );
  return [...new Set(bases)];
}

/** Whether they name a repository plainly: what a stranger's checkout says is about to stand in the person's own file. */
export function canBeBound(urls: readonly RemoteUrl[]): boolean {
  const isPlain = (name: string) => /^[\w{}~%+.-]+$/.test(name) && !/^\.+$/.test(name);
  return basesOf(urls).every((base) => {
    const [nothing, workspace = "", repository = "", ...more] = base.split("/");
    return nothing === "" && isPlain(workspace) && isPlain(repository) && more.length === 0;
  });
}

/** The sections of Git's configuration that fit the repository in both spellings, and no other repository. */
export function sectionsFor(urls: readonly RemoteUrl[]): string[] {
  return basesOf(urls).flatMap((base) => [`https://${GIT_HOST}${base}.git`, `https://${GIT_HOST}${base}`]);
}

/** The paths that Git, and LFS beside it, name in such a section once `useHttpPath` is on. */
export function pathsFor(urls: readonly RemoteUrl[]): [string, ...string[]] {
  const [first = "", ...others] = basesOf(urls).flatMap((base) => {
    const path = base.replace(/^\//, "");
    return [`${path}.git`, path, `${path}.git/info/lfs`];
  });
  return [first, ...others];
}

/** Findings about a credential that is dead for every repository. */
const DEAD: ReadonlySet<PlannedStep["answers"]> = new Set([
  "account-password-sent",
  "app-password-sent",
  "stale-stored-credential",
  "token-expired",
  "token-malformed",
]);

/**
 * Whether a plan for one repository leaves the others what they have: their URLs, and stored credentials that may still
 * open them. Git does not ask for those here any more, so they are in nobody's way.
 */
export function sparesOthers({ answers, step }: PlannedStep, repository: RepositoryName | null): boolean {
  if (step.kind === "drop-stored" || step.kind === "helper-erase") return DEAD.has(answers);
  if (step.kind !== "set-config") return true;
  return isSameRepository(repositoryOf(splitUrl(step.to)?.path ?? ""), repository);
}
