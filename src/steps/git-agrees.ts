import { agreesWithGit, readConfigText } from "../formats/git-config.ts";
import type { Journal } from "./journal.ts";
import { Refusal } from "./refusal.ts";

/**
 * Refuses unless Git reads the file at `path`, which holds `bytes`, as we do. Git sees only the name of a copy; no
 * other configuration, no repository takes part.
 */
export async function confirmWithGit(
  journal: Journal,
  file: string,
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  const refuse = (why: string): never => {
    throw new Refusal("git-disagrees", `\`${file}\` was not changed: ${why}`);
  };
  const read = readConfigText(bytes);
  if (!read.ok) return refuse(`it ${read.reason}${read.line === null ? "" : ` (line ${read.line})`}`);
  const answer = await journal.ports.git.run({
    args: ["config", "--file", path, "--list", "-z"],
    cwd: journal.folder,
    env: {
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_COUNT: undefined,
      GIT_CONFIG_PARAMETERS: undefined,
      GIT_DIR: undefined,
      GIT_WORK_TREE: undefined,
      GIT_CEILING_DIRECTORIES: journal.ports.self.home ?? "/",
    },
  });
  if (answer.missing) refuse("git was not found, and no configuration is changed without asking it");
  if (answer.code !== 0) refuse("git itself cannot read it");
  if (!agreesWithGit(read.entries, answer.stdout)) refuse("git reads it differently from git-rekey");
}
