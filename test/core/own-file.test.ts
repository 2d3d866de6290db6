/** The file that holds one repository's token: what a helper's words name, compared with where real git writes. */
import { afterAll, describe, expect, test } from "bun:test";
import { ownFileIn, ownFileNamed } from "../../src/core/own-file.ts";
import { makeSandbox, type Sandbox } from "../sandbox.ts";

const box: Sandbox = makeSandbox();
afterAll(() => box.remove());

/** A repository in the home folder, to be run in. */
const SITE = "site";
const isReady = box.git(["init", "--quiet", SITE]);

const STORED = "protocol=https\nhost=bitbucket.org\nusername=ana\npassword=x\n\n";

/** The files that came to be when git gave this helper a credential. */
async function written(helper: string): Promise<string[]> {
  await isReady;
  const before = box.snapshot();
  const only = ["-c", "credential.helper=", "-c", `credential.helper=${helper}`];
  await box.git([...only, "credential", "approve"], { cwd: SITE, stdin: STORED });
  return Object.keys(box.snapshot()).filter((path) => before[path] === undefined);
}

describe("is named, and git writes there", () => {
  test.each([
    ["as a fix writes it", (home: string) => `store --file '${home}/.git-credentials-a'`],
    ["with an equals sign", (home: string) => `store --file=${home}/.git-credentials-b`],
    ["from the home folder", () => "store --file ~/.git-credentials-c"],
    ["with a quotation mark", (home: string) => `store --file '${home}/.git-credentials-d'\\''e'`],
  ])("%s", async (_, words) => {
    const helper = words(box.home);
    const named = ownFileNamed(helper, box.home);
    expect((await written(helper)).map((path) => box.path(path))).toEqual([named ?? "none"]);
  });

  test("for every repository", () => {
    for (const path of ["/acme/site.git", "/acme/it's.git", "/a b/ü"]) {
      const { file, helper } = ownFileIn("/home/o'neil", path);
      expect(ownFileNamed(helper, "/home/o'neil")).toBe(file);
    }
  });
});

describe("is not, for git writes elsewhere", () => {
  test.each([
    ["into the repository, by a tilde within a word", () => "store --file=~/.git-credentials-f"],
    ["into the repository, by a relative path", () => "store --file .git-credentials-g"],
    ["below the home folder", (home: string) => `store --file '${home}/site/.git-credentials-h'`],
    ["and back up", (home: string) => `store --file ${home}/site/../.git-credentials-i`],
  ])("%s", (_, words) => {
    expect(ownFileNamed(words(box.home), box.home)).toBeNull();
  });

  test.each([
    "store --file '/home/ana/.git-credentials-a' --file /tmp/x",
    "store --file '/home/ana/.git-credentials-a'; touch x",
    "store --file $HOME/.git-credentials-a",
    "store --file '/home/ana/.gitconfig'",
    "store --file '/home/anabel/.git-credentials-a'",
    "!store --file '/home/ana/.git-credentials-a'",
    "store",
  ])("%s", (helper) => expect(ownFileNamed(helper, "/home/ana")).toBeNull());

  test("where there is no home", () =>
    expect(ownFileNamed("store --file /.git-credentials-a", null)).toBeNull());
});
