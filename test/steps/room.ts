/** A home of its own with real git, real files and nobody else's environment. */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Ports } from "../../src/steps/state-folder.ts";
import { realFiles } from "../../src/world/files.ts";
import { realGit } from "../../src/world/git.ts";
import type { Keychain, Self, WriteFiles } from "../../src/world/ports.ts";
import { runTool } from "../../src/world/tool.ts";

export const NOW = Date.parse("2026-11-23T12:00:00Z");

/** Shaped like nothing real: these tests are about bytes, not tokens. */
export const TOKEN = ["new", "token", "under", "test"].join("-");

function selfIn(home: string): Self {
  return {
    env: { PATH: process.env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: "1" },
    uid: process.getuid?.() ?? null,
    user: "ana",
    host: "host",
    home,
    sshHome: () => home,
    cwd: home,
    platform: process.platform,
    now: () => NOW,
    pid: process.pid,
    isAlive: () => false,
    nameOf: () => null,
  };
}

export interface Room extends Ports {
  home: string;
  write(name: string, text: string, mode?: number): string;
  read(name: string): string;
  [Symbol.dispose](): void;
}

/** What each home's keychain holds. The real one is for test/system. */
const KEYCHAINS = new Map<string, Map<string, string>>();

export function keychainIn(home: string): Map<string, string> {
  const items = KEYCHAINS.get(home) ?? new Map<string, string>();
  KEYCHAINS.set(home, items);
  return items;
}

function memoryKeychain(items: Map<string, string>): Keychain {
  return {
    get: async (name) => items.get(name) ?? null,
    set: async (name, value) => void items.set(name, value),
    remove: async (name) => void items.delete(name),
  };
}

export function portsIn(home: string, files: WriteFiles = realFiles()): Ports {
  const self = selfIn(home);
  return {
    self,
    files,
    git: realGit(self),
    keychain: async () => memoryKeychain(keychainIn(home)),
    tool: runTool,
  };
}

export function openRoom(files?: WriteFiles): Room {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "rekey-steps-")));
  return {
    ...portsIn(home, files),
    home,
    write(name, text, mode = 0o600) {
      const path = join(home, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, Buffer.from(text, "latin1"));
      chmodSync(path, mode);
      return path;
    },
    read: (name) => readFileSync(join(home, name)).toString("latin1"),
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}

function describe(path: string): string {
  const stats = lstatSync(path);
  const mode = (stats.mode & 0o7777).toString(8);
  if (stats.isSymbolicLink()) return `-> ${readlinkSync(path)}`;
  if (stats.isDirectory()) return `folder ${mode}`;
  return stats.isFile()
    ? `${mode} ${stats.uid}:${stats.gid} ${readFileSync(path).toString("latin1")}`
    : "other";
}

/** Everything in a home but our own state, with modes and owners: what must be the same again. */
export function picture(home: string): Record<string, string> {
  const seen: Record<string, string> = {};
  const walk = (folder: string): void => {
    for (const name of readdirSync(join(home, folder)).sort()) {
      const path = join(folder, name);
      if (path === ".local" || path === ".cache") continue;
      seen[path] = describe(join(home, path));
      if (seen[path]?.startsWith("folder")) walk(path);
    }
  };
  walk("");
  return seen;
}
