/** Programs of OpenSSH are run so that none of them can hang, ask, or be waited for once it has ended. */
import { expect, test } from "bun:test";
import { readSelf } from "../../src/world/self.ts";
import { runSsh } from "../../src/world/ssh.ts";

const self = readSelf();

const sh = (script: string, more: { timeout?: number; stdin?: string } = {}) =>
  runSsh(self, { argv: ["sh", "-c", script], cwd: "/", timeout: 10_000, ...more });

test("what it says, on both streams, and how it ends", async () => {
  const told = await sh("cat; echo no >&2; exit 7", { stdin: "0000" });
  expect(told).toEqual({ code: 7, stdout: "0000", stderr: "no\n", timedOut: false });
});

test("nobody can be asked, and words are untranslated", async () => {
  const told = await sh('echo "$LC_ALL.$SSH_ASKPASS.$SSH_ASKPASS_REQUIRE"; read -r line || echo nothing');
  expect(told?.stdout).toBe("C..never\nnothing\n");
});

test("when the time is up all it started is ended, and what it said is kept", async () => {
  const told = await sh('sleep 600 & echo "$!"; wait', { timeout: 300 });
  expect(told).toMatchObject({ timedOut: true, code: null });
  const pid = Number(told?.stdout);
  expect(pid).toBeGreaterThan(1);
  // One that has ended may wait to be noticed by whoever is its parent now.
  const state = Bun.spawnSync(["ps", "-o", "stat=", "-p", `${pid}`]).stdout.toString();
  expect(state).toMatch(/^(?:Z.*)?\s*$/);
});

test("who holds its pipes after its end is not waited for", async () => {
  const told = await sh('sleep 600 & echo "$!"');
  expect(told).toMatchObject({ code: 0, timedOut: false });
  process.kill(Number(told?.stdout), "SIGKILL");
});

test("more than anybody needs is read and dropped", async () => {
  const told = await sh("head -c 5000000 /dev/zero; echo end >&2");
  expect(told).toMatchObject({ code: 0, stderr: "end\n" });
  expect(told?.stdout.length).toBeLessThan(1_000_000);
});

test("what cannot be started", async () => {
  expect(await runSsh(self, { argv: ["/no/such/ssh"], cwd: "/", timeout: 1000 })).toBeNull();
});
