import { GIT_HOST } from "../core/bitbucket.ts";
import type { StoreFile } from "../core/setup.ts";
import { readStored } from "../formats/git-credentials.ts";
import { type Eyes, passingOverClosed } from "./world.ts";

/** Reads one file of Git's `store` helper and keeps what is for Bitbucket. Null where there is none, or it is closed to us. */
export function readStoreFile(eyes: Eyes, file: string): StoreFile | null {
  // Git itself passes over a store it may not read.
  const files = passingOverClosed(eyes.files);
  const bytes = files.read(file);
  const facts = files.facts(files.resolve(file) ?? file);
  if (bytes === null || facts === null) return null;
  const entries = readStored(bytes)
    .filter((entry) => entry.protocol === "https" && entry.host.toLowerCase() === GIT_HOST)
    .map((entry) => ({
      user: entry.username,
      secret: eyes.vault.keep(entry.password),
      path: entry.path,
      line: entry.line,
      occurrence: entry.occurrence,
      host: entry.host,
    }));
  const own = eyes.self.uid === null || facts.uid === eyes.self.uid;
  return { file, mode: facts.mode, own, entries };
}
