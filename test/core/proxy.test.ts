/** Which proxy a request goes through, compared with the connections that real git makes. */
import { afterAll, describe, expect, test } from "bun:test";
import { bypasses, chooseProxy } from "../../src/core/proxy.ts";
import { Somebody } from "./real-git.ts";

const somebody = new Somebody();
/** How the first connection began: `CONNECT` asks a proxy, anything else speaks TLS to the host itself. */
let how: "proxied" | "direct" | null = null;
const listener = Bun.listen({
  hostname: "127.0.0.1",
  port: 0,
  socket: {
    data(socket, bytes) {
      how ??= bytes.toString("latin1").startsWith("CONNECT ") ? "proxied" : "direct";
      socket.end();
    },
  },
});
afterAll(() => {
  listener.stop(true);
  somebody[Symbol.dispose]();
});

/** A name below `localhost` is this machine: no name server is asked. */
const HOST = "git.acme.localhost";
const PROXY = `http://127.0.0.1:${listener.port}`;
const NOBODY = "http://127.0.0.1:1";

async function gits(configured: string | null, env: Readonly<Record<string, string>>) {
  how = null;
  const args = configured === null ? [] : ["-c", `http.proxy=${configured}`];
  await somebody.askServer([...args, "ls-remote", `https://${HOST}:${listener.port}/x`], env);
  return how ?? "nobody called";
}

function ours(configured: string | null, env: Readonly<Record<string, string>>) {
  const chosen = chooseProxy(configured, env, HOST);
  if (chosen.kind !== "proxy") return chosen.kind === "none" ? "direct" : "unusable";
  return chosen.url === PROXY ? "proxied" : "nobody called";
}

describe("NO_PROXY", () => {
  const LISTS: readonly (readonly [list: string, passedBy: boolean])[] = [
    ["", false],
    ["*", true],
    [" * ", false],
    ["*,x", false],
    [HOST, true],
    ["GIT.ACME.LOCALHOST", true],
    ["acme.localhost", true],
    [".acme.localhost", true],
    ["..acme.localhost", false],
    ["acme.localhost.", true],
    ["cme.localhost", false],
    ["*.acme.localhost", false],
    ["x, acme.localhost", true],
    ["x acme.localhost y", true],
    ["x;acme.localhost", false],
    ["x\tacme.localhost", true],
    [`${HOST}:${listener.port}`, false],
    ["x.git.acme.localhost", false],
    [",,acme.localhost", true],
    ["localhost", true],
    ["127.0.0.1", false],
  ];
  for (const [list, passedBy] of LISTS) {
    test(JSON.stringify(list.replace(String(listener.port), "PORT")), async () => {
      expect(await gits(PROXY, { no_proxy: list })).toBe(passedBy ? "direct" : "proxied");
      expect(bypasses(list, HOST)).toBe(passedBy);
    });
  }
});

describe("which one", () => {
  const CASES: readonly (readonly [name: string, configured: string | null, env: Record<string, string>])[] =
    [
      ["none", null, {}],
      ["http.proxy goes before variables", PROXY, { https_proxy: NOBODY, HTTPS_PROXY: NOBODY }],
      ["an empty http.proxy is none", "", { https_proxy: PROXY }],
      ["without a scheme", PROXY.slice(7), {}],
      ["small letters go before capitals", null, { https_proxy: PROXY, HTTPS_PROXY: NOBODY }],
      ["capitals", null, { HTTPS_PROXY: PROXY }],
      ["empty small letters take away the capitals", null, { https_proxy: "", HTTPS_PROXY: PROXY }],
      ["an empty one takes away ALL_PROXY", null, { HTTPS_PROXY: "", ALL_PROXY: PROXY }],
      ["ALL_PROXY", null, { ALL_PROXY: PROXY }],
      ["all_proxy goes before ALL_PROXY", null, { ALL_PROXY: NOBODY, all_proxy: PROXY }],
      ["https_proxy goes before all_proxy", null, { all_proxy: NOBODY, HTTPS_PROXY: PROXY }],
      ["http_proxy is for http", null, { http_proxy: PROXY, HTTP_PROXY: PROXY }],
      ["NO_PROXY", PROXY, { NO_PROXY: "acme.localhost" }],
      ["no_proxy goes before NO_PROXY", PROXY, { NO_PROXY: "acme.localhost", no_proxy: "x" }],
      ["an empty no_proxy too", PROXY, { NO_PROXY: "acme.localhost", no_proxy: "" }],
    ];
  for (const [name, configured, env] of CASES) {
    test(name, async () => {
      expect(ours(configured, env)).toBe(await gits(configured, env));
    });
  }

  test("names where it comes from; a SOCKS proxy cannot be used", () => {
    expect(chooseProxy(null, { HTTPS_PROXY: PROXY }, HOST)).toEqual({
      kind: "proxy",
      url: PROXY,
      from: "HTTPS_PROXY",
    });
    expect(chooseProxy(PROXY, {}, HOST)).toEqual({ kind: "proxy", url: PROXY, from: "http.proxy" });
    for (const scheme of ["socks", "socks4a", "socks5", "SOCKS5h"]) {
      expect(chooseProxy(`${scheme}://127.0.0.1:1`, {}, HOST).kind).toBe("unusable");
    }
  });
});
