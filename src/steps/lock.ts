import { sha256 } from "../world/hash.ts";
import { FileError, type WriteFiles } from "../world/ports.ts";
import type { Held } from "./journal.ts";
import { Refusal } from "./refusal.ts";

/** Milliseconds; as long as `git credential-store` itself waits. */
const PATIENCE = 1000;

/** What file systems without hard links answer. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV"]);

/** `linked`: the lock is the prepared file itself. `marked`: it is a file with our marker. */
export type LockKind = "linked" | "marked";

function tryLock(files: WriteFiles, prepared: string, lock: string, marker: string): LockKind {
  try {
    files.link(prepared, lock);
    return "linked";
  } catch (error) {
    if (!(error instanceof FileError && NO_LINKS.has(error.code))) throw error;
  }
  files.create(lock, Buffer.from(marker), 0o600);
  return "marked";
}

/**
 * Takes the lock that Git takes for the same file, in one step that either happens or does not. Waits a second for
 * whoever holds it.
 */
export async function takeLock(
  files: WriteFiles,
  prepared: string,
  real: string,
  marker: string,
): Promise<LockKind> {
  const lock = `${real}.lock`;
  for (let waited = 0; ; ) {
    try {
      return tryLock(files, prepared, lock, marker);
    } catch (error) {
      if (!(error instanceof FileError && error.code === "EEXIST")) throw error;
    }
    if (waited >= PATIENCE) break;
    const pause = 20 + Math.random() * 80;
    await new Promise((wake) => setTimeout(wake, pause));
    waited += pause;
  }
  throw new Refusal(
    "lock-held",
    `\`${real}\` was not changed: git holds \`${lock}\`; if no git is running, remove that file and try again`,
  );
}

/** Whether a lock is the one that was taken with this prepared file; any other is Git's and stays. */
export function isOurLock(files: WriteFiles, lock: string, held: Held): boolean {
  const facts = files.facts(lock);
  if (facts?.kind !== "file") return false;
  const bytes = files.read(lock) ?? new Uint8Array();
  const linked = facts.dev === held.dev && facts.inode === held.inode && sha256(bytes) === held.hash;
  return linked || Buffer.from(bytes).toString("utf8") === held.marker;
}
