/** git-rekey's own helper: what a person chooses, what is asked first, what else is on the machine. */
import { expect, test } from "bun:test";
import type { AccountList } from "../../src/core/account.ts";
import type { Receipt } from "../../src/core/receipt.ts";
import { assertValid } from "../contracts/validate.ts";
import { ACCOUNTS_FILE, plantAccount, plantHelper, plantList } from "../helper/accounts.ts";
import { type CauseName, sentBy } from "./causes.ts";
import { type PlaceName, plant } from "./places.ts";
import { fix, worksWith } from "./run-scenario.ts";
import { makeScene, type Scene, SITE } from "./scene.ts";

const OWN = ["--with", "helper", "--store", "file"];
const tokenOf = (scene: Scene, label = "api-token"): string => scene.box.emulator.secret(label);

async function broken(place: PlaceName, cause: CauseName = "app password"): Promise<Scene> {
  const scene = await makeScene("plain", sentBy(cause));
  await plant(scene, place);
  return scene;
}

async function undo(scene: Scene, before: Record<string, string>): Promise<void> {
  const undone = await scene.rekey(["undo", "--yes"]);
  expect(undone.code, undone.stdout + undone.stderr).toBe(0);
  expect(scene.files()).toEqual(before);
}

const accountsOf = (scene: Scene): AccountList["accounts"] =>
  JSON.parse(scene.box.read(ACCOUNTS_FILE)).accounts;

/** The person's machine with our helper asked already, and this token behind it. */
async function served(label: string, given: Parameters<typeof plantAccount>[3] = {}): Promise<Scene> {
  const scene = await makeScene("plain", sentBy("app password"));
  scene.origin();
  plantHelper(scene.box);
  plantList(scene.box, plantAccount(scene.box, "ana", tokenOf(scene, label), given));
  return scene;
}

async function refuses(
  scene: Scene,
  args: readonly string[],
  stdin = tokenOf(scene),
  env = {},
): Promise<string> {
  const before = scene.files();
  const { code, stdout, stderr } = await scene.rekey(["fix", "--yes", ...args], { stdin, env });
  expect(code, stdout + stderr).toBe(4);
  expect(stderr).toContain("nothing has been changed");
  expect(scene.files()).toEqual(before);
  return stderr;
}

test("no place is chosen silently", async () => {
  await using scene = await broken("store");
  const said = await refuses(scene, ["--with", "helper"]);
  expect(said).toContain("--store file");
});

test.each<[CauseName, string[]]>([
  ["token without read", ["bitbucket"]],
  ["token unscoped", ["bitbucket"]],
  ["app password", []],
  ["token revoked", []],
])("%s: what lives on at Bitbucket is listed to revoke, until undo", async (cause, names) => {
  await using scene = await broken("store", cause);
  const before = scene.files();
  const ran = await scene.rekey(["fix", "--yes", ...OWN], { stdin: tokenOf(scene) });
  expect(ran.code, ran.stderr).toBe(0);
  const { toRevoke } = JSON.parse(scene.box.read(ACCOUNTS_FILE)) as AccountList;
  expect(toRevoke.map(({ name }) => name)).toEqual(names);
  expect(ran.stdout.includes("git rekey token revoked")).toBe(names.length > 0);
  await undo(scene, before);
});

test("a last day that nobody said is remarked on, with the command that notes it", async () => {
  await using scene = await broken("store");
  const said = await scene.rekey(["fix", "--yes", ...OWN], { stdin: tokenOf(scene) });
  const [, typed = ""] = /`git rekey (token set \S+ --expires) DAY` notes it/.exec(said.stderr) ?? [];
  expect((await scene.rekey([...typed.split(" "), "9d", "--yes"])).code).toBe(0);
  expect((await scene.rekey(["token", "expiring"])).code).toBe(1);
});

test("a last day beyond a year is wrong for an API token, and is said before anything changes", async () => {
  await using scene = await broken("store");
  const before = scene.files();
  const ran = await scene.rekey(["fix", "--yes", ...OWN, "--expires", "400d"], { stdin: tokenOf(scene) });
  expect(ran.code).toBe(2);
  expect(ran.stderr).toMatch(/365 days at most.*nothing has been changed/);
  expect(scene.files()).toEqual(before);
});

test("a store of git-rekey's own means its helper", async () => {
  await using scene = await broken("store");
  const before = scene.files();
  await fix(scene, { direction: "fetch", flags: ["--store", "file"] }, tokenOf(scene));
  await worksWith(scene, "fetch", "api-token");
  expect(accountsOf(scene)).toHaveLength(1);
  await undo(scene, before);
});

test.each([
  ["--with helper --store git-store", "leave `--with helper` out"],
  ["--with remote --store file", "`--with helper`"],
  ["--store somewhere", "is no place"],
  ["--store env:", "wants the name of a variable"],
  ["--store command:a|b", "would need a shell"],
  ["--store file --expires yesterday", "is no day"],
  ["--store file --expires 2020-01-01", "tomorrow or later"],
  ["--store file --expires 400d", "365 days at most"],
])("misuse: %s", async (flags, words) => {
  await using scene = await broken("store");
  const { code, stderr } = await scene.rekey(["fix", "--yes", ...flags.split(" ")], {
    stdin: tokenOf(scene),
  });
  expect(code).toBe(2);
  expect(stderr).toContain(words);
});

test("what is known of the account is kept with it", async () => {
  await using scene = await broken("store, user in the URL");
  const expires = new Date(Date.now() + 100 * 24 * 3_600_000).toISOString().slice(0, 10);
  const flags = [...OWN, "--expires", expires, "--email", "ana@acme.example"];
  await fix(scene, { direction: "push", flags }, tokenOf(scene));
  expect(accountsOf(scene)).toMatchObject([
    {
      name: "ana",
      kind: "api-token",
      reach: null,
      username: "ana",
      email: "ana@acme.example",
      expires,
      rights: ["pull", "push"],
    },
  ]);
  expect(scene.box.read(scene.localConfig)).toContain("url = https://ana@bitbucket.org/acme/site.git");
});

test("an access token is for its repository, and Git says which it means", async () => {
  await using scene = await broken("no credential, no helper");
  await fix(scene, { direction: "fetch", flags: OWN }, tokenOf(scene, "repository-token"));
  expect(accountsOf(scene)).toMatchObject([
    { name: "acme/site", kind: "access-token", reach: { workspace: "acme", repository: "site" } },
  ]);
  expect(scene.box.read(".gitconfig")).toContain("\tuseHttpPath = true");
  scene.box.emulator.clearLog();
  await scene.box.git(["ls-remote", "https://bitbucket.org/acme/guarded.git"]);
  expect(scene.arrived()).not.toContain("repository-token");
});

test("an access token leaves the other repositories the helpers they have", async () => {
  await using scene = await broken("store", "access token expired");
  scene.stored([scene.sent, { user: "ana", secret: tokenOf(scene, "api-token-keys") }]);
  await fix(scene, { direction: "fetch", flags: OWN }, tokenOf(scene, "repository-token"));
  await worksWith(scene, "push", "repository-token");
  scene.box.emulator.clearLog();
  const beside = await scene.box.git(["ls-remote", "https://ana@bitbucket.org/acme/guarded.git"]);
  expect(beside.code, beside.stderr).toBe(0);
  expect(scene.arrived()).toContain("api-token-keys");
  expect(scene.arrived()).not.toContain("repository-token");
});

test("an account with a dead token gets another in its place, without a word about where", async () => {
  await using scene = await served("api-token-revoked", { expires: "2030-01-01" });
  const before = scene.files();
  await fix(scene, { direction: "fetch" }, tokenOf(scene));
  await worksWith(scene, "fetch", "api-token");
  expect(accountsOf(scene)).toMatchObject([
    { name: "ana", expires: null, secret: { kind: "file", name: "ana-2" } },
  ]);
  expect(scene.box.exists(".local/share/git-rekey/tokens/ana-1")).toBe(false);
  expect(scene.box.read(".gitconfig").match(/git-credential-rekey/g)).toHaveLength(1);
  await undo(scene, before);
});

test("another person's account stays, and the new one goes before it here", async () => {
  await using scene = await served("api-token-revoked", { email: "bob@acme.example" });
  const flags = [...OWN, "--email", "ana@acme.example"];
  await fix(scene, { direction: "fetch", flags }, tokenOf(scene));
  await worksWith(scene, "fetch", "api-token");
  expect(accountsOf(scene)).toMatchObject([
    { name: "ana", reach: null, email: "bob@acme.example" },
    { email: "ana@acme.example", reach: { workspace: "acme", repository: null } },
  ]);
});

test("where the token is there already only the lines are missing", async () => {
  await using scene = await broken("store");
  plantList(scene.box, plantAccount(scene.box, "ana", tokenOf(scene)));
  const before = scene.files();
  await fix(scene, { direction: "fetch", flags: ["--with", "helper"] }, "");
  await worksWith(scene, "fetch", "api-token");
  expect(scene.files()[ACCOUNTS_FILE]).toBe(before[ACCOUNTS_FILE] ?? "");
  await undo(scene, before);
});

test.each([
  ["env:BITBUCKET_TOKEN", { BITBUCKET_TOKEN: "api-token" }],
  ["command:cat token", {}],
] as const)(
  "the token is fetched from where it is, and nothing is read from stdin · %s",
  async (store, variables) => {
    await using scene = await broken("store");
    scene.box.write("token", `${tokenOf(scene)}\n`, 0o600);
    for (const [name, label] of Object.entries(variables)) scene.box.env[name] = tokenOf(scene, label);
    const before = scene.files();
    await fix(scene, { direction: "fetch", flags: ["--store", store] }, "not a token");
    await worksWith(scene, "fetch", "api-token");
    expect(accountsOf(scene)[0]?.digest).toBeNull();
    await undo(scene, before);
  },
);

test.each([
  ["env:NOWHERE", "`NOWHERE` is not set here"],
  ["command:false", "`false` ended with 1"],
  ["command:echo hello", "this is no token"],
])("a place without the token: %s", async (store, words) => {
  await using scene = await broken("store");
  expect(await refuses(scene, ["--store", store])).toContain(words);
});

test("an account whose token comes from a variable is looked at there, and nothing is asked for in its place", async () => {
  await using scene = await served("api-token", { secret: { kind: "env", name: "BITBUCKET_TOKEN" } });
  scene.box.env.BITBUCKET_TOKEN = tokenOf(scene, "api-token-revoked");
  const said = await refuses(scene, []);
  expect(said).toContain("Bitbucket refuses the new token");
  scene.box.env.BITBUCKET_TOKEN = tokenOf(scene);
  expect((await scene.act("fetch")).code).toBe(0);
});

test("a netrc entry for every host that is answered 401 stays: Git goes on to the helper", async () => {
  await using scene = await broken("netrc, default entry", "token revoked");
  const netrc = scene.box.read(".netrc");
  await fix(scene, { direction: "fetch", flags: OWN }, tokenOf(scene));
  expect((await scene.act("fetch")).code).toBe(0);
  expect(scene.arrived().at(-1)).toBe("api-token");
  expect(scene.box.read(".netrc")).toBe(netrc);
});

test("a keychain that is not there is said before anything is asked", async () => {
  await using scene = await broken("store");
  const said = await refuses(scene, ["--store", "keychain"], undefined, {
    DBUS_SESSION_BUS_ADDRESS: undefined,
  });
  expect(said).toContain("there is no keychain here");
});

test("a list of accounts that cannot be used", async () => {
  await using scene = await broken("store");
  scene.box.write(ACCOUNTS_FILE, '{"schema":"git-rekey/accounts@2"}', 0o600);
  expect(await refuses(scene, OWN)).toContain("newer git-rekey");
});

test("a netrc entry for every host is taken out only by name", async () => {
  await using scene = await broken("netrc, default entry");
  const before = scene.files();
  expect(await refuses(scene, OWN)).toContain("--accept netrc-shadows");
  await fix(scene, { direction: "fetch", flags: [...OWN, "--accept", "netrc-shadows"] }, tokenOf(scene));
  await worksWith(scene, "fetch", "api-token");
  await undo(scene, before);
});

test("a netrc entry that still opens something is taken out only by name", async () => {
  await using scene = await makeScene("plain", sentBy("token without write"));
  await plant(scene, "netrc, one line");
  expect(await refuses(scene, [...OWN, "--push"])).toContain("still opens some of what is here");
  await fix(scene, { direction: "push", flags: [...OWN, "--accept", "netrc-shadows"] }, tokenOf(scene));
  await worksWith(scene, "push", "api-token");
});

test("several names: one is the account's, the others give way", async () => {
  await using scene = await makeScene("plain", sentBy("app password"));
  scene.global("[credential]\n\thelper = store\n");
  scene.origin(SITE.replace("//", "//ana@"));
  scene.local(`[remote "bob"]\n\turl = ${SITE.replace("//", "//bob@")}\n`);
  scene.stored([scene.sent, { user: "bob", secret: tokenOf(scene, "app-password-bob") }]);
  const before = scene.files();
  await fix(scene, { direction: "fetch", flags: OWN }, tokenOf(scene));
  const config = scene.box.read(scene.localConfig);
  expect(config).toContain("https://ana@bitbucket.org/");
  expect(config).toContain("https://x-bitbucket-api-token-auth@bitbucket.org/");
  for (const remote of ["origin", "bob"]) expect((await scene.git(["ls-remote", remote])).code).toBe(0);
  await undo(scene, before);
});

test("a submodule of the repository works with it as well", async () => {
  await using scene = await broken("store");
  const gitDir = `${scene.gitDir}/modules/vendor/lib`;
  await scene.box.git(["init", "-q", "--bare", scene.box.path(gitDir)]);
  scene.append(
    `${gitDir}/config`,
    `[remote "origin"]\n\turl = https://${scene.pair}@bitbucket.org/acme/guarded.git\n`,
  );
  const before = scene.files();
  await fix(scene, { direction: "fetch", flags: OWN }, tokenOf(scene));
  scene.box.emulator.clearLog();
  expect((await scene.git(["ls-remote", "origin"], { cwd: gitDir })).code).toBe(0);
  expect(new Set(scene.arrived())).toEqual(new Set(["api-token"]));
  await undo(scene, before);
});

test("a helper that a variable brings comes after every file: a person must take it away", async () => {
  await using scene = await broken("store");
  const env = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "credential.helper", GIT_CONFIG_VALUE_0: "cache" };
  expect(await refuses(scene, OWN, undefined, env)).toContain("by a variable");
});

/** A second git that finds another configuration, as one that a program brings along. */
function plantGit(scene: Scene, setting: string): string {
  const real = Bun.which("git") ?? "git";
  const file = scene.box.write("../other/git", `#!/bin/sh\n${setting} exec '${real}' "$@"\n`, 0o755);
  scene.box.env.PATH = `${scene.box.env.PATH}:${scene.box.path("../other")}`;
  return file;
}

async function leftAfterFix(scene: Scene): Promise<Receipt["left"]> {
  const ran = await scene.rekey(["fix", "--yes", "--json", ...OWN], { stdin: tokenOf(scene) });
  expect(ran.code, ran.stderr).toBe(0);
  assertValid("receipt", ran.stdout);
  return (JSON.parse(ran.stdout) as Receipt).left;
}

test("another git on PATH that would send something else is named with its file", async () => {
  await using scene = await broken("store");
  const header = `Authorization: Basic ${Buffer.from("ana:x").toString("base64")}`;
  const system = scene.box.write("../other/gitconfig", `[http]\n\textraHeader = ${header}\n`);
  const git = plantGit(scene, `GIT_CONFIG_NOSYSTEM= GIT_CONFIG_SYSTEM='${system}'`);
  expect(await leftAfterFix(scene)).toEqual([
    {
      what: `\`${git}\` sends the credential in \`http.extraheader\` before any other`,
      reason: expect.stringContaining(system),
    },
  ]);
});

test("another git with another person's configuration asks other helpers", async () => {
  await using scene = await broken("store");
  const other = scene.box.write("../other/gitconfig", "[credential]\n\thelper = cache\n");
  const git = plantGit(scene, `GIT_CONFIG_GLOBAL='${other}'`);
  expect(await leftAfterFix(scene)).toEqual([
    { what: `\`${git}\` asks \`cache\` as well`, reason: expect.stringContaining(other) },
  ]);
});

test("another git whose system configuration ours resets is as good", async () => {
  await using scene = await broken("store");
  const system = scene.box.write("../other/gitconfig", "[credential]\n\thelper = osxkeychain\n");
  plantGit(scene, `GIT_CONFIG_NOSYSTEM= GIT_CONFIG_SYSTEM='${system}'`);
  expect(await leftAfterFix(scene)).toEqual([]);
});

test("a good token in a store that is asked no more is named", async () => {
  await using scene = await broken("store");
  scene.stored([scene.sent, { user: "bob", secret: tokenOf(scene, "api-token-bob") }]);
  expect(await leftAfterFix(scene)).toMatchObject([
    { what: expect.stringMatching(/keeps an API token of `bob`$/) },
  ]);
});

test("a git that knows no --show-scope is asked without it", async () => {
  await using scene = await broken("store");
  const other = scene.box.write("../other/gitconfig", "[credential]\n\thelper = cache\n");
  plantGit(scene, `case "$*" in *--show-scope*) exit 129 ;; esac; GIT_CONFIG_GLOBAL='${other}'`);
  expect(await leftAfterFix(scene)).toMatchObject([
    { what: expect.stringContaining("asks `cache` as well") },
  ]);
});

test("--plan-out and apply come to the same as fix", async () => {
  await using scene = await broken("store, user in the URL");
  const before = scene.files();
  const planned = await scene.rekey(["fix", "--plan-out", "../plan.json", ...OWN]);
  expect(planned.code, planned.stderr).toBe(0);
  assertValid("plan", scene.box.read("work/plan.json"));
  const applied = await scene.rekey(["apply", "--yes", "--json", "../plan.json"], { stdin: tokenOf(scene) });
  expect(applied.code, applied.stdout + applied.stderr).toBe(0);
  await worksWith(scene, "fetch", "api-token");
  const plan = scene.files()["work/plan.json"] ?? "";
  await undo(scene, { ...before, "work/plan.json": plan });
});

test("a plan file names no program to run", async () => {
  await using scene = await broken("store");
  const { code, stderr } = await scene.rekey([
    "fix",
    "--plan-out",
    "../p.json",
    "--store",
    "command:cat token",
  ]);
  expect(code).toBe(2);
  expect(stderr).toContain("may not name a program");
  expect(scene.box.exists("work/p.json")).toBe(false);
});

test("a second fix finds nothing to do", async () => {
  await using scene = await broken("remote URL");
  await fix(scene, { direction: "fetch", flags: OWN }, tokenOf(scene));
  const fixed = scene.files();
  const { code, stderr } = await scene.rekey(["fix", "--yes", ...OWN], { stdin: tokenOf(scene) });
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("there is nothing to fix here");
  expect(scene.files()).toEqual(fixed);
});

test("fix URL outside any repository, and git clone after it", async () => {
  await using scene = await broken("store");
  scene.cwd = ".";
  const before = scene.files();
  const { code, stdout, stderr } = await scene.rekey(["fix", "--yes", ...OWN, SITE], {
    stdin: tokenOf(scene),
  });
  expect(code, stdout + stderr).toBe(0);
  scene.box.emulator.clearLog();
  expect((await scene.git(["clone", "-q", SITE, "../tmp/clone"])).code).toBe(0);
  expect(new Set(scene.arrived())).toEqual(new Set(["api-token"]));
  await undo(scene, before);
});
