import type { GitProgram } from "../core/setup.ts";
import { configProblem } from "./git-says-local.ts";
import type { Eyes } from "./world.ts";

/** Asks `git --version`; without a git there is no version. */
export async function lookAtGit(eyes: Eyes): Promise<GitProgram> {
  // Its version depends on no configuration, and a line in one that Git cannot read must not hide it.
  const env = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const { code, stdout, stderr, missing } = await eyes.git.run({ args: ["--version"], cwd: "/", env });
  // Git before 2.32 knows only the second of these variables.
  if (!missing && configProblem(stderr) !== null) return { text: "", version: [0, 0, 0] };
  if (missing || code !== 0) return { text: "", version: null };
  const text = Buffer.from(stdout).toString("utf8").trim();
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  const [, major = "0", minor = "0", patch = "0"] = found ?? [];
  return { text, version: [Number(major), Number(minor), Number(patch)] };
}
