import { delimiter, dirname, join } from "node:path";
import { escapePath } from "../core/escape-path.ts";
import { passingOverClosed } from "../probes/world.ts";
import type { Shell } from "./shell.ts";

type OwnProgram = "git-credential-rekey" | "git-rekey";

/** The folder with our own programs: beside the executable, or `bin` of the checkout. */
function ownFolder(): string {
  const isExecutable = !/(?:^|[\\/])bun(?:\.exe)?$/.test(process.execPath);
  return isExecutable ? dirname(process.execPath) : join(import.meta.dir, "..", "..", "bin");
}

/**
 * The whole path of a program of ours, as it will still be right after an upgrade: package managers keep versions in folders
 * of their own and a link on PATH, so the link is taken where it leads to us.
 */
export function ownProgramPath({ files, self }: Pick<Shell, "files" | "self">, program: OwnProgram): string {
  const calm = passingOverClosed(files);
  const own = join(ownFolder(), program);
  const real = calm.resolve(own);
  const onPath = (self.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder.startsWith("/"))
    .map((folder) => join(folder, program));
  return onPath.find((path) => real !== null && calm.resolve(path) === real) ?? own;
}

function ownHelperPath(shell: Pick<Shell, "files" | "self">): string {
  return ownProgramPath(shell, "git-credential-rekey");
}

/** As `credential.helper` takes it: Git hands an absolute path to a shell when there is anything special in it. */
export function ownHelperValue(shell: Pick<Shell, "files" | "self">): string {
  return escapePath(ownHelperPath(shell));
}
