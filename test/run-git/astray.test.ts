/** A repository that leads requests through a machine of its choice: no token goes that way without consent. */
import { expect, test } from "bun:test";
import type { EmulatedSandbox } from "../sandbox.ts";
import { cloneSite, commit, credentialsSeen, leftovers, plantHook, run, withAccount } from "./scene.ts";

/** Any proxy that only a repository names is a stranger's; this one leads to Bitbucket, so a token would be seen. */
const proxy = (box: EmulatedSandbox) => box.env.https_proxy ?? "";

async function withSite(): Promise<EmulatedSandbox> {
  const box = await withAccount();
  await cloneSite(box);
  return box;
}

test.each([
  "http.proxy",
  "http.https://bitbucket.org/acme.proxy",
  "http.https://*.org/.proxy",
  "remote.origin.proxy",
])("%s of the repository", async (key) => {
  await using box = await withSite();
  await box.git(["config", key, proxy(box)], { cwd: "site" });
  const { code, stderr } = await run(box, ["fetch"], { cwd: "site" });
  expect(code).toBe(4);
  expect(stderr).toContain(`only this repository sets \`${key}\``);
  expect(stderr).toContain("nothing was run");
  expect(box.emulator.log).toEqual([]);
  const trusting = ["run", "--trust-repository", "--", "git", "fetch"];
  expect(await box.rekey(trusting, { cwd: "site" })).toMatchObject({ code: 0 });
  expect(credentialsSeen(box)).toEqual(["api-token"]);
  expect(leftovers(box)).toEqual([]);
});

test("what signs nobody in runs, and so does a clone, which obeys no repository around it", async () => {
  await using box = await withSite();
  await box.git(["config", "http.proxy", "http://127.0.0.1:1"], { cwd: "site" });
  await box.git(["remote", "remove", "origin"], { cwd: "site" });
  expect(await run(box, ["status"], { cwd: "site" })).toMatchObject({ code: 0 });
  const words = ["clone", "--quiet", "https://bitbucket.org/acme/site.git", "../copy"];
  expect(await run(box, words, { cwd: "site" })).toMatchObject({ code: 0 });
});

test("a submodule's own", async () => {
  await using box = await withSite();
  box.emulator.world.repositories.get("acme/guarded")?.restrictions.splice(0);
  await run(box, ["submodule", "--quiet", "add", "../guarded.git", "part"], { cwd: "site" });
  await commit(box);
  await box.git(["config", "http.proxy", proxy(box)], { cwd: "site/part" });
  await box.emulator.pushCommit("acme/guarded", { files: { "b.txt": "b\n" } });
  box.emulator.clearLog();
  const env = { GIT_TERMINAL_PROMPT: "0" };
  const ran = await run(box, ["submodule", "update", "--remote"], { cwd: "site", env });
  expect(ran.code).not.toBe(0);
  expect(ran.stderr).toContain("sets `http.proxy`, so no token is sent that way");
  expect(credentialsSeen(box)).toEqual([]);
});

test("a repository that a hook makes for itself", async () => {
  await using box = await withSite();
  const fetch = 'GIT_DIR="$HOME/own/.git" exec git fetch https://bitbucket.org/acme/site.git';
  const config = `git -C "$HOME/own" config http.proxy ${proxy(box)}`;
  plantHook(
    box,
    "post-checkout",
    `export GIT_TERMINAL_PROMPT=0; unset GIT_DIR; git init -q "$HOME/own"; ${config}; ${fetch}`,
  );
  await run(box, ["checkout", "-q", "-b", "topic"], { cwd: "site" });
  expect(box.emulator.log).not.toEqual([]);
  expect(credentialsSeen(box)).toEqual([]);
});
