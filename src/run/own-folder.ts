/** The folder of one run: nobody else can look into it, and it goes when the run ends. */
import { basename, isAbsolute, join } from "node:path";
import { randomName } from "../world/hash.ts";
import { FileError, type WriteFiles } from "../world/ports.ts";
import { leaveNote, type StandingPorts, takeNote } from "./standing.ts";

const NAME = /^git-rekey-run-[0-9a-f]{8}$/;

/** What a socket's path may have on every system, in bytes; macOS has the least. */
const LONGEST_SOCKET = 100;

export interface OwnFolder {
  path: string;
  socket: string;
  /** Takes it away. May be called again. */
  remove(): void;
}

/** `$TMPDIR`, unless that is too long for a socket; else, and where nothing can be made there, `/tmp`. */
function temporaries({ env }: StandingPorts["self"]): string[] {
  const chosen = env.TMPDIR;
  const fits = (folder: string) =>
    Buffer.byteLength(join(folder, "git-rekey-run-00000000", "socket")) < LONGEST_SOCKET;
  return chosen && isAbsolute(chosen) && fits(chosen) ? [chosen, "/tmp"] : ["/tmp"];
}

/** Everything in a folder and the folder; links are removed and not followed. */
function removeAll(files: WriteFiles, path: string): void {
  for (const name of files.list(path) ?? []) {
    const inside = join(path, name);
    if (files.facts(inside)?.kind === "folder") removeAll(files, inside);
    else files.remove(inside);
  }
  files.removeFolder(path);
}

/** Removes the folder of a run; anything else stays, whatever a note says. */
export function removeOwnFolder({ files, self }: StandingPorts, path: string): void {
  const facts = NAME.test(basename(path)) ? files.facts(path) : null;
  if (facts?.kind !== "folder" || (self.uid !== null && facts.uid !== self.uid)) return;
  removeAll(files, path);
}

/** Throws the `FileError` of the last place where none could be made. */
export function makeOwnFolder(ports: StandingPorts): OwnFolder {
  const [first = "/tmp", ...others] = temporaries(ports.self);
  try {
    return makeFolderIn(ports, first);
  } catch (error) {
    const [next] = others;
    if (!(error instanceof FileError) || next === undefined) throw error;
    return makeFolderIn(ports, next);
  }
}

function makeFolderIn(ports: StandingPorts, temporary: string): OwnFolder {
  const path = join(temporary, `git-rekey-run-${randomName()}`);
  const note = leaveNoteIfPossible(ports, path);
  try {
    ports.files.createFolder(path, 0o700);
  } catch (error) {
    takeNote(ports, note);
    throw error;
  }
  return {
    path,
    socket: join(path, "socket"),
    remove() {
      removeOwnFolder(ports, path);
      takeNote(ports, note);
    },
  };
}

/** Without a note only the sweeping after a kill is lost, and the folder holds no token. */
function leaveNoteIfPossible(ports: StandingPorts, path: string): string | null {
  try {
    return leaveNote(ports, { kind: "folder", path });
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}
