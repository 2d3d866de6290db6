import { delimiter, join } from "node:path";
import type { SourcetreePlatform } from "../core/sourcetree.ts";
import { type Eyes, passingOverClosed } from "./world.ts";

/** Milliseconds: a git that hangs beside the person's own must not hold them up for long. */
const PATIENCE = 10_000;

/** Where Sourcetree keeps its things on one kind of machine. */
export interface SourcetreePlace {
  platform: SourcetreePlatform;
  /** Folders with its accounts and passwords that may be there. */
  data: readonly string[];
  /** The installed program: the folder that holds one folder for each version, or the app. */
  programs: readonly string[];
  git: BundledGit | null;
}

/** The git that comes with it. */
export interface BundledGit {
  program: string;
  /** What Sourcetree starts it with. */
  env: Readonly<Record<string, string>>;
}

/** On Windows every user has it below `AppData`, with Git for Windows in a folder of its own. */
function onWindows(eyes: Eyes, home: string): SourcetreePlace {
  const local = eyes.self.env.LOCALAPPDATA || join(home, "AppData", "Local");
  const roaming = eyes.self.env.APPDATA || join(home, "AppData", "Roaming");
  const data = [local, roaming].map((folder) => join(folder, "Atlassian", "SourceTree"));
  const candidates = data.flatMap((folder) =>
    ["cmd", "bin", join("mingw64", "bin"), join("mingw32", "bin")].map((bin) =>
      join(folder, "git_local", bin, "git.exe"),
    ),
  );
  return {
    platform: "windows",
    data,
    programs: [join(local, "SourceTree"), join(local, "Atlassian")],
    git: firstGit(eyes, candidates, () => ({})),
  };
}

/** On macOS it is an app; its git has no idea where it is, and its helper stands beside it. */
function onMac(eyes: Eyes, home: string): SourcetreePlace {
  const programs = ["/Applications", join(home, "Applications")].map((folder) =>
    join(folder, "Sourcetree.app"),
  );
  const resources = programs.map((app) => join(app, "Contents", "Resources"));
  const candidates = resources.map((folder) => join(folder, "git_local", "bin", "git"));
  return {
    platform: "macos",
    data: [join(home, "Library", "Application Support", "SourceTree")],
    programs,
    git: firstGit(eyes, candidates, (program) => {
      const gitLocal = join(program, "..", "..");
      const folders = [join(gitLocal, "..", "bin"), join(gitLocal, "bin"), eyes.self.env.PATH ?? ""];
      const execPath = join(gitLocal, "libexec", "git-core");
      const isThere = eyes.files.facts(execPath)?.kind === "folder";
      return { PATH: folders.join(delimiter), ...(isThere ? { GIT_EXEC_PATH: execPath } : {}) };
    }),
  };
}

function firstGit(
  { files }: Eyes,
  candidates: readonly string[],
  envOf: (program: string) => BundledGit["env"],
): BundledGit | null {
  const program = candidates.find((path) => files.facts(files.resolve(path) ?? path)?.kind === "file");
  return program === undefined ? null : { program, env: envOf(program) };
}

/** Null on machines for which there is no Sourcetree. */
export function sourcetreePlace(eyes: Eyes): SourcetreePlace | null {
  const { platform, home } = eyes.self;
  if (home === null) return null;
  const calm = { ...eyes, files: passingOverClosed(eyes.files) };
  if (platform === "win32") return onWindows(calm, home);
  return platform === "darwin" ? onMac(calm, home) : null;
}

/** The same machine as Sourcetree sees it: with its git in the place of the one on PATH. */
export function asSourcetree<E extends Pick<Eyes, "git" | "self">>(eyes: E, { program, env }: BundledGit): E {
  const { git, self } = eyes;
  return {
    ...eyes,
    self: { ...self, env: { ...self.env, ...env } },
    git: {
      run: (call) => git.run({ timeout: PATIENCE, ...call, program, env: { ...env, ...call.env } }),
    },
  };
}
