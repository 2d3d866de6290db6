import { join } from "node:path";
import { GIT_HOST } from "../core/bitbucket.ts";
import type { NetrcFile } from "../core/setup.ts";
import { readNetrc } from "../formats/netrc.ts";
import { type Eyes, passingOverClosed } from "./world.ts";

/** The netrc files that libcurl reads for Git, with their entries for Bitbucket. `$NETRC` is not read by it. */
export function readNetrcFiles(eyes: Eyes): NetrcFile[] {
  const { home, platform } = eyes.self;
  if (home === null) return [];
  const names = platform === "win32" ? [".netrc", "_netrc"] : [".netrc"];
  return names.flatMap((name) => readOne(eyes, join(home, name)) ?? []);
}

function readOne(eyes: Eyes, file: string): NetrcFile | null {
  const files = passingOverClosed(eyes.files);
  const bytes = files.read(file);
  const facts = files.facts(files.resolve(file) ?? file);
  if (bytes === null || facts === null) return null;
  const entries = readNetrc(bytes)
    .filter((entry) => entry.machine === null || entry.machine.toLowerCase() === GIT_HOST)
    .map((entry) => ({
      machine: entry.machine,
      login: entry.login,
      secret: entry.password === null ? null : eyes.vault.keep(entry.password),
      line: entry.line,
      occurrence: entry.occurrence,
    }));
  return { file, mode: facts.mode, entries };
}
