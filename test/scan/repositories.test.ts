/** The inventory beside what real git has made, and what nobody should have made. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync } from "node:fs";
import { mintAccessToken } from "../../emulator/tokens.ts";
import { takeInventory } from "../../src/scan/repositories.ts";
import { realFiles } from "../../src/world/files.ts";
import { makeSandbox } from "../sandbox.ts";

const box = makeSandbox();
afterAll(() => box.remove());

async function git(...args: string[]): Promise<void> {
  const ran = await box.git(["-c", "protocol.file.allow=always", ...args]);
  expect(ran.code, args.join(" ") + ran.stderr).toBe(0);
}

const inventory = (...met: string[]) =>
  takeInventory(
    met.map((path) => box.path(path)),
    realFiles(),
  );

async function repository(folder: string): Promise<string> {
  await git("init", "--quiet", folder);
  await git("-C", folder, "commit", "--quiet", "--allow-empty", "-m", "First");
  return folder;
}

describe("kinds of repositories", () => {
  test("a checkout, its worktree, a bare clone", async () => {
    await repository("one");
    await git("-C", "one", "remote", "add", "origin", "git@bitbucket.org:acme/site.git");
    await git("-C", "one", "worktree", "add", "--quiet", "../one-tree");
    await git("clone", "--quiet", "--bare", "one", "one.git");
    const { repositories, broken } = inventory("one/.git", "one-tree/.git", "one.git");
    expect(broken).toEqual([]);
    const origin = {
      name: "origin",
      url: "git@bitbucket.org:acme/site.git",
      isBitbucket: true,
      repository: "acme/site",
      signsIn: "ssh" as const,
    };
    expect(repositories).toEqual([
      {
        path: box.path("one"),
        gitFolder: box.path("one/.git"),
        kind: "checkout",
        remotes: [origin],
        submodules: [],
        configs: [box.path("one/.git/config")],
      },
      {
        path: box.path("one-tree"),
        gitFolder: box.path("one/.git/worktrees/one-tree"),
        kind: "worktree",
        remotes: [origin],
        submodules: [],
        configs: [box.path("one/.git/config")],
      },
      expect.objectContaining({ path: box.path("one.git"), kind: "bare" }),
    ]);
  });

  test("submodules, met from both sides, and one that is not checked out any more", async () => {
    await repository("lib");
    await repository("super");
    await git("-C", "super", "submodule", "--quiet", "add", box.path("lib"), "vendor/lib");
    await git("-C", "super", "submodule", "--quiet", "add", box.path("lib"), "gone");
    await git("-C", "super", "submodule", "--quiet", "deinit", "--force", "gone");
    const met = [
      "super/.git",
      "super/.git/modules/vendor/lib",
      "super/vendor/lib/.git",
      "super/.git/modules/gone",
    ];
    for (const order of [met, [...met].reverse()]) {
      const { repositories } = inventory(...order);
      expect(repositories.map(({ path, kind }) => [path, kind])).toEqual([
        [box.path("super"), "checkout"],
        [box.path("super/.git/modules/gone"), "submodule"],
        [box.path("super/vendor/lib"), "submodule"],
      ]);
      expect(repositories[0]?.submodules).toEqual([box.path("super/vendor/lib"), box.path("super/gone")]);
    }
  });

  test("a repository kept apart from its files, and a bare one called `.git`", async () => {
    await git("init", "--quiet", "--separate-git-dir", "apart.git", "apart");
    await git("init", "--quiet", "--bare", "trees/.git");
    const { repositories } = inventory("apart.git", "apart/.git", "trees/.git");
    expect(repositories.map(({ path, kind }) => [path, kind])).toEqual([
      [box.path("apart"), "checkout"],
      [box.path("trees/.git"), "bare"],
    ]);
  });
});

describe("how remotes sign in", () => {
  const token = mintAccessToken();
  for (const [url, signsIn, isBitbucket] of [
    ["git@bitbucket.org:acme/site.git", "ssh", true],
    ["ssh://git@altssh.bitbucket.org:443/acme/site.git", "ssh", true],
    ["https://bitbucket.org/acme/site.git", "https", true],
    ["https://ana@bitbucket.org/acme/site", "https-with-user", true],
    [`https://x-token-auth:${token}@bitbucket.org/acme/site`, "https-with-secret", true],
    [`https://${token}@bitbucket.org/acme/site`, "https-with-secret", true],
    ["https://bitbucket.org.evil.example/acme/site", "https", false],
    ["https://ana:pw-of-ana@github.com/acme/site", "https-with-secret", false],
    ["http://bitbucket.org/acme/site", "other", false],
    ["/srv/git/site.git", "other", false],
  ] as const)
    test(url.replace(token, "TOKEN"), async () => {
      const folder = `remote-${Bun.hash(url)}`;
      await git("init", "--quiet", folder);
      await git("-C", folder, "remote", "add", "a.b", url);
      const [found] = inventory(`${folder}/.git`).repositories;
      expect(found?.remotes).toMatchObject([{ name: "a.b", signsIn, isBitbucket }]);
      expect(found?.remotes[0]?.repository).toBe(isBitbucket ? "acme/site" : null);
      expect(JSON.stringify(found)).not.toContain(token.slice(0, 30));
      expect(JSON.stringify(found)).not.toContain("pw-of-ana");
    });

  test("each URL of one, also to push to, and of a worktree alone", async () => {
    await repository("urls");
    await git("-C", "urls", "remote", "add", "origin", "https://bitbucket.org/acme/site");
    await git("-C", "urls", "remote", "set-url", "--push", "origin", "git@bitbucket.org:acme/site");
    await git("-C", "urls", "config", "extensions.worktreeConfig", "true");
    await git("-C", "urls", "worktree", "add", "--quiet", "../urls-tree");
    await git(
      "-C",
      "urls-tree",
      "config",
      "--worktree",
      "remote.own.url",
      "https://ana@bitbucket.org/acme/own",
    );
    const { repositories } = inventory("urls/.git", "urls-tree/.git");
    expect(
      repositories.map(({ remotes }) => remotes.map(({ name, signsIn }) => `${name} ${signsIn}`)),
    ).toEqual([
      ["origin https", "origin ssh"],
      ["origin https", "origin ssh", "own https-with-user"],
    ]);
    const own = ["urls/.git/config", "urls/.git/worktrees/urls-tree/config.worktree"];
    expect(repositories[1]?.configs).toEqual(own.map((path) => box.path(path)));
  });
});

describe("what is broken is counted, and the rest is told", () => {
  test("leading nowhere, to itself, to a folder that is none, to a pipe", async () => {
    await repository("whole");
    box.write("nowhere/.git", "gitdir: /no/where\n");
    box.write("itself/.git", "gitdir: .git\n");
    box.write("words/.git", "HEAD is elsewhere");
    box.write("empty/.git", "");
    box.write("unlike/HEAD", "ref: refs/heads/main\n");
    box.write("unlike/config", "[core\nbare\n");
    mkdirSync(box.path("piped"));
    await box.run(["mkfifo", box.path("piped/config"), box.path("piped/HEAD")]);
    mkdirSync(box.path("loop"));
    symlinkSync("HEAD", box.path("loop/HEAD"));
    const bad = [
      "empty/.git",
      "gone/.git",
      "itself/.git",
      "loop",
      "nowhere/.git",
      "piped",
      "unlike",
      "words/.git",
    ];
    const { repositories, broken } = inventory(...bad, "whole/.git");
    expect(broken).toEqual(bad.map((path) => box.path(path)));
    expect(repositories.map(({ path }) => path)).toEqual([box.path("whole")]);
  });

  test("submodules that lead out of the repository, and a worktree whose repository is gone", async () => {
    await repository("sly");
    box.write("sly/.gitmodules", '[submodule "x"]\n\tpath = ../../etc\n[submodule "y"]\n\tpath = /etc\n');
    box.write("orphan-git/HEAD", "ref: refs/heads/main\n");
    box.write("orphan-git/commondir", "../gone\n");
    box.write("orphan/.git", `gitdir: ${box.path("orphan-git")}\n`);
    const { repositories, broken } = inventory("sly/.git", "orphan/.git");
    expect(repositories.map(({ submodules }) => submodules)).toEqual([[]]);
    expect(broken).toEqual([box.path("orphan/.git")]);
  });
});
