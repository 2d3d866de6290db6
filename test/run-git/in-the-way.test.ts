/** Whatever else would win is kept away for one command, and is there again afterwards, byte for byte. */
import { describe, expect, test } from "bun:test";
import type { EmulatedSandbox, Ran } from "../sandbox.ts";
import {
  belongings,
  CURLS_OWN_TRY,
  cloneSite,
  commit,
  credentialsSeen,
  leftovers,
  run,
  withAccount,
} from "./scene.ts";

type Plant = (box: EmulatedSandbox) => unknown;

const basic = (box: EmulatedSandbox) =>
  `Authorization: Basic ${Buffer.from(`ana:${box.emulator.secret("app-password")}`).toString("base64")}`;

const config =
  (text: (box: EmulatedSandbox) => string): Plant =>
  (box) =>
    void box.write(".gitconfig", text(box));

const netrc =
  (head: string): Plant =>
  (box) =>
    void box.write(".netrc", `${head} login ana password ${box.emulator.secret("app-password")}\n`, 0o600);

const store: Plant = (box) => {
  box.write(".gitconfig", "[credential]\n\thelper = store\n");
  box.write(".git-credentials", `${box.urlWith("ana", "app-password", "")}`.replace(/\/\.git$/, "\n"), 0o600);
};

const IN_THE_WAY: Readonly<Record<string, Plant>> = {
  nothing: () => {},
  "a stored app password": store,
  "an app password in the cache": async (box) => {
    box.write(".gitconfig", "[credential]\n\thelper = cache\n");
    const stdin = `protocol=https\nhost=bitbucket.org\nusername=ana\npassword=${box.emulator.secret("app-password")}\n`;
    await box.git(["credential-cache", "store"], { stdin });
  },
  netrc: netrc("machine bitbucket.org"),
  "netrc's default": netrc("default"),
  "a header for everything": config((box) => `[http]\n\textraHeader = ${basic(box)}\n`),
  "a header for the host": config((box) => `[http "https://bitbucket.org"]\n\textraHeader = ${basic(box)}\n`),
  "a header for the repository": config(
    (box) => `[http "https://bitbucket.org/acme/site.git"]\n\textraHeader = ${basic(box)}\n`,
  ),
  "a helper that is asked later": config(
    () =>
      '[credential "https://bitbucket.org"]\n\thelper = "!f() { echo password=no; echo username=ana; }; f"\n',
  ),
  "everything at once": async (box) => {
    await netrc("machine bitbucket.org")(box);
    await store(box);
    box.write(
      ".gitconfig",
      `${box.read(".gitconfig")}[http "https://bitbucket.org/acme"]\n\textraHeader = ${basic(box)}\n`,
    );
  },
};

describe.each(Object.entries(IN_THE_WAY))("%s in the way", (_, plant) => {
  async function works(box: EmulatedSandbox, ...words: string[]): Promise<Ran> {
    const before = belongings(box);
    box.emulator.clearLog();
    const ran = await run(box, words, { cwd: words[0] === "clone" ? "." : "site" });
    expect(ran, words.join(" ")).toMatchObject({ code: 0, signal: null });
    const named = words.some((word) => word.includes("@"));
    expect(credentialsSeen(box), words.join(" ")).toEqual(
      named ? ["api-token", CURLS_OWN_TRY] : ["api-token"],
    );
    expect(belongings(box)).toEqual(before);
    expect(leftovers(box)).toEqual([]);
    return ran;
  }

  test("clone, fetch, pull and push work with the account's token alone", async () => {
    await using box = await withAccount();
    await plant(box);
    await works(box, "clone", "https://bitbucket.org/acme/site.git");
    await box.emulator.pushCommit("acme/site", { files: { "a.txt": "a\n" } });
    await works(box, "fetch");
    await works(box, "pull", "--quiet", "--no-rebase");
    expect(box.exists("site/a.txt")).toBe(true);
    await commit(box);
    await works(box, "push", "origin", "HEAD");
    await works(box, "ls-remote", "https://ana@bitbucket.org/acme/site.git");
  });
});

test("a user name in the URL, and settings in the environment", async () => {
  await using box = await withAccount();
  await cloneSite(box, "https://ana@bitbucket.org/acme/site.git");
  const env = {
    GIT_CONFIG_COUNT: "2",
    GIT_CONFIG_KEY_0: "http.https://ana@bitbucket.org/acme/site.git.extraHeader",
    GIT_CONFIG_VALUE_0: basic(box),
    GIT_CONFIG_KEY_1: "alias.hello",
    GIT_CONFIG_VALUE_1: "config alias.hello",
  };
  expect(await run(box, ["fetch"], { cwd: "site", env })).toMatchObject({ code: 0 });
  expect(credentialsSeen(box)).toEqual(["api-token", CURLS_OWN_TRY]);
  // What was in the environment before still is.
  const told = await run(box, ["hello"], { cwd: "site", env });
  expect(told.stdout).toBe("config alias.hello\n");
});

test("headers that sign nobody in are sent as before", async () => {
  await using box = await withAccount();
  await cloneSite(box);
  box.write(
    ".gitconfig",
    `[http]\n\textraHeader = X-Office: north\n\textraHeader = ${basic(box)}\n[http "https://bitbucket.org/acme"]\n\textraHeader = X-Team: "web"\n`,
  );
  const { code, stderr } = await run(box, ["fetch"], { cwd: "site", env: { GIT_CURL_VERBOSE: "1" } });
  expect(code).toBe(0);
  for (const header of ["X-Office: north", "X-Team: web"]) expect(stderr).toContain(header);
  expect(credentialsSeen(box)).toEqual(["api-token"]);
});

describe("with a netrc kept away, everything else is at home", () => {
  async function atHome(): Promise<EmulatedSandbox> {
    const box = await withAccount();
    await cloneSite(box);
    await netrc("machine bitbucket.org")(box);
    return box;
  }

  test("hooks have the real HOME, and `includeIf` means the real one", async () => {
    await using box = await atHome();
    box.write(".gitconfig", '[includeIf "gitdir:~/site/"]\n\tpath = ~/work.conf\n');
    box.write("work.conf", "[user]\n\temail = ana@work.example\n[http]\n\tuserAgent = works\n");
    box.write(
      "site/.git/hooks/pre-push",
      '#!/bin/sh\necho "HOME=$HOME"; ls -a ~; git config user.email\n',
      0o755,
    );
    await commit(box);
    const { code, stdout, stderr } = await run(box, ["push", "origin", "HEAD"], {
      cwd: "site",
      env: { GIT_CURL_VERBOSE: "1" },
    });
    const said = stdout + stderr;
    expect(code).toBe(0);
    expect(said).toContain(`HOME=${box.home}\n`);
    expect(said).toContain(".netrc\n");
    expect(said).toContain("ana@work.example\n");
    // What speaks HTTP obeys that file, too.
    expect(said).toMatch(/user-agent: works/i);
    expect(credentialsSeen(box)).toEqual(["api-token"]);
  });

  test("`~` in settings of the HTTP part leads to the real home", async () => {
    await using box = await atHome();
    box.write("authorities.pem", await Bun.file(box.emulator.caFile).text());
    box.write(".gitconfig", "[http]\n\tsslCAInfo = ~/authorities.pem\n");
    const env = { GIT_SSL_CAINFO: undefined };
    expect(await run(box, ["fetch"], { cwd: "site", env })).toMatchObject({ code: 0 });
    expect(credentialsSeen(box)).toEqual(["api-token"]);
  });

  test("what git writes into the home folder arrives there", async () => {
    await using box = await atHome();
    await run(box, ["config", "--global", "user.name", "Ana"]);
    expect(box.read(".gitconfig")).toContain("name = Ana");
  });
});
