/** What a scan is to look at. */
import { dirname, resolve } from "node:path";
import { FileError } from "../../world/ports.ts";
import { EXIT, Stop } from "../exit.ts";
import type { Shell } from "../shell.ts";

export interface RootFlags {
  home: boolean;
  machine: boolean;
}

/** The nearest folder above with a `.git`, or the folder itself. */
function repositoryAround(shell: Shell): string {
  const { cwd } = shell.self;
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (shell.files.facts(resolve(folder, ".git")) !== null) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}

/** Throws `Stop` for a path that is not there. */
function checked(shell: Shell, path: string): string {
  const whole = resolve(shell.self.cwd, path);
  if (path === "") throw new Stop(EXIT.misuse, "an empty path was given; a scan needs a file or a folder");
  if (shell.files.resolve(whole) === null) throw new Stop(EXIT.misuse, `there is no \`${path}\` to scan`);
  if (!isReadable(shell, whole))
    throw new Stop(EXIT.unknown, `\`${path}\` cannot be read; nothing was scanned`);
  return whole;
}

/** What lies deeper and is shut is counted; where all of it is shut, there is no result. */
function isReadable({ files }: Shell, path: string): boolean {
  try {
    const real = files.resolve(path) ?? path;
    if (files.facts(real)?.kind === "folder") files.list(real);
    else if (files.facts(real)?.kind === "file") files.readStart(real, 1);
    return true;
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}

/** Absolute paths. */
export function rootsOf(shell: Shell, { home, machine }: RootFlags, paths: readonly string[]): string[] {
  if ((home || machine) && paths.length > 0)
    throw new Stop(EXIT.misuse, "give paths, or `--home`, or `--machine`");
  if (home && machine) throw new Stop(EXIT.misuse, "`--machine` covers the home folder; give one of the two");
  if (machine) return ["/"];
  if (!home)
    return paths.length === 0 ? [repositoryAround(shell)] : paths.map((path) => checked(shell, path));
  if (shell.self.home === null) throw new Stop(EXIT.misuse, "there is no home folder: `HOME` is not set");
  return [checked(shell, shell.self.home)];
}
