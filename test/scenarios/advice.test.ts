/** SSH is forbidden here; see test/system/ssh-advice.test.ts. `fix` without `--with` says which way is better here, and why, in two lines; `explain solutions` shows all of them. */
import { expect, test } from "bun:test";
import type { AdviceReport } from "../../src/core/advice-report.ts";
import { assertValid } from "../contracts/validate.ts";
import { sentBy } from "./causes.ts";
import { plant } from "./places.ts";
import { makeScene, type Scene } from "./scene.ts";

async function brokenSite(): Promise<Scene> {
  const scene = await makeScene("plain", sentBy("app password"));
  await plant(scene, "store");
  return scene;
}

/** The advice among what was said, line breaks and all taken out. */
function adviceIn(stdout: string): string {
  const [, text = ""] = /\n {2}(advice[\s\S]*? {2}seen[\s\S]*?)\n(?! {3})/.exec(stdout) ?? [];
  return text.replace(/\s+/g, " ");
}

test("on a server, in a CI job, where people push", async () => {
  await using scene = await brokenSite();
  const adviceWith = async (env: Record<string, string>, ...flags: string[]) =>
    adviceIn((await scene.rekey(["fix", "--dry-run", ...flags], { env })).stdout);
  expect(await adviceWith({})).toBe(
    "advice `git rekey fix --with access-token`: a repository access token opens one repository and is nobody's account seen a server, no push so far, one repository, no sign of REST, SSH forbidden to Git",
  );
  expect(await adviceWith({ CI: "true" }, "--push")).toStartWith(
    "advice `git rekey fix --with access-token --push`: a repository access token is nobody's account",
  );
  expect(await adviceWith({ DISPLAY: ":0" })).toStartWith("advice `git rekey fix --with helper`: ");
});

test("who has chosen gets no advice, nor who reads JSON, nor where nothing is broken", async () => {
  await using scene = await brokenSite();
  for (const flags of [["--with", "remote"], ["--store", "git-store"], ["--json"]]) {
    const { stdout, stderr } = await scene.rekey(["fix", "--dry-run", ...flags]);
    expect(stdout + stderr).not.toContain("advice");
  }
  await using other = await makeScene("plain", sentBy("app password"));
  other.origin("https://github.com/acme/site.git");
  const { stdout, stderr } = await other.rekey(["fix"]);
  expect(stderr).toContain("no remote here points to bitbucket.org");
  expect(stdout + stderr).not.toContain("advice");
});

test("explain solutions: the advised way first, every way, and the same as JSON", async () => {
  await using scene = await brokenSite();
  const shown = await scene.rekey(["explain", "solutions"]);
  expect(shown.code, shown.stderr).toBe(0);
  expect(shown.stdout).toMatch(
    /advice +`git rekey fix --with access-token`[\s\S]*?→ Repository access token \(advised\)/,
  );
  const { stdout } = await scene.rekey(["explain", "solutions", "--json"]);
  assertValid("advice", stdout);
  const report = JSON.parse(stdout) as AdviceReport;
  expect(report.ways.filter(({ advised }) => advised).map(({ id }) => id)).toEqual(["access-token"]);
  for (const { title } of report.ways) expect(shown.stdout).toContain(title);
});

test.each([
  ["a sibling's configuration", "work/shop/.git/config"],
  ["Composer's file", "work/site/composer.json"],
  ["the log of a branch", "work/site/.git/logs/refs/remotes/origin/main"],
])("nobody waits for a pipe or reads a device to its end: %s", async (_title, file) => {
  await using scene = await brokenSite();
  const put = (what: string) =>
    scene.box.run(["sh", "-c", `mkdir -p "$(dirname ${file})" && ${what} ${file}`]);
  for (const what of ["mkfifo", "ln -sf /dev/zero"]) {
    expect((await put(what)).code).toBe(0);
    const { code, stdout } = await scene.rekey(["explain", "solutions"], { timeout: 15_000 });
    expect(code).toBe(0);
    expect(stdout).toContain("one repository, no sign of REST");
  }
});

test("explain solutions reads well at 40 columns", async () => {
  await using scene = await brokenSite();
  const { stdout } = await scene.rekey(["explain", "solutions"], { env: { COLUMNS: "40" } });
  const tooLong = stdout.split("\n").filter((line) => [...line].length > 40);
  expect(tooLong).toEqual([]);
});
