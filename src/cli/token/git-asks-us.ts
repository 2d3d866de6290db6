import { GIT_HOST } from "../../core/bitbucket.ts";
import { splitUrl } from "../../core/url.ts";
import { type RawEntry, readConfig } from "../../probes/config.ts";
import { readHelperSpec } from "../../probes/helper-spec.ts";
import { standAtUrl } from "../../probes/place.ts";
import type { Shell } from "../shell.ts";

function isForBitbucket(section: string | null): boolean {
  return section === null || (splitUrl(section)?.host ?? section) === GIT_HOST;
}

/** Whether Git asks git-rekey's helper when it wants to sign in to Bitbucket, wherever it is run. */
export async function gitAsksUs(shell: Shell): Promise<boolean> {
  const config: unknown = await readConfig(shell, standAtUrl(`https://${GIT_HOST}/`));
  const entries = Array.isArray(config) ? (config as RawEntry[]) : [];
  return entries.some(({ entry, rawSubsection, rawValue }) => {
    if (entry.section !== "credential" || entry.name !== "helper" || !rawValue) return false;
    return isForBitbucket(rawSubsection) && readHelperSpec(rawValue, shell.self.home).name === "rekey";
  });
}
