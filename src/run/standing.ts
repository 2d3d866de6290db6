/**
 * Notes of what stands only while a command runs: a folder of its own, a token in a URL. A command that ends takes its
 * note away; one that was killed leaves it, and the next call of git-rekey puts things right.
 */
import { dirname, join } from "node:path";
import { standingFolder } from "../accounts/folders.ts";
import { type Left, readStanding, type Standing } from "../core/standing.ts";
import { randomName } from "../world/hash.ts";
import { FileError, type Self, type WriteFiles } from "../world/ports.ts";
import { beginningOfProcess } from "../world/processes.ts";

export interface Note {
  path: string;
  standing: Standing;
}

export interface StandingPorts {
  files: WriteFiles;
  self: Self;
}

/** Milliseconds after which a note of another machine, whose processes nobody here can see, counts as left. */
const LONGEST = 24 * 3_600_000;

function isMissing(error: unknown): boolean {
  return error instanceof FileError && error.code === "ENOENT";
}

/** Writes a note, on the disk before this returns. Its path; null where there is no place for it. */
export function leaveNote({ files, self }: StandingPorts, left: Left): string | null {
  const folder = standingFolder(self);
  if (folder === null) return null;
  const { pid, host } = self;
  const at = new Date(self.now()).toISOString();
  const standing: Standing = {
    schema: "git-rekey/standing@1",
    pid,
    began: beginningOfProcess(pid),
    host,
    at,
    left,
  };
  const path = join(folder, `${pid}-${randomName()}.json`);
  for (let tries = 3; ; tries--) {
    files.makeFolder(folder, 0o700);
    try {
      files.create(path, Buffer.from(`${JSON.stringify(standing)}\n`), 0o600);
      return path;
    } catch (error) {
      // Another command that ended took the empty folder away.
      if (!isMissing(error) || tries === 0) throw error;
    }
  }
}

/** Takes a note away, and its folders as far as nothing else is in them. */
export function takeNote({ files }: StandingPorts, path: string | null): void {
  if (path === null) return;
  files.remove(path);
  for (const folder of [dirname(path), dirname(dirname(path))]) {
    try {
      files.removeFolder(folder);
    } catch {
      return;
    }
  }
}

function read({ files, self }: StandingPorts, path: string): Note[] {
  try {
    const facts = files.facts(path);
    const isOwn = facts?.kind === "file" && (self.uid === null || facts.uid === self.uid);
    const standing = isOwn ? readStanding(Buffer.from(files.read(path) ?? []).toString("utf8")) : null;
    return standing === null ? [] : [{ path, standing }];
  } catch (error) {
    // It went meanwhile.
    if (error instanceof FileError) return [];
    throw error;
  }
}

/** All notes. None from a folder that others can write to: they say what is to be removed. */
export function readNotes(ports: StandingPorts): Note[] {
  const { files, self } = ports;
  const folder = standingFolder(self);
  const facts = folder === null ? null : files.facts(folder);
  if (folder === null || facts?.kind !== "folder") return [];
  if (self.uid !== null && (facts.uid !== self.uid || (facts.mode & 0o022) !== 0)) return [];
  return (files.list(folder) ?? [])
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => read(ports, join(folder, name)));
}

/** Whether the command that left a note is gone. */
export function isLeft({ self }: StandingPorts, { pid, began, host, at }: Standing): boolean {
  if (host !== self.host) return self.now() - Date.parse(at) > LONGEST;
  if (pid === self.pid) return began !== beginningOfProcess(pid);
  return !self.isAlive(pid) || (began !== null && beginningOfProcess(pid) !== began);
}
