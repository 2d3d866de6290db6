/** Somebody with a home folder of their own, who runs real git against an emulator. */
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "../../emulator/index.ts";

interface Told {
  code: number;
  stdout: string;
  stderr: string;
}

export interface Person {
  home: string;
  git(...args: string[]): Promise<Told>;
  /** The URL with this user and the secret of that label in it. */
  url(user: string, label: string, repository?: string): string;
  leave(): Promise<void>;
}

/** `env`: on top of an otherwise empty environment. */
export function makePerson(emulator: Emulator, env: Readonly<Record<string, string>> = {}): Person {
  const home = mkdtempSync(join(tmpdir(), "person-"));
  const identity = { NAME: "Ana", EMAIL: "ana@acme.example" };
  const own = {
    PATH: process.env.PATH ?? "",
    HOME: home,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
    GIT_AUTHOR_NAME: identity.NAME,
    GIT_AUTHOR_EMAIL: identity.EMAIL,
    GIT_COMMITTER_NAME: identity.NAME,
    GIT_COMMITTER_EMAIL: identity.EMAIL,
    ...emulator.env,
    ...env,
  };
  return {
    home,
    async git(...args) {
      const child = Bun.spawn(["git", ...args], { cwd: home, env: own, stdout: "pipe", stderr: "pipe" });
      const [stdout, stderr, code] = await Promise.all([
        child.stdout.text(),
        child.stderr.text(),
        child.exited,
      ]);
      return { code, stdout, stderr };
    },
    url(user, label, repository = "acme/site") {
      const pair = `${encodeURIComponent(user)}:${encodeURIComponent(emulator.secret(label))}`;
      return `https://${pair}@bitbucket.org/${repository}.git`;
    },
    leave: () => rm(home, { recursive: true, force: true }),
  };
}

export interface Asked {
  method?: string;
  authorization?: string;
  body?: unknown;
}

/** One request by Bun's own fetch, through the emulator's proxy. Never follows a redirect. */
export async function ask(emulator: Emulator, url: string, asked: Asked = {}): Promise<Response> {
  const { method = "GET", authorization, body } = asked;
  return fetch(url, {
    method,
    redirect: "manual",
    proxy: emulator.proxyUrl,
    tls: { ca: await Bun.file(emulator.caFile).text() },
    headers: authorization ? { authorization } : {},
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

/** `Basic …` with the secret of that label. */
export function basic(emulator: Emulator, user: string, label: string): string {
  return `Basic ${Buffer.from(`${user}:${emulator.secret(label)}`).toString("base64")}`;
}

/** `Bearer …` with the secret of that label. */
export function bearer(emulator: Emulator, label: string): string {
  return `Bearer ${emulator.secret(label)}`;
}
