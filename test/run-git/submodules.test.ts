/** A command's submodules are its own, also those that it brings along. */
import { describe, expect, test } from "bun:test";
import type { EmulatedSandbox } from "../sandbox.ts";
import { belongings, cloneSite, commit, credentialsSeen, leftovers, run, withAccount } from "./scene.ts";

/** `acme/site` has the private `acme/empty` as `part`, by a relative URL, and that has `other/tools` as `inner`. */
async function withSubmodules(): Promise<EmulatedSandbox> {
  const box = await withAccount();
  await cloneSite(box, "https://bitbucket.org/acme/guarded.git");
  box.emulator.world.repositories.get("acme/guarded")?.restrictions.splice(0);
  await nest(box, "inner", "https://bitbucket.org/other/tools.git");
  await Bun.$`rm -rf ${box.path("site")}`.quiet();
  await cloneSite(box);
  await nest(box, "part", "../guarded.git");
  await Bun.$`rm -rf ${box.path("site")}`.quiet();
  box.emulator.clearLog();
  return box;
}

/** Adds a submodule to `site` and pushes it, with a stored token that is gone afterwards. */
async function nest(box: EmulatedSandbox, path: string, url: string): Promise<void> {
  const ran = await run(box, ["submodule", "--quiet", "add", url, path], { cwd: "site" });
  if (ran.code !== 0) throw new Error(ran.stderr);
  await commit(box, `${path}.txt`);
  const pushed = await run(box, ["push", "--quiet", "origin", "HEAD"], { cwd: "site" });
  if (pushed.code !== 0) throw new Error(pushed.stderr);
}

const repositoriesSeen = (box: EmulatedSandbox): string[] => [
  ...new Set(
    box.emulator.log.flatMap(({ path, credential }) => (credential ? (path.split(".git")[0] ?? []) : [])),
  ),
];

async function works(box: EmulatedSandbox, words: readonly string[], cwd: string): Promise<void> {
  const before = belongings(box);
  box.emulator.clearLog();
  expect(await run(box, words, { cwd, timeout: 60_000 }), words.join(" ")).toMatchObject({ code: 0 });
  expect(credentialsSeen(box), words.join(" ")).toEqual(["api-token"]);
  expect(belongings(box)).toEqual(before);
  expect(leftovers(box)).toEqual([]);
}

describe("submodules within submodules", () => {
  test("clone --recurse-submodules, fetch --recurse-submodules", async () => {
    await using box = await withSubmodules();
    await works(box, ["clone", "--recurse-submodules", "https://bitbucket.org/acme/site.git", "site"], ".");
    expect(box.exists("site/part/inner/README.md")).toBe(true);
    expect(repositoriesSeen(box)).toEqual(["/acme/site", "/acme/guarded", "/other/tools"]);
    await box.emulator.pushCommit("acme/guarded", { files: { "b.txt": "b\n" } });
    await works(box, ["fetch", "--recurse-submodules=yes"], "site");
    expect(repositoriesSeen(box)).toEqual(["/acme/site", "/acme/guarded", "/other/tools"]);
  });

  test("clone, then submodule update --init --recursive, with a netrc and a header in the way", async () => {
    await using box = await withSubmodules();
    const secret = box.emulator.secret("app-password");
    box.write(".netrc", `machine bitbucket.org login ana password ${secret}\n`, 0o600);
    const pair = Buffer.from(`ana:${secret}`).toString("base64");
    box.write(
      ".gitconfig",
      `[http "https://bitbucket.org/other"]\n\textraHeader = Authorization: Basic ${pair}\n`,
    );
    await works(box, ["clone", "https://bitbucket.org/acme/site.git", "site"], ".");
    await works(box, ["submodule", "update", "--init", "--recursive"], "site");
    expect(box.exists("site/part/inner/README.md")).toBe(true);
    await works(box, ["submodule", "update", "--remote"], "site");
  });

  test("push --recurse-submodules=on-demand", async () => {
    await using box = await withSubmodules();
    await works(box, ["clone", "--recurse-submodules", "https://bitbucket.org/acme/site.git", "site"], ".");
    await box.git(["-C", "site/part", "checkout", "--quiet", "main"]);
    box.write("site/part/more.txt", "more\n");
    for (const [where, words] of [
      ["site/part", ["add", "--all"]],
      ["site/part", ["commit", "--quiet", "-m", "More"]],
      ["site", ["commit", "--quiet", "--all", "-m", "Move"]],
    ] as const)
      expect(await box.git(words, { cwd: where })).toMatchObject({ code: 0 });
    await works(box, ["push", "--recurse-submodules=on-demand", "origin", "HEAD"], "site");
    expect(repositoriesSeen(box).sort()).toEqual(["/acme/guarded", "/acme/site"]);
  });
});

test("what a program in every submodule does is not git's own doing", async () => {
  await using box = await withSubmodules();
  await works(box, ["clone", "--recurse-submodules", "https://bitbucket.org/acme/site.git", "site"], ".");
  box.emulator.clearLog();
  const env = { GIT_TERMINAL_PROMPT: "0" };
  const ran = await run(box, ["submodule", "foreach", "git fetch"], { cwd: "site", env });
  expect(ran.code).not.toBe(0);
  expect(credentialsSeen(box)).toEqual([]);
});
