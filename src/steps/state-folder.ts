import { dirname, isAbsolute, join } from "node:path";
import {
  FileError,
  type Git,
  type Keychain,
  type RunTool,
  type Self,
  type WriteFiles,
} from "../world/ports.ts";
import { Refusal } from "./refusal.ts";

/** What changes are made with. */
export interface Ports {
  files: WriteFiles;
  git: Git;
  /** Opened only where something is in it. */
  keychain(): Promise<Keychain>;
  tool: RunTool;
  self: Self;
}

/** Where receipts and backups are kept: in `$XDG_STATE_HOME`, or `~/.local/state`. Makes nothing. */
function stateFolder(self: Self): string {
  const chosen = self.env.XDG_STATE_HOME;
  if (chosen && isAbsolute(chosen)) return join(chosen, "git-rekey");
  if (self.home === null || !isAbsolute(self.home))
    throw new Refusal("no-home", "there is no place for receipts and backups, because `HOME` is not set");
  return join(self.home, ".local", "state", "git-rekey");
}

function receiptsFolder(self: Self): string {
  return join(stateFolder(self), "receipts");
}

export function receiptFolder(self: Self, id: number): string {
  return join(receiptsFolder(self), String(id));
}

/** Makes a folder and those above it. Somebody else making the same one at the same time is fine. */
function ensureFolder(files: WriteFiles, path: string): void {
  if (files.facts(path) !== null) return;
  const above = dirname(path);
  if (above !== path) ensureFolder(files, above);
  try {
    files.createFolder(path, 0o700);
  } catch (error) {
    if (!(error instanceof FileError && error.code === "EEXIST")) throw error;
  }
}

/** Refuses a state folder that others could read or replace: backups in it hold secrets. */
function checkFolder({ files, self }: Ports, path: string): void {
  const facts = files.facts(path);
  if (facts === null) return;
  const refuse = (why: string): never => {
    throw new Refusal("state-folder-unsafe", `\`${path}\` cannot keep backups safely: ${why}`);
  };
  if (facts.kind !== "folder") refuse("it is not a folder");
  if (self.uid === null) return;
  if (facts.uid !== self.uid) refuse("it belongs to another user");
  if ((facts.mode & 0o077) !== 0) refuse(`it is open to others; run \`chmod 700 ${path}\``);
}

/** Makes sure that there is a safe place for receipts, and tells where. */
export function openStateFolder(ports: Ports): string {
  const path = stateFolder(ports.self);
  ensureFolder(ports.files, path);
  checkFolder(ports, path);
  ensureFolder(ports.files, join(path, "receipts"));
  return path;
}

/** Numbers of all receipts, oldest first. Reads nothing from a folder that is not safe. */
export function receiptIds(ports: Ports): number[] {
  checkFolder(ports, stateFolder(ports.self));
  return (ports.files.list(receiptsFolder(ports.self)) ?? [])
    .filter((name) => /^[1-9]\d{0,8}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** Takes the next number for this process alone: making the folder is what takes it. */
export function takeId(ports: Ports): number {
  openStateFolder(ports);
  for (let id = (receiptIds(ports).at(-1) ?? 0) + 1; ; id++) {
    try {
      ports.files.createFolder(receiptFolder(ports.self, id), 0o700);
      return id;
    } catch (error) {
      if (!(error instanceof FileError && error.code === "EEXIST")) throw error;
    }
  }
}
