/** A token that Bitbucket refuses for one repository may serve others: it is not lost without a word. */
import { describe, expect, test } from "bun:test";
import { sentBy } from "./causes.ts";
import { fix, worksWith } from "./run-scenario.ts";
import { API_USER, makeScene, type Scene, SITE } from "./scene.ts";

const STORE = "[credential]\n\thelper = store\n";
const tokenOf = (scene: Scene, label = "api-token"): string => scene.box.emulator.secret(label);

async function undo(scene: Scene, before: Record<string, string>): Promise<void> {
  const undone = await scene.rekey(["undo", "--yes"]);
  expect(undone.code, undone.stdout + undone.stderr).toBe(0);
  expect(scene.files()).toEqual(before);
}

describe("a token that is refused for one repository alone", () => {
  const DOCS = "https://bitbucket.org/acme/docs.git";
  const OTHERS = "token that is refused for";

  test("stays in its helper for the repository it opens", async () => {
    await using scene = await makeScene("plain", sentBy("access token of another repository"));
    scene.global(STORE);
    scene.origin();
    scene.stored([scene.sent], undefined, true);
    const before = scene.files();
    await fix(scene, { direction: "fetch" }, tokenOf(scene, "repository-token"));
    await worksWith(scene, "fetch", "repository-token");
    scene.box.emulator.clearLog();
    await scene.box.git(["clone", "--quiet", DOCS, "docs"]);
    const push = ["push", "--dry-run", "origin", "HEAD:refs/heads/topic"];
    expect((await scene.box.git(push, { cwd: "docs" })).code).toBe(0);
    expect(scene.arrived()).toContain("repository-token-docs");
    expect(scene.arrived()).not.toContain("repository-token");
    await scene.box.run(["rm", "-r", "docs"]);
    await undo(scene, before);
  });

  test("is not replaced in its helper for another remote's sake", async () => {
    await using scene = await makeScene("plain", sentBy("app password"));
    scene.box.emulator.switches.forbiddenGitText = "403-text";
    scene.global(STORE);
    scene.origin(SITE.replace("https://", `https://${scene.pair}@`));
    scene.local('[remote "closed"]\n\turl = https://bitbucket.org/acme/empty.git\n');
    scene.stored([{ user: API_USER, secret: tokenOf(scene, "api-token-bob") }]);
    const before = scene.files();
    const ran = await scene.rekey(["fix", "--yes"], { stdin: tokenOf(scene) });
    expect(ran.code).toBe(4);
    expect(ran.stderr).toContain(OTHERS);
    expect(ran.stderr).toContain("`--with access-token`");
    expect(scene.files()).toEqual(before);
  });

  test("stays in netrc, and Git goes on to the one for this repository", async () => {
    await using scene = await makeScene("plain", sentBy("access token of another repository"));
    scene.origin();
    scene.netrc(`machine bitbucket.org login ${scene.sent.user} password ${scene.sent.secret}\n`);
    const before = scene.files();
    const flags = ["--store", "git-store"];
    await fix(scene, { direction: "fetch", flags }, tokenOf(scene, "repository-token"));
    expect(scene.files()[".netrc"]).toBe(before[".netrc"] ?? "");
    expect((await scene.act("fetch")).code).toBe(0);
    expect(scene.arrived().at(-1)).toBe("repository-token");
    await undo(scene, before);
  });

  test("is replaced in netrc by a token for everything, and that is said", async () => {
    await using scene = await makeScene("plain", sentBy("access token of another repository"));
    scene.origin();
    scene.netrc(`machine bitbucket.org login ${scene.sent.user} password ${scene.sent.secret}\n`);
    const ran = await scene.rekey(["fix", "--dry-run", "--with", "remote"]);
    expect(ran.stdout.replace(/\s+/g, " ")).toContain(OTHERS);
  });

  test("or perhaps for all: what to do if not is said", async () => {
    await using scene = await makeScene("plain", sentBy("token of another workspace"));
    scene.global(STORE);
    scene.origin();
    scene.stored([scene.sent]);
    const ran = await scene.rekey(["fix", "--dry-run"]);
    expect(ran.stdout.replace(/\s+/g, " ")).toContain(
      "If that one still opens other repositories, `--with access-token` keeps one",
    );
  });

  test("an app password is dead for all, so nothing is said", async () => {
    await using scene = await makeScene("plain", sentBy("app password"));
    scene.global(STORE);
    scene.origin();
    scene.stored([{ ...scene.sent, user: API_USER }]);
    const ran = await scene.rekey(["fix", "--dry-run"]);
    expect(ran.stdout).toContain("The plan");
    expect(ran.stdout).not.toContain("takes the place");
  });
});
