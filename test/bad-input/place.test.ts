/** Where it is run: no repository, none of Bitbucket's, or one of an unusual kind. */
import { afterEach, describe, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { type EmulatedSandbox, withEmulator } from "../sandbox.ts";
import { belongings, everything, storedAppPassword, storedLine } from "../terminal/people.ts";
import { expectRefused, expectSentence, faultsIn } from "./sentence.ts";

const boxes: EmulatedSandbox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.remove();
});

async function open(make: () => Promise<EmulatedSandbox> = withEmulator): Promise<EmulatedSandbox> {
  const box = await make();
  boxes.push(box);
  return box;
}

async function fixHere(box: EmulatedSandbox, cwd: string, ...flags: string[]) {
  return box.rekey(["fix", "--yes", ...flags], { cwd, stdin: box.emulator.secret("api-token") });
}

describe("no repository", () => {
  test.each([[[]], [["doctor"]], [["fix", "--yes"]], [["doctor", "--json"]]])(
    "git rekey %j",
    async (argv) => {
      const box = await open();
      mkdirSync(box.path("plain"));
      await expectRefused(box, () => box.rekey(argv, { cwd: "plain" }), 2, /plain.*not in a Git repository/);
    },
  );

  test("a path that is not there", async () => {
    const box = await open();
    await expectRefused(box, () => box.rekey(["doctor", "/nowhere/at all"]), 2, "/nowhere/at all");
  });
});

describe("nothing of Bitbucket's", () => {
  const REMOTES = [
    "https://github.com/acme/site.git",
    "https://bitbucket.acme.example/scm/acme/site.git",
    "https://evilbitbucket.org/acme/site.git",
    "https://bitbucket.org.evil.com/acme/site.git",
    "https://bitbucket.org:444/acme/site.git",
    "https://bitbucket.org@evil.com/acme/site.git",
    "git@github.com:acme/site.git",
    "/srv/git/site.git",
  ];

  test.each(REMOTES)("%s: nobody is asked, nothing is sent", async (url) => {
    const box = await open();
    await box.git(["init", "--quiet", "site"]);
    await box.git(["remote", "add", "origin", url], { cwd: "site" });
    box.write(".gitconfig", "[credential]\n\thelper = store\n");
    box.write(".git-credentials", storedLine(box, "ana", "api-token"), 0o600);
    await expectRefused(box, () => box.rekey(["doctor"], { cwd: "site" }), 0, "bitbucket.org");
    await expectRefused(box, () => fixHere(box, "site"), 0, "bitbucket.org");
    expect(box.emulator.log).toEqual([]);
    expect(box.emulator.tunnels).toEqual([]);
  });

  test("no remote at all", async () => {
    const box = await open();
    await box.git(["init", "--quiet", "site"]);
    for (const argv of [[], ["doctor"], ["fix", "--yes"]])
      await expectRefused(box, () => box.rekey(argv, { cwd: "site" }), 0, "no remote");
    expect(box.emulator.tunnels).toEqual([]);
  });
});

/** Broken, diagnosed from there, fixed from there, and taken back. */
async function mendFrom(box: EmulatedSandbox, cwd: string, expected = "app-password-sent"): Promise<void> {
  const before = belongings(box);
  const doctor = await box.rekey(["doctor", "--json"], { cwd });
  expect(doctor.stderr).toBe("");
  expect(faultsIn(doctor)[0]).toBe(expected);
  const fixed = await fixHere(box, cwd);
  expect(fixed).toMatchObject({ code: 0 });
  box.emulator.clearLog();
  expect(await box.git(["ls-remote", "origin"], { cwd })).toMatchObject({ code: 0 });
  expect(box.emulator.sawSecret("api-token")).toBe(true);
  expect(await box.rekey(["undo", "--yes"], { cwd })).toMatchObject({ code: 0 });
  expect(belongings(box)).toEqual(before);
}

describe("repositories of an unusual kind are mended as any other", () => {
  test("bare", async () => {
    const box = await open(storedAppPassword);
    await box.git(["clone", "--quiet", "--bare", "site", "site.git"]);
    await box.git(["remote", "remove", "origin"], { cwd: "site.git" });
    await box.git(["remote", "add", "origin", "https://ana@bitbucket.org/acme/site.git"], {
      cwd: "site.git",
    });
    await mendFrom(box, "site.git");
  });

  test("a linked worktree", async () => {
    const box = await open(storedAppPassword);
    await box.git(["commit", "--quiet", "--allow-empty", "--message=first"], { cwd: "site" });
    await box.git(["worktree", "add", "--quiet", "../beside"], { cwd: "site" });
    await mendFrom(box, "beside");
  });

  test("a submodule", async () => {
    const box = await open(storedAppPassword);
    await box.git(["commit", "--quiet", "--allow-empty", "--message=first"], { cwd: "site" });
    await box.git(["init", "--quiet", "above"]);
    const add = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../site", "part"];
    await box.git(["remote", "add", "origin", "https://github.com/acme/above.git"], { cwd: "above" });
    await box.git([...add.slice(0, -2), box.path("site"), "part"], { cwd: "above" });
    await box.git(["remote", "set-url", "origin", "https://ana@bitbucket.org/acme/site.git"], {
      cwd: "above/part",
    });
    await mendFrom(box, "above/part");
  });

  test("a folder deep inside", async () => {
    const box = await open(storedAppPassword);
    mkdirSync(box.path("site/a/b"), { recursive: true });
    await mendFrom(box, "site/a/b");
  });

  test.each([
    ["blanks", "my site"],
    ["quotes", `it's "the" site`],
    ["a backslash and a dollar", "a\\b $HOME `id`"],
    ["a line end", "two\nlines"],
    ["a dash in front", "-site"],
    ["letters of other scripts", "sité 网站"],
  ])("%s in its path", async (_, name) => {
    const box = await open();
    box.write(".gitconfig", "[credential]\n\thelper = store\n");
    box.write(".git-credentials", storedLine(box, "ana", "app-password"), 0o600);
    mkdirSync(box.path(name));
    await box.git(["init", "--quiet"], { cwd: name });
    await box.git(["remote", "add", "origin", "https://ana@bitbucket.org/acme/site.git"], { cwd: name });
    await mendFrom(box, name);
  });

  test("and so is a URL outside any repository", async () => {
    const box = await open(storedAppPassword);
    const before = everything(box);
    const ran = await box.rekey(["doctor", "--json", "https://ana@bitbucket.org/acme/site.git"]);
    expect(faultsIn(ran)[0]).toBe("app-password-sent");
    expect(everything(box)).toEqual(before);
  });
});

test("a sentence never carries the path's own line ends or colours", async () => {
  const box = await open();
  const name = "evil\n\u001b[31mred";
  mkdirSync(box.path(name));
  const ran = await box.rekey(["doctor"], { cwd: name });
  expectSentence(ran, 2, "not in a Git repository");
  expect(ran.stderr).not.toContain("\u001b[31m");
});
