/** Puts right what commands left that were killed. Loaded only where a note of one is found. */
import { FileError } from "../world/ports.ts";
import { removeOwnFolder } from "./own-folder.ts";
import { isLeft, type Note, readNotes, type StandingPorts, takeNote } from "./standing.ts";

function sweepOne(ports: StandingPorts, { path, standing: { left } }: Note): void {
  try {
    removeOwnFolder(ports, left.path);
    takeNote(ports, path);
  } catch (error) {
    // Two sweep at once, or the disk is closed to us: the next call tries again.
    if (!(error instanceof FileError)) throw error;
  }
}

export function sweep(ports: StandingPorts): void {
  for (const note of readNotes(ports)) if (isLeft(ports, note.standing)) sweepOne(ports, note);
}
