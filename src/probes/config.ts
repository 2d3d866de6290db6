import { dirname, isAbsolute, join, resolve } from "node:path";
import type { SecretShape } from "../core/secret.ts";
import { type ConfigEntry, type Scope, Unavailable } from "../core/setup.ts";
import { mask } from "../core/url.ts";
import { readConfigText } from "../formats/git-config.ts";
import { FileError, type GitResult } from "../world/ports.ts";
import { maskValue, secretIn } from "./config-mask.ts";
import { configProblem } from "./git-says-local.ts";
import type { Stand } from "./place.ts";
import { type Eyes, passingOverClosed } from "./world.ts";

/** An entry with the text that must not leave the probes. */
export interface RawEntry {
  entry: ConfigEntry;
  rawSubsection: string | null;
  rawValue: string | null;
}

/** What Git cannot read. `file` is null for what comes by a variable or by `git -c`. */
export type ConfigTrouble = { file: string | null; reason: string; line: number | null };

/** Sections that bear on authentication; everything else in somebody's configuration is none of our business. */
const SECTIONS = new Set([
  "remote",
  "branch",
  "url",
  "credential",
  "http",
  "include",
  "includeif",
  "lfs",
  "submodule",
  "protocol",
]);
const KEYS = new Set([
  "core.askpass",
  "core.sshcommand",
  "core.bare",
  "user.email",
  "extensions.worktreeconfig",
]);

function matters(section: string, key: string): boolean {
  return SECTIONS.has(section) || KEYS.has(key);
}

function splitKey(key: string) {
  const first = key.indexOf(".");
  const last = key.lastIndexOf(".");
  return {
    section: key.slice(0, first),
    subsection: first === last ? null : key.slice(first + 1, last),
    name: key.slice(last + 1),
  };
}

const SCOPES: readonly string[] = ["system", "global", "local", "worktree", "command"];

/** Counts entries of a file by masked key, and finds their lines by asking the file itself. */
class Lines {
  private readonly seen = new Map<string, number>();
  private readonly byFile = new Map<string, ReadonlyMap<string, readonly number[]>>();
  constructor(private readonly eyes: Eyes) {}

  next(file: string, maskedKey: string): { occurrence: number; line: number | null } {
    const name = `${file}\0${maskedKey}`;
    const occurrence = this.seen.get(name) ?? 0;
    this.seen.set(name, occurrence + 1);
    const lines = this.linesOf(file).get(maskedKey) ?? [];
    // A file that is included twice is listed twice.
    const counted = lines.length === 0 ? occurrence : occurrence % lines.length;
    return { occurrence: counted, line: lines[counted] ?? null };
  }

  private linesOf(file: string): ReadonlyMap<string, readonly number[]> {
    const known = this.byFile.get(file);
    if (known) return known;
    const lines = new Map<string, number[]>();
    const bytes = this.bytesOf(file);
    const text = bytes === null ? null : readConfigText(bytes);
    if (text?.ok) {
      for (const entry of text.entries) {
        const list = lines.get(entry.maskedKey) ?? [];
        list.push(entry.line);
        lines.set(entry.maskedKey, list);
      }
    }
    this.byFile.set(file, lines);
    return lines;
  }

  private bytesOf(file: string): Uint8Array | null {
    try {
      return this.eyes.files.read(file);
    } catch {
      return null;
    }
  }
}

function readRecord(
  eyes: Eyes,
  lines: Lines,
  cwd: string,
  scope: string,
  origin: string,
  text: string,
): RawEntry | null {
  const newline = text.indexOf("\n");
  const key = newline < 0 ? text : text.slice(0, newline);
  const rawValue = newline < 0 ? null : text.slice(newline + 1);
  const { section, subsection, name } = splitKey(key);
  if (!matters(section, key)) return null;
  const file = origin.startsWith("file:") ? absolute(cwd, origin.slice(5)) : null;
  const maskedKey = mask(key);
  const hidden = secretIn(name, subsection, rawValue);
  const secret: SecretShape | null = hidden && hidden.secret !== "" ? eyes.vault.keep(hidden.secret) : null;
  const place = file === null ? { occurrence: 0, line: null } : lines.next(file, maskedKey);
  return {
    rawSubsection: subsection,
    rawValue,
    entry: {
      key: maskedKey,
      section,
      subsection: subsection === null ? null : mask(subsection),
      name,
      value: maskValue(name, rawValue),
      secret,
      // A token may stand where the user name belongs.
      user: hidden?.user == null ? null : mask(hidden.user),
      scope: (SCOPES.includes(scope) ? scope : "unknown") as Scope,
      file,
      ...place,
      fromRepository: scope === "local" || scope === "worktree",
      foreign: file !== null && isForeign(eyes, cwd, scope, file),
    },
  };
}

/**
 * Whether a file of the person's configuration is another's: what `~/.gitconfig` or a repository includes from
 * outside of home and work tree is, as a rule, a company's.
 */
function isForeign({ self, files }: Eyes, cwd: string, scope: string, file: string): boolean {
  const inside = (folder: string | null) =>
    folder !== null && (file === folder || file.startsWith(`${folder}/`));
  if (scope === "local" || scope === "worktree") {
    // A linked work tree's own configuration is wherever the repository is.
    return !(/\/config(?:\.worktree)?$/.test(file) || inside(cwd) || inside(self.home));
  }
  if (scope !== "global" || file === self.env.GIT_CONFIG_GLOBAL) return false;
  if (!inside(self.home) && !inside(self.env.XDG_CONFIG_HOME ?? null)) return true;
  const seen = passingOverClosed(files);
  return self.uid !== null && seen.facts(seen.resolve(file) ?? file)?.uid !== self.uid;
}

function absolute(cwd: string, path: string): string {
  return isAbsolute(path) ? path : resolve(cwd, path);
}

type Footing = Pick<Stand, "cwd" | "trustArgs">;

/** Asks git for its whole configuration as it reads it there: includes followed, variables and `-c` included. */
export function listConfig(eyes: Eyes, { cwd, trustArgs }: Footing): Promise<GitResult> {
  return eyes.git.run({
    args: [...trustArgs, "config", "--list", "-z", "--show-origin", "--show-scope"],
    cwd,
  });
}

/** What such a listing could not read, whether Git stopped there or went on without it. */
export function troubleIn(eyes: Eyes, { cwd }: Footing, { stderr }: GitResult): ConfigTrouble | null {
  const trouble = configProblem(stderr);
  return trouble && { ...trouble, file: nearestFile(eyes, cwd, trouble.file) };
}

/** The person's own files that this user may not open: Git passes them over without a word. */
export function closedFiles({ files, self }: Eyes): ConfigTrouble[] {
  const { GIT_CONFIG_GLOBAL, XDG_CONFIG_HOME } = self.env;
  const { home } = self;
  const folder = XDG_CONFIG_HOME || (home === null ? null : join(home, ".config"));
  const usual = [folder && join(folder, "git", "config"), home && join(home, ".gitconfig")];
  const candidates = GIT_CONFIG_GLOBAL === undefined ? usual : [GIT_CONFIG_GLOBAL];
  return candidates.flatMap((file) => {
    try {
      if (file) files.read(file);
      return [];
    } catch (error) {
      const closed = file && error instanceof FileError && error.code === "EACCES";
      return closed ? [{ file, line: null, reason: "permission denied" }] : [];
    }
  });
}

/** Git names files from the top of the work tree; where that is unknown, it is this folder or one above it. */
function nearestFile(eyes: Eyes, cwd: string, file: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const path = absolute(folder, file);
    if (eyes.files.resolve(path) !== null) return path;
    if (folder === dirname(folder)) return absolute(cwd, file);
  }
}

/** The entries of such a listing in Git's order; only what bears on authentication is kept. */
export function readListing(
  eyes: Eyes,
  footing: Footing,
  listing: GitResult,
): readonly RawEntry[] | ConfigTrouble | Unavailable {
  const { code, stdout, missing } = listing;
  if (missing) return new Unavailable("`git` was not found on PATH");
  if (code !== 0) {
    return troubleIn(eyes, footing, listing) ?? new Unavailable("`git config --list` failed");
  }
  const { cwd } = footing;
  const fields = Buffer.from(stdout).toString("utf8").split("\0");
  const lines = new Lines(eyes);
  const entries: RawEntry[] = [];
  for (let i = 0; i + 2 < fields.length; i += 3) {
    const [scope = "", origin = "", text = ""] = fields.slice(i, i + 3);
    const entry = readRecord(eyes, lines, cwd, scope, origin, text);
    if (entry !== null) entries.push(entry);
  }
  return entries;
}

/**
 * A file in Git's syntax that the repository itself carries (`.lfsconfig`, `.gitmodules`). Its scope is `unknown`:
 * it is nobody's configuration until Git or Git LFS takes it up, and changing it is a change to the repository.
 */
export async function readCarriedFile(
  eyes: Eyes,
  { cwd, trustArgs }: Footing,
  name: string,
): Promise<readonly RawEntry[]> {
  const file = join(cwd, name);
  if (eyes.files.facts(file)?.kind !== "file") return [];
  const { code, stdout } = await eyes.git.run({
    args: [...trustArgs, "config", "--file", file, "--list", "-z"],
    cwd,
  });
  if (code !== 0) return [];
  const lines = new Lines(eyes);
  const records = Buffer.from(stdout).toString("utf8").split("\0").slice(0, -1);
  return records
    .flatMap((text) => readRecord(eyes, lines, cwd, "unknown", `file:${file}`, text) ?? [])
    .map((raw) => ({ ...raw, entry: { ...raw.entry, fromRepository: true } }));
}

/** Both in one: for a place that is known. */
export async function readConfig(
  eyes: Eyes,
  footing: Footing,
): Promise<readonly RawEntry[] | ConfigTrouble | Unavailable> {
  return readListing(eyes, footing, await listConfig(eyes, footing));
}
