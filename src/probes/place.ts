import { dirname, isAbsolute, join, resolve } from "node:path";
import { type Place, Unavailable } from "../core/setup.ts";
import { mask } from "../core/url.ts";
import type { GitResult } from "../world/ports.ts";
import { FileError } from "../world/ports.ts";
import { dubiousOwnership, notARepository } from "./git-says-local.ts";
import type { Eyes } from "./world.ts";

/** A place as Git sees it, with the folder Git is to be run in and what it needs to be told first. */
export interface Stand {
  place: Place;
  cwd: string;
  /** Given to every git that only reads, so that a strange owner can be explained instead of stumbled over. */
  trustArgs: readonly string[];
}

/** A URL stands for "would `git clone` work": no repository is involved. */
export function standAtUrl(url: string): Stand {
  return {
    // Not a folder of anybody's repository: a clone does not obey the configuration of the one it is typed in.
    cwd: "/",
    trustArgs: [],
    place: {
      kind: "url",
      path: mask(url),
      gitDir: null,
      commonDir: null,
      bare: false,
      linkedWorktree: false,
      upstream: null,
      strangeOwner: null,
    },
  };
}

/** Where a path is, without asking git: the folder git is to be run in. `Unavailable` when there is no such path. */
export function folderOf(eyes: Eyes, path: string): string | Unavailable {
  const asked = resolve(eyes.self.cwd, path);
  try {
    const real = eyes.files.resolve(asked);
    if (real === null) return new Unavailable(`there is no \`${asked}\``);
    return eyes.files.facts(real)?.kind === "folder" ? real : dirname(real);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return new Unavailable(`this user may not look into \`${asked}\` (${error.code})`);
  }
}

/** One question for everything: in a bare repository the last one fails, after the others were printed. */
const ASKED = ["--is-bare-repository", "--absolute-git-dir", "--git-common-dir", "--show-toplevel"];

function revParse(eyes: Eyes, cwd: string, trustArgs: readonly string[]) {
  return eyes.git.run({ args: [...trustArgs, "rev-parse", ...ASKED], cwd });
}

/** The answers to `ASKED`. Git prints one a line; where a path has line ends in it, each is asked for by itself. */
async function answersOf(
  eyes: Eyes,
  cwd: string,
  trustArgs: readonly string[],
  { code, stdout }: GitResult,
): Promise<string[]> {
  const lines = Buffer.from(stdout).toString("utf8").replace(/\n$/, "").split("\n");
  if (lines.length <= ASKED.length) return code === 0 ? lines : lines.slice(0, ASKED.length - 1);
  const each = await Promise.all(
    ASKED.map((question) => eyes.git.run({ args: [...trustArgs, "rev-parse", question], cwd })),
  );
  return each.map((answer) =>
    answer.code === 0 ? Buffer.from(answer.stdout).toString("utf8").replace(/\n$/, "") : "",
  );
}

function ownerOf(eyes: Eyes, path: string): string {
  const uid = eyes.files.facts(path)?.uid;
  if (uid === undefined) return "somebody else";
  return eyes.self.nameOf(uid) ?? `user ${uid}`;
}

/** The branch HEAD is on, from the file itself; null where it is on none, or kept some other way. */
export function branchOf(eyes: Eyes, gitDir: string): string | null {
  const head = readText(eyes, join(gitDir, "HEAD"));
  return /^ref: refs\/heads\/(\S+)/.exec(head ?? "")?.[1] ?? null;
}

function readText(eyes: Eyes, file: string): string | null {
  try {
    const bytes = eyes.files.read(file);
    return bytes === null ? null : Buffer.from(bytes).toString("utf8");
  } catch {
    return null;
  }
}

/** Finds the repository a folder is in. `Unavailable` carries the sentence for a person. */
export async function standInRepository(eyes: Eyes, cwd: string): Promise<Stand | Unavailable> {
  let trustArgs: readonly string[] = [];
  let where = await revParse(eyes, cwd, trustArgs);
  const strange = dubiousOwnership(where.stderr);
  if (strange !== null) {
    trustArgs = ["-c", `safe.directory=${strange}`];
    where = await revParse(eyes, cwd, trustArgs);
  }
  if (where.missing) return new Unavailable("`git` was not found on PATH");
  const [bare = "false", gitDir = "", common = "", top = ""] = await answersOf(eyes, cwd, trustArgs, where);
  if (gitDir === "") {
    const words = notARepository(where.stderr)
      ? `\`${cwd}\` is not in a Git repository`
      : mask(firstLine(where.stderr));
    return new Unavailable(words);
  }
  const commonDir = isAbsolute(common) ? common : resolve(cwd, common);
  const folder = top !== "" ? top : gitDir;
  return {
    cwd: folder,
    trustArgs,
    place: {
      kind: "repository",
      path: folder,
      gitDir,
      commonDir,
      bare: bare === "true",
      linkedWorktree: resolve(gitDir) !== resolve(commonDir),
      upstream: null,
      strangeOwner: strange === null ? null : { owner: ownerOf(eyes, folder), runner: eyes.self.user },
    },
  };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]?.replace(/^fatal: /, "") || "git failed without a word";
}
