/** Several URLs, remotes, accounts and repositories at once; submodules and LFS; what no file holds. */
import { expect, test } from "bun:test";
import type { Receipt } from "../../src/core/receipt.ts";
import { sentBy } from "./causes.ts";
import { plant } from "./places.ts";
import { diagnose, fix, worksWith } from "./run-scenario.ts";
import { API_USER, makeScene, type Scene, SITE } from "./scene.ts";

const STORE = "[credential]\n\thelper = store\n";
const tokenOf = (scene: Scene, label = "api-token"): string => scene.box.emulator.secret(label);

async function undo(scene: Scene, before: Record<string, string>): Promise<void> {
  const undone = await scene.rekey(["undo", "--yes"]);
  expect(undone.code, undone.stdout + undone.stderr).toBe(0);
  expect(scene.files()).toEqual(before);
}

/** A good token in `store`, so that only what hides elsewhere is refused. */
async function withGoodStore(): Promise<Scene> {
  const scene = await makeScene("plain", sentBy("app password"));
  scene.global(STORE);
  scene.origin(SITE.replace("//", `//${API_USER}@`));
  scene.stored([{ user: API_USER, secret: tokenOf(scene, "api-token-keys") }]);
  return scene;
}

test("Git erased the credential on the first 401, and the second try has none", async () => {
  await using scene = await makeScene("plain", sentBy("token revoked"));
  await plant(scene, "store");
  const untouched = scene.box.read(".git-credentials");
  expect((await scene.act("fetch")).code).not.toBe(0);
  expect(scene.arrived()).toEqual(["api-token-revoked"]);
  expect(scene.box.read(".git-credentials").length).toBeLessThan(untouched.length);
  scene.box.emulator.clearLog();
  expect((await scene.act("fetch")).code).not.toBe(0);
  expect(scene.arrived()).toEqual([]);
  const before = scene.files();
  const ids = (await diagnose(scene, "fetch")).findings.map(({ id }) => id);
  expect(ids.slice(0, 2)).toEqual(["no-credential", "stored-credential-erased"]);
  await fix(scene, { direction: "fetch" }, tokenOf(scene));
  await worksWith(scene, "fetch", "api-token");
  await undo(scene, before);
});

test("every URL of a push is put right", async () => {
  await using scene = await makeScene("plain", sentBy("app password"));
  await plant(scene, "several URLs");
  await fix(scene, { direction: "push" }, tokenOf(scene));
  scene.box.emulator.clearLog();
  expect((await scene.act("push")).code).toBe(0);
  const pushed = scene.box.emulator.log.filter(({ path, credential }) => {
    return credential === "api-token" && path.endsWith(".git/git-receive-pack");
  });
  expect(pushed.map(({ path }) => path)).toEqual([
    "/acme/site.git/git-receive-pack",
    "/acme/docs.git/git-receive-pack",
  ]);
});

test("another account's remote keeps its own good token", async () => {
  await using scene = await makeScene("plain", sentBy("app password"));
  scene.global(STORE);
  scene.origin(SITE.replace("//", "//ana@"));
  scene.local(`[remote "bob"]\n\turl = ${SITE.replace("//", "//bob@")}\n`);
  scene.stored([scene.sent, { user: "bob", secret: tokenOf(scene, "api-token-bob") }]);
  const before = scene.files();
  await fix(scene, { direction: "fetch" }, tokenOf(scene));
  await worksWith(scene, "fetch", "api-token");
  scene.box.emulator.clearLog();
  expect((await scene.git(["ls-remote", "bob"])).code).toBe(0);
  expect(scene.arrived().at(-1)).toBe("api-token-bob");
  // Git has moved bob's entry to the front: it is taken back entry by entry.
  expect((await scene.rekey(["undo", "--yes"])).code).toBe(0);
  const sorted = (files: Record<string, string>) =>
    Object.entries(files).map(([file, text]) => [file, text.slice(5).split("\n").sort()]);
  expect(sorted(scene.files())).toEqual(sorted(before));
});

test("two remotes with the same app password are put right together", async () => {
  await using scene = await makeScene("plain", sentBy("app password"));
  scene.global(STORE);
  scene.origin(SITE.replace("//", `//${scene.pair}@`));
  scene.local(`[remote "guarded"]\n\turl = https://${scene.pair}@bitbucket.org/acme/guarded.git\n`);
  const before = scene.files();
  await fix(scene, { direction: "fetch" }, tokenOf(scene));
  await worksWith(scene, "fetch", "api-token");
  scene.box.emulator.clearLog();
  expect((await scene.git(["ls-remote", "guarded"])).code).toBe(0);
  expect(scene.arrived().at(-1)).toBe("api-token");
  expect(scene.arrived()).not.toContain("app-password");
  await undo(scene, before);
});

test("an access token is not offered to the repository beside it", async () => {
  await using scene = await makeScene("plain", sentBy("access token expired"));
  await plant(scene, "store");
  const beside = scene.box.path("work/guarded");
  await scene.box.git(["init", "-q", beside]);
  await scene.box.git(["-C", beside, "remote", "add", "origin", "https://bitbucket.org/acme/guarded.git"]);
  await fix(scene, { direction: "fetch" }, tokenOf(scene, "repository-token"));
  await worksWith(scene, "fetch", "repository-token");
  scene.box.emulator.clearLog();
  expect((await scene.git(["fetch", "origin"], { cwd: beside })).code).not.toBe(0);
  expect(scene.arrived()).not.toContain("repository-token");
  await worksWith(scene, "fetch", "repository-token");
});

test("a submodule that is planned: its URL in the superproject", async () => {
  await using scene = await withGoodStore();
  scene.local(
    `[submodule "lib"]\n\tactive = true\n\turl = https://${scene.pair}@bitbucket.org/acme/guarded.git\n`,
  );
  const before = scene.files();
  expect((await diagnose(scene, "fetch")).findings[0]?.id).toBe("app-password-sent");
  await fix(scene, { direction: "fetch" }, tokenOf(scene));
  const url = await scene.git(["config", "submodule.lib.url"]);
  expect(url.stdout).toBe(`https://${API_USER}@bitbucket.org/acme/guarded.git\n`);
  expect((await scene.git(["ls-remote", url.stdout.trim()])).code).toBe(0);
  await undo(scene, before);
});

test("a submodule that is there: its own configuration under .git/modules", async () => {
  await using scene = await withGoodStore();
  const gitDir = `${scene.gitDir}/modules/vendor/lib`;
  await scene.box.git(["init", "-q", "--bare", scene.box.path(gitDir)]);
  scene.append(
    `${gitDir}/config`,
    `[remote "origin"]\n\turl = https://${scene.pair}@bitbucket.org/acme/guarded.git\n`,
  );
  const before = scene.files();
  const inside = { cwd: gitDir };
  expect((await scene.git(["ls-remote", "origin"], inside)).code).not.toBe(0);
  expect((await diagnose(scene, "fetch")).findings[0]?.id).toBe("app-password-sent");
  await fix(scene, { direction: "fetch" }, tokenOf(scene));
  scene.box.emulator.clearLog();
  expect((await scene.git(["ls-remote", "origin"], inside)).code).toBe(0);
  expect(scene.arrived().at(-1)).toBe("api-token");
  await undo(scene, before);
});

test("Git LFS has a URL of its own", async () => {
  await using scene = await withGoodStore();
  scene.local(`[lfs]\n\turl = https://${scene.pair}@bitbucket.org/acme/site.git/info/lfs\n`);
  const before = scene.files();
  expect((await diagnose(scene, "fetch")).findings[0]?.id).toBe("app-password-sent");
  await fix(scene, { direction: "fetch" }, tokenOf(scene));
  expect((await scene.git(["config", "lfs.url"])).stdout).toBe(
    `https://${API_USER}@bitbucket.org/acme/site.git/info/lfs\n`,
  );
  await undo(scene, before);
});

test("a secret in the URL of what everybody may read goes without a new token", async () => {
  await using scene = await withGoodStore();
  scene.local(`[submodule "lib"]\n\turl = https://${scene.pair}@bitbucket.org/acme/docs.git\n`);
  const before = scene.files();
  expect((await diagnose(scene, "fetch")).findings[0]?.id).toBe("secret-in-submodule-url");
  const { code, stdout, stderr } = await scene.rekey(["fix", "--yes", "--json"]);
  expect(code, stdout + stderr).toBe(0);
  expect((JSON.parse(stdout) as Receipt).changed).toHaveLength(1);
  expect(scene.box.read(scene.localConfig)).not.toContain(scene.sent.secret);
  await undo(scene, before);
});

test("a header that a variable brings is in no file: a person must take it away", async () => {
  await using scene = await makeScene("plain", sentBy("app password"));
  await plant(scene, "no credential, store is empty");
  const header = `Authorization: Basic ${Buffer.from(`ana:${scene.sent.secret}`).toString("base64")}`;
  const env = {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: header,
  };
  const before = scene.box.snapshot();
  const { code, stderr } = await scene.rekey(["fix", "--yes"], { stdin: tokenOf(scene), env });
  expect(code).toBe(4);
  expect(stderr).toContain("nothing has been changed");
  expect(scene.arrived()).not.toContain("api-token");
  expect(scene.box.snapshot()).toEqual(before);
});

test("a new token that does not open what the old one opened is not put in its place", async () => {
  await using scene = await withGoodStore();
  scene.local('[remote "tools"]\n\turl = https://ana@bitbucket.org/other/tools.git\n');
  scene.stored([
    { user: API_USER, secret: tokenOf(scene, "api-token-keys") },
    { user: "ana", secret: tokenOf(scene, "app-password") },
  ]);
  const before = scene.files();
  const ran = await scene.rekey(["fix", "--yes"], { stdin: tokenOf(scene, "api-token-other-workspace") });
  expect(ran.code).toBe(4);
  expect(ran.stderr).toContain("`acme/site.git` works now");
  expect(scene.files()).toEqual(before);
});

test("a token that another repository keeps by its path is not dropped", async () => {
  await using scene = await makeScene("plain", sentBy("app password"));
  scene.global(`${STORE}[credential "https://bitbucket.org/other"]\n\tuseHttpPath = true\n`);
  scene.origin();
  scene.stored([
    { user: "ana", secret: tokenOf(scene, "app-password") },
    { user: API_USER, secret: tokenOf(scene, "api-token-keys"), path: "other/tools.git" },
  ]);
  const before = scene.files();
  const ran = await scene.rekey(["fix", "--yes"], { stdin: tokenOf(scene) });
  expect(ran.code).toBe(4);
  expect(ran.stderr).toContain("other/tools.git");
  expect(scene.files()).toEqual(before);
});

test("a port that is written out makes Git look for another host's credential", async () => {
  await using scene = await makeScene("plain", sentBy("app password"));
  scene.global(STORE);
  scene.origin(SITE.replace("bitbucket.org", "bitbucket.org:443"));
  scene.stored([{ user: "ana", secret: tokenOf(scene, "app-password") }]);
  const before = scene.files();
  const [first] = (await diagnose(scene, "fetch")).findings;
  expect(first?.id).toBe("no-credential");
  await fix(scene, { direction: "fetch" }, tokenOf(scene));
  await worksWith(scene, "fetch", "api-token");
  await undo(scene, before);
});
