/** An access token is made in one repository, and is for that one. */
import { repositoryOf } from "../core/bitbucket.ts";
import type { MadePlan } from "../core/make-plan.ts";
import { splitUrl } from "../core/split-url.ts";
import { isUrl } from "../probes/gather.ts";
import { EXIT, Stop } from "./exit.ts";
import type { Shell } from "./shell.ts";

/** Bitbucket answers 404 to a URL without a repository in it, as a page of somebody else's would. */
export function mustNameRepositories(targets: readonly string[]): void {
  for (const target of targets.filter(isUrl)) {
    const url = splitUrl(target);
    if (url === null || repositoryOf(url.path) !== null) continue;
    throw new Stop(
      EXIT.misuse,
      "an access token is made in one repository, and the URL names none: `https://bitbucket.org/WORKSPACE/REPOSITORY` does",
    );
  }
}

/** What becomes of the other repositories that are refused as well. */
export function remarkOnUnserved(shell: Shell, { unserved }: Pick<MadePlan, "unserved">): void {
  if (unserved.length === 0) return;
  const names = unserved.map((name) => `\`${name}\``).join(", ");
  shell.err(
    `note: an access token is for one repository, so this plan leaves ${names} as it is; run this again for each, with a token made there\n`,
  );
}
