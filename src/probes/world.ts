import {
  FileError,
  type Git,
  type Http,
  type Keychain,
  type ReadFiles,
  type RunProgram,
  type RunSsh,
  type Self,
  type Vault,
} from "../world/ports.ts";

/** What a probe may use: it reads the world and never writes it. */
export interface Eyes {
  files: ReadFiles;
  git: Git;
  http: Http;
  vault: Vault;
  self: Self;
  /** For the tokens of git-rekey's own accounts. */
  keychain(): Promise<Keychain>;
  run: RunProgram;
  ssh: RunSsh;
}

function orNull<T>(look: () => T | null): T | null {
  try {
    return look();
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

/**
 * The same files, where what this user may not look at is not there. Right for everything that Git, too, passes over
 * in silence: closed folders on PATH, helpers' files, sockets.
 */
export function passingOverClosed(files: ReadFiles): ReadFiles {
  return {
    read: (path) => orNull(() => files.read(path)),
    readStart: (path, length) => orNull(() => files.readStart(path, length)),
    facts: (path) => orNull(() => files.facts(path)),
    resolve: (path) => orNull(() => files.resolve(path)),
    list: (path) => orNull(() => files.list(path)),
  };
}
