import { join } from "node:path";
import { GIT_HOST } from "../core/bitbucket.ts";
import { credentialRules } from "../core/git-rules.ts";
import type { Outcome } from "../core/setup.ts";
import type { Sourcetree, SourcetreeAccount, SourcetreeGit } from "../core/sourcetree.ts";
import {
  bundleVersion,
  readAccountsJson,
  readHostingServices,
  userOfPasswordFile,
  usersInPasswordFile,
} from "../formats/sourcetree.ts";
import { type RawEntry, readConfig } from "./config.ts";
import type { Stand } from "./place.ts";
import { readPlainFile } from "./plain-file.ts";
import { ruleEntries } from "./routes.ts";
import { asSourcetree, type SourcetreePlace, sourcetreePlace } from "./sourcetree-place.ts";
import type { Eyes } from "./world.ts";

/** Bytes; a list of accounts is a hundredth of this. */
const LARGEST = 4_000_000;

type ReadAccounts = (bytes: Uint8Array) => readonly SourcetreeAccount[] | null;

/** `3.4.28`, `app-3.4.28`, `4.2.13.1`: the three numbers that count. */
function versionIn(text: string): readonly [number, number, number] | null {
  const [, major, minor, patch = "0"] = /^(?:app-)?(\d+)\.(\d+)(?:\.(\d+))?(?:\.\d+)*$/.exec(text) ?? [];
  return major === undefined ? null : [Number(major), Number(minor), Number(patch)];
}

type Version = NonNullable<Sourcetree["version"]>;

function newest(versions: readonly Version[]): Version | null {
  const byNumber = (a: Version, b: Version) =>
    b.number[0] - a.number[0] || b.number[1] - a.number[1] || b.number[2] - a.number[2];
  return [...versions].sort(byNumber)[0] ?? null;
}

function versionFolders({ files }: Eyes, folder: string): Version[] {
  return (files.list(folder) ?? []).flatMap((name) => {
    const number = versionIn(name);
    return number === null ? [] : [{ number, file: join(folder, name) }];
  });
}

/**
 * On Windows each version has a folder: of the program where one user installed it, else of its settings, which are
 * named after the version that ran last.
 */
function windowsVersion(eyes: Eyes, { programs: [installed = "", settings = ""] }: SourcetreePlace) {
  const ran = (eyes.files.list(settings) ?? []).filter((name) => name.startsWith("SourceTree.exe_Url_"));
  return (
    newest(versionFolders(eyes, installed)) ??
    newest(ran.flatMap((name) => versionFolders(eyes, join(settings, name))))
  );
}

function macVersion(eyes: Eyes, { programs }: SourcetreePlace): Version | null {
  const versions = programs.flatMap((app) => {
    const file = join(app, "Contents", "Info.plist");
    const bytes = readPlainFile(eyes.files, file, LARGEST);
    const number = bytes === null ? null : versionIn(bundleVersion(bytes) ?? "");
    return number === null ? [] : [{ number, file }];
  });
  return newest(versions);
}

interface Listed {
  accounts: Sourcetree["accounts"];
  unread: Sourcetree["unread"];
}

function readAccounts(eyes: Eyes, { platform, data }: SourcetreePlace): Listed {
  const mac = ["hostingservices_new.plist", "hostingservices.plist"];
  const read: ReadAccounts = platform === "windows" ? readAccountsJson : readHostingServices;
  const lists = data.flatMap((folder) => {
    const files = (platform === "windows" ? ["accounts.json"] : mac).map((name) => join(folder, name));
    // The newer list replaces the older one, which stays where it is.
    const file = files.find((path) => eyes.files.facts(path) !== null);
    const bytes = file === undefined ? null : readPlainFile(eyes.files, file, LARGEST);
    return file === undefined || bytes === null ? [] : [{ file, accounts: read(bytes) }];
  });
  return {
    accounts: lists.flatMap(({ file, accounts }) =>
      (accounts ?? []).filter(({ host }) => host === GIT_HOST).map((account) => ({ ...account, file })),
    ),
    unread: lists.flatMap(({ file, accounts }) =>
      accounts === null ? [{ file, reason: "it is not the list of accounts that git-rekey knows" }] : [],
    ),
  };
}

/** That a password is kept, and for whom. The passwords themselves are encrypted or sealed, and nobody opens them here. */
function readKept(eyes: Eyes, { platform, data }: SourcetreePlace): Sourcetree["kept"] {
  return data.flatMap((folder) => {
    if (platform === "macos") {
      return (eyes.files.list(folder) ?? []).flatMap((name) => {
        const user = userOfPasswordFile(name);
        return user === null ? [] : [{ file: join(folder, name), user }];
      });
    }
    const file = join(folder, "passwd");
    const bytes = readPlainFile(eyes.files, file, LARGEST);
    return bytes === null ? [] : usersInPasswordFile(bytes).map((user) => ({ file, user }));
  });
}

/** What reading needs of the set-up around it. */
export interface Asking {
  stand: Stand;
  /** Of the first route to Bitbucket, where there is one. */
  rawUrl: string | null;
  /** Follows that route with another git and its configuration. Asks helpers that look up, tells them nothing. */
  follow(eyes: Eyes, config: readonly RawEntry[]): Promise<Outcome> | null;
}

async function readGit(eyes: Eyes, place: SourcetreePlace, asking: Asking): Promise<SourcetreeGit | null> {
  if (place.git === null) return null;
  const { program } = place.git;
  const itsEyes = asSourcetree(eyes, place.git);
  const config = await readConfig(itsEyes, asking.stand);
  if (!isList(config)) return { program, helpers: null, outcome: null };
  const rules = credentialRules(ruleEntries(config), asking.rawUrl ?? `https://${GIT_HOST}/`);
  const outcome = await asking.follow(itsEyes, config);
  return { program, helpers: rules.helpers.map(({ of }) => of.entry), outcome };
}

function isList(config: Awaited<ReturnType<typeof readConfig>>): config is readonly RawEntry[] {
  return Array.isArray(config);
}

/** Reads what Sourcetree's files say of its accounts, and asks its git for its configuration. Null where there is none. */
export async function readSourcetree(eyes: Eyes, asking: Asking): Promise<Sourcetree | null> {
  const place = sourcetreePlace(eyes);
  if (place === null) return null;
  const version = place.platform === "windows" ? windowsVersion(eyes, place) : macVersion(eyes, place);
  const { accounts, unread } = readAccounts(eyes, place);
  const kept = readKept(eyes, place);
  const git = await readGit(eyes, place, asking);
  const isThere = version !== null || git !== null || accounts.length + unread.length + kept.length > 0;
  return isThere ? { platform: place.platform, version, accounts, kept, unread, git } : null;
}
