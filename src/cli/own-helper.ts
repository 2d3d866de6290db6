import { delimiter, dirname, join } from "node:path";
import { passingOverClosed } from "../probes/world.ts";
import type { Shell } from "./shell.ts";

const PROGRAM = "git-credential-rekey";

/** The folder with our own programs: beside the executable, or `bin` of the checkout. */
function ownFolder(): string {
  const isExecutable = !/(?:^|[\\/])bun(?:\.exe)?$/.test(process.execPath);
  return isExecutable ? dirname(process.execPath) : join(import.meta.dir, "..", "..", "bin");
}

/**
 * The whole path of our helper, as it will still be right after an upgrade: package managers keep versions in folders
 * of their own and a link on PATH, so the link is taken where it leads to us.
 */
export function ownHelperPath({ files, self }: Pick<Shell, "files" | "self">): string {
  const calm = passingOverClosed(files);
  const own = join(ownFolder(), PROGRAM);
  const real = calm.resolve(own);
  const onPath = (self.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder.startsWith("/"))
    .map((folder) => join(folder, PROGRAM));
  return onPath.find((path) => real !== null && calm.resolve(path) === real) ?? own;
}

/** As `credential.helper` takes it: Git hands an absolute path to a shell when there is anything special in it. */
export function ownHelperValue(shell: Pick<Shell, "files" | "self">): string {
  return ownHelperPath(shell).replace(/[^\w./:@%+,=-]/g, "\\$&");
}
