import type { GitProgram } from "../core/setup.ts";
import type { Eyes } from "./world.ts";

/** Asks `git --version`; without a git there is no version. */
export async function lookAtGit(eyes: Eyes): Promise<GitProgram> {
  const { code, stdout, missing } = await eyes.git.run({ args: ["--version"] });
  if (missing || code !== 0) return { text: "", version: null };
  const text = Buffer.from(stdout).toString("utf8").trim();
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  const [, major = "0", minor = "0", patch = "0"] = found ?? [];
  return { text, version: [Number(major), Number(minor), Number(patch)] };
}
