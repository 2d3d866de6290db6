import { expect, test } from "bun:test";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { startEmulator } from "../../emulator/index.ts";
import { ask, basic, makePerson } from "./person.ts";

const ADVERTISEMENT = "https://bitbucket.org/acme/docs.git/info/refs?service=git-upload-pack";

/** The least of several, in milliseconds. */
async function least(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return Math.min(...times);
}

test("it starts and stops as quickly as a handful of git processes", async () => {
  const git = await least(() => Bun.spawn(["git", "--version"], { stdout: "ignore" }).exited);
  expect(await least(async () => (await startEmulator()).stop())).toBeLessThan(20 * git);
});

test("git has no other authority to read than its own", async () => {
  const emulator = await startEmulator();
  expect(readdirSync(emulator.env.GIT_SSL_CAPATH ?? "/")).toEqual([]);
  await emulator.stop();
});

test("its folder is private, and gone when it stops; stopping twice is fine", async () => {
  const emulator = await startEmulator();
  const folder = dirname(emulator.caFile);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  await Promise.all([emulator.stop(), emulator.stop()]);
  await emulator.stop();
  expect(existsSync(folder)).toBe(false);
});

test("twenty at once keep apart", async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => startEmulator()));
  expect(new Set(all.map(({ proxyUrl }) => proxyUrl)).size).toBe(20);
  const statuses = await Promise.all(all.map(async (each) => (await ask(each, ADVERTISEMENT)).status));
  expect(new Set(statuses)).toEqual(new Set([200]));
  const [first, second] = all;
  if (first && second) {
    const authorization = basic(first, "ana@acme.example", "api-token");
    const url = "https://api.bitbucket.org/2.0/user";
    expect((await ask(first, url, { authorization })).status).toBe(200);
    expect((await ask(second, url, { authorization })).status).toBe(401);
  }
  expect(all.map(({ log }) => log.length)).toEqual([2, 2, ...Array.from({ length: 18 }, () => 1)]);
  await Promise.all(all.map((each) => each.stop()));
});

test.skipIf(process.platform !== "linux")("no child outlives it", async () => {
  const emulator = await startEmulator();
  const person = makePerson(emulator);
  const folder = dirname(emulator.caFile);
  await person.git("ls-remote", "https://bitbucket.org/acme/docs.git");
  // A client that goes on talking: git itself waits for the end of this request.
  const endless = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode("0")),
  });
  const open = fetch("https://bitbucket.org/acme/docs.git/git-upload-pack", {
    method: "POST",
    body: endless,
    proxy: emulator.proxyUrl,
    tls: { ca: await Bun.file(emulator.caFile).text() },
    headers: { "Content-Type": "application/x-git-upload-pack-request" },
  }).catch(() => null);
  const workingIn = async (): Promise<string> => {
    const found = Bun.spawn([
      "sh",
      "-c",
      'ls -l /proc/[0-9]*/cwd 2>/dev/null | grep -F "$1" || true',
      "sh",
      folder,
    ]);
    return found.stdout.text();
  };
  for (let wait = 0; wait < 1000 && (await workingIn()) === ""; wait += 1) await Bun.sleep(10);
  expect(await workingIn()).not.toBe("");
  await emulator.stop();
  await open;
  expect(await workingIn()).toBe("");
  expect(existsSync(folder)).toBe(false);
  await person.leave();
});
