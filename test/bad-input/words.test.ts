/** What is typed: commands, flags and arguments that are not there; and a machine that lacks something. */
import { afterEach, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT, type EmulatedSandbox } from "../sandbox.ts";
import { everything, storedAppPassword } from "../terminal/people.ts";
import { expectRefused, expectSentence, faultsIn, IS_ROOT } from "./sentence.ts";

const boxes: EmulatedSandbox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.remove();
});

async function open(): Promise<EmulatedSandbox> {
  const box = await storedAppPassword();
  boxes.push(box);
  return box;
}

describe("misuse is 2, with a sentence and a hint, before anybody is asked", () => {
  test.each([
    [["nope"], "nope"],
    [["doctor", "--nope"], "nope"],
    [["doctor", "-z"], "z"],
    [["undo", "1", "2"], "2"],
    [["apply", "a", "b"], "b"],
    [["explain", "a", "b"], "b"],
    [["demo", "more"], "more"],
    [["fix", "--store", "attic"], "attic"],
    [["fix", "--with", "magic"], "magic"],
    [["doctor", "--format", "xml"], "xml"],
    [["doctor", "--email"], "email"],
    [["doctor", "--json", "--json"], "json"],
  ])("%j", async (argv, name) => {
    const box = await open();
    const ran = await expectRefused(box, () => box.rekey(argv, { cwd: "site" }), 2, name);
    expect(ran.stderr).toContain("hint: ");
    expect(box.emulator.tunnels).toEqual([]);
  });

  test.each([
    [["apply"], /which plan/],
    [["apply", "nowhere.json"], "nowhere.json"],
    [["explain", "no-such-id"], "no-such-id"],
    [["undo", "first", "--yes"], "first"],
    [["undo", "99", "--yes"], "99"],
    [["undo", "--yes"], /no fix/],
    [["fix", "--offline", "--yes"], "--offline"],
    [["doctor", "--as", "nobody-by-that-name"], "nobody-by-that-name"],
    [["doctor", "--as", "../../etc"], "../../etc"],
  ])("%j", async (argv, name) => {
    const box = await open();
    if (argv.includes("--as") && !IS_ROOT) return;
    await expectRefused(box, () => box.rekey(argv, { cwd: "site" }), 2, name);
    expect(box.emulator.tunnels).toEqual([]);
  });
});

describe("nobody to ask is 4", () => {
  test.each([
    [["fix"], /no terminal/],
    [["undo"], /no terminal/],
  ])("%j", async (argv, name) => {
    const box = await open();
    await expectRefused(box, () => box.rekey(argv, { cwd: "site" }), 4, name);
  });

  test("no token on stdin: the sentence comes after the way to make one", async () => {
    const box = await open();
    const before = everything(box);
    const ran = await box.rekey(["fix", "--yes"], { cwd: "site" });
    expect(ran.stderr).toStartWith("How to make the token\n  1. open https://");
    expectSentence(
      { ...ran, stderr: ran.stderr.slice(ran.stderr.indexOf("git-rekey: ")) },
      4,
      /token.*stdin/,
    );
    expect(everything(box)).toEqual(before);
  });

  test("no place to keep a token, and nobody to choose one", async () => {
    const box = await open();
    box.write(".gitconfig", "");
    box.write("site/.git/config", `[remote "origin"]\n\turl = ${box.urlWith("ana", "app-password")}\n`);
    const run = () => box.rekey(["fix", "--yes"], { cwd: "site", stdin: box.emulator.secret("api-token") });
    const ran = await expectRefused(box, run, 4, /no helper/);
    expect(ran.stderr).toMatch(/^hint: `git rekey fix --yes --store file`.*`git-store`.*`prompt`/m);
  });
});

describe("no HOME", () => {
  const HOMELESS = { HOME: undefined, XDG_CONFIG_HOME: undefined, XDG_STATE_HOME: undefined };

  test("the doctor can do without", async () => {
    const box = await open();
    box.write("site/.git/config", `[remote "origin"]\n\turl = ${box.urlWith("ana", "app-password")}\n`);
    const ran = await box.rekey(["doctor", "--json"], { cwd: "site", env: HOMELESS });
    expect(ran).toMatchObject({ code: 1, stderr: "" });
    expect(faultsIn(ran)).toContain("app-password-sent");
  });

  test.each([[["fix", "--yes"]], [["undo", "--yes"]], [["undo", "--list"]]])("%j cannot", async (argv) => {
    const box = await open();
    box.write("site/.git/config", `[remote "origin"]\n\turl = ${box.urlWith("ana", "app-password")}\n`);
    const stdin = box.emulator.secret("api-token");
    await expectRefused(box, () => box.rekey(argv, { cwd: "site", env: HOMELESS, stdin }), 2, "HOME");
  });
});

/** A `git` of one's own in front of the real one. */
function putGitFirst(box: EmulatedSandbox, script: string): string {
  const folder = join(box.root, "first");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "git"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "git"), 0o755);
  return `${folder}:${box.env.PATH}`;
}

/** Programs that the launcher needs, and no git among them. */
async function pathWithoutGit(box: EmulatedSandbox): Promise<string> {
  const folder = join(box.root, "few");
  const { stdout } = await box.run(["sh", "-c", "command -v sh readlink getent env"]);
  await box.run([
    "sh",
    "-c",
    `mkdir -p '${folder}'; for p in ${stdout.split("\n").join(" ")}; do ln -s "$p" '${folder}'; done`,
  ]);
  return folder;
}

describe("git", () => {
  test("missing from PATH", async () => {
    const box = await open();
    const PATH = await pathWithoutGit(box);
    const before = everything(box);
    const ran = await box.rekey(["doctor", "--json"], { cwd: "site", env: { PATH } });
    expect(ran).toMatchObject({ code: 1, stderr: "" });
    expect(faultsIn(ran)).toEqual(["git-missing"]);
    const fix = await box.rekey(["fix", "--yes"], { cwd: "site", env: { PATH }, stdin: "x" });
    expect(fix.code).toBe(4);
    expect(everything(box)).toEqual(before);
  });

  test("older than 2.30", async () => {
    const box = await open();
    const real = (await box.run(["sh", "-c", "command -v git"])).stdout.trim();
    const PATH = putGitFirst(
      box,
      `case "$*" in *--version*|*" version"*|version*) echo "git version 2.25.1" ;; *) exec '${real}' "$@" ;; esac`,
    );
    const ran = await box.rekey(["doctor", "--json"], { cwd: "site", env: { PATH } });
    expect(ran.code).toBe(1);
    expect(faultsIn(ran)).toContain("git-too-old");
    expect(ran.stdout).toContain("2.25.1");
  });

  test("that fails without a word is as good as none", async () => {
    const box = await open();
    const PATH = putGitFirst(box, "exit 3");
    const ran = await box.rekey(["doctor", "--json"], { cwd: "site", env: { PATH } });
    expect(ran).toMatchObject({ code: 1, stderr: "" });
    expect(faultsIn(ran)).toEqual(["git-missing"]);
  });
});

describe("files of the folder it is run in are not obeyed", () => {
  test("bunfig.toml, .env, package.json and tsconfig.json", async () => {
    const box = await open();
    const marker = box.path("marker");
    box.write("site/evil.ts", `require("node:fs").writeFileSync(${JSON.stringify(marker)}, "run")`);
    box.write("site/bunfig.toml", 'preload = ["./evil.ts"]\n[run]\npreload = ["./evil.ts"]\n');
    for (const name of [".env", ".env.local", ".env.production"])
      box.write(
        `site/${name}`,
        `HOME=/nowhere\nHTTPS_PROXY=http://127.0.0.1:1\nPATH=/nowhere\nGIT_SSL_CAINFO=/nowhere\n`,
      );
    box.write(
      "site/package.json",
      '{"type":"commonjs","imports":{"#x":"./evil.ts"},"scripts":{"prestart":"touch marker"}}',
    );
    box.write(
      "site/tsconfig.json",
      '{"compilerOptions":{"paths":{"*":["./evil.ts"],"node:fs":["./evil.ts"]}}}',
    );
    const ran = await box.rekey(["doctor", "--json"], { cwd: "site" });
    expect(ran).toMatchObject({ code: 1, stderr: "" });
    expect(faultsIn(ran)).toEqual(["app-password-sent"]);
    expect(box.exists("marker")).toBe(false);
  });
});

test("a command in the middle of nowhere: the folder it stands in is gone", async () => {
  const box = await open();
  mkdirSync(box.path("gone"));
  // From the sources: the executable's own runtime ends there with its own sentence, before any of ours can be said.
  const program = join(CHECKOUT, "bin/git-rekey");
  const ran = await box.run(["sh", "-c", 'rmdir "$PWD"; exec "$0" doctor', program], { cwd: "gone" });
  // The shell that starts the checkout's launcher has a word of its own to say about it.
  expectSentence({ ...ran, stderr: ran.stderr.replace(/^sh: 0: .*\n/m, "") }, 2, /folder.*gone/);
});
