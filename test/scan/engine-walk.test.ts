/** What a disk can hold: nothing of it stops the walk, and nothing that was not read goes without a word. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Disk } from "../../src/world/disk.ts";
import { IS_ROOT } from "../bad-input/sentence.ts";
import { CHECKOUT, makeSandbox } from "../sandbox.ts";
import { DISKS, type Seen, walkHere } from "./engine-here.ts";

const box = makeSandbox();
afterAll(() => box.remove());

const TEXT = "bitbucket.org";

let trees = 0;
/** A folder with these files; each has something in it. */
function tree(...files: string[]): string {
  const folder = `t${trees++}`;
  mkdirSync(box.path(folder));
  for (const file of files) box.write(`${folder}/${file}`, TEXT);
  return box.path(folder);
}

function namesIn(folder: string, seen: Seen): string[] {
  return seen.handed.map(({ path }) => path.slice(folder.length + 1)).sort();
}

/** Runs the walk as a program of its own, behind other words. */
async function asProgram(before: readonly string[], ...words: string[]): Promise<Omit<Seen, "handed">> {
  const program = join(CHECKOUT, "test/scan/engine-program.ts");
  const bun = [process.execPath, "--no-env-file", `--config=${join(CHECKOUT, "bunfig.toml")}`];
  const ran = await box.run([...before, ...bun, program, ...words]);
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  return JSON.parse(ran.stdout);
}

for (const [name, open] of DISKS)
  describe(`by ${name}`, () => {
    const walk = (...roots: string[]) => walkHere(roots, { disk: open });

    /** A disk on which something happens right before a file is opened. */
    const before =
      (happens: () => void) =>
      (memory: Uint8Array): Disk => {
        const disk = open(memory);
        return {
          ...disk,
          list(folder) {
            const listing = disk.list(folder);
            if (listing === null) return null;
            const once = (entry: number) => {
              happens();
              return listing.open(entry);
            };
            return { ...listing, open: once };
          },
        };
      };

    test("every file is met once, however many there are and however deep they lie", () => {
      const many = Array.from({ length: 3000 }, (_, i) => `flat/${"n".repeat(i % 50)}${i}`);
      const deep = Array.from({ length: 30 }, (_, i) => `${"d/".repeat(i)}f`);
      const folder = tree(...many, ...deep);
      const seen = walk(folder);
      expect(namesIn(folder, seen)).toEqual([...many, ...deep].sort());
      expect(seen).toMatchObject({ files: 3030, folders: 31, unread: [], bytes: 3030 * TEXT.length });
    });

    test("names that are no words", () => {
      const folder = tree("new\nline", " ", "-x", "it's", "ümlaut", "日本", "a\u0001b", "\\");
      const bytes = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x61, 0xff, 0xfe])]);
      writeFileSync(bytes, TEXT);
      mkdirSync(Buffer.concat([bytes, Buffer.from("d")]));
      writeFileSync(Buffer.concat([bytes, Buffer.from("d/in")]), TEXT);
      const seen = walk(folder);
      expect(seen.unread).toEqual([]);
      expect(namesIn(folder, seen)).toEqual(
        [
          "new\nline",
          " ",
          "-x",
          "it's",
          "ümlaut",
          "日本",
          "a\u0001b",
          "\\",
          "a\ufffd\ufffd",
          "a\ufffd\ufffdd/in",
        ].sort(),
      );
    });

    test("links are not followed, and loops of them are no loops", () => {
      const folder = tree("real/file");
      symlinkSync("..", `${folder}/real/up`);
      symlinkSync("itself", `${folder}/itself`);
      symlinkSync("real/file", `${folder}/again`);
      symlinkSync("real", `${folder}/also`);
      symlinkSync("/nowhere", `${folder}/dangling`);
      const seen = walk(folder);
      expect(namesIn(folder, seen)).toEqual(["real/file"]);
      expect(seen.unread).toEqual([]);
    });

    test("a root that is a link is followed, and roots that are one are walked once", () => {
      const folder = tree("a/file", "b/file");
      symlinkSync("a", `${folder}/link`);
      symlinkSync("b/file", `${folder}/link-to-file`);
      expect(namesIn(folder, walk(`${folder}/link`))).toEqual(["a/file"]);
      const all = ["", "/link", "/a", "/a/", "/b/../a", "/b/file", "/link-to-file", ""].map(
        (path) => folder + path,
      );
      const seen = walk(...all);
      expect(namesIn(folder, seen)).toEqual(["a/file", "b/file"]);
      expect(seen).toMatchObject({ files: 2, folders: 3 });
    });

    test("a root that is a file, or is not there, or is none of both", () => {
      const folder = tree("file", "other");
      expect(namesIn(folder, walk(`${folder}/file`))).toEqual(["file"]);
      expect(walk(`${folder}/none`).unread).toEqual([
        { why: "vanished", count: 1, example: `${folder}/none` },
      ]);
      expect(walk("/dev/null").unread).toEqual([{ why: "special-file", count: 1, example: "/dev/null" }]);
    });

    test("pipes, sockets and devices are counted, and never opened", async () => {
      const folder = tree("file");
      // Whoever opens a pipe nobody writes to waits.
      expect((await box.run(["mkfifo", `${folder}/pipe`])).code).toBe(0);
      const server = Bun.listen({ unix: `${folder}/socket`, socket: { data() {} } });
      const isMade = IS_ROOT && (await box.run(["mknod", `${folder}/zero`, "c", "1", "5"])).code === 0;
      const seen = walk(folder);
      server.stop(true);
      expect(namesIn(folder, seen)).toEqual(["file"]);
      expect(seen.files).toBe(1);
      expect(seen.unread).toMatchObject([{ why: "special-file", count: isMade ? 3 : 2 }]);
    });

    test("a pipe that takes a file's place is not waited for", async () => {
      const folder = tree("file");
      expect((await box.run(["mkfifo", `${folder}.pipe`])).code).toBe(0);
      let swapped = false;
      const swap = () => {
        if (!swapped) renameSync(`${folder}.pipe`, `${folder}/file`);
        swapped = true;
      };
      const seen = walkHere([folder], { disk: before(swap) });
      expect(seen).toMatchObject({ handed: [], files: 1 });
    });

    test("a link that takes a file's place is not followed", () => {
      const folder = tree("file");
      const secret = tree("elsewhere");
      const swap = () => {
        unlinkSync(`${folder}/file`);
        symlinkSync(`${secret}/elsewhere`, `${folder}/file`);
      };
      const seen = walkHere([folder], { disk: before(swap) });
      expect(seen).toMatchObject({ handed: [], unread: [{ why: "vanished", count: 1 }] });
    });

    test("files that vanish are counted, and the rest is read", () => {
      const folder = tree("one", "two", "three");
      let calls = 0;
      // Before the second file is opened: of the three one has been read.
      const vanish = () => {
        if (calls++ === 1) for (const file of ["one", "two", "three"]) rmSync(`${folder}/${file}`);
      };
      const seen = walkHere([folder], { disk: before(vanish) });
      expect(seen.handed).toHaveLength(1);
      expect(seen.unread).toMatchObject([{ why: "vanished", count: 2 }]);
    });

    test("folders that vanish while they are read", () => {
      const folder = tree(
        ...Array.from({ length: 5000 }, (_, i) => `gone/${"long".repeat(20)}${i}`),
        "stays",
      );
      let calls = 0;
      const vanish = () => {
        if (calls++ === 5) rmSync(`${folder}/gone`, { recursive: true });
      };
      const seen = walkHere([folder], { disk: before(vanish) });
      const [unread] = seen.unread;
      expect(seen.unread.map(({ why }) => why)).toEqual(["vanished"]);
      expect(seen.handed.length + (unread?.count ?? 0)).toBeLessThanOrEqual(5002);
      expect(seen.handed.some(({ path }) => path === `${folder}/stays`)).toBe(true);
    });

    test("a disk that fails is said", () => {
      const folder = tree("fails", "works");
      let reads = 0;
      const failing = (memory: Uint8Array): Disk => {
        const disk = open(memory);
        return { ...disk, read: (...words) => (reads++ === 0 ? -1 : disk.read(...words)) };
      };
      const seen = walkHere([folder], { disk: failing });
      expect(seen.handed).toHaveLength(1);
      expect(seen.unread).toMatchObject([{ why: "io-error", count: 1 }]);
    });

    test("a file that grows as fast as it is read comes to an end", () => {
      const folder = tree("log");
      const grows = (memory: Uint8Array): Disk => {
        const disk = open(memory);
        return {
          ...disk,
          read(_, at, length) {
            memory.fill(0x61, at, at + length);
            return length;
          },
        };
      };
      const seen = walkHere([folder], { disk: grows, most: 10_000_000 });
      expect(seen.unread).toEqual([{ why: "too-big", count: 1, example: `${folder}/log` }]);
    });

    test("who stops it has what was found so far", () => {
      const folder = tree(...Array.from({ length: 500 }, (_, i) => `${i % 7}/${i}`));
      let count = 0;
      const seen = walkHere([folder], { disk: open, stopAt: () => ++count === 20 });
      expect(seen.handed).toHaveLength(20);
      expect(seen.files).toBe(20);
    });

    test("repositories are met, and what git has packed is left to git", async () => {
      const folder = tree("outside/objects/file", "outside/HEAD");
      const git = async (...words: string[]) =>
        expect((await box.git(words, { cwd: folder })).code, words.join(" ")).toBe(0);
      await git("init", "--quiet", "plain");
      await git("-C", "plain", "commit", "--quiet", "--allow-empty", "-m", TEXT);
      await git("-C", "plain", "worktree", "add", "--quiet", "../tree");
      await git("clone", "--quiet", "--bare", "plain", "bare.git");
      box.write(`${folder}/plain/.git/objects/pack/file`, TEXT);
      box.write(`${folder}/plain/.git/lfs/objects/ab/file`, TEXT);
      const seen = walk(folder);
      const relative = seen.repositories.map((path) => path.slice(folder.length + 1));
      expect(relative.sort()).toEqual(["bare.git", "plain/.git", "tree/.git"]);
      const names = namesIn(folder, seen);
      expect(names).toContain("outside/objects/file");
      expect(names).toContain("plain/.git/lfs/objects/ab/file");
      expect(names.filter((each) => /(?:bare\.git|\.git)\/objects/.test(each))).toEqual([]);
    });
  });

const setpriv = IS_ROOT ? Bun.which("setpriv") : null;

test.skipIf(IS_ROOT && setpriv === null)("what may not be read is counted, with an example", async () => {
  const folder = tree("open/file", "shut/file", "mine");
  await box.run(["chmod", "711", box.root, box.home]);
  await box.run(["chmod", "000", `${folder}/shut`, `${folder}/mine`]);
  const other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  const seen = await asProgram(IS_ROOT ? other : [], folder);
  await box.run(["chmod", "-R", "u+rwX", folder]);
  expect(seen).toMatchObject({ handed: [`${folder}/open/file`], files: 2 });
  expect(seen.unread).toMatchObject([{ why: "no-permission", count: 2 }]);
});

test.skipIf(process.platform === "win32")("with no more files to open, that is what is said", async () => {
  const folder = tree("file");
  const few = ["sh", "-c", 'ulimit -n 64 && exec "$@"', "sh"];
  const seen = await asProgram(few, folder, "no-more-files");
  expect(seen).toMatchObject({ handed: [] });
  expect(seen.unread).toEqual([{ why: "too-many-open-files", count: 1, example: folder }]);
});

test.skipIf(process.platform !== "linux")("paths longer than the system takes at once", () => {
  const folder = tree();
  // Made from the innermost outwards, as nobody can name it whole.
  for (let depth = 0; depth < 30; depth++) {
    mkdirSync(`${folder}/new`);
    writeFileSync(`${folder}/new/file`, TEXT);
    if (depth > 0) renameSync(`${folder}/inner`, `${folder}/new/${"p".repeat(200)}`);
    renameSync(`${folder}/new`, `${folder}/inner`);
  }
  const seen = walkHere([folder]);
  Bun.spawnSync(["rm", "-rf", folder]);
  expect(seen).toMatchObject({ files: 30, folders: 31, unread: [] });
  expect(seen.handed).toHaveLength(30);
});

const canMount =
  IS_ROOT && Bun.spawnSync(["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).exitCode === 0;

describe("mounts (skipped where nothing can be mounted)", () => {
  /** A folder with a memory disk, the kernel's answers and itself again, seen only by who comes behind these words. */
  function mounted(folder: string): string[] {
    const script = [
      "set -e",
      `mount -t tmpfs tmpfs ${folder}/disk`,
      `printf %s ${TEXT} >${folder}/disk/file`,
      `mount -t proc proc ${folder}/not-called-proc`,
      `mount --bind ${folder} ${folder}/again`,
      'exec "$@"',
    ];
    return ["unshare", "-m", "sh", "-c", script.join("\n"), "sh"];
  }

  test.skipIf(!canMount)("disks are entered once, the kernel's answers never", async () => {
    const folder = tree("file", "disk/hidden", "again/hidden", "not-called-proc/hidden");
    const seen = await asProgram(mounted(folder), folder);
    expect(seen).toMatchObject({ unread: [], files: 2 });
    const handed = (seen as unknown as { handed: string[] }).handed.sort();
    expect(handed).toEqual([`${folder}/disk/file`, `${folder}/file`]);
  });

  test.skipIf(!canMount)("and disks not at all where nobody asked for that, which is said", async () => {
    const folder = tree("file", "disk/hidden", "again/hidden", "not-called-proc/hidden");
    const seen = await asProgram(mounted(folder), folder, "one-mount");
    expect(seen).toMatchObject({ files: 1, unread: [{ why: "other-mount", count: 2 }] });
  });
});
