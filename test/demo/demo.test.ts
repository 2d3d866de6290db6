/** The walk as a child process, as somebody without a terminal runs it. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROGRAM } from "../sandbox.ts";

let place: string;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "demo-"));
  for (const folder of ["home", "tmp"]) mkdirSync(join(place, folder));
});

afterEach(() => rmSync(place, { recursive: true, force: true }));

/** Without the last, Bun itself keeps a cache of transpiled sources in `~/.bun`. */
const CLEAN = { PATH: process.env.PATH ?? "", BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0" };

function start(args: readonly string[] = [], tmp = join(place, "tmp")) {
  return Bun.spawn([PROGRAM, "demo", ...args], {
    cwd: join(place, "home"),
    env: { ...CLEAN, HOME: join(place, "home"), TMPDIR: tmp },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}

async function finish(child: ReturnType<typeof start>) {
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { stdout, stderr, code };
}

/** Processes whose command or folder is inside this test's place. */
function processes(): string[] {
  if (!existsSync("/proc/self/cmdline")) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        return line.includes(place) ? [line] : [];
      } catch {
        return [];
      }
    });
}

async function expectNothingLeft(tmp = join(place, "tmp")): Promise<void> {
  for (let tries = 0; processes().length > 0 && tries < 1000; tries++) await Bun.sleep(20);
  expect(processes()).toEqual([]);
  expect(readdirSync(tmp)).toEqual([]);
  expect(readdirSync(join(place, "home"))).toEqual([]);
}

/** Waits for `words` without closing the pipe. */
async function waitFor(child: ReturnType<typeof start>, words: string): Promise<void> {
  const reader = child.stdout.getReader();
  const decoder = new TextDecoder();
  for (let text = ""; !text.includes(words); ) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`it never said ${words}: ${text}`);
    text += decoder.decode(value, { stream: true });
  }
  reader.releaseLock();
}

test("walks from 410 to a proven pull and back, and leaves nothing", async () => {
  const { stdout, stderr, code } = await finish(start());
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const order = [
    "returned error: 410",
    "app-password-sent",
    "The plan",
    "Fast-forward",
    "main -> main",
    "And back",
  ];
  const found = order.map((words) => stdout.indexOf(words));
  expect(found).not.toContain(-1);
  expect(found).toEqual(found.toSorted((a, b) => a - b));
  expect(stdout.split("returned error: 410").length - 1).toBe(2);
  expect(stdout).not.toMatch(/(?:ATATT|ATBB|ATCTT)[\w=-]{15,}/);
  expect(stdout).not.toContain("\u001b");
  expect(stdout.trimEnd().split("\n").slice(-3).join("\n")).toMatch(/^Shown.*\nRemoved.*\nNext.*$/);
  await expectNothingLeft();
});

test("uses Git's store where a socket's path would be too long", async () => {
  const tmp = join(place, "tmp", "t".repeat(60));
  mkdirSync(tmp);
  const { stdout, code } = await finish(start([], tmp));
  expect(code).toBe(0);
  expect(stdout).toContain("`store` helper");
  await expectNothingLeft(tmp);
});

for (const words of ["A Bitbucket runs", "git pull", "1. A pull", "git rekey fix", "And back"]) {
  test(`a Ctrl-C after "${words}" leaves nothing`, async () => {
    const child = start();
    await waitFor(child, words);
    child.kill("SIGINT");
    const stderr = await child.stderr.text();
    expect(await child.exited).toBe(130);
    expect(stderr).toContain("all that it made has been removed");
    await expectNothingLeft();
  });
}

test("ends when nobody reads on", async () => {
  const child = start();
  await child.stdout.cancel();
  const stderr = await child.stderr.text();
  expect(await child.exited).toBe(130);
  expect(stderr).not.toContain("EPIPE");
  await expectNothingLeft();
});

test("--shell without a terminal needs a person", async () => {
  const { stdout, stderr, code } = await finish(start(["--shell"]));
  expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
  expect(stderr.trimStart().split("\n")[0]).toContain("no terminal");
  await expectNothingLeft();
});

test("says so when there is no git", async () => {
  const child = Bun.spawn([PROGRAM, "demo"], {
    env: { ...CLEAN, PATH: join(place, "bin"), HOME: join(place, "home"), TMPDIR: join(place, "tmp") },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const stderr = await child.stderr.text();
  expect(await child.exited).toBe(2);
  expect(stderr).toContain("no `git` on PATH");
  await expectNothingLeft();
});
