/** The rules of a run, without a run. */
import { describe, expect, test } from "bun:test";
import { isKin, type Kin } from "../../src/run/kin.ts";
import { wrapper } from "../../src/run/netrc.ts";
import { settingsFile } from "../../src/run/settings.ts";
import { type Given, isUnaltered } from "../../src/run/unaltered.ts";
import { readGitWords } from "../../src/run/words.ts";
import type { Process } from "../../src/world/processes.ts";
import { makeSandbox } from "../sandbox.ts";

describe("words before the subcommand", () => {
  test("options, their values, and where they end", () => {
    const words = [
      "-C",
      "a",
      "-C",
      "b",
      "-c",
      "x.y=z",
      "--git-dir=g",
      "--work-tree",
      "w",
      "--no-pager",
      "fetch",
      "-c",
      "o",
    ];
    expect(readGitWords(words)).toEqual({
      options: words.slice(0, 10),
      folders: ["a", "b"],
      env: { GIT_DIR: "g", GIT_WORK_TREE: "w" },
      settings: ["x.y"],
      rest: ["fetch", "-c", "o"],
    });
    expect(readGitWords(["--exec-path", "--version"]).rest).toEqual([]);
    expect(readGitWords([])).toMatchObject({ options: [], rest: [] });
  });
});

const HOOK =
  '#!/bin/sh\ncommand -v git-lfs >/dev/null 2>&1 || { printf >&2 "\\n%s\\n\\n" "No LFS here."; exit 2; }\ngit lfs pre-push "$@"\n';

const kin: Kin = {
  gits: new Set(["/usr/bin/git"]),
  gitFolder: "/usr/lib/git-core",
  lfs: "/usr/bin/git-lfs",
  helper: "/opt/git-rekey",
  helperValue: "/opt/git-credential-rekey --socket /tmp/s",
  resolve: (path) => path.replace("/tmp/run/git-core/", "/usr/lib/git-core/"),
  readScript: (path) =>
    path === "hooks/pre-push"
      ? HOOK
      : path === ".git/hooks/pre-push"
        ? HOOK.replace("git lfs", "id\ngit lfs")
        : null,
};

const one = (program: string, ...words: string[]): Process => ({ pid: 7, parent: 6, program, words });
const sh = (...words: string[]) => one("/usr/bin/dash", "/bin/sh", ...words);
const git = (...words: string[]) => one("/usr/lib/git-core/git", "git", ...words);
const lfs = one("/usr/bin/git-lfs", "git-lfs", "x");
const helper = one("/opt/git-rekey", "git-credential-rekey", "--socket", "/tmp/s", "get");
const helpersShell = sh("-c", `${kin.helperValue} get`, `${kin.helperValue} get`);
const remote = one("/usr/lib/git-core/git-remote-http", "git-remote-https", "origin", "URL");
const root = one("/usr/bin/git", "git", "fetch");
const ask = [helper, helpersShell, remote];

describe("who asks", () => {
  test.each<[string, Process[]]>([
    ["git fetch", [...ask, git("remote-https"), root]],
    ["a shell that became the helper", [helper, remote, git("remote-https"), root]],
    ["git pull", [...ask, git("remote-https"), git("fetch", "--update-head-ok"), root]],
    [
      "git submodule, a script",
      [...ask, git("fetch"), git("submodule--helper"), sh("/usr/lib/git-core/git-submodule"), root],
    ],
    [
      "the same through a link",
      [...ask, git("fetch"), sh("/tmp/run/git-core/git-submodule", "update"), root],
    ],
    ["LFS", [helper, helpersShell, git("credential", "fill"), lfs, root]],
    ["LFS's git", [...ask, git("-c", "filter.lfs.smudge=", "ls-remote"), lfs, root]],
    [
      "LFS's filter",
      [
        helper,
        helpersShell,
        git("credential", "fill"),
        lfs,
        git("lfs"),
        sh("-c", "git-lfs filter-process", "git-lfs filter-process"),
        root,
      ],
    ],
    [
      "LFS's own filter for one file",
      [helper, helpersShell, git("credential", "fill"), lfs, sh("-c", "git-lfs smudge -- 'it'\\''s'"), root],
    ],
    [
      "LFS's hook",
      [
        helper,
        helpersShell,
        git("credential", "fill"),
        lfs,
        git("lfs", "pre-push"),
        sh("hooks/pre-push", "origin"),
        root,
      ],
    ],
    ["a fetch of missing objects", [...ask, git("-c", "fetch.negotiationAlgorithm=noop", "fetch"), root]],
  ])("%s: git itself", (_, line) => {
    expect(isKin(kin, line)).toBe(true);
  });

  test.each<[string, Process[]]>([
    ["nobody in between", [helper, root]],
    ["another program", [one("/usr/bin/python3", "python3"), remote, root]],
    ["no root", [helper]],
    ["a hook", [...ask, git("fetch"), sh(".git/hooks/post-checkout"), root]],
    [
      "a hook that is more than LFS's",
      [helper, helpersShell, git("credential", "fill"), lfs, git("lfs"), sh(".git/hooks/pre-push"), root],
    ],
    ["a shell's own words", [...ask, git("fetch"), sh("-c", "git fetch"), root]],
    [
      "a filter that does more",
      [helper, helpersShell, git("credential", "fill"), lfs, sh("-c", "git-lfs smudge -- 'a'; id"), root],
    ],
    ["git credential fill for no LFS", [helper, helpersShell, git("credential", "fill"), root]],
    ["another helper line", [helper, sh("-c", "tee /tmp/x"), remote, root]],
    [
      "a program with LFS's name",
      [helper, helpersShell, git("credential", "fill"), one("/tmp/git-lfs", "git-lfs"), root],
    ],
    ["git's name elsewhere", [...ask.slice(0, 2), one("/tmp/git-remote-https", "git-remote-https"), root]],
    ["a script beside git's", [...ask, sh("/tmp/other/git-submodule"), root]],
    ["a git that is led elsewhere", [...ask, git("-c", "http.proxy=http://x", "fetch"), root]],
    ["the same by a variable", [...ask, git("--config-env=http.proxy=X", "fetch"), root]],
  ])("%s: not git", (_, line) => {
    expect(isKin(kin, line)).toBe(false);
  });
});

describe("a line that nobody altered", () => {
  const given: Given = {
    env: new Map([
      ["HOME", "/home/ana"],
      ["https_proxy", "http://proxy"],
      ["GIT_CONFIG_COUNT", "1"],
    ]),
    also: new Map([
      ["HOME", "/tmp/run/home"],
      ["GIT_CONFIG_GLOBAL", "/tmp/run/global"],
    ]),
    settings: ["http.lowSpeedLimit"],
  };
  const found = (more: Record<string, string | undefined> = {}) =>
    new Map(
      Object.entries({ ...Object.fromEntries(given.env), ...more }).filter(
        (pair): pair is [string, string] => pair[1] !== undefined,
      ),
    );

  test.each<[string, Record<string, string | undefined>]>([
    ["as given", {}],
    [
      "what Git sets",
      { GIT_DIR: ".git", GIT_EXEC_PATH: "/usr/lib/git-core", PATH: "/x", GIT_TRACE2_PARENT_SID: "1" },
    ],
    ["as its HTTP part is given", { HOME: "/tmp/run/home", GIT_CONFIG_GLOBAL: "/tmp/run/global" }],
    ["settings that lead nowhere", { GIT_CONFIG_PARAMETERS: "'filter.lfs.smudge'='' 'fetch.x=y'" }],
    ["settings of the command", { GIT_CONFIG_PARAMETERS: "'http.lowspeedlimit'='1'" }],
  ])("%s", (_, more) => {
    expect(isUnaltered(given, found(more))).toBe(true);
  });

  test.each<[string, Record<string, string | undefined>]>([
    ["a trace", { GIT_TRACE_CURL: "/tmp/x" }],
    ["another proxy", { https_proxy: "http://evil" }],
    ["one proxy more", { HTTPS_PROXY: "http://evil" }],
    ["no proxy any more", { https_proxy: undefined }],
    ["a library", { LD_PRELOAD: "/tmp/x.so" }],
    ["keys of the line", { SSLKEYLOGFILE: "/tmp/x" }],
    ["one setting more", { GIT_CONFIG_COUNT: "2", GIT_CONFIG_KEY_1: "http.proxy", GIT_CONFIG_VALUE_1: "x" }],
    ["another home", { HOME: "/tmp/evil" }],
    ["settings in git's own variable", { GIT_CONFIG_PARAMETERS: "'http.sslVerify'='false'" }],
    ["the same as older gits write them", { GIT_CONFIG_PARAMETERS: "'a.b=c' 'http.sslVerify=false'" }],
  ])("not with %s", (_, more) => {
    expect(isUnaltered(given, found(more))).toBe(false);
  });
});

test("only the way to Bitbucket has another home", async () => {
  await using box = makeSandbox();
  const fake = box.write("fake", '#!/bin/sh\necho "$HOME $*"\n', 0o755);
  const tell = async (name: string, ...words: string[]) => {
    const program = box.write(name, wrapper(name, fake, { HOME: "/a 'private' one" }), 0o755);
    return (await box.run([program, ...words])).stdout.trim();
  };
  for (const url of [
    "https://bitbucket.org/acme/site.git",
    "https://ana@bitbucket.org/acme/site.git",
    "https://BitBucket.org:443/acme/site.git",
  ])
    expect(await tell("git-remote-https", "origin", url)).toBe(`/a 'private' one origin ${url}`);
  for (const url of ["https://github.com/a/b", "https://bitbucket.org.example/a", "http://bitbucket.org/a"])
    expect(await tell("git-remote-https", "origin", url)).toBe(`${box.home} origin ${url}`);
  expect(await tell("git-lfs", "pull")).toBe("/a 'private' one pull");
});

test("git reads the settings as they were meant, whatever is in them", async () => {
  await using box = makeSandbox();
  const helperValue = '/opt/a\\ "b"/git-credential-rekey --socket /tmp/x';
  const entry = (subsection: string | null, value: string) => ({
    section: "http",
    subsection,
    name: "extraheader",
    value,
    of: null,
  });
  const config = [
    entry(null, "X-One: 1;#\\"),
    entry("https://bitbucket.org/acme", "Authorization: Basic x"),
    entry("https://bitbucket.org/acme", 'X-Two: "2"'),
    entry("https://elsewhere.example", "X-Three: 3"),
  ];
  const file = box.write(
    "config",
    settingsFile(config, ["https://ana@bitbucket.org/acme/site.git"], helperValue),
  );
  const get = async (...words: string[]) => (await box.git(["config", "--file", file, ...words])).stdout;
  expect(await get("--get-all", "credential.https://bitbucket.org.helper")).toBe(`\n${helperValue}\n`);
  expect(await get("--get-all", "http.https://bitbucket.org/acme.extraheader")).toBe(
    '\nX-One: 1;#\\\nX-Two: "2"\n',
  );
  expect(await get("--get-all", "http.https://bitbucket.org/.extraheader")).toBe("\nX-One: 1;#\\\n");
  expect(await get("--list")).not.toContain("Authorization");
  expect(await get("--list")).not.toContain("elsewhere");
});
