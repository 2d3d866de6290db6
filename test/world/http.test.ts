/** The one request git-rekey makes itself: only to the host it names, only with the certificate checked. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { type Emulator, type Fault, startEmulator } from "../../emulator/index.ts";
import { readReply } from "../../src/probes/answers.ts";
import { realHttp } from "../../src/world/http.ts";
import type { HttpQuestion } from "../../src/world/ports.ts";
import { openVault } from "../../src/world/vault.ts";
import { CHECKOUT } from "../sandbox.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());
beforeEach(() => {
  emulator.switches.faults = [];
  emulator.clearLog();
});

const URL = "https://bitbucket.org/acme/site.git/info/refs?service=git-upload-pack";
const vault = openVault();
const http = realHttp(vault);

function ask(given: Partial<HttpQuestion> = {}) {
  const ca = readFileSync(emulator.caFile, "utf8");
  return http.get({ url: URL, credential: null, proxy: emulator.proxyUrl, ca, timeout: 30_000, ...given });
}

const credential = (label: string, scheme: "basic" | "bearer" = "basic") => ({
  scheme,
  user: "ana",
  secret: vault.keep(emulator.secret(label)),
});

describe("answers", () => {
  test("with and without a credential", async () => {
    expect(await ask()).toMatchObject({ kind: "answer", status: 401 });
    expect(await ask({ credential: credential("api-token") })).toMatchObject({ kind: "answer", status: 200 });
    expect(await ask({ credential: credential("repository-token", "bearer") })).toMatchObject({
      status: 200,
    });
    expect(emulator.log.map(({ credential: label, how }) => [label, how])).toEqual([
      [null, "none"],
      ["api-token", "basic"],
      ["repository-token", "bearer"],
    ]);
  });

  test("a redirect is an answer, and is not followed", async () => {
    const url = "https://bitbucket.org/acme/site/get/main.zip";
    const reply = await ask({ url, credential: credential("api-token-revoked") });
    expect(reply).toMatchObject({ kind: "answer", status: 302 });
    expect(emulator.log).toHaveLength(1);
  });

  test("what is sent arrives once, as JSON, and no redirect takes it elsewhere", async () => {
    const ca = readFileSync(emulator.caFile, "utf8");
    const how = { proxy: emulator.proxyUrl, ca, timeout: 30_000, credential: credential("api-token-keys") };
    const url = "https://api.bitbucket.org/2.0/repositories/acme/site/deploy-keys";
    const json = { label: "x", key: `ssh-ed25519 ${"A".repeat(68)}` };
    const asAna = { ...how, credential: { ...how.credential, user: "ana@acme.example" } };
    const reply = await http.send({ ...asAna, url, method: "POST", json });
    expect(reply).toMatchObject({ kind: "answer", status: 200 });
    const { id } = JSON.parse(reply.kind === "answer" ? reply.body : "");
    const gone = await http.send({ ...asAna, url: `${url}/${id}`, method: "DELETE" });
    expect(gone).toMatchObject({ kind: "answer", status: 204, body: "" });
    const elsewhere = "https://bitbucket.org/acme/site/get/main.zip";
    const refused = { ...how, credential: credential("api-token-revoked") };
    expect(await http.send({ ...refused, url: elsewhere, method: "POST", json })).toMatchObject({
      kind: "answer",
    });
    expect(emulator.log.map(({ method, host }) => `${method} ${host}`)).toEqual([
      "POST api.bitbucket.org",
      "DELETE api.bitbucket.org",
      "POST bitbucket.org",
    ]);
  });

  test("a long body is cut", async () => {
    emulator.switches.faults = [{ kind: "status", status: 500, body: "x".repeat(3_000_000) }];
    const reply = await ask();
    expect(reply).toMatchObject({ kind: "answer", status: 500 });
    expect(reply.kind === "answer" && reply.body.length).toBe(16_384);
  });
});

describe("failures", () => {
  const FAULTS: readonly (readonly [Fault, string])[] = [
    [{ kind: "connect-refused", status: 403 }, "proxy-refused"],
    [{ kind: "connect-refused", status: 407 }, "proxy-refused"],
    [{ kind: "connect-refused", status: 502 }, "proxy-refused"],
    [{ kind: "unreachable" }, "cut-off"],
    [{ kind: "tls", problem: "untrusted" }, "tls-untrusted"],
    [{ kind: "tls", problem: "wrong-host" }, "tls-wrong-host"],
    [{ kind: "tls", problem: "expired" }, "tls-date"],
    [{ kind: "slow", milliseconds: Number.POSITIVE_INFINITY }, "timed-out"],
  ];
  for (const [fault, expected] of FAULTS) {
    test(`${Object.values(fault).join(" ")}: ${expected}`, async () => {
      emulator.switches.faults = [fault];
      const patience = expected === "timed-out" ? { timeout: 300 } : {};
      const reply = await ask({ ...patience, credential: credential("api-token") });
      const answer = readReply(reply, (text) => vault.mask(text));
      expect(answer).toMatchObject({ kind: "none", fault: expected });
      expect(JSON.stringify(reply)).not.toContain("bitbucket.org");
      if (fault.kind !== "slow") expect(emulator.sawSecret("api-token")).toBe(false);
    });
  }

  test("nobody listens", async () => {
    const reply = await ask({ proxy: null, url: "https://127.0.0.1:1/" });
    expect(readReply(reply, String)).toMatchObject({ kind: "none", fault: "not-reached" });
  });

  test("the system's authorities do not vouch for the emulator", async () => {
    const answer = readReply(await ask({ ca: null, credential: credential("api-token") }), String);
    expect(answer).toMatchObject({ kind: "none", fault: "tls-untrusted" });
    expect(emulator.sawSecret("api-token")).toBe(false);
  });
});

/** In a process of its own: Bun reads some variables once, at its start. */
async function askWith(env: Record<string, string>, given: Partial<HttpQuestion>) {
  const script = `
    const { realHttp } = await import(${JSON.stringify(`${CHECKOUT}/src/world/http.ts`)});
    const { openVault } = await import(${JSON.stringify(`${CHECKOUT}/src/world/vault.ts`)});
    const vault = openVault();
    const question = JSON.parse(await Bun.stdin.text());
    const credential = { scheme: "basic", user: "ana", secret: vault.keep(question.token) };
    console.log(JSON.stringify(await realHttp(vault).get({ ...question, credential })));`;
  const ca = readFileSync(emulator.caFile, "utf8");
  const question = {
    url: URL,
    proxy: null,
    ca,
    timeout: 3000,
    token: emulator.secret("api-token"),
    ...given,
  };
  const child = Bun.spawn([process.execPath, "--no-env-file", "-e", script], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdin: Buffer.from(JSON.stringify(question)),
    stdout: "pipe",
  });
  return JSON.parse(await child.stdout.text());
}

describe("variables are not obeyed", () => {
  test("NODE_TLS_REJECT_UNAUTHORIZED", async () => {
    emulator.switches.faults = [{ kind: "tls", problem: "untrusted" }];
    const reply = await askWith({ NODE_TLS_REJECT_UNAUTHORIZED: "0" }, { proxy: emulator.proxyUrl });
    expect(reply.kind).toBe("failure");
    expect(emulator.sawSecret("api-token")).toBe(false);
  });

  test("HTTPS_PROXY and its kin", async () => {
    const { proxyUrl } = emulator;
    const env = { HTTPS_PROXY: proxyUrl, https_proxy: proxyUrl, ALL_PROXY: proxyUrl, all_proxy: proxyUrl };
    expect((await askWith(env, { url: "https://127.0.0.1:1/" })).kind).toBe("failure");
    expect(emulator.tunnels).toBeEmpty();
  });

  test("NO_PROXY", async () => {
    const env = { NO_PROXY: "*", no_proxy: "bitbucket.org" };
    expect(await askWith(env, { proxy: emulator.proxyUrl })).toMatchObject({ status: 200 });
  });
});
