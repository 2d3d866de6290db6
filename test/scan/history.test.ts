/** What a repository's past holds, with real git: where, since when, whether something leads there, whether it was sent. */
import { describe, expect, test } from "bun:test";
import { chmodSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mintApiToken, mintAppPassword } from "../../emulator/tokens.ts";
import { type HistoryTotals, type SeenInHistory, scanHistory } from "../../src/scan/history.ts";
import { realGitStream } from "../../src/world/git-stream.ts";
import { readSelf } from "../../src/world/self.ts";
import { makeSandbox, type Sandbox } from "../sandbox.ts";

type Scanned = HistoryTotals & { spots: SeenInHistory[] };

async function scan(
  box: Sandbox,
  gitDir: string,
  cancelled = new AbortController().signal,
  progress = () => {},
): Promise<Scanned> {
  const spots: SeenInHistory[] = [];
  const git = realGitStream({ ...readSelf(), env: box.env, cwd: box.home });
  const heard = { spots: (more: readonly SeenInHistory[]) => void spots.push(...more), progress };
  const totals = await scanHistory(git, box.path(gitDir), { salt: new Uint8Array(32) }, heard, cancelled);
  return { ...totals, spots };
}

class Repo {
  constructor(
    readonly box: Sandbox,
    readonly folder = "repo",
  ) {}

  async git(...args: string[]): Promise<string> {
    const ran = await this.box.git(args, { cwd: this.folder });
    if (ran.code !== 0) throw new Error(ran.stderr);
    return ran.stdout.trim();
  }

  async commit(files: Record<string, string>, message = "work"): Promise<string> {
    for (const [name, text] of Object.entries(files)) this.box.write(`${this.folder}/${name}`, text);
    await this.git("add", "-A");
    await this.git("commit", "-q", "--allow-empty", "-m", message);
    return this.git("rev-parse", "HEAD");
  }
}

async function repository(box: Sandbox, ...options: string[]): Promise<Repo> {
  await box.git(["init", "-q", "-b", "main", ...options, "repo"]);
  return new Repo(box);
}

const WHOLE = { gaps: [], complete: true };

describe("a secret that was taken out again", () => {
  test("is found with its file, line and the commit that brought it", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    const secret = mintAppPassword();
    await repo.commit({ "a.txt": "nothing\n" });
    const brought = await repo.commit({
      "deploy/run.sh": `#!/bin/sh\ngit fetch https://ana:${secret}@bitbucket.org/acme/x\n`,
    });
    await repo.commit({ "deploy/run.sh": "#!/bin/sh\n" });
    const object = await repo.git("rev-parse", `${brought}:deploy/run.sh`);
    const { spots, ...totals } = await scan(box, "repo/.git");
    expect(totals).toMatchObject(WHOLE);
    expect(spots).toMatchObject([
      {
        file: box.path("repo/deploy/run.sh"),
        line: 2,
        kind: "app-password",
        certainty: "literal-verified",
        user: "ana",
        history: {
          repository: box.path("repo"),
          object,
          commits: [brought],
          commitCount: 1,
          reachable: true,
          pushed: false,
        },
      },
    ]);
    expect(JSON.stringify(spots)).not.toContain(secret);
  });

  test("is one place, however many versions of the file held it; the oldest is named", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    const secret = mintApiToken();
    const commits: string[] = [];
    for (let version = 0; version < 8; version++)
      commits.push(await repo.commit({ ".env": `${"#\n".repeat(version)}BB=${secret}\n` }));
    const { spots } = await scan(box, "repo/.git");
    expect(spots).toHaveLength(1);
    expect(spots[0]).toMatchObject({ line: 1, history: { commits: commits.slice(0, 5), commitCount: 8 } });
  });

  test("of which only the reflog knows, or nothing at all, is said to be reachable from nowhere", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    await repo.commit({ "a.txt": "nothing\n" });
    const dropped = await repo.commit({ "b.txt": `${mintApiToken()}\n` });
    await repo.git("reset", "-q", "--hard", "HEAD~1");
    const [before] = (await scan(box, "repo/.git")).spots;
    expect(before?.history).toMatchObject({ commits: [dropped], reachable: false, pushed: false });
    await repo.git("reflog", "expire", "--expire=now", "--all");
    const [after] = (await scan(box, "repo/.git")).spots;
    expect(after?.history).toMatchObject({ commits: [], commitCount: 0, reachable: false });
  });

  test("is pushed if a remote's branch leads to it", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    await repo.commit({ "a.txt": `${mintApiToken()}\n` });
    await repo.git("update-ref", "refs/remotes/origin/main", "HEAD");
    await repo.commit({ "b.txt": `${mintApiToken()}\n` });
    const { spots } = await scan(box, "repo/.git");
    const pushed = spots.map(({ file, history }) => [file.slice(-5), history.pushed]).sort();
    expect(pushed).toEqual([
      ["a.txt", true],
      ["b.txt", false],
    ]);
  });

  test("that came with a merge, and is in none of its parents", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    await repo.commit({ "a.txt": "a\n" });
    await repo.git("checkout", "-q", "-b", "side");
    await repo.commit({ "b.txt": "b\n" });
    await repo.git("checkout", "-q", "main");
    await repo.commit({ "c.txt": "c\n" });
    await repo.git("merge", "-q", "--no-commit", "side");
    const merge = await repo.commit({ "d.txt": `${mintApiToken()}\n` });
    const { spots } = await scan(box, "repo/.git");
    expect(spots).toMatchObject([{ file: box.path("repo/d.txt"), history: { commits: [merge] } }]);
  });
});

describe("what people wrote about a commit", () => {
  test("messages of commits and tags, and notes", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    const commit = await repo.commit({}, `deploy\n\nwith ${mintApiToken()}`);
    await repo.git("tag", "-a", "v1", "-m", `made with ${mintAppPassword()} of bitbucket`);
    await repo.git("notes", "add", "-m", `note ${mintApiToken()}`);
    const { spots } = await scan(box, "repo/.git");
    const told = spots.map(({ place, line, history }) => [place, line, history.reachable] as const);
    expect(told).toContainEqual([`the message of the commit \`${commit.slice(0, 12)}\``, 3, true]);
    expect(told).toContainEqual(["the message of a tag", 1, true]);
    expect(spots.some(({ file }) => file.endsWith(commit))).toBe(true);
    expect(spots).toHaveLength(3);
  });
});

describe("every kind of repository", () => {
  test("names with newlines, and objects longer than the memory they are read in", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    const filler = "the quick brown fox jumps over the lazy dog\n";
    const lines = 250_000;
    const text = `${filler.repeat(lines)}${mintApiToken()}\n${filler.repeat(lines)}${mintAppPassword()} bitbucket\n`;
    await repo.commit({ "a\nb ü.txt": text });
    const { spots } = await scan(box, "repo/.git");
    expect(spots.map(({ file, line }) => [file, line])).toEqual([
      [box.path("repo/a\nb ü.txt"), lines + 1],
      [box.path("repo/a\nb ü.txt"), 2 * lines + 2],
    ]);
  });

  for (const [kind, options] of [
    ["bare", ["--bare"]],
    ["sha256", ["--object-format=sha256"]],
  ] as const)
    test(kind, async () => {
      await using box = makeSandbox();
      const origin = await repository(box, ...(kind === "sha256" ? options : []));
      const commit = await origin.commit({ "a.txt": `${mintApiToken()}\n` });
      if (kind === "bare") await box.git(["clone", "-q", "--bare", "repo", "bare.git"]);
      const { spots, ...totals } = await scan(box, kind === "bare" ? "bare.git" : "repo/.git");
      expect(totals).toMatchObject(WHOLE);
      expect(spots).toMatchObject([{ line: 1, history: { commits: [commit], reachable: true } }]);
    });

  test("a worktree's `.git` leads to the same history", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    await repo.commit({ "a.txt": `${mintApiToken()}\n` });
    await repo.git("worktree", "add", "-q", "../tree");
    expect((await scan(box, "tree/.git")).spots).toMatchObject([{ file: box.path("tree/a.txt") }]);
  });

  test("a shallow clone and a partial one say that they are not the whole, and nothing is fetched", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    await repo.commit({ "a.txt": `${mintApiToken()}\n` });
    await repo.commit({ "a.txt": "nothing\n" });
    await repo.git("config", "uploadpack.allowFilter", "true");
    const origin = `file://${box.path("repo")}`;
    await box.git(["clone", "-q", "--depth=1", origin, "shallow"]);
    await box.git(["clone", "-q", "--filter=blob:none", "--no-checkout", origin, "partial"]);
    await box.git(["clone", "-q", "--filter=tree:0", "--no-checkout", origin, "treeless"]);
    expect(await scan(box, "shallow/.git")).toMatchObject({ spots: [], gaps: ["shallow"], complete: true });
    const before = box.snapshot(box.path("partial/.git/objects"));
    expect(await scan(box, "partial/.git")).toMatchObject({ spots: [], gaps: ["partial-clone"] });
    expect(box.snapshot(box.path("partial/.git/objects"))).toEqual(before);
    expect((await scan(box, "treeless/.git")).gaps).toContain("partial-clone");
  });

  test("one without a commit is whole, and a folder that is none is no crash", async () => {
    await using box = makeSandbox();
    await repository(box);
    expect(await scan(box, "repo/.git")).toMatchObject({ ...WHOLE, spots: [], objects: 0 });
    box.write("none/HEAD", "x");
    expect(await scan(box, "none")).toMatchObject({ complete: false, gaps: ["git-failed"] });
  });

  test("a program that the repository's own settings name is not run", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    await repo.commit({ "a.txt": `${mintApiToken()}\n` });
    const trap = box.write("trap", `#!/bin/sh\ntouch ${box.path("sprung")}\n`, 0o755);
    for (const key of ["core.pager", "core.fsmonitor", "gpg.program", "diff.external"])
      await repo.git("config", key, trap);
    await repo.git("config", "log.showSignature", "true");
    expect((await scan(box, "repo/.git")).spots).toHaveLength(1);
    expect(box.exists("sprung")).toBe(false);
  });
});

describe("what is broken is never passed off as whole", () => {
  async function broken(box: Sandbox, spoil: (file: string) => void, pack = false): Promise<Scanned> {
    const repo = await repository(box);
    await repo.commit({ "a.txt": `${mintApiToken()}\n`, "b.txt": "b\n".repeat(9999) });
    await repo.commit({ "a.txt": "nothing\n" });
    if (pack) await repo.git("gc", "-q");
    const objects = box.path("repo/.git/objects");
    const file = pack
      ? join(objects, "pack", readdirSync(join(objects, "pack")).find((name) => name.endsWith(".pack")) ?? "")
      : join(objects, (await repo.git("rev-parse", "HEAD:b.txt")).replace(/^../, "$&/"));
    spoil(file);
    return scan(box, "repo/.git");
  }

  const SPOILT: [string, (file: string) => void, boolean][] = [
    ["an object with other bytes", (file) => writeOver(file, "garbage"), false],
    ["an empty object", (file) => writeOver(file, ""), false],
    ["a pack that is cut off", (file) => cut(file), true],
  ];
  function writeOver(file: string, text: string): void {
    rmSync(file);
    writeFileSync(file, text);
  }
  function cut(file: string): void {
    chmodSync(file, 0o600);
    truncateSync(file, statSync(file).size - 60);
  }
  for (const [what, spoil, pack] of SPOILT)
    test(what, async () => {
      await using box = makeSandbox();
      expect((await broken(box, spoil, pack)).complete).toBe(false);
    });

  test("a branch that leads to nothing: what was found is told, without its commits", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    await repo.commit({ "a.txt": `${mintApiToken()}\n` });
    box.write("repo/.git/refs/heads/lost", `${"1".repeat(40)}\n`);
    const { spots, ...totals } = await scan(box, "repo/.git");
    expect(spots).toMatchObject([{ history: { commits: [], reachable: true } }]);
    expect(totals).toMatchObject({ gaps: ["corrupt"], complete: false });
  });

  test("stopped on its way: what was found so far is told", async () => {
    await using box = makeSandbox();
    const repo = await repository(box);
    const count = 20_000;
    const blobs = Array.from({ length: count }, (_, at) => {
      const text = at === 0 ? `${mintApiToken()}\n` : `${at}\n`.repeat(40);
      return `blob\ndata ${text.length}\n${text}\n`;
    });
    await box.git(["fast-import", "--quiet"], { cwd: repo.folder, stdin: blobs.join("") });
    const stop = new AbortController();
    const totals = await scan(box, "repo/.git", stop.signal, () => stop.abort());
    expect(totals).toMatchObject({ gaps: ["cancelled"], complete: false, spots: [{ kind: "api-token" }] });
    expect(totals.objects).toBeLessThan(count);
  });

  test("stopped before it began", async () => {
    await using box = makeSandbox();
    await repository(box);
    expect(await scan(box, "repo/.git", AbortSignal.abort())).toMatchObject({
      gaps: ["cancelled"],
      complete: false,
    });
  });
});
