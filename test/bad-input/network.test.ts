/** The line to Bitbucket: whatever it does, the id is right, and nobody is blamed for what is nobody's fault. */
import { afterEach, describe, expect, test } from "bun:test";
import type { Fault } from "../../emulator/index.ts";
import type { EmulatedSandbox } from "../sandbox.ts";
import { everything, storedAppPassword, storedToken } from "../terminal/people.ts";
import { faultsIn } from "./sentence.ts";

const boxes: EmulatedSandbox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.remove();
});

async function open(make: () => Promise<EmulatedSandbox> = storedAppPassword): Promise<EmulatedSandbox> {
  const box = await make();
  boxes.push(box);
  return box;
}

const CAPTIVE = "<!DOCTYPE html><html><body>Welcome to the hotel. Please log in.</body></html>";

const LINES: readonly (readonly [name: string, fault: Fault, code: number, id: string])[] = [
  ["500", { kind: "status", status: 500 }, 3, "service-unavailable"],
  ["502", { kind: "status", status: 502 }, 3, "service-unavailable"],
  ["503", { kind: "status", status: 503 }, 3, "service-unavailable"],
  ["429", { kind: "rate-limited", retryAfterSeconds: 30 }, 3, "rate-limited"],
  ["a proxy that wants a password", { kind: "connect-refused", status: 407 }, 3, "proxy-refused"],
  ["a proxy that refuses", { kind: "connect-refused", status: 403 }, 3, "proxy-refused"],
  ["a proxy that reaches nobody", { kind: "connect-refused", status: 502 }, 3, "proxy-refused"],
  ["a line that is closed at once", { kind: "unreachable" }, 3, "host-unreachable"],
  ["a certificate for another host", { kind: "tls", problem: "wrong-host" }, 3, "tls-untrusted"],
  ["a certificate that has expired", { kind: "tls", problem: "expired" }, 3, "tls-untrusted"],
  ["a certificate of nobody known", { kind: "tls", problem: "untrusted" }, 3, "tls-untrusted"],
];

describe("what cannot be determined is 3, with its own id", () => {
  test.each(LINES)("%s", async (_, fault, code, id) => {
    const box = await open(storedToken);
    box.emulator.switches.faults = [fault];
    const before = everything(box);
    const ran = await box.rekey(["doctor", "--json"], { cwd: "site" });
    expect({ code: ran.code, fault: faultsIn(ran)[0] }).toEqual({ code, fault: id });
    const fix = await box.rekey(["fix", "--yes"], { cwd: "site", stdin: box.emulator.secret("api-token") });
    expect([3, 4]).toContain(fix.code ?? 0);
    expect(fix.stderr).toContain("nothing has been changed");
    expect(everything(box)).toEqual(before);
  });

  test("a page of somebody else's, with 200: no sign-in is claimed", async () => {
    const box = await open(storedToken);
    box.emulator.switches.faults = [{ kind: "status", status: 200, body: CAPTIVE }];
    const ran = await box.rekey(["doctor", "--json"], { cwd: "site" });
    expect(ran.code).toBe(3);
    expect(ran.stdout).not.toContain('"fetch": "ok"');
    expect(faultsIn(ran)[0]).toBe("service-unavailable");
  });

  test("an answer that is cut off", async () => {
    const box = await open(storedToken);
    box.emulator.switches.faults = [{ kind: "cut" }];
    const ran = await box.rekey(["doctor", "--json"], { cwd: "site" });
    expect([1, 3]).toContain(ran.code ?? 0);
    expect(ran.stderr).toBe("");
  });
});

test("a slow answer is waited for", async () => {
  const box = await open();
  box.emulator.switches.faults = [{ kind: "slow", milliseconds: 700, times: 2 }];
  const ran = await box.rekey(["doctor", "--json"], { cwd: "site" });
  expect(faultsIn(ran)).toEqual(["app-password-sent"]);
});

test("a clock that is wrong is told beside the cause", async () => {
  const box = await open();
  box.emulator.switches.faults = [{ kind: "clock-skew", seconds: 40 * 86_400 }];
  const ran = await box.rekey(["doctor", "--json"], { cwd: "site" });
  expect(ran.code).toBe(1);
  expect(faultsIn(ran)).toContain("clock-skewed");
});

test("no proxy there at all", async () => {
  const box = await open(storedToken);
  const nobody = { HTTPS_PROXY: "http://127.0.0.1:9", https_proxy: "http://127.0.0.1:9" };
  const ran = await box.rekey(["doctor", "--json"], { cwd: "site", env: nobody });
  expect(ran.code).toBe(3);
  expect(["proxy-refused", "host-unreachable"]).toContain(faultsIn(ran)[0] ?? "");
});

test("a fault that comes only after the change takes everything back", async () => {
  const box = await open();
  const skip = (path: string) => path.startsWith(".local") || path.startsWith(".cache");
  const before = box.snapshot(box.home, skip);
  // Four requests of the doctor, one about the new token's rights; then git is on its own.
  box.emulator.switches.faults = [
    { kind: "slow", milliseconds: 0, times: 5 },
    { kind: "status", status: 503 },
  ];
  const ran = await box.rekey(["fix", "--yes"], { cwd: "site", stdin: box.emulator.secret("api-token") });
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain("everything was put back as it was");
  expect(box.snapshot(box.home, skip)).toEqual(before);
});

test("an old credential is left alone while nobody can say whether a new one works", async () => {
  const box = await open();
  box.emulator.switches.faults = [{ kind: "status", status: 500 }];
  const before = everything(box);
  const ran = await box.rekey(["fix", "--yes"], { cwd: "site", stdin: box.emulator.secret("api-token") });
  expect(ran.code).toBe(3);
  expect(ran.stderr).toContain("nothing has been changed");
  expect(everything(box)).toEqual(before);
});

test("a credential that Git has erased is made good, whatever user the URL names", async () => {
  const box = await open();
  box.write(".git-credentials", "", 0o600);
  const ran = await box.rekey(["fix", "--yes"], { cwd: "site", stdin: box.emulator.secret("api-token") });
  expect(ran.code).toBe(0);
  expect((await box.git(["ls-remote", "origin"], { cwd: "site" })).code).toBe(0);
});

describe("--offline", () => {
  test.each([
    [["doctor", "--offline"]],
    [["doctor", "--offline", "--json"]],
    [["doctor", "--offline", "--push", "--email", "ana@acme.example"]],
    [["explain", "token-refused"]],
    [["undo", "--list"]],
  ])("%j connects to nobody", async (argv) => {
    const box = await open();
    const before = everything(box);
    const ran = await box.rekey(argv, { cwd: "site" });
    expect(ran.code).not.toBe(2);
    expect(box.emulator.tunnels).toEqual([]);
    expect(box.emulator.log).toEqual([]);
    expect(everything(box)).toEqual(before);
  });
});
