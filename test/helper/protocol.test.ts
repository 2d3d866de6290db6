import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isForBitbucket, readOperation, readRequest } from "../../src/helper/protocol.ts";

const NOTHING = { protocol: null, host: null, path: null, username: null, password: null };

describe("a request", () => {
  test("as Git sends it", () => {
    const text = [
      "capability[]=authtype",
      "capability[]=state",
      "protocol=https",
      "host=bitbucket.org",
      "path=acme/site.git",
      "username=ana",
      'wwwauth[]=Basic realm="Bitbucket.org HTTP"',
      "",
      "host=after.the.end",
    ].join("\n");
    expect(readRequest(text)).toEqual({
      ...NOTHING,
      protocol: "https",
      host: "bitbucket.org",
      path: "acme/site.git",
      username: "ana",
    });
  });

  test("takes along the password that Git used, and no other secret", () => {
    const text = "host=bitbucket.org\npassword=hunter2\ncredential=hunter3\noauth_refresh_token=hunter4\n";
    expect(readRequest(text)).toEqual({ ...NOTHING, host: "bitbucket.org", password: "hunter2" });
    expect(readRequest("url=https://ana:hunter2@bitbucket.org/a/b\n")?.password).toBe("hunter2");
  });

  test("a URL stands for its parts, and replaces those before it", () => {
    const request = {
      ...NOTHING,
      protocol: "https",
      host: "bitbucket.org:8443",
      path: "a/b.git",
      username: "an a",
    };
    expect(readRequest("path=x\nurl=https://an%20a@Bitbucket.org:8443/a/b.git\n")).toEqual(request);
    expect(readRequest("url=https://bitbucket.org\nusername=ben\n")).toEqual({
      ...NOTHING,
      protocol: "https",
      host: "bitbucket.org",
      username: "ben",
    });
  });

  test("Windows line ends, a value with `=`, an empty value, the last of two", () => {
    expect(readRequest("protocol=http\r\nprotocol=https\r\nhost=\r\nusername=a=b\r\n\r\n")).toEqual({
      ...NOTHING,
      protocol: "https",
      host: "",
      username: "a=b",
    });
  });

  test("what Git itself refuses", () => {
    expect(readRequest("")).toEqual(NOTHING);
    expect(readRequest("protocol\n")).toBeNull();
    expect(readRequest("url=bitbucket.org\n")).toBeNull();
  });

  test("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        readRequest(text);
        readRequest(`url=${text}`);
      }),
      { seed: 20260728, numRuns: 500 },
    );
  });
});

test("operations", () => {
  for (const operation of ["get", "store", "erase", "capability"] as const)
    expect(readOperation(operation)).toBe(operation);
  for (const word of [undefined, "", "GET", "approve", "toString"]) expect(readOperation(word)).toBeNull();
});

test("only Bitbucket's Git host, only HTTPS", () => {
  const asked = (protocol: string | null, host: string | null) =>
    isForBitbucket({ ...NOTHING, protocol, host });
  expect(asked("https", "bitbucket.org")).toBe(true);
  expect(asked("https", "Bitbucket.ORG")).toBe(true);
  expect(asked("https", "bitbucket.org:443")).toBe(true);
  const others = [
    "api.bitbucket.org",
    "bitbucket.org:444",
    "bitbucket.org:0443",
    "bitbucket.org:",
    "bitbuc\u212aet.org",
    "b\u0131tbucket.org",
    "ana@bitbucket.org",
    "bitbucket.org@evil.example",
    "bitbucket.org.",
    "bitbucket.org.evil.example",
    "evilbitbucket.org",
    "bitbucket.org ",
    "",
    null,
  ];
  for (const host of others) expect(asked("https", host), String(host)).toBe(false);
  for (const protocol of ["http", "ssh", "HTTPS", "", null])
    expect(asked(protocol, "bitbucket.org")).toBe(false);
});
