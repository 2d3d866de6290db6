// Needs: git-lfs
/** Git LFS with an access token that is bound to its repository: LFS names the repository as Git does. */
import { expect, test } from "bun:test";
import { sentBy } from "../scenarios/causes.ts";
import { fix } from "../scenarios/run-scenario.ts";
import { makeScene, SITE } from "../scenarios/scene.ts";

const CONTENT = `large ${"x".repeat(100_000)}\n`;

test.each(
  ["git-store", "file"].flatMap((store) =>
    [SITE, "https://bitbucket.org/acme/site"].map((url) => [store, url] as const),
  ),
)("push, pull and another clone · --store %s · %s", async (store, url) => {
  await using scene = await makeScene("plain", sentBy("app password"));
  scene.global("[credential]\n\thelper = store\n");
  scene.origin(url);
  scene.stored([scene.sent]);
  const token = scene.box.emulator.secret("repository-token");
  await fix(scene, { direction: "push", flags: ["--with", "access-token", "--store", store] }, token);
  scene.box.emulator.clearLog();
  const git = async (...args: string[]): Promise<void> => {
    const { code, stdout, stderr } = await scene.git(args);
    expect(code, `git ${args.join(" ")}: ${stdout}${stderr}`).toBe(0);
  };
  await git("lfs", "install", "--local");
  await git("lfs", "track", "*.bin");
  scene.box.write(`${scene.repository}/photo.bin`, CONTENT);
  await git("add", ".");
  await git("commit", "-qm", "A photo");
  await git("push", "-q", "origin", "HEAD:refs/heads/photos");
  await scene.box.run(["rm", "-r", scene.box.path(scene.repository, ".git/lfs/objects")]);
  await git("lfs", "fetch", "origin", "HEAD");
  const log = scene.box.emulator.log.filter(({ service }) => service === "lfs");
  const labels = new Set(log.flatMap(({ credential }) => credential ?? []));
  labels.delete("unknown");
  expect(labels).toEqual(new Set(["repository-token"]));
  expect(log.some(({ path }) => path.includes("/info/lfs/objects/batch"))).toBe(true);
});
