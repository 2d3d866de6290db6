/** What surrounds a place: the real git says what it tracks, the modes on disk who may read. */
import { afterAll, describe, expect, test } from "bun:test";
import { chmodSync, symlinkSync } from "node:fs";
import { place } from "../../src/scan/place.ts";
import { realFiles } from "../../src/world/files.ts";
import { realGit } from "../../src/world/git.ts";
import type { Git, GitRun } from "../../src/world/ports.ts";
import { readSelf } from "../../src/world/self.ts";
import { IS_ROOT } from "../bad-input/sentence.ts";
import { makeSandbox } from "../sandbox.ts";
import { aSeen } from "./a-seen.ts";

const box = makeSandbox();
afterAll(() => box.remove());

/** The real git, and what it was asked. */
function countingGit(env: Readonly<Record<string, string>> = {}): Git & { calls: GitRun[] } {
  const git = realGit({ ...readSelf(), env: { ...box.env, ...env }, home: box.home, cwd: box.home });
  const calls: GitRun[] = [];
  const run = (call: GitRun) => {
    calls.push(call);
    return git.run(call);
  };
  return { calls, run };
}

async function trackedOf(paths: readonly string[], git: Git = countingGit()) {
  const spots = await place(
    paths.map((path) => aSeen(box.path(path))),
    realFiles(),
    git,
  );
  return spots.map(({ tracked }) => tracked);
}

let repositories = 0;
/** A repository whose files are committed. */
async function repository(...files: string[]): Promise<string> {
  const folder = `r${repositories++}`;
  for (const file of files) box.write(`${folder}/${file}`, "x\n");
  for (const args of [
    ["init", "--quiet"],
    ["add", "--all"],
    ["commit", "--quiet", "--allow-empty", "-m", "First"],
  ])
    expect((await box.git(args, { cwd: folder })).code, args.join(" ")).toBe(0);
  return folder;
}

describe("whether Git tracks it", () => {
  test("yes, no, and nobody to ask", async () => {
    const folder = await repository("a", "deep/er/b");
    box.write(`${folder}/new`, "x");
    box.write("outside/c", "x");
    const paths = [`${folder}/a`, `${folder}/deep/er/b`, `${folder}/new`, "outside/c"];
    expect(await trackedOf(paths)).toEqual([true, true, false, null]);
  });

  test("names that mean something to Git or to a shell are only names", async () => {
    const names = ["*", ":(top)x", "-x", "a b", "new\nline", "ümlaut", "'\"$(x)"];
    const folder = await repository(...names);
    box.write(`${folder}/q`, "x");
    box.write(`${folder}/?`, "x");
    const paths = [...names, "q", "?"].map((name) => `${folder}/${name}`);
    expect(await trackedOf(paths)).toEqual([...names.map(() => true), false, false]);
  });

  test("what is a repository's own is tracked by nobody, and git is not asked", async () => {
    const folder = await repository("a");
    await box.git(["clone", "--quiet", "--bare", folder, `${folder}.git`]);
    await box.git(["-C", folder, "worktree", "add", "--quiet", `../${folder}-tree`]);
    const git = countingGit();
    const own = [
      `${folder}/.git/config`,
      `${folder}.git/config`,
      `${folder}/.git/worktrees/${folder}-tree/HEAD`,
    ];
    expect(await trackedOf(own, git)).toEqual([false, false, false]);
    expect(git.calls).toBeEmpty();
    expect(await trackedOf([`${folder}-tree/a`, `${folder}-tree/.git`])).toEqual([true, false]);
  });

  test("one question for each repository, however many places and folders", async () => {
    const many = Array.from({ length: 1500 }, (_, i) => `${"long".repeat(10)}${i % 7}/${i}`);
    const [one, two] = [await repository(...many), await repository("a")];
    box.write(`${one}/none`, "x");
    const git = countingGit();
    const paths = [...many.map((path) => `${one}/${path}`), `${one}/none`, `${two}/a`, `${two}/a`];
    expect(await trackedOf(paths, git)).toEqual([...many.map(() => true), false, true, true]);
    expect(git.calls.map(({ cwd }) => cwd).sort()).toEqual([box.path(one), box.path(two)]);
  });

  test("a repository that starts programs, and whoever stands in another one", async () => {
    const folder = await repository("a");
    const mark = box.path("mark");
    const script = box.write("monitor", `#!/bin/sh\ntouch ${mark}\n`, 0o755);
    await box.git(["config", "core.fsmonitor", script], { cwd: folder });
    // So that it is known to be one that would be started.
    await box.git(["status"], { cwd: folder });
    expect(box.exists("mark")).toBe(true);
    await box.run(["rm", mark]);
    const git = countingGit({ GIT_DIR: "/nowhere", GIT_INDEX_FILE: "/nowhere/index" });
    expect(await trackedOf([`${folder}/a`], git)).toEqual([true]);
    expect(box.exists("mark")).toBe(false);
  });

  test("a repository that lacks objects and names a program to fetch them with", async () => {
    const folder = await repository("in/a", "out/b");
    const git = async (...args: string[]) => (await box.git(args, { cwd: folder })).stdout.trim();
    await git("sparse-checkout", "set", "--cone", "--sparse-index", "in");
    // Git wants it to tell what is in the folder that is not checked out.
    const tree = await git("rev-parse", "HEAD:out");
    await box.run(["rm", "-f", box.path(folder, ".git/objects", tree.slice(0, 2), tree.slice(2))]);
    const mark = box.path("fetched");
    for (const [key, value] of [
      ["core.repositoryFormatVersion", "1"],
      ["extensions.partialClone", "origin"],
      ["protocol.ext.allow", "always"],
      ["remote.origin.promisor", "true"],
      ["remote.origin.url", `ext::touch ${mark}`],
    ] as const)
      await git("config", key, value);
    // So that it is known to be one that would be started.
    await box.git(["ls-files"], { cwd: folder, env: { GIT_ALLOW_PROTOCOL: undefined } });
    expect(box.exists("fetched")).toBe(true);
    await box.run(["rm", mark]);
    const { GIT_ALLOW_PROTOCOL: _, ...env } = box.env;
    const real = realGit({ ...readSelf(), env, home: box.home, cwd: box.home });
    box.write(`${folder}/out/b`, "x");
    const tracked = await trackedOf([`${folder}/in/a`, `${folder}/out/b`], real);
    expect(box.exists("fetched")).toBe(false);
    // It is tracked, which only the missing folder would tell.
    expect(tracked).toEqual([true, null]);
  });

  test.skipIf(!IS_ROOT)("a repository of somebody else, of which Git says nothing by itself", async () => {
    const folder = await repository("a");
    await box.run(["chown", "-R", "65534", box.path(folder)]);
    expect((await box.git(["ls-files"], { cwd: folder })).code).not.toBe(0);
    expect(await trackedOf([`${folder}/a`])).toEqual([true]);
  });

  test("a broken repository, and no git at all", async () => {
    const folder = await repository("a");
    box.write(`${folder}/.git/index`, "no index");
    box.write("fake/.git", "gitdir: /nowhere\n");
    box.write("fake/a", "x");
    expect(await trackedOf([`${folder}/a`, "fake/a"])).toEqual([null, null]);
    const none: Git = {
      run: async () => ({ code: null, stdout: new Uint8Array(), stderr: "", timedOut: false, missing: true }),
    };
    expect(await trackedOf([`${await repository("a")}/a`], none)).toEqual([null]);
  });
});

describe.skipIf(process.platform === "win32")("who may read it", () => {
  async function readersOf(mode: number, folder: number) {
    // The sandbox is its owner's alone, and so is all that is in it.
    for (const path of [box.root, box.home]) chmodSync(path, 0o755);
    const path = box.write("shelf/file", "x", mode);
    chmodSync(box.path("shelf"), folder);
    const [spot] = await place([aSeen(path)], realFiles(), countingGit());
    return spot?.readers;
  }

  for (const [mode, folder, readers] of [
    [0o600, 0o755, "owner"],
    [0o640, 0o755, "group"],
    [0o644, 0o755, "everyone"],
    [0o644, 0o711, "everyone"],
    [0o644, 0o750, "group"],
    [0o644, 0o700, "owner"],
    [0o604, 0o755, "everyone"],
    [0o666, 0o744, "owner"],
  ] as const)
    test(`${mode.toString(8)} in ${folder.toString(8)}: ${readers}`, async () =>
      expect(await readersOf(mode, folder)).toBe(readers));

  test("a file that is gone", async () => {
    const [spot] = await place([aSeen(box.path("gone"))], realFiles(), countingGit());
    expect(spot).toMatchObject({ readers: null, tracked: null });
  });
});

test("what was seen is kept, and its kind of file is told", async () => {
  symlinkSync("nowhere", box.path("link"));
  const seen = [aSeen(box.path(".netrc"), { line: 7, name: "BB_TOKEN" }), aSeen(box.path("link"))];
  const spots = await place(seen, realFiles(), countingGit());
  expect(spots).toMatchObject([
    { line: 7, name: "BB_TOKEN", role: "store", history: null, alive: null },
    { role: "source" },
  ]);
});
