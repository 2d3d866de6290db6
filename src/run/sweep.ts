/** Puts right what commands left that were killed. Loaded only where a note of one is found. */
import type { LentUrl } from "../core/standing.ts";
import { FileError } from "../world/ports.ts";
import { removeOwnFolder } from "./own-folder.ts";
import { isLeft, readNotes, type StandingPorts, takeNote } from "./standing.ts";

/** True where nothing is left of it. */
function sweepFolder(ports: StandingPorts, path: string): boolean {
  try {
    removeOwnFolder(ports, path);
    return true;
  } catch (error) {
    // Two sweep at once, or the disk is closed to us: the next call tries again.
    if (error instanceof FileError) return false;
    throw error;
  }
}

/** `takeBack` takes a token out of where it stands; it is true where it stands there no more. */
export async function sweep(
  ports: StandingPorts,
  takeBack: (lent: LentUrl) => Promise<boolean>,
): Promise<void> {
  for (const { path, standing } of readNotes(ports)) {
    if (!isLeft(ports, standing)) continue;
    const { left } = standing;
    const done = left.kind === "folder" ? sweepFolder(ports, left.path) : await takeBack(left);
    if (done) takeNote(ports, path);
  }
}
