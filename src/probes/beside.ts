/** Other checkouts in the folder that this one is in: sites of one server, projects of one person. */
import { dirname, join } from "node:path";
import { repositoryKey, SSH_ALT_HOST } from "../core/bitbucket.ts";
import { readRemoteUrl } from "../core/remote-url.ts";
import type { RemoteUrl } from "../core/setup.ts";
import { readConfigText } from "../formats/git-config.ts";
import type { ReadFiles, Vault } from "../world/ports.ts";
import { readPlainFile } from "./plain-file.ts";

/** Folders looked into, at most; and bytes of each configuration. */
const MOST = 200;
const MOST_BYTES = 1_000_000;

const isOfBitbucket = ({ isBitbucket, host }: RemoteUrl): boolean => isBitbucket || host === SSH_ALT_HOST;

/** `workspace/repository` in lower case, as Bitbucket takes either; none where it is not Bitbucket's. */
export function repositoryNames(urls: readonly RemoteUrl[]): string[] {
  const named = urls.filter(isOfBitbucket).flatMap(({ repository }) => repository ?? []);
  return named.map(repositoryKey);
}

/** Folders in the same file system: what is mounted there may be slow, or never answer. */
function foldersIn(files: ReadFiles, above: string): string[] {
  const disk = files.facts(above)?.dev;
  const paths = (files.list(above) ?? []).slice(0, MOST).map((name) => join(above, name));
  return paths.filter((path) => {
    const facts = files.facts(path);
    return facts?.kind === "folder" && facts.dev === disk;
  });
}

function remotesOf({ files, vault }: { files: ReadFiles; vault: Vault }, folder: string): RemoteUrl[] {
  const bytes = readPlainFile(files, join(folder, ".git", "config"), MOST_BYTES);
  const config = bytes === null ? null : readConfigText(bytes);
  if (!config?.ok) return [];
  const urls = config.entries.filter(({ key }) => /^remote\.[\s\S]*\.(?:push)?url$/.test(key));
  return urls.map(({ value }) => readRemoteUrl(value ?? "", (secret) => vault.keep(secret)));
}

/** The names of the repositories at Bitbucket that the checkouts beside this one come from. */
export function repositoriesBeside(eyes: { files: ReadFiles; vault: Vault }, folder: string): string[] {
  const others = foldersIn(eyes.files, dirname(folder)).filter((path) => path !== folder);
  return others.flatMap((path) => repositoryNames(remotesOf(eyes, path)));
}
