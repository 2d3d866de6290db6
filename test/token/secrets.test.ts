/** Tokens are in their place and nowhere else: no output, no other file, no argv, no child's environment. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Cage, type Canary, leaksIn, openCage } from "../canary/canaries.ts";
import type { Ran } from "../sandbox.ts";
import { TOKENS } from "./people.ts";

let cage: Cage;
const canaries: Canary[] = [];
beforeAll(async () => {
  cage = await openCage();
  const { emulator } = cage.box;
  const scopes = ["read:repository:bitbucket", "write:repository:bitbucket", "read:user:bitbucket"];
  emulator.issue({ kind: "api-token", owner: "ana", label: "newer", scopes });
  for (const label of [
    "api-token",
    "newer",
    "api-token-revoked",
    "repository-token",
    "app-password",
    "data-center",
  ])
    canaries.push({ where: label, user: "x-bitbucket-api-token-auth", secret: emulator.secret(label) });
  canaries.push(...cage.canaries);
});
afterAll(() => cage[Symbol.asyncDispose]());

const EMPTY: readonly string[] = [];

/** Runs it, and looks at everything that others could see of it. */
async function run(argv: readonly string[], label: string | null = null, env = {}): Promise<Ran> {
  const stdin = label === null ? "" : `${cage.box.emulator.secret(label)}\n`;
  const ran = await cage.box.rekey(["token", ...argv], { cwd: "site", stdin, env: { ...cage.env, ...env } });
  const inherited = new Set(
    Object.entries({ ...cage.env, ...env }).map(([name, value]) => `${name}=${value}`),
  );
  const children = cage
    .recorded()
    .flatMap((child) => child.split("\n").filter((line) => !inherited.has(line)));
  const seen = { stdout: ran.stdout, stderr: ran.stderr, children: children.join("\n") };
  for (const [where, text] of Object.entries(seen))
    expect({ where, argv, leaks: leaksIn(text, canaries) }).toEqual({ where, argv, leaks: [...EMPTY] });
  return ran;
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Our own files and who may read them. Backups hold what the files held, for undo. */
function expectKept(...places: string[]): void {
  const { box } = cage;
  const ours = [".local", ".config"].filter(box.exists).flatMap((folder) => filesUnder(box.path(folder)));
  const holders = ours.filter((file) => leaksIn(readFileSync(file, "latin1"), canaries).length > 0);
  const known = places.map((place) => box.path(TOKENS, place));
  expect(holders.filter((file) => !file.includes("/backups/")).sort()).toEqual(known.sort());
  for (const file of holders) {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(file, "..")).mode & 0o777).toBe(0o700);
  }
}

const ADD = ["add", "--yes", "--store", "file", "--expires", "90d", "--email", "ana@acme.example"];

test("through every command and every way out", async () => {
  for (const label of ["app-password", "data-center", "api-token-revoked", "repository-token"])
    expect((await run(ADD, label)).code).toBe(4);
  expectKept();
  expect((await run([...ADD, "--push"], "api-token")).code).toBe(0);
  expectKept("ana-1");
  expect((await run([...ADD, "--for", "acme/site", "--json"], "repository-token")).code).toBe(0);
  expectKept("acme-site-1", "ana-1");
  for (const argv of [
    ["list"],
    ["list", "--json"],
    ["check"],
    ["check", "--json"],
    ["set", "ana", "--expires", "80d", "--yes"],
    ["set", "ana", "--expires", "80d", "--yes", "--json"],
    ["expiring"],
    ["expiring", "--within", "365d", "--json"],
  ])
    await run(argv);
  const rotate = ["rotate", "ana", "--yes", "--expires", "9d", "--repository", "acme/docs"];
  expect((await run(rotate, "api-token")).code).toBe(4);
  expect((await run(rotate, "api-token-revoked")).code).toBe(4);
  expect((await run([...rotate, "--json"], "newer")).code).toBe(0);
  expectKept("acme-site-1", "ana-2");
  await run(["expiring", "--format", "prometheus", "--output", "metrics"]);
  expect(leaksIn(cage.box.read("site/metrics"), canaries)).toEqual([]);
  expect((await run(["remove", "acme/site", "--yes", "--json"])).code).toBe(0);
  expect((await run(["revoked", "--yes"])).code).toBe(0);
  expectKept("ana-2");
});

test("a token where a word belongs is not repeated", async () => {
  const secret = cage.box.emulator.secret("api-token");
  for (const argv of [
    ["add", "--name", secret],
    ["add", "--for", secret],
    ["add", "--store", secret],
    ["add", "--store", `env:${secret}`],
    ["add", "--expires", secret],
    ["add", "--username", secret],
    ["add", "--repository", `https://x:${secret}@bitbucket.org/a`],
    ["add", secret],
    ["check", secret],
    ["rotate", secret],
    ["set", secret, "--expires", "9d"],
    ["set", "ana", "--username", secret],
    ["revoked", secret],
    [secret],
    ["expiring", "--within", secret],
  ])
    expect((await run(argv)).code).toBeOneOf([2, 4]);
});

test("a token in a variable or behind a program stays there", async () => {
  const env = { MY_TOKEN: cage.box.emulator.secret("api-token") };
  const argv = ["add", "--yes", "--expires", "90d", "--username", "bob", "--for", "acme"];
  expect((await run([...argv, "--name", "vars", "--store", "env:MY_TOKEN"], null, env)).code).toBe(0);
  await run(["check", "vars"], null, env);
  await run(["check", "vars"]);
  cage.box.write("give", '#!/bin/sh\necho "$MY_TOKEN"; echo "$MY_TOKEN" >&2\n', 0o755);
  const store = `command:${cage.box.path("give")}`;
  await run([...argv, "--name", "tool", "--for", "acme/docs", "--store", store], null, env);
  await run(["rotate", "tool", "--yes", "--expires", "unknown", "--unverified"], null, env);
  expectKept("ana-2");
});
