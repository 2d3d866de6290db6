/** The ways and flags of `fix`, each where it matters. */
import { expect, test } from "bun:test";
import type { Receipt } from "../../src/core/receipt.ts";
import { assertValid } from "../contracts/validate.ts";
import { type CauseName, sentBy } from "./causes.ts";
import { type PlaceName, plant } from "./places.ts";
import { fix, worksWith } from "./run-scenario.ts";
import { API_USER, encoded, makeScene, type Scene, SITE } from "./scene.ts";

async function broken(place: PlaceName, cause: CauseName = "app password"): Promise<Scene> {
  const scene = await makeScene("plain", sentBy(cause));
  await plant(scene, place);
  return scene;
}

const tokenOf = (scene: Scene, label = "api-token"): string => scene.box.emulator.secret(label);

/** A person at the prompt, as Git meets one without a terminal. */
function personTyping(scene: Scene, label: string): Record<string, string> {
  scene.box.write("../tmp/typed", tokenOf(scene, label), 0o600);
  const typed = scene.box.path("../tmp/typed");
  return { GIT_ASKPASS: scene.box.write("../tmp/ask", `#!/bin/sh\nexec cat '${typed}'\n`, 0o755) };
}

for (const place of [
  "store",
  "remote URL",
  "remote URL, no helper",
  "header, Bitbucket",
  "insteadOf",
] as const) {
  test(`--store prompt keeps the token nowhere · ${place}`, async () => {
    await using scene = await broken(place);
    const before = scene.files();
    const receipt = await fix(scene, { direction: "fetch", flags: ["--store", "prompt"] }, tokenOf(scene));
    expect(receipt.helpers).toEqual([]);
    expect((await scene.act("fetch")).code).not.toBe(0);

    const env = personTyping(scene, "api-token");
    scene.box.emulator.clearLog();
    const typed = await scene.act("fetch", { env });
    expect(typed.code, typed.stderr).toBe(0);
    expect(scene.arrived().at(-1)).toBe("api-token");
    expect(scene.arrived()).not.toContain("app-password");
    for (const form of [tokenOf(scene), encoded(tokenOf(scene))]) expect(scene.filesWith(form)).toEqual([]);

    expect((await scene.rekey(["undo", "--yes"])).code).toBe(0);
    expect(scene.files()).toEqual(before);
  });
}

for (const place of ["store", "remote URL", "no credential, no helper"] as const) {
  test(`--with access-token is for this repository alone · ${place}`, async () => {
    await using scene = await broken(place);
    const before = scene.files();
    const flags = ["--with", "access-token", "--store", "git-store"];
    await fix(scene, { direction: "push", flags }, tokenOf(scene, "repository-token"));
    await worksWith(scene, "fetch", "repository-token");
    await worksWith(scene, "push", "repository-token");

    scene.box.emulator.clearLog();
    await scene.box.git(["ls-remote", "https://bitbucket.org/acme/guarded.git"]);
    expect(scene.arrived()).not.toContain("repository-token");

    expect((await scene.rekey(["undo", "--yes"])).code).toBe(0);
    expect(scene.files()).toEqual(before);
  });
}

test("--with forget only erases", async () => {
  await using scene = await broken("store, user in the URL");
  const before = scene.files();
  const { code, stdout, stderr } = await scene.rekey(["fix", "--with", "forget", "--yes", "--json"]);
  expect(code, stdout + stderr).toBe(0);
  assertValid("receipt", stdout);
  const stale = scene.sent.secret;
  const wanted = (before[".git-credentials"] ?? "").split("\n").filter((line) => !line.includes(stale));
  expect(scene.files()).toEqual({ ...before, ".git-credentials": wanted.join("\n") });
  scene.box.emulator.clearLog();
  expect((await scene.act("fetch")).stderr).toContain("could not read Password");
  expect(scene.arrived()).not.toContain("app-password");
  expect((await scene.rekey(["undo", "--yes"])).code).toBe(0);
  expect(scene.files()).toEqual(before);
});

test("--with forget empties a cache of this entry alone", async () => {
  await using scene = await broken("cache");
  const asked = (host: string) =>
    scene.git(["credential-cache", "get"], { stdin: `protocol=https\nhost=${host}\n\n` });
  await scene.git(["credential-cache", "store"], {
    stdin: "protocol=https\nhost=github.com\nusername=ana\npassword=hub\n\n",
  });
  const { code, stdout, stderr } = await scene.rekey(["fix", "--with", "forget", "--yes"]);
  expect(code, stdout + stderr).toBe(0);
  expect((await asked("bitbucket.org")).stdout).toBe("");
  expect((await asked("github.com")).stdout).toContain("password=hub");
});

for (const place of ["store", "remote URL", "netrc, several lines", "cache"] as const) {
  test(`--plan-out and apply come to the same as fix · ${place}`, async () => {
    await using scene = await broken(place);
    const before = scene.files();
    const planned = await scene.rekey(["fix", "--plan-out", "../plan.json"]);
    expect(planned.code, planned.stdout + planned.stderr).toBe(0);
    const plan = scene.box.read("work/plan.json");
    assertValid("plan", plan);
    expect(plan).not.toContain(scene.sent.secret);
    const { "work/plan.json": written, ...others } = scene.files();
    expect(written?.slice(0, 4)).toBe("0600");
    expect(others).toEqual(before);

    const stdin = tokenOf(scene);
    const applied = await scene.rekey(["apply", "--yes", "--json", "../plan.json"], { stdin });
    expect(applied.code, applied.stdout + applied.stderr).toBe(0);
    assertValid("receipt", applied.stdout);
    expect((JSON.parse(applied.stdout) as Receipt).proven.map(({ result }) => result)).toEqual([
      "succeeded",
      "succeeded",
    ]);
    await worksWith(scene, "fetch", "api-token");
    const again = await scene.rekey(["apply", "--yes", "../plan.json"], { stdin });
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("nothing has been changed");
    expect((await scene.rekey(["undo", "--yes"])).code).toBe(0);
    expect(scene.files()).toEqual({ ...before, "work/plan.json": written ?? "" });
  });
}

for (const place of ["store", "cache", "header, Bitbucket"] as const) {
  test(`--dry-run changes nothing · ${place}`, async () => {
    await using scene = await broken(place);
    const skip = (path: string) => path.startsWith(".cache");
    const before = scene.box.snapshot(scene.box.home, skip);
    const { code, stdout } = await scene.rekey(
      ["fix", "--dry-run", "--yes", "--json", "--store", "git-store"],
      {
        stdin: tokenOf(scene),
      },
    );
    expect(code).toBe(1);
    assertValid("plan", stdout);
    expect(scene.box.snapshot(scene.box.home, skip)).toEqual(before);
    expect(scene.arrived()).not.toContain("api-token");
  });
}

test("fix URL works outside any repository, and git clone after it", async () => {
  await using scene = await broken("store");
  scene.cwd = ".";
  const before = scene.files();
  const args = ["fix", "--yes", "--json", SITE];
  const { code, stdout, stderr } = await scene.rekey(args, { stdin: tokenOf(scene) });
  expect(code, stdout + stderr).toBe(0);
  assertValid("receipt", stdout);
  scene.box.emulator.clearLog();
  const cloned = await scene.git(["clone", "-q", SITE, "../tmp/clone"]);
  expect(cloned.code, cloned.stderr).toBe(0);
  expect(scene.arrived().at(-1)).toBe("api-token");
  expect(scene.arrived()).not.toContain("app-password");
  expect((await scene.rekey(["undo", "--yes"])).code).toBe(0);
  expect(scene.files()).toEqual(before);
});

for (const place of ["store", "cache", "remote URL", "netrc, one line"] as const) {
  test(`a second fix finds nothing to do · ${place}`, async () => {
    await using scene = await broken(place);
    await fix(scene, { direction: "fetch" }, tokenOf(scene));
    await scene.act("fetch");
    const fixed = scene.files();
    const { code, stderr } = await scene.rekey(["fix", "--yes"], { stdin: tokenOf(scene) });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("there is nothing to fix here");
    expect(scene.files()).toEqual(fixed);
  });
}

for (const place of ["remote URL, no helper", "header, Bitbucket", "no credential, no helper"] as const) {
  test(`no place to keep the token is chosen silently · ${place}`, async () => {
    await using scene = await broken(place);
    const before = scene.box.snapshot();
    const { code, stderr } = await scene.rekey(["fix", "--yes"], { stdin: tokenOf(scene) });
    expect(code).toBe(4);
    expect(stderr).toContain("hint: `git rekey fix --yes --store file`");
    for (const place of ["git-store", "prompt", "env:NAME", "command:"]) expect(stderr).toContain(place);
    expect(stderr).toContain("nothing has been changed");
    expect(scene.box.snapshot()).toEqual(before);
  });
}

test("a shell helper with a password in it is somebody's own: it stays until it is accepted", async () => {
  await using scene = await broken("a shell helper");
  const before = scene.files();
  const { code, stdout, stderr } = await scene.rekey(["fix", "--yes", "--store", "git-store"], {
    stdin: tokenOf(scene),
  });
  expect(code, stdout + stderr).toBe(0);
  // The way past it is a section for Bitbucket alone; the helper itself is as it was.
  expect(scene.box.read(".gitconfig")).toStartWith(before[".gitconfig"]?.slice(5) ?? "");
  await worksWith(scene, "fetch", "api-token");
  expect((await scene.rekey(["undo", "--yes"])).code).toBe(0);
  expect(scene.files()).toEqual(before);
});

for (const [cause, user] of [
  ["e-mail as user", API_USER],
  ["x-token-auth with an API token", API_USER],
] as const) {
  test(`a token under a wrong user name may stay · ${cause}`, async () => {
    await using scene = await broken("store", cause);
    const before = scene.files();
    await fix(scene, { direction: "fetch" }, "");
    scene.box.emulator.clearLog();
    expect((await scene.act("fetch")).code).toBe(0);
    const [sent] = scene.box.emulator.log.filter(({ credential }) => credential === scene.sent.label);
    expect(sent?.user).toBe(user);
    expect((await scene.rekey(["undo", "--yes"])).code).toBe(0);
    expect(scene.files()).toEqual(before);
  });
}

/** The machine's own configuration, as an administrator has it. */
async function withSystemHeader(): Promise<{ scene: Scene; file: string }> {
  const scene = await broken("no credential, store is empty");
  const header = `Basic ${Buffer.from(`ana:${scene.sent.secret}`).toString("base64")}`;
  const file = scene.box.write(
    "../etc/gitconfig",
    `# of all\n[http]\n\textraHeader = Authorization: ${header}\n`,
  );
  delete scene.box.env.GIT_CONFIG_NOSYSTEM;
  scene.box.env.GIT_CONFIG_SYSTEM = file;
  return { scene, file };
}

test("what belongs to the whole machine is changed only when it is accepted by name", async () => {
  const { scene, file } = await withSystemHeader();
  await using _ = scene;
  const before = scene.box.snapshot(scene.box.root);
  const refused = await scene.rekey(["fix", "--yes"], { stdin: tokenOf(scene) });
  expect(refused.code, refused.stdout + refused.stderr).toBe(4);
  expect(refused.stderr).toContain("--accept");
  expect(refused.stderr).toContain("nothing has been changed");
  expect(scene.box.snapshot(scene.box.root)).toEqual(before);

  const flags = ["--accept", "app-password-sent,extra-header-shadows"];
  await fix(scene, { direction: "fetch", flags }, tokenOf(scene));
  expect(scene.box.read(file)).not.toContain("extraHeader");
  await worksWith(scene, "fetch", "api-token");
  expect((await scene.rekey(["undo", "--yes"])).code).toBe(0);
  expect(scene.box.read(file)).toContain("extraHeader");
});

test("the default entry of netrc is for every host: it is changed only when it is accepted", async () => {
  await using scene = await broken("netrc, default entry");
  const before = scene.box.snapshot();
  const { code, stderr } = await scene.rekey(["fix", "--yes"], { stdin: tokenOf(scene) });
  expect(code, stderr).toBe(4);
  expect(stderr).toContain("--accept netrc-shadows");
  expect(scene.box.snapshot()).toEqual(before);
});
