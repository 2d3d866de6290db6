/** Disks that are full or read-only, and locks that somebody else holds. */
import { afterEach, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import type { EmulatedSandbox, Ran } from "../sandbox.ts";
import { belongings, storedAppPassword } from "../terminal/people.ts";
import { IS_ROOT } from "./sentence.ts";

const boxes: EmulatedSandbox[] = [];
const mounts: string[] = [];
afterEach(async () => {
  for (const mount of mounts.splice(0)) spawnSync("umount", ["-l", mount]);
  for (const box of boxes.splice(0)) await box.remove();
});

async function open(): Promise<EmulatedSandbox> {
  const box = await storedAppPassword();
  boxes.push(box);
  return box;
}

const fix = (box: EmulatedSandbox) =>
  box.rekey(["fix", "--yes"], { cwd: "site", stdin: box.emulator.secret("api-token") });

/** One sentence at the end that says what was not changed and why. */
function expectPutBack(ran: Ran, ...names: readonly (string | RegExp)[]): void {
  const said = ran.stderr.split("\n").filter((line) => line.startsWith("git-rekey: "));
  expect(said).toHaveLength(1);
  for (const name of names) expect(said[0]).toMatch(name);
  expect(said[0]).not.toContain("failed itself");
}

describe("a lock that somebody else holds", () => {
  test.each([["site/.git/config"], [".git-credentials"]])("%s.lock", async (file) => {
    const box = await open();
    box.write(`${file}.lock`, "theirs");
    const before = belongings(box);
    const ran = await fix(box);
    expect(ran.code).toBe(1);
    expectPutBack(ran, `${file}.lock`, "put back");
    expect(belongings(box)).toEqual(before);
    await box.run(["rm", box.path(`${file}.lock`)]);
    expect((await fix(box)).code).toBe(0);
  });

  test("and one that is let go soon is waited for", async () => {
    const box = await open();
    const lock = box.write(".git-credentials.lock", "theirs");
    const fixing = fix(box);
    // It comes to the lock right after it has begun to write down what it does.
    while (!box.exists(".local/state/git-rekey/receipts/1/journal.ndjson")) await Bun.sleep(5);
    await Bun.sleep(100);
    rmSync(lock);
    expect((await fixing).code).toBe(0);
  });
});

/** Mounts over a folder of the sandbox; false where that cannot be done here. */
function mount(box: EmulatedSandbox, folder: string, options: string, kind = "tmpfs"): boolean {
  const target = box.path(folder);
  mkdirSync(target, { recursive: true });
  const argv =
    kind === "tmpfs" ? ["-t", "tmpfs", "-o", options, "tmpfs", target] : ["--bind", target, target];
  if (spawnSync("mount", argv).status !== 0) return false;
  mounts.push(target);
  return kind === "tmpfs" || spawnSync("mount", ["-o", "remount,bind,ro", target]).status === 0;
}

/** Whether this machine lets us mount at all: containers often do not. */
const canMount = (() => {
  if (!IS_ROOT) return false;
  const folder = spawnSync("mktemp", ["-d"], { encoding: "utf8" }).stdout.trim();
  const works = spawnSync("mount", ["-t", "tmpfs", "-o", "size=4k", "tmpfs", folder]).status === 0;
  if (works) spawnSync("umount", [folder]);
  spawnSync("rmdir", [folder]);
  return works;
})();

describe("a full disk", () => {
  test.skipIf(!canMount)(
    "where receipts go: nothing is begun (skipped where nothing can be mounted)",
    async () => {
      const box = await open();
      if (!mount(box, ".local/state", "size=16k,mode=700")) throw new Error("it could not be mounted");
      await box.run(["sh", "-c", "head -c 65536 /dev/zero > .local/state/fill; true"]);
      const before = box.snapshot(box.home, (path) => path.startsWith(".local") || path.startsWith(".cache"));
      const ran = await fix(box);
      expect([1, 2]).toContain(ran.code ?? 0);
      expectPutBack(ran, /full/);
      expect(
        box.snapshot(box.home, (path) => path.startsWith(".local") || path.startsWith(".cache")),
      ).toEqual(before);
    },
  );

  test.skipIf(!canMount)("where the store is: everything is put back", async () => {
    const box = await open();
    box.write("safe", box.read(".git-credentials"));
    if (!mount(box, "disk", "size=8k,mode=700")) throw new Error("it could not be mounted");
    box.write(".gitconfig", `[credential]\n\thelper = store --file ${box.path("disk/credentials")}\n`);
    box.write("disk/credentials", box.read("safe"), 0o600);
    await box.run(["sh", "-c", "head -c 65536 /dev/zero > disk/fill; true"]);
    const before = belongings(box);
    const ran = await fix(box);
    expect(ran.code).toBe(1);
    expectPutBack(ran, /full/, "put back");
    expect(belongings(box)).toEqual(before);
  });
});

describe("a disk that is read-only", () => {
  test.skipIf(!canMount)("the repository's", async () => {
    const box = await open();
    if (!mount(box, "site/.git", "", "bind")) throw new Error("it could not be mounted");
    const before = belongings(box);
    const ran = await fix(box);
    expect(ran.code).toBe(1);
    expectPutBack(ran, /read-only/, "put back");
    expect(belongings(box)).toEqual(before);
  });

  test.skipIf(!canMount)("the home folder: the doctor works, the fix says why it cannot", async () => {
    const box = await open();
    if (!mount(box, "", "", "bind")) throw new Error("it could not be mounted");
    expect((await box.rekey(["doctor"], { cwd: "site" })).code).toBe(1);
    const ran = await fix(box);
    expect([1, 2]).toContain(ran.code ?? 0);
    expectPutBack(ran, /read-only/);
  });
});

describe("a folder that this user may not write in", () => {
  const canDrop = IS_ROOT && Bun.which("setpriv") !== null;

  test.skipIf(!canDrop)("somebody else's repository (skipped where users cannot be changed)", async () => {
    const box = await open();
    await box.run(["chown", "-R", "65534:65534", box.root]);
    await box.run([
      "sh",
      "-c",
      `chmod 755 "$(dirname '${box.emulator.caFile}')" && chmod 644 '${box.emulator.caFile}'`,
    ]);
    await box.run(["chmod", "0500", box.path("site/.git")]);
    const before = belongings(box);
    const argv = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "git-rekey", "fix", "--yes"];
    const ran = await box.run(argv, { cwd: "site", stdin: box.emulator.secret("api-token") });
    expect(ran.code).toBe(1);
    expectPutBack(ran, /may not write/, "put back");
    expect(belongings(box)).toEqual(before);
  });
});
