/** How this very program is started again, from source or as one executable. */
import { join } from "node:path";

/** Where Bun keeps the sources inside an executable that it compiled. */
const INSIDE_EXECUTABLE = /^(?:\/\$bunfs\/|[A-Z]:[\\/]~BUN[\\/])/i;

/** The command and its first arguments. From source with the same settings as `bin/git-rekey`. */
function ownCommand(): string[] {
  if (INSIDE_EXECUTABLE.test(Bun.main)) return [process.execPath];
  const root = join(import.meta.dir, "..", "..");
  return [
    process.execPath,
    "--no-env-file",
    `--config=${join(root, "bunfig.toml")}`,
    `--tsconfig-override=${join(root, "tsconfig.json")}`,
    join(root, "src", "cli", "main.ts"),
  ];
}

/** A word that a POSIX shell takes as it is. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A script that starts this program; under the name `git-rekey` on PATH it makes `git rekey` work. */
export function ownScript(): string {
  return `#!/bin/sh\nexec ${ownCommand().map(quoted).join(" ")} "$@"\n`;
}
