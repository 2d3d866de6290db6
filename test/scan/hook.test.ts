/** `git rekey hook`: real git calls the hooks, beside those that were there, and undo leaves no trace of it. */
import { describe, expect, test } from "bun:test";
import { chmodSync, symlinkSync } from "node:fs";
import {
  mintApiToken,
  mintAppPassword,
  mintDataCenterToken,
  mintLegacyAppPassword,
} from "../../emulator/tokens.ts";
import { makeSandbox, type Ran, type Sandbox } from "../sandbox.ts";

const HOOKS = "repo/.git/hooks";

async function repository(box: Sandbox) {
  await box.git(["init", "-q", "-b", "main", "repo"]);
  await box.git(["init", "-q", "--bare", "-b", "main", "origin.git"]);
  const git = (...args: string[]) => box.git(args, { cwd: "repo" });
  const rekey = (...args: string[]) => box.rekey(args, { cwd: "repo" });
  await git("remote", "add", "origin", box.path("origin.git"));
  const commit = async (text: string, ...options: string[]): Promise<Ran> => {
    box.write("repo/a.txt", text);
    await git("add", "-A");
    return git("commit", "-q", "-m", "work", ...options);
  };
  return { git, rekey, commit };
}

const install = ["hook", "install", "--yes"];

describe("once installed", () => {
  test("a commit with a credential is stopped, and others are not", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    expect(await repo.rekey(...install)).toMatchObject({ code: 0 });
    expect(await repo.commit("nothing\n")).toMatchObject({ code: 0, stderr: "" });
    const secret = mintApiToken();
    const stopped = await repo.commit(`one\n${secret}\n`);
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toContain("a.txt:2: an API token, 192 characters");
    expect(stopped.stderr).not.toContain(secret);
  });

  test("a push with a credential is stopped, and others are not", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    await repo.commit("nothing\n");
    await repo.rekey(...install);
    expect(await repo.git("push", "-q", "origin", "main")).toMatchObject({ code: 0, stderr: "" });
    await repo.commit(`one\n${mintApiToken()}\n`, "--no-verify");
    const push = await repo.git("push", "-q", "origin", "main");
    expect(push.code).toBe(1);
    expect(push.stderr).toContain("a.txt:2: an API token, 192 characters, in the commit ");
  });

  test("what a scan only notes stops neither a commit nor a push", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    await repo.rekey(...install);
    const whole = mintAppPassword();
    const harmless = [
      whole.slice(0, -1) + (whole.endsWith("0") ? "1" : "0"),
      mintDataCenterToken(),
      "https://x-token-auth:$BITBUCKET_TOKEN@bitbucket.org/team/repo.git",
      "https://jane:your-app-password@bitbucket.org/team/repo.git",
      "BITBUCKET_APP_PASSWORD=",
      "bitbucket_token: ENC[AES256_GCM,data:c2VjcmV0LXZhbHVl,iv:aXZpdml2,tag:dGFn,type:str]",
      "bitbucket.password=ENC(G6N718UuyPE5bHyWKyuLQSm02auQPUtm)",
      `bitbucketPassword: AgB${"k3Jx".repeat(140)}`,
    ];
    for (const line of harmless)
      expect(await repo.commit(`${line}\n`)).toMatchObject({ code: 0, stderr: "" });
    expect(await repo.git("push", "-q", "origin", "main")).toMatchObject({ code: 0, stderr: "" });
    const old = `https://jane:${mintLegacyAppPassword()}@bitbucket.org/team/repo.git`;
    for (const line of [whole, old]) expect((await repo.commit(`${line}\n`)).code).toBe(1);
  });

  test("undo, and remove, leave everything as it was", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    box.write(`${HOOKS}/pre-commit`, "#!/bin/sh\necho theirs\n", 0o755);
    const before = box.snapshot(box.path(HOOKS));
    for (const back of [
      ["undo", "--yes"],
      ["hook", "remove", "--yes"],
    ]) {
      expect((await repo.rekey(...install)).code).toBe(0);
      expect(box.snapshot(box.path(HOOKS))).not.toEqual(before);
      expect((await repo.rekey(...back)).code).toBe(0);
      expect(box.snapshot(box.path(HOOKS))).toEqual(before);
    }
  });

  test("a second time it changes nothing", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    await repo.rekey(...install);
    const once = box.snapshot(box.path(HOOKS));
    expect(await repo.rekey(...install)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("already"),
    });
    expect(box.snapshot(box.path(HOOKS))).toEqual(once);
  });

  test("a program that is gone keeps nobody from working", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    await repo.rekey(...install);
    for (const hook of ["pre-commit", "pre-push"]) {
      const text = box.read(`${HOOKS}/${hook}`).replaceAll(/'[^']*git-rekey'/g, "'/nowhere/git-rekey'");
      box.write(`${HOOKS}/${hook}`, text, 0o755);
    }
    expect((await repo.commit(`${mintApiToken()}\n`)).code).toBe(0);
    expect((await repo.git("push", "-q", "origin", "main")).code).toBe(0);
  });
});

describe("beside hooks that are there", () => {
  test("theirs run as before, and read what git tells them", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    box.write(
      `${HOOKS}/pre-commit`,
      `#!/usr/bin/env bash\nset -e\necho ran > "${box.path("commit.log")}"\nexit 0\n`,
      0o755,
    );
    box.write(`${HOOKS}/pre-push`, `#!/bin/sh\nset -e\ncat > "${box.path("push.log")}"\n`, 0o755);
    await repo.rekey(...install);
    await repo.commit("nothing\n");
    expect(box.read("commit.log")).toBe("ran\n");
    expect((await repo.git("push", "-q", "origin", "main")).code).toBe(0);
    const head = (await repo.git("rev-parse", "HEAD")).stdout.trim();
    expect(box.read("push.log")).toBe(`refs/heads/main ${head} refs/heads/main ${"0".repeat(40)}\n`);
    expect((await repo.commit(`${mintApiToken()}\n`)).code).toBe(1);
  });

  test("husky's are in its folder, and name a program that everybody has of their own", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    box.write("repo/.husky/pre-commit", "true\n", 0o644);
    for (const hook of ["pre-commit", "pre-push"])
      box.write(
        `repo/.husky/_/${hook}`,
        `#!/bin/sh\n[ ! -f .husky/${hook} ] || exec sh -e .husky/${hook} "$@"\n`,
        0o755,
      );
    await repo.git("config", "core.hooksPath", ".husky/_");
    expect((await repo.rekey(...install)).code).toBe(0);
    expect(box.read("repo/.husky/pre-commit")).toContain("'git-rekey' hook run pre-commit");
    expect(box.read("repo/.husky/pre-commit")).toEndWith("\ntrue\n");
    expect(box.read("repo/.husky/_/pre-commit")).not.toContain("git-rekey");
    expect((await repo.commit(`${mintApiToken()}\n`)).code).toBe(1);
  });

  test("a folder of the repository's own choice", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    await repo.git("config", "core.hooksPath", "tools/hooks");
    expect((await repo.rekey(...install)).code).toBe(0);
    expect((await repo.commit(`${mintApiToken()}\n`)).code).toBe(1);
  });

  const LEFT: [string, (box: Sandbox) => unknown, string][] = [
    [
      "lefthook",
      (box) => box.write("repo/lefthook.yml", "pre-commit:\n"),
      "run: git rekey hook run pre-commit",
    ],
    [
      "pre-commit",
      (box) => {
        for (const hook of ["pre-commit", "pre-push"])
          box.write(
            `${HOOKS}/${hook}`,
            "#!/usr/bin/env bash\n# File generated by pre-commit: https://pre-commit.com\n",
            0o755,
          );
      },
      "id: git-rekey-pre-commit",
    ],
    [
      "a program that is no shell script",
      (box) => {
        for (const hook of ["pre-commit", "pre-push"])
          box.write(`${HOOKS}/${hook}`, "#!/usr/bin/env python3\n", 0o755);
      },
      "is no shell script",
    ],
    [
      "a folder for all repositories",
      (box) => {
        box.write("hooks/pre-commit", "#!/bin/sh\n", 0o755);
        box.write(".gitconfig", `[core]\n\thooksPath = ${box.path("hooks")}\n`);
      },
      "not this repository's alone",
    ],
    [
      "a link",
      (box) => {
        for (const hook of ["pre-commit", "pre-push"]) {
          const target = box.write(`elsewhere/${hook}`, "#!/bin/sh\n", 0o755);
          chmodSync(target, 0o755);
          symlinkSync(target, box.path(HOOKS, hook));
        }
      },
      "is a link",
    ],
  ];
  for (const [what, set, said] of LEFT)
    test(`${what} is left alone, and what to add is said`, async () => {
      await using box = makeSandbox();
      const repo = await repository(box);
      set(box);
      const outside = (path: string) => path.startsWith(".local") || path.startsWith(".cache");
      const before = box.snapshot(box.home, outside);
      const ran = await repo.rekey(...install);
      expect(ran.code).toBe(4);
      expect(ran.stderr).toContain(said);
      expect(box.snapshot(box.home, outside)).toEqual(before);
    });
});

test("outside a repository nothing is changed", async () => {
  await using box = makeSandbox();
  expect(await box.rekey(install)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("no repository"),
  });
});
