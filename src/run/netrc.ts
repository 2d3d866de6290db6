/**
 * Keeps a netrc away from one command. Git's own part that speaks HTTP, and Git LFS, find that file by `HOME` and by
 * nothing else, and a refused entry in it ends Git's search. So these two, and no other program of the run, are given
 * a home folder with everything of the real one but that file: hooks, editors and signing keep theirs, and `~` in the
 * settings that Git itself reads means what it always means.
 */
import { join } from "node:path";
import { GIT_HOST } from "../core/bitbucket.ts";
import { quoteForShell } from "../core/shell-word.ts";
import { readNetrcFiles } from "../probes/netrc.ts";
import type { Eyes } from "../probes/world.ts";
import { linkAll } from "../world/links.ts";
import type { WriteFiles } from "../world/ports.ts";

const NETRC: ReadonlySet<string> = new Set([".netrc", "_netrc"]);

/** What `HOME` decides the credential of. */
const SPEAKS_HTTP = ["git-remote-https", "git-remote-http", "git-lfs"] as const;

/** Variables for git, and those that only the programs which speak HTTP are given. */
export interface Away {
  env: Readonly<Record<string, string>>;
  also: Readonly<Record<string, string>>;
}

/** Any spelling of `https://bitbucket.org/…`, as a pattern of the shell's. */
const TO_BITBUCKET = ["", "*@"]
  .flatMap((user) => ["", ":443"].map((port) => `https://${user}${GIT_HOST}${port}/*`))
  .join("|")
  .replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);

/**
 * A program that is the real one with other variables: Git's own only on the way to Bitbucket, which its second word
 * tells, so that other hosts keep their netrc. LFS finds out by itself where it goes.
 */
export function wrapper(name: string, program: string, variables: Readonly<Record<string, string>>): string {
  const set = Object.entries(variables).map(([key, value]) => `export ${key}=${quoteForShell(value)}`);
  const where = name === "git-lfs" ? "*" : TO_BITBUCKET;
  return `#!/bin/sh\ncase $2 in ${where}) ${set.join("; ")} ;; esac\nexec ${quoteForShell(program)} "$@"\n`;
}

/** Git's files of the person, in its order: included ones by name, because a condition on `~` would no longer hold. */
function globalFile(files: readonly string[]): string {
  const lines = files.map((file) => `\tpath = "${file.replace(/["\\]/g, "\\$&")}"\n`);
  return `[include]\n${lines.join("")}`;
}

export interface NetrcRoom {
  eyes: Eyes;
  files: WriteFiles;
  /** The folder of the run. */
  folder: string;
  gitFolder: string;
  /** Null where there is no Git LFS. */
  lfs: string | null;
  /** Files of the person's configuration, as git lists them. */
  globalFiles(): Promise<readonly string[]>;
}

/** Null where no netrc speaks about Bitbucket: then everything stays as it is. */
export async function keepNetrcAway(room: NetrcRoom): Promise<Away | null> {
  const { eyes, files, folder, gitFolder, lfs } = room;
  const real = eyes.self.home;
  if (real === null || !readNetrcFiles(eyes).some(({ entries }) => entries.length > 0)) return null;
  const [home, programs, global] = [join(folder, "home"), join(folder, "git-core"), join(folder, "global")];
  for (const made of [home, programs]) files.createFolder(made, 0o700);
  linkAll(real, home, NETRC);
  files.create(global, Buffer.from(globalFile(await room.globalFiles())), 0o600);
  const also = { HOME: home, GIT_CONFIG_GLOBAL: global };
  linkAll(gitFolder, programs, new Set(SPEAKS_HTTP));
  for (const name of SPEAKS_HTTP) {
    const program = name === "git-lfs" ? lfs : join(gitFolder, name);
    if (program === null || files.facts(program) === null) continue;
    files.create(join(programs, name), Buffer.from(wrapper(name, program, also)), 0o700);
  }
  return { env: { GIT_EXEC_PATH: programs }, also };
}

/** The folder of Git's subcommands, links resolved; null where git does not tell. */
export async function folderOfGit({ git, files }: Eyes): Promise<string | null> {
  // A configuration that Git cannot read is Git's to complain about, when it runs.
  const env = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const { code, stdout } = await git.run({ args: ["--exec-path"], cwd: "/", env });
  const folder = Buffer.from(stdout)
    .toString("utf8")
    .replace(/\r?\n$/, "");
  return code === 0 && folder !== "" ? files.resolve(folder) : null;
}
