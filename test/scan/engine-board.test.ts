/** What workers share, and the scan they make together. */
import { afterAll, describe, expect, test } from "bun:test";
import { COUNT, newBoard, openBoard } from "../../src/scan/board.ts";
import { type ScanHeard, scanTrees } from "../../src/scan/scan.ts";
import { makeSandbox } from "../sandbox.ts";

const box = makeSandbox();
afterAll(() => box.remove());

describe("the board", () => {
  test("gives each errand once, and then says that it is over", () => {
    const board = newBoard(1, ["/a", "/\xff\0name\0another"]);
    const other = openBoard(board.memory, 1);
    expect(other.give("/b")).toBe(true);
    expect([board.take(), other.take(), board.take(), board.take()]).toEqual([
      "/b",
      "/\xff\0name\0another",
      "/a",
      null,
    ]);
  });

  test("takes no more than it has room for, and none of it is lost", () => {
    const board = newBoard(1, []);
    const given: string[] = [];
    for (let i = 0; board.give(`/${i}`.padEnd(4000, "x")); i++) given.push(`/${i}`.padEnd(4000, "x"));
    expect(given.length).toBeGreaterThan(50);
    const taken = Array.from(given, () => board.take());
    expect(taken.reverse()).toEqual(given);
    expect(board.take()).toBeNull();
  });

  test("begins with as many errands as there are", () => {
    const errands = Array.from({ length: 5000 }, (_, i) => `/${"x".repeat(200)}${i}`);
    const board = newBoard(1, errands);
    expect(board.progress().left).toBe(5000);
    expect(Array.from(errands, () => board.take()).reverse()).toEqual(errands);
  });

  test("who is stopped gets nothing more", () => {
    const board = newBoard(2, ["/a"]);
    expect(board.isHungry()).toBe(true);
    board.stop();
    expect([board.isStopped(), board.take()]).toEqual([true, null]);
  });

  test("adds up what each worker counts", () => {
    const board = newBoard(3, []);
    for (const worker of [0, 1, 2]) board.countsOf(worker).set([1, 10, 2 ** 40], COUNT.files);
    expect(board.progress()).toEqual({ files: 3, folders: 30, bytes: 3 * 2 ** 40, left: 0 });
  });
});

describe("a scan by workers", () => {
  const salt = new Uint8Array(16);
  const silent: ScanHeard = { spots() {}, progress() {}, repository() {} };
  const never = new AbortController().signal;
  const wish = { otherMounts: false, networkMounts: false, salt };

  /** Folders of folders, and one with very many files. */
  function plant(): { root: string; files: number; folders: number } {
    for (let i = 0; i < 40; i++) box.write(`tree/${i % 5}/${i % 3}/${i}/file`, "bitbucket");
    for (let i = 0; i < 2000; i++) box.write(`tree/flat/${i}`, "bitbucket");
    return { root: box.path("tree"), files: 2040, folders: 1 + 5 + 15 + 40 + 1 };
  }

  test("meets everything once", async () => {
    const { root, files, folders } = plant();
    await box.git(["init", "--quiet", "--bare", `${root}/bare`]);
    const repositories: string[] = [];
    const heard = { ...silent, repository: (path: string) => void repositories.push(path) };
    for (let round = 0; round < 5; round++) {
      repositories.length = 0;
      const totals = await scanTrees({ ...wish, roots: [root, root, `${root}/0`] }, heard, never);
      expect(repositories).toEqual([`${root}/bare`]);
      expect(totals).toMatchObject({ complete: true, unread: [], binary: 0 });
      expect(totals.files).toBeGreaterThan(files);
      expect(totals.folders).toBeGreaterThan(folders);
      // The repository's own folders: hooks, info, refs and below; not `objects`.
      const bare = await scanTrees({ ...wish, roots: [`${root}/bare`] }, silent, never);
      expect([totals.files - bare.files, totals.folders - bare.folders]).toEqual([files, folders]);
    }
  });

  test("of nothing is over at once", async () => {
    const nothing = await scanTrees({ ...wish, roots: [] }, silent, never);
    expect(nothing).toEqual({
      files: 0,
      folders: 0,
      bytes: 0,
      binary: 0,
      allowed: 0,
      unread: [],
      complete: true,
    });
    const lost = await scanTrees({ ...wish, roots: [box.path("nowhere")] }, silent, never);
    expect(lost).toMatchObject({ complete: true, unread: [{ why: "vanished", count: 1 }] });
  });

  test("that is cancelled is not complete, and ends though there is more", async () => {
    const { root } = plant();
    const already = await scanTrees({ ...wish, roots: [root] }, silent, AbortSignal.abort());
    expect(already.complete).toBe(false);
    const cancel = new AbortController();
    const heard = { ...silent, progress: () => cancel.abort() };
    // Zeros without end, as far as anybody can see; text, so that they are read.
    box.write("endless/file", "text\n".repeat(20_000));
    expect(Bun.spawnSync(["truncate", "-s", "8T", box.path("endless/file")]).exitCode).toBe(0);
    const totals = await scanTrees(
      { ...wish, roots: [box.path("endless")], most: 2 ** 43 },
      heard,
      cancel.signal,
    );
    expect(totals).toMatchObject({ files: 1, complete: false });
  });
});
