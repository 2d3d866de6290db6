/** What the next commit adds and what a push would send, with real git. */
import { describe, expect, test } from "bun:test";
import { mintApiToken, mintAppPassword } from "../../emulator/tokens.ts";
import { type AddedTotals, scanPush, scanStaged } from "../../src/scan/staged.ts";
import { realGitStream } from "../../src/world/git-stream.ts";
import { readSelf } from "../../src/world/self.ts";
import { makeSandbox, type Sandbox } from "../sandbox.ts";

const never = new AbortController().signal;
const salt = new Uint8Array(32);

const gitOf = (box: Sandbox) => realGitStream({ ...readSelf(), env: box.env, cwd: box.home });

const staged = (box: Sandbox, folder = "repo") => scanStaged(gitOf(box), box.path(folder), { salt }, never);

async function repository(box: Sandbox) {
  await box.git(["init", "-q", "-b", "main", "repo"]);
  const git = async (...args: string[]) => {
    const ran = await box.git(args, { cwd: "repo" });
    if (ran.code !== 0) throw new Error(ran.stderr);
    return ran.stdout.trim();
  };
  const stage = async (files: Record<string, string | Buffer>) => {
    for (const [name, text] of Object.entries(files)) box.write(`repo/${name}`, text);
    await git("add", "-A");
  };
  const commit = async (files: Record<string, string>, message = "work") => {
    await stage(files);
    await git("commit", "-q", "--allow-empty", "-m", message);
    return git("rev-parse", "HEAD");
  };
  return { git, stage, commit };
}

const places = ({ spots }: AddedTotals) =>
  spots.map(({ file, line }) => `${file.split("/repo/")[1]}:${line}`).sort();

describe("what is staged", () => {
  test("is looked at, and nothing else is", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    await repo.stage({ "a.txt": `one\n${mintApiToken()}\n`, "b.txt": "nothing\n" });
    box.write("repo/b.txt", `${mintApiToken()}\n`);
    box.write("repo/c.txt", `${mintApiToken()}\n`);
    // Before the first commit there is no HEAD to compare with.
    expect(places(await staged(box))).toEqual(["a.txt:2"]);
    expect(await staged(box)).toMatchObject({
      files: 2,
      complete: true,
      spots: [{ history: null, kind: "api-token" }],
    });
  });

  test("counts by lines: what stood there before, there or in a file that goes, is not new", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    const old = `url = https://ana:${mintAppPassword()}@bitbucket.org/acme/x`;
    await repo.commit({ "a.ini": `${old}\n`, "moved.ini": `${old}\nmore\n` });
    expect(places(await staged(box))).toEqual([]);
    await repo.stage({ "a.ini": `# first\n  ${old}\n` });
    await repo.git("mv", "moved.ini", "b.ini");
    await repo.stage({ "b.ini": `${old}\nchanged\n` });
    expect(places(await staged(box))).toEqual([]);
    await repo.stage({
      "a.ini": `# first\n  ${old}\nurl = https://ana:${mintAppPassword()}@bitbucket.org/acme/y\n`,
    });
    expect(places(await staged(box))).toEqual(["a.ini:3"]);
  });

  test("in the index that git means, as with `git commit FILE`", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    await repo.commit({ "a.txt": "a\n", "b.txt": "b\n" });
    box.write("repo/a.txt", `${mintApiToken()}\n`);
    await repo.git("add", "a.txt");
    const other = { ...box.env, GIT_INDEX_FILE: box.path("other-index") };
    await box.git(["read-tree", "HEAD"], { cwd: "repo", env: { GIT_INDEX_FILE: other.GIT_INDEX_FILE } });
    const git = realGitStream({ ...readSelf(), env: other, cwd: box.home });
    expect(await scanStaged(git, box.path("repo"), { salt }, never)).toMatchObject({
      files: 0,
      complete: true,
    });
    expect(places(await staged(box))).toEqual(["a.txt:1"]);
  });

  test("names, links, submodules and encodings of every kind", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    await repo.stage({
      "ä\nb.txt": `${mintApiToken()}\n`,
      "wide.txt": Buffer.from(`\ufeffx\n${mintApiToken()}\n`, "utf16le"),
      "rekey.txt": `${mintApiToken()} # rekey:allow\n`,
    });
    await repo.git("update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},module`);
    expect(places(await staged(box))).toEqual(["wide.txt:2", "ä\nb.txt:1"]);
  });

  test("outside a repository nothing is said to be whole", async () => {
    await using box = makeSandbox();
    expect(await staged(box, ".")).toEqual({ spots: [], files: 0, complete: false });
  });
});

describe("what a push would send", () => {
  const ZERO = "0".repeat(40);
  const push = (box: Sandbox, local: string, remote = ZERO, name = "origin") => {
    const stdin = `refs/heads/main ${local} refs/heads/main ${remote}\n`;
    return scanPush(gitOf(box), box.path("repo"), name, stdin, { salt }, never);
  };

  test("a secret in a commit between, though the last takes it out again", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    const first = await repo.commit({ "a.txt": "nothing\n" });
    const bad = await repo.commit({ "a.txt": `${mintApiToken()}\n` });
    const last = await repo.commit({ "a.txt": "nothing\n" });
    const found = await push(box, last, first);
    expect(found).toMatchObject({
      complete: true,
      files: 2,
      spots: [{ history: { commits: [bad], pushed: false } }],
    });
    expect(places(found)).toEqual(["a.txt:1"]);
  });

  test("only what the remote does not have", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    const sent = await repo.commit({ "a.txt": `${mintApiToken()}\n` });
    const next = await repo.commit({ "b.txt": "nothing\n" });
    expect((await push(box, next, sent)).spots).toEqual([]);
    expect((await push(box, next)).spots).toHaveLength(1);
    // A new branch on a remote whose other branches are known.
    await repo.git("update-ref", "refs/remotes/origin/main", sent);
    expect((await push(box, next)).spots).toEqual([]);
    expect((await push(box, next, ZERO, "https://bitbucket.org/acme/other.git")).spots).toHaveLength(1);
    // What the remote has may not be here: then it leaves nothing out.
    expect(await push(box, next, "1".repeat(40), "other")).toMatchObject({ complete: true, spots: [{}] });
  });

  test("one spot for each secret, at the commit that brought it; messages of commits and tags count", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    const secret = mintApiToken();
    const first = await repo.commit({ "a.txt": `${secret}\n` });
    await repo.commit({ "a.txt": `more\n${secret} \n` });
    const told = await repo.commit({}, `with ${mintApiToken()}`);
    await repo.git("tag", "-a", "v1", "-m", `with ${mintApiToken()}`);
    const found = await push(box, await repo.git("rev-parse", "v1"));
    expect(found.spots.map(({ place, history }) => [place.slice(0, 24), history?.commits[0]])).toEqual([
      [expect.any(String), first],
      ["the message of the commi", told],
      ["the message of a tag", await repo.git("rev-parse", "v1")],
    ]);
  });

  test("deleting a branch sends nothing", async () => {
    await using box = makeSandbox();
    await repository(box);
    expect(await push(box, ZERO)).toEqual({ spots: [], files: 0, complete: true });
  });
});
