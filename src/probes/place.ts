import { isAbsolute, resolve } from "node:path";
import { type Place, Unavailable } from "../core/setup.ts";
import { mask } from "../core/url.ts";
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
export function standAtUrl(eyes: Eyes, url: string): Stand {
  return {
    cwd: eyes.self.home ?? "/",
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

async function revParse(eyes: Eyes, cwd: string, trustArgs: readonly string[]) {
  // --show-toplevel fails in a bare repository, after the others were printed; so it comes last.
  const args = [
    "--is-bare-repository",
    "--absolute-git-dir",
    "--git-common-dir",
    "--symbolic-full-name",
    "HEAD",
  ];
  const [where, top] = await Promise.all([
    eyes.git.run({ args: [...trustArgs, "rev-parse", ...args.slice(0, 3)], cwd }),
    eyes.git.run({ args: [...trustArgs, "rev-parse", "--show-toplevel"], cwd }),
  ]);
  return { where, top };
}

function ownerOf(eyes: Eyes, path: string): string {
  const uid = eyes.files.facts(path)?.uid;
  if (uid === undefined) return "somebody else";
  return eyes.self.nameOf(uid) ?? `user ${uid}`;
}

/**
 * Finds the repository a path is in. `Unavailable` carries the sentence for a person: no such path, not a
 * repository.
 */
export async function standInRepository(eyes: Eyes, path: string): Promise<Stand | Unavailable> {
  const asked = resolve(eyes.self.cwd, path);
  const real = eyes.files.resolve(asked);
  if (real === null) return new Unavailable(`there is no \`${asked}\``);
  const cwd = eyes.files.facts(real)?.kind === "folder" ? real : resolve(real, "..");
  let trustArgs: readonly string[] = [];
  let { where, top } = await revParse(eyes, cwd, trustArgs);
  const strange = dubiousOwnership(where.stderr);
  if (strange !== null) {
    trustArgs = ["-c", `safe.directory=${strange}`];
    ({ where, top } = await revParse(eyes, cwd, trustArgs));
  }
  if (where.missing) return new Unavailable("`git` was not found on PATH");
  if (where.code !== 0) {
    return new Unavailable(
      notARepository(where.stderr) ? `\`${cwd}\` is not in a Git repository` : mask(firstLine(where.stderr)),
    );
  }
  const [bare = "false", gitDir = "", common = ""] = Buffer.from(where.stdout).toString("utf8").split("\n");
  const commonDir = isAbsolute(common) ? common : resolve(cwd, common);
  const folder = top.code === 0 ? Buffer.from(top.stdout).toString("utf8").replace(/\n$/, "") : gitDir;
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
