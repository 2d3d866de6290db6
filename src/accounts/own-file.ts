/** Files that decide which secret is sent, or hold it: only the user's own, open to nobody else, by no roundabout way. */
import { LARGEST_LIST } from "../core/account-file.ts";
import { FileError } from "../world/ports.ts";
import type { Room } from "./room.ts";

export type OwnFile = { text: string } | { missing: true } | { trouble: string };

function whyUnsafe({ files, uid }: Pick<Room, "files" | "uid">, path: string): string | null | "missing" {
  const facts = files.facts(path);
  if (facts === null) return "missing";
  if (facts.kind === "symlink")
    return `\`${path}\` is a symbolic link, and git-rekey follows none to a secret`;
  if (facts.kind !== "file") return `\`${path}\` is not a file`;
  if (facts.size > LARGEST_LIST) return `\`${path}\` is far too large`;
  // Where there are no numeric users, modes mean nothing either.
  if (uid === null) return null;
  if (facts.uid !== uid) return `\`${path}\` belongs to another user`;
  return (facts.mode & 0o077) === 0 ? null : `\`${path}\` is open to others: \`chmod 600 ${path}\``;
}

/** Reads such a file, or says in one sentence why not. */
export function readOwnFile(room: Pick<Room, "files" | "uid">, path: string): OwnFile {
  try {
    const unsafe = whyUnsafe(room, path);
    if (unsafe === "missing") return { missing: true };
    if (unsafe !== null) return { trouble: unsafe };
    const bytes = room.files.read(path);
    return bytes === null ? { missing: true } : { text: Buffer.from(bytes).toString("utf8") };
  } catch (error) {
    if (error instanceof FileError) return { trouble: `\`${path}\` cannot be read (${error.code})` };
    throw error;
  }
}
