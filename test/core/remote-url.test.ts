/** What a URL is to git-rekey: above all, whether it is Bitbucket Cloud's. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { mintAccessToken } from "../../emulator/tokens.ts";
import { repositoryOf } from "../../src/core/bitbucket.ts";
import { cleanUrl, readRemoteUrl } from "../../src/core/remote-url.ts";
import type { RemoteUrl } from "../../src/core/setup.ts";
import { shapeOfToken } from "../../src/core/token.ts";
import { withUser } from "../../src/core/url.ts";
import { SEED } from "./real-git.ts";

function read(text: string): RemoteUrl & { kept: string[] } {
  const kept: string[] = [];
  const url = readRemoteUrl(text, (secret) => {
    kept.push(secret);
    return { ref: "0000", ...shapeOfToken(secret) };
  });
  return { ...url, kept };
}

describe("is it Bitbucket Cloud", () => {
  const YES = [
    "https://bitbucket.org/acme/site.git",
    "https://BITBUCKET.ORG/acme/site.git",
    "HTTPS://bitbucket.org/acme/site",
    "https://bitbucket.org:443/acme/site.git",
    "https://bitbucket.org:/acme/site.git",
    "https://ana:pw@bitbucket.org/acme/site.git",
    "https://evil.example@bitbucket.org/acme/site.git",
    "https://evil.example%2F@bitbucket.org/acme/site.git",
    "ssh://git@bitbucket.org/acme/site.git",
    "git@bitbucket.org:acme/site.git",
    "git@BitBucket.org:acme/site.git",
    "bitbucket.org:acme/site.git",
    "https://bitbucket.org",
  ];
  for (const url of YES) test(`yes: ${url}`, () => expect(read(url).isBitbucket).toBe(true));

  const NO = [
    "http://bitbucket.org/acme/site.git",
    "https://evilbitbucket.org/acme/site.git",
    "https://bitbucket.org.evil.example/acme/site.git",
    "https://bitbucket.org:444/acme/site.git",
    "https://bitbucket.org./acme/site.git",
    "https://api.bitbucket.org/2.0/user",
    "https://altssh.bitbucket.org/acme/site.git",
    "https://bitbucket.org@evil.example/acme/site.git",
    "https://bitbucket.org:pw@evil.example/acme/site.git",
    "https://evil.example#@bitbucket.org/",
    "https://evil.example?@bitbucket.org/",
    "https://evil.example/@bitbucket.org/",
    "https://evil.example/https://bitbucket.org/acme/site.git",
    "https://bitbucket.org\\@evil.example/",
    "https://bitbucket.org%2Fevil.example/",
    "https://bitbucket%2Eorg/acme/site.git",
    "https://b\u0131tbucket.org/acme/site.git",
    "https://bitbucket.\u043erg/acme/site.git",
    "https://bitbu\u0441ket.org/acme/site.git",
    "https://bitbucket\u3002org/acme/site.git",
    "https://bitbucket.org\n.evil.example/",
    "https://bitbucket.org\0/",
    " https://bitbucket.org/acme/site.git",
    "https:/bitbucket.org/acme/site.git",
    "https:bitbucket.org/acme/site.git",
    "ext::https://bitbucket.org/acme/site.git",
    "file://bitbucket.org/acme/site.git",
    "git://bitbucket.org/acme/site.git",
    "git@evil.example:bitbucket.org/acme/site.git",
    "bitbucket.org/acme/site.git",
    "/srv/bitbucket.org:acme/site.git",
    "./bitbucket.org",
    "",
  ];
  for (const url of NO) test(`no: ${JSON.stringify(url)}`, () => expect(read(url).isBitbucket).toBe(false));

  test("whatever is Bitbucket over HTTPS is so for the URL standard, too", () => {
    const part = fc.constantFrom(
      "bitbucket.org",
      "evil.example",
      "@",
      ":",
      "/",
      "#",
      "?",
      "\\",
      ".",
      ":443",
      "a",
      "%2F",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 7 }), (parts) => {
        const url = read(`https://${parts.join("")}`);
        if (!url.isBitbucket) return;
        // What is sent anywhere is put together anew, so the standard's reading of the whole text does not count.
        expect(new URL(cleanUrl(url, "ana")).host).toBe("bitbucket.org");
      }),
      { ...SEED, numRuns: 3000 },
    );
  });
});

describe("parts", () => {
  test("no secret stays in it, and each is kept once", () => {
    const token = mintAccessToken();
    const url = read(`https://ana:${encodeURIComponent(token)}@bitbucket.org/acme/site.git`);
    expect(url.kept).toEqual([token]);
    expect([url.user, url.password?.kind, url.userSecret]).toEqual(["ana", "access-token", null]);
    const asUser = read(`https://${encodeURIComponent(token)}@bitbucket.org/acme/site.git`);
    expect(asUser.kept).toEqual([token]);
    expect([asUser.user, asUser.userSecret?.kind]).toEqual([null, "access-token"]);
    for (const one of [url, asUser])
      expect(JSON.stringify({ ...one, kept: [] })).not.toContain(token.slice(8, 40));
    expect(read("https://ana:@bitbucket.org/x").password).toBeNull();
    expect(read("https://ana%40acme.example:p%2Fw@bitbucket.org/x")).toMatchObject({
      user: "ana@acme.example",
      kept: ["p/w"],
    });
  });

  test("repository", () => {
    const NAMES: readonly (readonly [string, string | null])[] = [
      ["/acme/site.git", "acme/site"],
      ["/acme/site", "acme/site"],
      ["acme/site.git", "acme/site"],
      ["/acme/site.git/", "acme/site"],
      ["/acme/site.git/info/lfs", "acme/site"],
      ["/acme/site/src/main/", "acme/site"],
      ["/acme/site.github.git", "acme/site.github"],
      ["/acme", null],
      ["/acme/", null],
      ["/", null],
      ["", null],
    ];
    for (const [path, name] of NAMES) {
      const found = repositoryOf(path);
      expect(found && `${found.workspace}/${found.repository}`).toBe(name);
    }
  });

  test("the URL to put in its place", () => {
    const url = read("https://ana:pw@bitbucket.org/acme/site.git");
    expect(cleanUrl(url, null)).toBe("https://bitbucket.org/acme/site.git");
    expect(cleanUrl(url, "x-token-auth")).toBe("https://x-token-auth@bitbucket.org/acme/site.git");
    expect(cleanUrl(url, "ana@acme.example")).toBe("https://ana%40acme.example@bitbucket.org/acme/site.git");
    expect(cleanUrl(read("https://ana:pw@bitbucket.org:443/x"), null)).toBe("https://bitbucket.org/x");
    expect(withUser("https://ana:pw@bitbucket.org/x@y", "bob")).toBe("https://bob@bitbucket.org/x@y");
    expect(withUser("https://bitbucket.org/x", null)).toBe("https://bitbucket.org/x");
  });

  test("never throws, and never shows a password", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.webUrl(), (noise, web) => {
        for (const text of [noise, `https://${noise}`, `https://ana:Geheim99@${noise}`, `${web}${noise}`]) {
          const { kept: _, ...url } = read(text);
          expect(JSON.stringify(url.password)).not.toContain("Geheim99");
        }
      }),
      SEED,
    );
  });
});
