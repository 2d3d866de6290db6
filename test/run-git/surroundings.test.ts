/** Machines that are set up in some other way than most. */
import { describe, expect, test } from "bun:test";
import { plantAccount, plantList } from "../helper/accounts.ts";
import type { EmulatedSandbox } from "../sandbox.ts";
import { cloneSite, commit, credentialsSeen, leftovers, run, withAccount } from "./scene.ts";

async function withSite(): Promise<EmulatedSandbox> {
  const box = await withAccount();
  await cloneSite(box);
  return box;
}

describe("a git on PATH that is a script", () => {
  test.each([
    ["becomes git", "exec"],
    ["calls git", ""],
  ])("and %s", async (_, how) => {
    await using box = await withSite();
    const real = Bun.which("git", { PATH: box.env.PATH ?? "" });
    box.write("bin/git", `#!/bin/sh\n${how} ${real} "$@"\n`, 0o755);
    const env = { PATH: `${box.path("bin")}:${box.env.PATH}`, GIT_TERMINAL_PROMPT: "0" };
    for (const words of [["fetch"], ["pull", "--quiet"], ["submodule", "update"]])
      expect(await run(box, words, { cwd: "site", env }), words.join(" ")).toMatchObject({ code: 0 });
    expect(credentialsSeen(box)).toEqual(["api-token"]);
  });
});

describe("a folder for temporary files that", () => {
  test.each<[string, (box: EmulatedSandbox) => string]>([
    ["is not there", (box) => box.path("nowhere")],
    ["is a file", (box) => box.write("file", "")],
    ["is too deep for a socket", (box) => box.write(`${"deep/".repeat(20)}file`, "").slice(0, -5)],
  ])("%s", async (_, folder) => {
    await using box = await withSite();
    const env = { TMPDIR: folder(box) };
    expect(await run(box, ["fetch"], { cwd: "site", env })).toMatchObject({ code: 0, stderr: "" });
    expect(credentialsSeen(box)).toEqual(["api-token"]);
    expect(box.exists(".local/state/git-rekey/standing")).toBe(false);
    expect(leftovers(box)).toEqual([]);
  });
});

test.each(["http://bitbucket.org/acme/site.git", "https://www.bitbucket.org/acme/site.git"])(
  "a detour to Bitbucket: %s",
  async (url) => {
    await using box = await withSite();
    await box.git(["remote", "set-url", "origin", url], { cwd: "site" });
    const env = { http_proxy: box.env.https_proxy ?? "" };
    expect(await run(box, ["fetch"], { cwd: "site", env })).toMatchObject({ code: 0 });
    expect(credentialsSeen(box)).toEqual(["api-token"]);
  },
);

describe("a variable of Git's", () => {
  test("GIT_CONFIG, which only `git config` obeys", async () => {
    await using box = await withSite();
    await commit(box);
    const env = { GIT_CONFIG: box.write("other.conf", "[a]\n\tb = c\n") };
    expect(await run(box, ["push", "origin", "HEAD"], { cwd: "site", env })).toMatchObject({ code: 0 });
    expect((await run(box, ["config", "a.b"], { cwd: "site", env })).stdout).toBe("c\n");
  });

  test("GIT_CONFIG_COUNT that is no number is git's to complain about", async () => {
    await using box = await withSite();
    const env = { GIT_CONFIG_COUNT: "some" };
    const ran = await run(box, ["fetch"], { cwd: "site", env });
    expect(ran).toEqual(await box.git(["fetch"], { cwd: "site", env }));
    expect(ran.stderr).toContain("GIT_CONFIG_COUNT");
  });
});

test("a configuration that git cannot read is git's to complain about", async () => {
  await using box = await withSite();
  box.write(".gitconfig", "[broken\n");
  const ran = await run(box, ["fetch"], { cwd: "site" });
  expect(ran).toEqual(await box.git(["fetch"], { cwd: "site" }));
  expect(ran.stderr).toContain(".gitconfig");
});

test("an exec path of the command's own, where a netrc is to be kept away", async () => {
  await using box = await withSite();
  const words = [`--exec-path=${(await box.git(["--exec-path"])).stdout.trim()}`, "fetch"];
  expect(await run(box, words, { cwd: "site" })).toMatchObject({ code: 0 });
  box.emulator.clearLog();
  const secret = box.emulator.secret("app-password");
  box.write(".netrc", `machine bitbucket.org login ana password ${secret}\n`, 0o600);
  const { code, stderr } = await run(box, words, { cwd: "site" });
  expect(code).toBe(4);
  expect(stderr).toContain("the command says `--exec-path` itself; leave that out; nothing was run");
  expect(box.emulator.log).toEqual([]);
});

test("a token whose last day has passed is sent all the same, and said to be so", async () => {
  await using box = await withSite();
  const token = box.emulator.secret("api-token");
  plantList(box, plantAccount(box, "ana", token, { expires: "2026-01-31" }));
  const { code, stderr } = await run(box, ["fetch"], { cwd: "site" });
  expect(code).toBe(0);
  expect(stderr).toContain("git-rekey: the token `ana` expired on 2026-01-31 by this machine's clock");
  expect((await run(box, ["status"], { cwd: "site" })).code).toBe(0);
});
