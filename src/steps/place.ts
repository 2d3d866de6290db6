import { basename, dirname, join } from "node:path";
import type { FileFacts } from "../world/ports.ts";
import { Refusal } from "./refusal.ts";
import type { Ports } from "./state-folder.ts";

/** Where a file really is. */
export interface Place {
  /** As the person names it. */
  file: string;
  /** With links resolved. */
  real: string;
  /** Folders that must be made for it, outermost first. */
  missing: readonly string[];
}

/** A file that is not there yet, maybe in folders that are not. */
function placeNew({ files }: Ports, file: string): Place {
  const names: string[] = [];
  let folder = dirname(file);
  let real = files.resolve(folder);
  while (real === null && folder !== dirname(folder)) {
    names.unshift(basename(folder));
    folder = dirname(folder);
    real = files.resolve(folder);
  }
  // Something that is no folder, or a link to nowhere, where a folder is wanted.
  const between = names[0] === undefined ? null : files.facts(join(folder, names[0]));
  const isBlocked = between !== null && between.kind !== "folder";
  if (real === null || isBlocked || files.facts(real)?.kind !== "folder")
    throw new Refusal("not-a-file", `\`${file}\` cannot be made: its folder leads nowhere`);
  const missing: string[] = [];
  let at = real;
  for (const name of names) {
    at = join(at, name);
    missing.push(at);
  }
  return { file, real: join(at, basename(file)), missing };
}

/** Folders above a file that are not there, outermost first. */
export function missingFolders({ files }: Ports, real: string): string[] {
  const missing: string[] = [];
  for (let folder = dirname(real); files.facts(folder) === null; folder = dirname(folder)) {
    if (folder === dirname(folder)) break;
    missing.unshift(folder);
  }
  return missing;
}

/** A link counts only while whoever made it owns what it leads to: else it could be somebody's trap. */
function checkLink({ files, self }: Ports, file: string, link: FileFacts, real: string | null): string {
  if (real === null) throw new Refusal("not-a-file", `\`${file}\` is a link that leads nowhere`);
  const target = files.facts(real);
  if (self.uid !== null && target?.uid !== link.uid)
    throw new Refusal("strange-owner", `\`${file}\` is a link to \`${real}\`, which belongs to another user`);
  return real;
}

/** A file with secrets must be the caller's own, where nobody else can put another in its place. */
function checkSecret({ files, self }: Ports, { file, real, missing }: Place): void {
  if (self.uid === null) return;
  const facts = files.facts(real);
  if (facts !== null && facts.uid !== self.uid)
    throw new Refusal(
      "strange-owner",
      `\`${file}\` belongs to another user, and a secret goes only into one's own files`,
    );
  const folder = dirname(missing[0] ?? real);
  const { mode = 0, uid = self.uid } = files.facts(folder) ?? {};
  if (basename(folder) === ".ssh" && uid !== self.uid)
    throw new Refusal(
      "strange-owner",
      `\`${folder}\` belongs to another user, and ssh is set up only in one's own`,
    );
  if ((mode & 0o002) !== 0 && (mode & 0o1000) === 0)
    throw new Refusal(
      "strange-owner",
      `\`${folder}\` is writable by everyone; run \`chmod o-w ${folder}\` first`,
    );
}

/** Finds the file to change, or refuses. `secret`: it holds or will hold one. */
export function locate(ports: Ports, file: string, secret: boolean): Place {
  const facts = ports.files.facts(file);
  let place: Place;
  if (facts === null) place = placeNew(ports, file);
  else {
    const found = ports.files.resolve(file);
    const real = facts.kind === "symlink" ? checkLink(ports, file, facts, found) : (found ?? file);
    if (ports.files.facts(real)?.kind !== "file")
      throw new Refusal("not-a-file", `\`${file}\` is not a file`);
    place = { file, real, missing: [] };
  }
  if (secret) checkSecret(ports, place);
  return place;
}
