/** Real git with nothing of this machine around it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const clean = (home: string): Record<string, string> => ({
  PATH: process.env.PATH ?? "",
  HOME: home,
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
});

export function temporaryFolder(): { path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), "rekey-formats-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

export function runGit(home: string, args: readonly string[], input?: string | Uint8Array) {
  const { status, stdout } = spawnSync("git", [...args], { env: clean(home), cwd: home, input });
  return { code: status, stdout: new Uint8Array(stdout) };
}

/** What git lists of a configuration text; null where it calls it broken. */
export function gitList(home: string, bytes: Uint8Array): Uint8Array | null {
  const file = join(home, "config-under-test");
  writeFileSync(file, bytes);
  const { code, stdout } = runGit(home, ["config", "--file", file, "--list", "-z"]);
  return code === 0 ? stdout : null;
}

/** Runs `git credential-store` once on a file with these bytes; the file afterwards. */
export function throughStore(home: string, bytes: Uint8Array, verb: string, input: string): Uint8Array {
  const file = join(home, "store-under-test");
  writeFileSync(file, bytes);
  runGit(home, ["credential-store", `--file=${file}`, verb], input);
  return new Uint8Array(readFileSync(file));
}

export const latin = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));
export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
