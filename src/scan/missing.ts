/**
 * Credentials that should be there and are not. Git takes an entry that was refused with 401 out of its store, without
 * a word: what stays is a remote over HTTPS, the `store` helper, and nothing that would fit.
 */
import { isAbsolute, join } from "node:path";
import { fullNameOf, GIT_HOST } from "../core/bitbucket.ts";
import {
  type CredentialRequest,
  credentialRequest,
  credentialRules,
  httpList,
  urlsOfRemote,
} from "../core/git-rules.ts";
import type { FoundRepository, Inventory } from "../core/inventory.ts";
import { readRemoteUrl } from "../core/remote-url.ts";
import type { Seen } from "../core/spot.ts";
import { shapeOfToken } from "../core/token.ts";
import { mask } from "../core/url.ts";
import { readStored, type StoredEntry } from "../formats/git-credentials.ts";
import { readNetrc } from "../formats/netrc.ts";
import { FileError, type ReadFiles } from "../world/ports.ts";
import { readSettings, type Settings } from "./git-settings.ts";
import { readSmall } from "./small-file.ts";

/** Somebody's own files, as Git looks for them. */
export interface HomePlace {
  folder: string;
  /** The system's, then the person's, in Git's order. */
  configs: readonly string[];
  /** Of the `store` helper where it is not told which. */
  stores: readonly string[];
  netrc: string;
}

/** The usual places below a home folder. `configHome`: `XDG_CONFIG_HOME`, where it is set. */
export function homePlace(folder: string, configHome = join(folder, ".config")): HomePlace {
  const own = join(configHome, "git");
  return {
    folder,
    configs: ["/etc/gitconfig", join(own, "config"), join(folder, ".gitconfig")],
    stores: [join(folder, ".git-credentials"), join(own, "credentials")],
    netrc: join(folder, ".netrc"),
  };
}

/** A remote that finds no credential. */
interface Lack {
  repository: FoundRepository;
  remote: string;
  /** As Git asks for it; without secrets, as there are none. */
  url: string;
  user: string | null;
  name: string | null;
  stores: readonly string[];
}

/** The helper in the plain forms in which people write it; anything else only a shell could tell. */
const STORE = /^store(?:\s+--f(?:i|il|ile)?(?:=|\s+)(?:"([^"$`\\]+)"|'([^']+)'|([^\s"'$`\\;&|]+)))?\s*$/;

/** The files of a `store` helper; null for any other one, and where they cannot be told. */
function storesOf(helper: string, home: HomePlace): readonly string[] | null {
  const found = STORE.exec(helper);
  if (found === null) return null;
  const file = found[1] ?? found[2] ?? found[3];
  if (file === undefined) return home.stores;
  const path = file.replace(/^~(?=\/)/, home.folder);
  return isAbsolute(path) ? [path] : null;
}

/** `credential_match` of Git: what is not asked for may be anything. */
function serves({ username, path }: CredentialRequest, entry: StoredEntry): boolean {
  if (entry.protocol !== "https" || entry.host.toLowerCase() !== GIT_HOST || entry.password === "")
    return false;
  return (username === null || username === entry.username) && (path === null || path === entry.path);
}

function hasNetrcEntry(files: ReadFiles, { netrc }: HomePlace): boolean {
  const bytes = readSmall(files, netrc);
  return (
    bytes !== null &&
    readNetrc(bytes).some(({ machine, password }) => {
      return (machine === null || machine.toLowerCase() === GIT_HOST) && Boolean(password);
    })
  );
}

/** Whether something else than a helper signs in. */
function isSignedIn(settings: Settings, url: string): boolean {
  return httpList(settings, "extraheader", url).some(({ value }) => /^authorization\s*:/i.test(value ?? ""));
}

/** The stores Git asks for a URL; null where others are asked, too, or it is told to ask a person by a program. */
function onlyStores(settings: Settings, url: string, home: HomePlace): readonly string[] | null {
  if (settings.some(({ section, name, value }) => section === "core" && name === "askpass" && value))
    return null;
  const { helpers } = credentialRules(settings, url);
  const stores = helpers.map(({ value }) => storesOf(value ?? "", home));
  return stores.length > 0 && stores.every((one) => one !== null) ? [...new Set(stores.flat())] : null;
}

function lackOf(
  files: ReadFiles,
  home: HomePlace,
  settings: Settings,
  at: { repository: FoundRepository; remote: string; url: string },
): Lack | null {
  const url = readRemoteUrl(at.url, (secret) => ({ ref: "", ...shapeOfToken(secret) }));
  if (!url.isBitbucket || url.transport !== "https" || url.password !== null || url.userSecret !== null)
    return null;
  const stores = onlyStores(settings, at.url, home);
  if (stores === null || isSignedIn(settings, at.url)) return null;
  const asked = credentialRequest(credentialRules(settings, at.url), at.url);
  const entries = stores.flatMap((store) => readStored(readSmall(files, store) ?? new Uint8Array()));
  if (entries.some((entry) => serves(asked, entry))) return null;
  const name = url.repository === null ? null : fullNameOf(url.repository);
  return { repository: at.repository, remote: at.remote, url: url.text, user: asked.username, name, stores };
}

function lacksOf(files: ReadFiles, home: HomePlace, ofHome: Settings, repository: FoundRepository): Lack[] {
  const settings = [...ofHome, ...readSettings(files, repository.configs, home.folder)];
  return [...new Set(repository.remotes.map(({ name }) => name))].flatMap((remote) => {
    const urls = new Set(urlsOfRemote(settings, remote).map(({ url }) => url));
    return [...urls].flatMap((url) => lackOf(files, home, settings, { repository, remote, url }) ?? []);
  });
}

/** Its first file that is there; where there is none, the one Git would make. */
function storeToName(files: ReadFiles, stores: readonly string[]): string {
  return stores.find((store) => readSmall(files, store) !== null) ?? stores[0] ?? "";
}

/** Many checkouts lack one and the same entry; it is told once. */
function tell(files: ReadFiles, lacks: readonly Lack[]): Seen {
  const [first] = lacks as readonly [Lack, ...Lack[]];
  const { user, remote, repository, name, stores } = first;
  const more = lacks.length === 1 ? "" : ` (and ${lacks.length - 1} more)`;
  const who = user === null ? "" : `${mask(user)}@`;
  return {
    file: storeToName(files, stores),
    line: null,
    member: null,
    format: "git-credentials",
    certainty: "missing",
    secret: null,
    kind: "unknown",
    name: null,
    user: user === null ? null : mask(user),
    use: "git",
    encoding: null,
    place: `no entry for \`https://${who}${GIT_HOST}\`, which the remote \`${remote}\` of \`${repository.path}\`${more} needs`,
    repository: name === null || lacks.some((lack) => lack.name !== name) ? null : mask(name),
    trouble: null,
    advice: "in the checkout run `git rekey fix`, which puts a new credential there and proves it with git",
  };
}

function ownerOf(files: ReadFiles, path: string): number | null {
  try {
    return files.facts(path)?.uid ?? null;
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

/**
 * For each home the entries its store lacks. A repository is judged by the settings of the person whose it is: nobody
 * else's git is known to work in it.
 */
export function findMissing(
  { repositories }: Inventory,
  homes: readonly HomePlace[],
  files: ReadFiles,
): Seen[] {
  return homes.flatMap((home) => {
    if (hasNetrcEntry(files, home)) return [];
    const owner = ownerOf(files, home.folder);
    const ofHome = readSettings(files, home.configs, home.folder);
    const own = repositories.filter(
      ({ gitFolder, remotes }) => remotes.length > 0 && ownerOf(files, gitFolder) === owner,
    );
    const groups = Map.groupBy(
      own.flatMap((repository) => lacksOf(files, home, ofHome, repository)),
      ({ stores, user }) => JSON.stringify([stores, user]),
    );
    return [...groups.values()].map((lacks) => tell(files, lacks));
  });
}
