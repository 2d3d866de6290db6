/** Which key opens the door over SSH, where it lies, and what ssh must be told for it. Pure. */
import {
  fullNameOf,
  GIT_HOST,
  type RepositoryName,
  repositoryKey,
  SSH_ALT_HOST,
  SSH_ALT_PORT,
  SSH_USER,
} from "./bitbucket.ts";
import { escapePath } from "./escape-path.ts";
import type { SshChoice, SshHostBlock } from "./plan.ts";
import type { SshDestination, SshKey, SshSaying, SshView } from "./ssh.ts";
import { destinationNamed, heardAt, type NoSsh, noSsh, type Way, wayThrough } from "./ssh-way.ts";

type MadeKeyType = Extract<SshChoice["key"], { kind: "made" }>["type"];

/** What a person said, or what is usual where they said nothing. */
export interface SshWish {
  /** `file`: the private half of a key that is there; `as`: whose it is, by what Bitbucket said to it. */
  key: "person" | "access" | { file: string; as: SshChoice["as"] };
  /** Whether they named the key themselves: then one that works already does not take its place. */
  isNamed: boolean;
  push: boolean;
  /** Somebody works here, whom ssh may ask for a passphrase. */
  attended: boolean;
  /** What `ssh-keygen` makes here. */
  type: MadeKeyType;
}

/** What is there, as far as no view of SSH tells. */
export interface SshGround {
  /** Names in the folder `.ssh`. */
  names: readonly string[];
  /** Others may write there, or it is somebody else's: no place for a key. */
  isOpen: boolean;
  /** Whether ssh's configuration has a block for the same name that says otherwise. */
  isTaken(block: SshHostBlock): boolean;
  /** Whether the person may change this file: it is their own, or not there. */
  isOwn(file: string): boolean;
}

/** A choice with the block that ssh needs for it; null where it needs none. */
export interface Settled {
  choice: SshChoice;
  block: SshHostBlock | null;
}

/** Keys that ssh offers without being told. */
const DEFAULT_KEY = /^id_(?:rsa|dsa|xmss|(?:ecdsa|ed25519)(?:_sk)?)$/;

/** How the comment of a key of ours begins, so that the next run knows it again. */
export const OUR_COMMENT = "git-rekey ";

/** Bitbucket gives up after six keys, and an agent's come first. */
const MOST_IN_AGENT = 4;

/** The name of Bitbucket for a person's new key, where its own is in use. */
const OTHER_NAME = `${GIT_HOST}-rekey`;

/** What a repository says to a key that signs in and may not do what is wanted; other words are about the host. */
const ABOUT_RIGHTS: ReadonlySet<SshSaying | null> = new Set([
  "read-only-key",
  "key-of-other-repository",
  "repository-not-accessible",
  null,
]);

/** Whether a repository refused what ssh has: it signs in, and may not read, or not push where that is wanted. */
function isRefused({ outcomes }: SshView, name: string, push: boolean): boolean {
  return outcomes.some(
    ({ route, destination, state, saying }) =>
      destination === name &&
      state === "refused" &&
      ABOUT_RIGHTS.has(saying) &&
      (push || route.direction === "fetch"),
  );
}

/** A key that only an agent has may be a visitor's, who takes it along: nothing for a server that pulls by itself. */
function isVisitors(destination: SshDestination | null): boolean {
  const { accepted, offered = [] } = heardAt(destination) ?? {};
  const isSame = (key: SshKey | null) => key?.fingerprint === accepted?.fingerprint;
  const isInAgent = offered.some((one) => one.from === "agent" && isSame(one));
  return isInAgent && !destination?.identities.some(({ key }) => isSame(key));
}

/** Whose key ssh has already that opens all of these; null where it has none. */
function whoseWorks(
  view: SshView,
  name: string,
  repositories: readonly RepositoryName[],
  { key, push, attended }: SshWish,
): SshChoice["as"] | null {
  const destination = destinationNamed(view, name);
  const heard = heardAt(destination);
  if (key === "access" && isVisitors(destination)) return null;
  // Bitbucket knows the key, and its person has the passphrase.
  if (heard?.saying === "key-locked" && attended) return "person";
  if (heard?.state !== "signed-in" || isRefused(view, name, push)) return null;
  if (heard.as !== "access-key") return "person";
  const listed = new Set(heard.repositories.map((one) => repositoryKey(one)));
  const opens = repositories.every((one) => listed.has(repositoryKey(one)));
  return opens && !push ? "access-key" : null;
}

const EMPTY: Omit<SshHostBlock, "host"> = {
  hostname: null,
  port: null,
  user: null,
  identityFile: null,
  hostKeyAlias: null,
};

const BY_ALT = { hostname: SSH_ALT_HOST, port: SSH_ALT_PORT, hostKeyAlias: GIT_HOST } as const;

/** What git and ssh accept as a name: no more than letters, digits and these. */
const plain = (text: string) => text.replaceAll(/[^\w.-]/g, "-");

/** A block under a name of ours, which other repositories do not use. */
function aliasBlock(host: string, file: string, byAlt: boolean): SshHostBlock {
  const straight = { hostname: GIT_HOST, port: null, hostKeyAlias: GIT_HOST };
  return { ...EMPTY, ...(byAlt ? BY_ALT : straight), host, user: SSH_USER, identityFile: file };
}

interface Place {
  view: SshView;
  ground: SshGround;
  way: Way;
}

function settled(
  as: SshChoice["as"],
  key: SshChoice["key"],
  block: SshHostBlock | null,
  { way }: Place,
): Settled {
  return { choice: { as, key, host: block?.host ?? GIT_HOST, port: way.byAlt ? 443 : 22 }, block };
}

/** What works already stays as it is; only the port may be another one. */
function withWhatIsThere(as: SshChoice["as"], place: Place): Settled {
  const key = { kind: "there", file: null } as const;
  if (!place.way.byAlt || place.way.isTold) return settled(as, key, null, place);
  const block = { ...EMPTY, ...BY_ALT, host: GIT_HOST };
  if (!place.ground.isTaken(block)) return settled(as, key, block, place);
  return { choice: { as, key, host: SSH_ALT_HOST, port: 443 }, block: null };
}

/** Whether ssh offers this key by itself, and in time. */
function isOfferedAnyway(place: Place, file: string): boolean {
  const { view } = place;
  const main = destinationNamed(view, GIT_HOST);
  const isNamed = main?.identities.some((one) => one.file === file) ?? false;
  const isCrowded = view.agent.keys.length > MOST_IN_AGENT || heardAt(main)?.saying === "too-many-keys";
  return isNamed && !isCrowded && !isInUse(place);
}

/** Somebody signs in by Bitbucket's own name already: other checkouts may live by that, and it stays theirs. */
function isInUse({ view }: Place): boolean {
  const heard = heardAt(destinationNamed(view, GIT_HOST));
  return heard?.state === "signed-in" || heard?.saying === "key-locked";
}

/** A key of a person's, for everything of theirs at Bitbucket. */
function forPerson(key: SshChoice["key"] & { file: string }, place: Place): Settled {
  const { byAlt, isTold } = place.way;
  const offered = isOfferedAnyway(place, key.file);
  if (offered && (!byAlt || isTold)) return settled("person", key, null, place);
  const alt = byAlt && !isTold ? BY_ALT : {};
  const block = { ...EMPTY, ...alt, host: GIT_HOST, identityFile: offered ? null : key.file };
  const isFree = !isInUse(place) && !place.ground.isTaken(block);
  return settled("person", key, isFree ? block : aliasBlock(OTHER_NAME, key.file, byAlt), place);
}

/** A key for one checkout alone; other repositories keep their own way. */
function forRepository(key: SshChoice["key"] & { file: string }, of: RepositoryName, place: Place): Settled {
  // ssh makes small letters of a name before it looks for its block.
  const host = plain(`${GIT_HOST}-${of.workspace}-${of.repository}`).toLowerCase();
  const block = aliasBlock(host, key.file, place.way.byAlt);
  // `a-b/c` and `a/b-c` would have the same name, and a person may have given it to something else.
  const usable = place.ground.isTaken(block) ? { ...block, host: `${host}-rekey` } : block;
  return settled("access-key", key, usable, place);
}

/** A file of this name, made by an earlier run or to be made now. Nothing is ever written over another file. */
function keyNamed(name: string, type: MadeKeyType, { view, ground }: Place): Located {
  const file = `${view.home}/.ssh/${name}`;
  const [hasPrivate, hasPublic] = [name, `${name}.pub`].map((one) => ground.names.includes(one));
  if (!hasPrivate && !hasPublic) return { kind: "made", file, type };
  if (hasPrivate && hasPublic) return { kind: "there", file };
  const missing = hasPrivate ? `${file}.pub` : file;
  return noSsh(
    `one half of a key is at \`${file}\` already and \`${missing}\` is not there, so it is left alone`,
    hasPrivate ? `\`ssh-keygen -y -f ${escapePath(file)} > ${escapePath(missing)}\` makes it` : null,
  );
}

type Located = (SshChoice["key"] & { file: string }) | NoSsh;

/** A person's key: the first they get lies where ssh finds it by itself, another one beside it. */
function personsKey({ type }: SshWish, place: Place): Located {
  const { view, ground } = place;
  const ours = destinationNamed(view, GIT_HOST)?.identities.find(
    ({ key, state }) => state === "there" && key?.comment?.startsWith(OUR_COMMENT),
  );
  if (ours !== undefined) return { kind: "there", file: ours.file };
  if (!ground.names.some((name) => DEFAULT_KEY.test(name))) return keyNamed(`id_${type}`, type, place);
  const earlier = ground.names.find((name) => /^id_(?:ed25519|ecdsa|rsa)_bitbucket$/.test(name));
  return keyNamed(earlier ?? `id_${type}_bitbucket`, type, place);
}

function mayPush(repositories: readonly RepositoryName[]): NoSsh {
  const [one] = repositories;
  const name = one === undefined ? "the repository" : `\`${fullNameOf(one)}\``;
  return noSsh(
    `an access key reads ${name} and cannot push, and pushing is wanted here`,
    "`git rekey fix --with ssh --key person --push` takes a key of your own, `git rekey fix --with access-token --push` a token for this repository",
  );
}

/** The key that a wish names or leads to, with what ssh must be told for it. */
function wantedKey(wish: SshWish, [first]: readonly RepositoryName[], place: Place): Settled | NoSsh {
  const { key: named, type } = wish;
  if (named === "person") {
    const key = personsKey(wish, place);
    return "noSsh" in key ? key : forPerson(key, place);
  }
  if (first === undefined) return noSsh("no repository of Bitbucket's is named here");
  if (named === "access") {
    const key = keyNamed(plain(`bitbucket_${first.workspace}_${first.repository}`), type, place);
    return "noSsh" in key ? key : forRepository(key, first, place);
  }
  const key = { kind: "there", file: named.file } as const;
  return named.as === "person" ? forPerson(key, place) : forRepository(key, first, place);
}

/** Whether a key that works is as good as the one that is wished for. */
function fits(works: SshChoice["as"], wish: SshWish, destination: SshDestination | null): boolean {
  const { key, isNamed } = wish;
  if (!isNamed) return true;
  if (typeof key === "string") return ownerIn(wish) === works;
  const named = destination?.identities.find(({ file }) => file === key.file)?.key?.fingerprint;
  return named !== undefined && named === heardAt(destination)?.accepted?.fingerprint;
}

/** Whose key a wish is about. */
const ownerIn = ({ key }: SshWish): SshChoice["as"] => {
  if (typeof key === "object") return key.as;
  return key === "access" ? "access-key" : "person";
};

/** Chooses the key. `repositories`: those it must open, the one it is named after first. */
export function chooseKey(
  view: SshView,
  repositories: readonly RepositoryName[],
  wish: SshWish,
  ground: SshGround,
): Settled | NoSsh {
  if (ground.isOpen)
    return noSsh(
      `\`${view.home}/.ssh\` is open to others, and no place for keys`,
      `\`chmod 700 ${escapePath(`${view.home}/.ssh`)}\` closes it, where it is yours`,
    );
  const way = wayThrough(view, wish.key !== "access");
  if ("noSsh" in way) return way;
  const place = { view, ground, way };
  const name = way.byAlt && !way.isTold ? SSH_ALT_HOST : GIT_HOST;
  const works = whoseWorks(view, name, repositories, wish);
  if (works !== null && fits(works, wish, destinationNamed(view, name))) return withWhatIsThere(works, place);
  if (ownerIn(wish) === "access-key" && wish.push) return mayPush(repositories);
  return wantedKey(wish, repositories, place);
}
