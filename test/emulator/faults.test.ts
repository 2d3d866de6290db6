import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { type Fault, startEmulator } from "../../emulator/index.ts";
import { ask, basic, makePerson } from "./person.ts";

const emulator = await startEmulator();
const ana = makePerson(emulator);

afterAll(async () => {
  await ana.leave();
  await emulator.stop();
});

beforeEach(() => {
  emulator.clearLog();
  emulator.switches.faults = [];
});

const API = "https://api.bitbucket.org/2.0/repositories/acme/site";
const SITE = "https://bitbucket.org/acme/site.git";

/** What git says while it suffers that. */
async function suffering(fault: Fault, repository = "acme/site"): Promise<string> {
  emulator.switches.faults = [fault];
  return (await ana.git("ls-remote", ana.url("ana", "api-token", repository))).stderr;
}

const askRest = () => ask(emulator, API, { authorization: basic(emulator, "ana@acme.example", "api-token") });

describe("git", () => {
  test("rate limited", async () => {
    const told = await suffering({ kind: "rate-limited", retryAfterSeconds: 30, service: "git-upload-pack" });
    expect(told).toBe(
      `remote: Rate limit for this resource has been exceeded\nfatal: unable to access '${SITE}/': The requested URL returned error: 429\n`,
    );
  });

  test("unavailable, in HTML and in plain text", async () => {
    const last = `fatal: unable to access '${SITE}/': The requested URL returned error: 503\n`;
    expect(await suffering({ kind: "status", status: 503 })).toBe(last);
    const plain = { kind: "status", status: 503, type: "text/plain", body: "Back soon" } as const;
    expect(await suffering(plain)).toBe(`remote: Back soon\n${last}`);
  });

  test("now and then refused, as in BCLOUD-24107", async () => {
    const authorization = basic(emulator, "ana", "api-token");
    emulator.switches.faults = [{ kind: "status", status: 401, times: 1 }];
    const refused = await ask(emulator, `${SITE}/info/refs?service=git-upload-pack`, { authorization });
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toBe('Basic realm="Bitbucket.org HTTP"');
    const again = await ask(emulator, `${SITE}/info/refs?service=git-upload-pack`, { authorization });
    expect(again.status).toBe(200);
  });

  test("cut off", async () => {
    const told = await suffering({ kind: "cut", service: "git-upload-pack" });
    expect(told).toStartWith(`fatal: unable to access '${SITE}/': `);
  });

  test.each([403, 407, 502] as const)("a proxy that answers %d", async (status) => {
    const told = await suffering({ kind: "connect-refused", status });
    expect(told).toContain(`fatal: unable to access '${SITE}/': `);
    expect(told).toContain(String(status));
    expect(emulator.tunnels.at(-1)).toMatchObject({ target: "bitbucket.org:443", status });
    expect(emulator.log).toEqual([]);
  });

  test("a host out of reach", async () => {
    const told = await suffering({ kind: "unreachable", host: "bitbucket.org" });
    expect(told).toContain(`fatal: unable to access '${SITE}/': `);
    expect((await askRest()).status).toBe(200);
  });

  test.each(["untrusted", "wrong-host", "expired"] as const)("a certificate that is %s", async (problem) => {
    const told = await suffering({ kind: "tls", problem });
    expect(told).toContain(`fatal: unable to access '${SITE}/': `);
    expect(told.toLowerCase()).toContain("certificate");
    expect(emulator.log).toEqual([]);
  });

  test("by the name of the repository alone", async () => {
    const told = await ana.git("ls-remote", ana.url("ana", "api-token", "acme/fault-rate-limited"));
    expect(told.stderr).toContain("error: 429");
    const other = await ana.git("ls-remote", ana.url("ana", "api-token", "acme/fault-unavailable"));
    expect(other.stderr).toContain("error: 503");
  });

  test("of one repository, one service, one time", async () => {
    const fault = { kind: "status", status: 500, times: 1 } as const;
    expect(await suffering({ ...fault, repository: "acme/docs" })).toBe("");
    expect(await suffering({ ...fault, service: "git-receive-pack" })).toBe("");
    expect(await suffering(fault)).toContain("error: 500");
    expect((await ana.git("ls-remote", ana.url("ana", "api-token"))).code).toBe(0);
  });
});

describe("REST", () => {
  test("rate limited", async () => {
    emulator.switches.faults = [{ kind: "rate-limited", retryAfterSeconds: 7, service: "rest" }];
    const response = await askRest();
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "7"]);
    expect(await response.json()).toEqual({
      type: "error",
      error: { message: "Rate limit for this resource has been exceeded" },
    });
  });

  test("slow, and never", async () => {
    emulator.switches.faults = [{ kind: "slow", milliseconds: 60, times: 1 }];
    const start = performance.now();
    expect((await askRest()).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(55);
    emulator.switches.faults = [{ kind: "slow", milliseconds: Number.POSITIVE_INFINITY }];
    const first = await Promise.race([
      askRest().catch(() => "failed"),
      Bun.sleep(50).then(() => "nothing yet"),
    ]);
    expect(first).toBe("nothing yet");
  });

  test("cut off", async () => {
    emulator.switches.faults = [{ kind: "cut" }];
    const whole = async () => (await askRest()).text();
    await expect(whole()).rejects.toThrow();
  });

  test("a clock that is wrong", async () => {
    emulator.switches.faults = [{ kind: "clock-skew", seconds: -3600 }];
    const hourAgo = () => Date.now() - 3_600_000;
    const before = hourAgo();
    const date = new Date((await askRest()).headers.get("date") ?? "").getTime();
    // The header has whole seconds.
    expect(date).toBeGreaterThan(before - 1000);
    expect(date).toBeLessThanOrEqual(hourAgo());
  });

  test.each([
    ["untrusted", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    ["wrong-host", "ERR_TLS_CERT_ALTNAME_INVALID"],
    ["expired", "CERT_HAS_EXPIRED"],
  ] as const)("a certificate that is %s", async (problem, code) => {
    emulator.switches.faults = [{ kind: "tls", problem }];
    expect(await askRest().catch((error) => error.code)).toBe(code);
  });
});

test.each(["altssh.bitbucket.org:443", "example.com:443", "bitbucket.org:22"])(
  "no way to %s",
  async (target) => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const { port } = new URL(emulator.proxyUrl);
    await Bun.connect({
      hostname: "127.0.0.1",
      port: Number(port),
      socket: {
        open: (socket) => void socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`),
        data: (_, bytes) => resolve(bytes.toString()),
      },
    });
    expect(await promise).toStartWith("HTTP/1.1 403 Forbidden\r\n");
    expect(emulator.tunnels).toMatchObject([{ target, status: 403 }]);
  },
);
