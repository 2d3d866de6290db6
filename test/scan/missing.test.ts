/** An entry is called missing exactly where real git, asked for it, finds none. */
import { describe, expect, test } from "bun:test";
import { mintApiToken } from "../../emulator/tokens.ts";
import { findMissing, homePlace } from "../../src/scan/missing.ts";
import { takeInventory } from "../../src/scan/repositories.ts";
import { realFiles } from "../../src/world/files.ts";
import { makeSandbox, type Sandbox } from "../sandbox.ts";

const SITE = "https://bitbucket.org/acme/site.git";

async function checkout(box: Sandbox, folder: string, url: string): Promise<void> {
  for (const args of [
    ["init", "--quiet", folder],
    ["-C", folder, "remote", "add", "origin", url],
  ])
    expect((await box.git(args)).code).toBe(0);
}

function missing(box: Sandbox, ...folders: string[]) {
  const inventory = takeInventory(
    folders.map((folder) => box.path(folder, ".git")),
    realFiles(),
  );
  const { configs, ...home } = homePlace(box.home);
  // The machine's own is none of the sandbox's.
  return findMissing(inventory, [{ ...home, configs: configs.slice(1) }], realFiles());
}

/** Whether git itself finds a password for the remote, asked in the checkout. */
async function gitFinds(box: Sandbox, url: string): Promise<boolean> {
  const ran = await box.git(["credential", "fill"], {
    cwd: "site",
    stdin: `url=${url}\n\n`,
    env: { GIT_TERMINAL_PROMPT: "0", GIT_ASKPASS: "" },
  });
  return ran.code === 0 && /^password=./m.test(ran.stdout);
}

interface Case {
  url?: string;
  /** Of the person. */
  config?: string;
  /** Of the repository. */
  own?: string;
  files?: Readonly<Record<string, string>>;
  isMissing: boolean;
}

const STORE = "[credential]\n\thelper = store\n";
const entry = (user = "ana", path = "") => `https://${user}:${mintApiToken()}@bitbucket.org${path}\n`;

const CASES: Readonly<Record<string, Case>> = {
  "no store at all": { config: STORE, isMissing: true },
  "an empty one": { config: STORE, files: { ".git-credentials": "" }, isMissing: true },
  "one for others": {
    config: STORE,
    files: { ".git-credentials": "https://ana:pw@github.com\nhttps://ana:pw@bitbucket.org.evil.example\n" },
    isMissing: true,
  },
  "one that has it": { config: STORE, files: { ".git-credentials": entry() }, isMissing: false },
  "the other place has it": {
    config: STORE,
    files: { ".config/git/credentials": entry() },
    isMissing: false,
  },
  "for another user than the URL's": {
    url: "https://ana@bitbucket.org/acme/site.git",
    config: STORE,
    files: { ".git-credentials": entry("x-bitbucket-api-token-auth") },
    isMissing: true,
  },
  "for another user than the settings'": {
    config: `${STORE}[credential "https://bitbucket.org"]\n\tusername = bob\n`,
    files: { ".git-credentials": entry() },
    isMissing: true,
  },
  "for another repository, where paths count": {
    config: `${STORE}\tuseHttpPath = true\n`,
    files: { ".git-credentials": entry("ana", "/acme/docs.git") },
    isMissing: true,
  },
  "for this repository, where paths count": {
    config: `${STORE}\tuseHttpPath = true\n`,
    files: { ".git-credentials": entry("ana", "/acme/site.git") },
    isMissing: false,
  },
  "the repository names a store": { own: STORE, isMissing: true },
  "a file of its own, which has it": {
    own: "[credential]\n\thelper = store --file ~/keys\n",
    files: { keys: entry(), ".git-credentials": "" },
    isMissing: false,
  },
  "a file of its own, which has it not": {
    own: "[credential]\n\thelper = store --file=HOME/keys\n",
    files: { ".git-credentials": entry() },
    isMissing: true,
  },
  "an included file names the store": {
    config: "[include]\n\tpath = more\n",
    files: { more: STORE },
    isMissing: true,
  },
  "a store that was forgotten again": {
    config: `${STORE}[credential "https://bitbucket.org"]\n\thelper =\n\thelper = store --file ~/keys\n`,
    files: { keys: entry() },
    isMissing: false,
  },
};

describe("as git finds it", () => {
  for (const [name, { url = SITE, config = "", own = "", files = {}, isMissing }] of Object.entries(CASES))
    test(name, async () => {
      await using box = makeSandbox();
      await checkout(box, "site", url);
      box.write(".gitconfig", config);
      box.write("site/.git/config", box.read("site/.git/config") + own.replace("HOME", box.home));
      for (const [file, text] of Object.entries(files)) box.write(file, text);
      expect(await gitFinds(box, url)).toBe(!isMissing);
      expect(missing(box, "site")).toHaveLength(isMissing ? 1 : 0);
    });
});

describe("nothing is missing where", () => {
  const silent: Readonly<Record<string, Case>> = {
    "no helper is set": { isMissing: false },
    "another helper may know": { config: `${STORE}\thelper = cache\n`, isMissing: false },
    "the remote goes by SSH": { url: "git@bitbucket.org:acme/site.git", config: STORE, isMissing: false },
    "the settings lead it to SSH": {
      config: `${STORE}[url "git@bitbucket.org:"]\n\tinsteadOf = https://bitbucket.org/\n`,
      isMissing: false,
    },
    "it is somebody else's server": { url: "https://github.com/acme/site", config: STORE, isMissing: false },
    "the secret is in the URL": {
      url: `https://x-token-auth:${mintApiToken()}@bitbucket.org/acme/site`,
      config: STORE,
      isMissing: false,
    },
    "`.netrc` has it": {
      config: STORE,
      files: { ".netrc": "machine bitbucket.org login ana password pw\n" },
      isMissing: false,
    },
    "a header signs in": {
      config: `${STORE}[http "https://bitbucket.org"]\n\textraHeader = Authorization: Bearer x\n`,
      isMissing: false,
    },
    "a program is asked": { config: `${STORE}[core]\n\taskPass = /usr/bin/ask\n`, isMissing: false },
  };
  for (const [name, { url = SITE, config = "", files = {} }] of Object.entries(silent))
    test(name, async () => {
      await using box = makeSandbox();
      await checkout(box, "site", url);
      box.write(".gitconfig", config);
      for (const [file, text] of Object.entries(files)) box.write(file, text);
      expect(missing(box, "site")).toEqual([]);
    });
});

test("what is told of it: once for all checkouts, where it belongs, no secret", async () => {
  await using box = makeSandbox();
  box.write(".gitconfig", STORE);
  box.write(".config/git/credentials", "");
  await checkout(box, "one", SITE);
  await checkout(box, "two", "https://bitbucket.org/acme/docs");
  await checkout(box, "three", "https://ana@bitbucket.org/acme/docs");
  expect(missing(box, "one", "two", "three")).toMatchObject([
    {
      file: box.path(".config/git/credentials"),
      line: null,
      certainty: "missing",
      user: null,
      repository: null,
      place: `no entry for \`https://bitbucket.org\`, which the remote \`origin\` of \`${box.path("one")}\` (and 1 more) needs`,
    },
    { user: "ana", repository: "acme/docs" },
  ]);
});

test("a repository is not judged by somebody else's settings", async () => {
  await using box = makeSandbox();
  box.write(".gitconfig", STORE);
  await checkout(box, "site", SITE);
  const files = realFiles();
  const inventory = takeInventory([box.path("site/.git")], files);
  const strange = {
    ...files,
    facts: (path: string) => {
      const facts = files.facts(path);
      return facts && path === box.home ? { ...facts, uid: facts.uid + 1 } : facts;
    },
  };
  expect(findMissing(inventory, [homePlace(box.home)], strange)).toEqual([]);
});
