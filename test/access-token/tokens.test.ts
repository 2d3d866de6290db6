/** What a person pastes for `--with access-token`: judged by its text, by Git's two doors and by REST, before anything changes. */
import { describe, expect, test } from "bun:test";
import type { Fault } from "../../emulator/index.ts";
import type { Report } from "../../src/core/report.ts";
import { assertValid } from "../contracts/validate.ts";
import type { Ran } from "../sandbox.ts";
import { sentBy } from "../scenarios/causes.ts";
import { worksWith } from "../scenarios/run-scenario.ts";
import { makeScene, type Scene, SITE } from "../scenarios/scene.ts";

async function refused(): Promise<Scene> {
  const scene = await makeScene("plain", sentBy("app password"));
  scene.global("[credential]\n\thelper = store\n");
  scene.origin();
  scene.stored([scene.sent]);
  return scene;
}

const labelled = (label: string) => (scene: Scene) => scene.box.emulator.secret(label);

const KEEP = ["--with", "access-token", "--store", "file"];

function paste(scene: Scene, token: string, flags: readonly string[] = KEEP): Promise<Ran> {
  return scene.rekey(["fix", "--yes", ...flags], { stdin: token });
}

describe("refused with one sentence, and nothing is changed", () => {
  test.each<[string, (scene: Scene) => string, string[], RegExp]>([
    ["an API token", labelled("api-token"), [], /API token.*a person's.*`--with helper` or `--with remote`/],
    ["an app password", labelled("app-password"), [], /an app password, which Bitbucket no longer accepts/],
    ["an OAuth token", labelled("oauth"), [], /no token of a repository.*an OAuth token lives two hours/],
    ["cut off", (scene) => labelled("repository-token")(scene).slice(0, 120), [], /the copy was cut off/],
    [
      "with a blank inside",
      (scene) => labelled("repository-token")(scene).replace(/(?<=^.{80})/, " "),
      [],
      /a blank or a line end inside it/,
    ],
    [
      "an organisation's key",
      (scene) => scene.box.emulator.mint("repository-token"),
      [],
      /with Git and with REST: it expired, was revoked.*admin API key of an organisation, which begins `ATCTT` as well/,
    ],
    ["expired", labelled("repository-token-expired"), [], /with Git and with REST: it expired/],
    [
      "another repository's",
      labelled("repository-token-docs"),
      [],
      /is alive, but does not open `acme\/site`: it was made in another repository/,
    ],
    [
      "read-only, for a push",
      labelled("repository-token-read"),
      ["--push"],
      /may not write to `acme\/site`: the scope for it was not ticked/,
    ],
  ])("%s", async (_, tokenOf, more, words) => {
    await using scene = await refused();
    const before = scene.files();
    const token = tokenOf(scene);
    const { code, stdout, stderr } = await paste(scene, token, [...KEEP, ...more]);
    expect(code, stdout + stderr).toBe(4);
    const said = stderr.split("\n").filter((line) => line.startsWith("git-rekey: "));
    expect(said).toEqual([expect.stringMatching(words)]);
    expect(said[0]).toEndWith("; nothing has been changed");
    expect(stdout + stderr).not.toContain(token);
    expect(scene.files()).toEqual(before);
  });

  test("the page with this repository's tokens is named", async () => {
    await using scene = await refused();
    const { stderr } = await paste(scene, labelled("repository-token-docs")(scene));
    expect(stderr).toContain("`https://bitbucket.org/acme/site/admin/access-tokens`");
  });

  test.each<[string, Fault, number]>([
    [
      "Bitbucket's Git host is busy",
      { kind: "rate-limited", retryAfterSeconds: 30, host: "bitbucket.org" },
      3,
    ],
    ["nobody is reached", { kind: "unreachable" }, 3],
  ])("%s", async (_, fault, code) => {
    await using scene = await refused();
    const before = scene.files();
    scene.box.emulator.switches.faults = [fault];
    const ran = await paste(scene, labelled("repository-token")(scene));
    expect(ran.code, ran.stdout + ran.stderr).toBe(code);
    expect(ran.stderr).toContain("nothing has been changed");
    expect(scene.files()).toEqual(before);
  });
});

describe("taken, with a remark", () => {
  test.each<[string, string, string[], RegExp | null]>([
    ["exactly what is needed to pull", "repository-token-read", [], null],
    ["exactly what is needed to push", "repository-token", ["--push"], null],
    ["may write, only a pull is wanted", "repository-token", [], /more than Git needs \(repository:write\)/],
    [
      "scopes for pull requests",
      "repository-token-pullrequest",
      ["--push"],
      /more than Git needs \(pullrequest:write\)/,
    ],
    [
      "a project's",
      "project-token",
      ["--push"],
      /of a project, which opens more.*gives it for this one alone/,
    ],
    ["a workspace's", "workspace-token", ["--push"], /of a workspace, which opens more/],
  ])("%s", async (_, label, more, words) => {
    await using scene = await refused();
    const before = scene.files();
    const ran = await paste(scene, labelled(label)(scene), [...KEEP, ...more, "--expires", "90d"]);
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
    if (words === null) expect(ran.stderr).not.toContain("note:");
    else expect(ran.stderr.replace(/\s+/g, " ")).toMatch(words);
    await worksWith(scene, "fetch", label);
    scene.box.emulator.clearLog();
    await scene.box.git(["ls-remote", "https://bitbucket.org/acme/guarded.git"]);
    expect(scene.arrived()).not.toContain(label);
    expect((await scene.rekey(["undo", "--yes"])).code).toBe(0);
    expect(scene.files()).toEqual(before);
  });

  test("admin and delete", async () => {
    await using scene = await refused();
    const token = scene.box.emulator.issue({
      label: "mighty",
      kind: "repository-token",
      limit: { workspace: "acme", repository: "site" },
      scopes: ["repository:admin", "repository:delete", "repository"],
    }).secret;
    const ran = await paste(scene, token);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stderr).toContain("(repository:admin, repository:delete)");
    const { stdout } = await scene.rekey(["doctor"]);
    expect(stdout).toContain("scope-excessive");
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "make one with `repository` (and `repository:write` to push)",
    );
  });

  test("REST that does not answer keeps nobody from a token that Git takes", async () => {
    await using scene = await refused();
    scene.box.emulator.switches.faults = [{ kind: "rate-limited", retryAfterSeconds: 30, service: "rest" }];
    const ran = await paste(scene, labelled("repository-token")(scene));
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stderr).toContain("was not looked at: REST answers 429");
  });

  test("blanks around it and quotes do no harm", async () => {
    await using scene = await refused();
    const ran = await paste(scene, `  "${labelled("repository-token")(scene)}" \r\n`);
    expect(ran.code, ran.stderr).toBe(0);
    await worksWith(scene, "fetch", "repository-token");
  });
});

test("REST is asked as Bearer, about this repository, before anything is changed", async () => {
  await using scene = await refused();
  await paste(scene, labelled("repository-token")(scene));
  const asked = scene.box.emulator.log.filter(
    ({ service, credential }) => service === "rest" && credential === "repository-token",
  );
  expect(asked.map(({ how, path }) => [how, path])).toEqual([["bearer", "/2.0/repositories/acme/site"]]);
});

describe("how it is made is said", () => {
  const steps = async (scene: Scene, ...more: string[]) =>
    (await scene.rekey(["fix", "--yes", ...KEEP, ...more])).stderr.replace(/\s+/g, " ");

  test("to pull: the page, who may, a name, an expiry, one scope", async () => {
    await using scene = await refused();
    const said = await steps(scene);
    expect(said).toContain("open https://bitbucket.org/acme/site/admin/access-tokens");
    expect(said).toContain("administrators of the repository alone: anybody else asks one of them");
    expect(said).toMatch(/such as `[^`]+`/);
    expect(said).toContain("an expiry of a year at most");
    expect(said).toContain("tick `repository` and nothing else");
    expect(said).not.toContain("Premium");
    expect(said).not.toContain(":bitbucket");
    expect(said).not.toContain("bots.bitbucket.org");
    expect(said).toContain("none came on stdin; nothing has been changed");
  });

  test("to push: one more scope, and whose the commits are", async () => {
    await using scene = await refused();
    const said = await steps(scene, "--push");
    expect(said).toContain("tick `repository` and `repository:write` and nothing else");
    expect(said).toContain("bots.bitbucket.org");
  });
});

describe("afterwards", () => {
  test.each([
    ["git-store", /^the helper `store`/],
    ["file", /^the helper `rekey`$/],
  ])("doctor says which token Git sends · %s", async (store, from) => {
    await using scene = await refused();
    await paste(scene, labelled("repository-token")(scene), ["--with", "access-token", "--store", store]);
    const { stdout } = await scene.rekey(["doctor", "--json"]);
    assertValid("report", stdout);
    const [repository] = (JSON.parse(stdout) as Report).repositories;
    const origin = repository?.remotes.find(({ url }) => url.includes("acme/site"));
    expect(origin?.accessToken).toEqual({ of: "repository", from: expect.stringMatching(from) });
    const text = (await scene.rekey(["doctor"])).stdout.replace(/\s+/g, " ");
    expect(text).toContain("sent an access token of this repository, from the helper");
  });

  test("list, check and rotate know it, and the page is the repository's", async () => {
    await using scene = await refused();
    await paste(scene, labelled("repository-token-read")(scene), [...KEEP, "--expires", "90d"]);
    expect((await scene.rekey(["token", "list"])).stdout).toMatch(/^acme\/site\n\s+kind\s+access token\n/);
    expect((await scene.rekey(["token", "check"])).code).toBe(0);
    const rotated = await scene.rekey(["token", "rotate", "acme/site", "--yes", "--expires", "365d"], {
      stdin: labelled("repository-token")(scene),
    });
    expect(rotated.code, rotated.stdout + rotated.stderr).toBe(0);
    expect(rotated.stdout.replace(/\s+/g, "")).toContain(
      "https://bitbucket.org/acme/site/admin/access-tokens",
    );
    await worksWith(scene, "fetch", "repository-token");
  });

  test("a plan from a file comes to the same", async () => {
    await using scene = await refused();
    const before = scene.files();
    const planned = await scene.rekey(["fix", ...KEEP, "--plan-out", "../plan.json"]);
    expect(planned.code, planned.stderr).toBe(0);
    assertValid("plan", scene.box.read("work/plan.json"));
    const stdin = labelled("repository-token")(scene);
    const applied = await scene.rekey(["apply", "--yes", "../plan.json"], { stdin });
    expect(applied.code, applied.stdout + applied.stderr).toBe(0);
    await worksWith(scene, "fetch", "repository-token");
    expect((await scene.rekey(["undo", "--yes"])).code).toBe(0);
    const { "work/plan.json": _, ...after } = scene.files();
    expect(after).toEqual(before);
  });

  test("a second run finds nothing to do", async () => {
    await using scene = await refused();
    await paste(scene, labelled("repository-token")(scene));
    const fixed = scene.files();
    const again = await paste(scene, labelled("repository-token")(scene));
    expect(again.code, again.stderr).toBe(0);
    expect(again.stderr).toContain("there is nothing to fix here");
    expect(scene.files()).toEqual(fixed);
  });
});

test("without a place, the line to type has the way in it", async () => {
  await using scene = await makeScene("plain", sentBy("app password"));
  scene.origin();
  const { code, stderr } = await paste(scene, labelled("repository-token")(scene), [
    "--with",
    "access-token",
  ]);
  expect(code).toBe(4);
  expect(stderr).toContain("hint: `git rekey fix --yes --with access-token --store file`");
});

test("a variable that is not set is named, as on a build server", async () => {
  await using scene = await refused();
  const before = scene.files();
  const flags = ["--with", "access-token", "--store", "env:SITE_TOKEN"];
  const { code, stderr } = await paste(scene, "", flags);
  expect(code).toBe(4);
  expect(stderr).toMatch(/SITE_TOKEN.*nothing has been changed/);
  expect(scene.files()).toEqual(before);
});

test("several URLs and one token on stdin: one at a time", async () => {
  await using scene = await refused();
  const other = "https://bitbucket.org/acme/guarded.git";
  const ran = await paste(scene, labelled("repository-token")(scene), [...KEEP, SITE, other]);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain("fix URLs one at a time");
});
