/** What the text of a secret tells, and what is said about one that cannot be the token. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  mintAccessToken,
  mintApiToken,
  mintAppPassword,
  mintDataCenterToken,
  mintLegacyAppPassword,
  mintOauthToken,
  mintPassword,
} from "../../emulator/tokens.ts";
import { PREFIX } from "../../src/core/bitbucket.ts";
import { checksumOf, FLAW_WORDS, shapeOfToken, type TokenFlaw, tidyToken } from "../../src/core/token.ts";
import { wayOf, whyNotThisToken } from "../../src/core/token-advice.ts";
import { SEED } from "./real-git.ts";

describe("checksum", () => {
  const VECTORS: readonly (readonly [text: string, crc: string])[] = [
    ["", "00000000"],
    ["a", "E8B7BE43"],
    ["123456789", "CBF43926"],
    ["The quick brown fox jumps over the lazy dog", "414FA339"],
    ["\0", "D202EF8D"],
  ];
  for (const [text, crc] of VECTORS) test(crc, () => expect(checksumOf(text)).toBe(crc));

  test("as Bun's own CRC-32 has it", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\x00-\xff]{0,300}$/), (text) => {
        const crc = Bun.hash.crc32(Buffer.from(text, "latin1")).toString(16).toUpperCase().padStart(8, "0");
        expect(checksumOf(text)).toBe(crc);
      }),
      SEED,
    );
  });
});

describe("shapes", () => {
  test("every kind by its form", () => {
    const jwt = [`${PREFIX.jwt}hbGciOi`, "eyJzdWIiOiIx", "c2ln"].join(".");
    const shapes = (secret: string) => {
      const { kind, checksum, flaws, length } = shapeOfToken(secret);
      return [kind, checksum, flaws.length, length === secret.length];
    };
    expect(shapes(mintApiToken())).toEqual(["api-token", "ok", 0, true]);
    expect(shapes(mintAccessToken())).toEqual(["access-token", "ok", 0, true]);
    expect(shapes(mintAppPassword())).toEqual(["app-password", "ok", 0, true]);
    expect(shapes(mintLegacyAppPassword())).toEqual(["legacy-app-password", "none", 0, true]);
    expect(shapes(mintDataCenterToken())).toEqual(["data-center", "none", 0, true]);
    expect(shapes(jwt)).toEqual(["oauth", "none", 0, true]);
    expect(shapes(mintPassword())).toEqual(["unknown", "none", 0, true]);
    expect(shapeOfToken("a".repeat(20)).kind).toBe("unknown");
    expect(shapeOfToken("12345678901234567890").kind).toBe("unknown");
  });

  /** With a letter in its checksum, which case can change. */
  const mintWithLetter = (): string => {
    const one = mintApiToken();
    return /[A-F]/.test(one.slice(-8)) ? one : mintWithLetter();
  };
  const token = mintWithLetter();
  const middle = token.slice(0, 60) + (token[60] === "A" ? "B" : "A") + token.slice(61);
  const FLAWED: readonly (readonly [TokenFlaw, string])[] = [
    ["blank-around", ` ${token}`],
    ["blank-around", `${token}\r\n`],
    ["blank-inside", `${token.slice(0, 80)}\n${token.slice(80)}`],
    ["quoted", `"${token}"`],
    ["quoted", `'${token}'`],
    ["quoted", `\`${token}\``],
    ["percent-encoded", token.replace("=", "%3D")],
    ["percent-encoded", token.replace("=", "%3d")],
    ["percent-encoded", token.replace("=", "\\=")],
    ["cut-off", token.slice(0, -9)],
    ["cut-off", token.slice(0, -1)],
    ["cut-off", mintAppPassword().slice(0, -1)],
    ["checksum-wrong", middle],
    ["checksum-wrong", token.slice(0, -8) + token.slice(-8).toLowerCase()],
    ["checksum-wrong", token.slice(0, -1) + (token.at(-1) === "0" ? "1" : "0")],
    ["checksum-wrong", token.slice(0, 60) + token.slice(61)],
    ["placeholder", "<your-token>"],
    ["placeholder", "ATATTxxxxxxxxxxxx"],
    ["placeholder", "{{ token }}"],
    ["empty", ""],
    ["empty", " \n"],
    ["empty", '""'],
  ];
  for (const [index, [flaw, text]] of FLAWED.entries()) {
    test(`${index + 1}: ${flaw}`, () => expect(shapeOfToken(text).flaws).toContain(flaw));
  }

  test("lower-case hex in a checksum is told from a cut-off token, and a blank around a good one is its only flaw", () => {
    expect(shapeOfToken(`${token}\n`).flaws).toEqual(["blank-around"]);
    expect(shapeOfToken(`"${token}"`).flaws).toEqual(["quoted"]);
    expect(shapeOfToken(`"${token}"`).checksum).toBe("ok");
    expect(shapeOfToken(token.replace("=", "%3D")).flaws).toEqual(["percent-encoded"]);
  });

  test("one changed, lost or doubled character is always seen", () => {
    fc.assert(
      fc.property(fc.nat(191), fc.constantFrom("change", "lose", "double"), (at, how) => {
        const before = token.slice(0, at);
        const one = token[at] ?? "";
        const other = one === "Q" ? "Z" : "Q";
        const by = { change: other, lose: "", double: one + one }[how];
        const broken = before + by + token.slice(at + 1);
        fc.pre(broken !== token);
        const shape = shapeOfToken(broken);
        expect(shape.flaws.length > 0 || shape.kind !== "api-token").toBe(true);
      }),
      { ...SEED, numRuns: 400 },
    );
  });

  test("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        expect(shapeOfToken(text).length).toBeLessThanOrEqual(text.length);
      }),
      SEED,
    );
  });
});

test("tidied: what a copy picks up is taken off, and nothing else", () => {
  const token = mintAccessToken();
  for (const around of ["", "\n", " ", "\r\n", "\t", "\u00a0", "\ufeff"]) {
    expect(tidyToken(around + token + around)).toBe(token);
    for (const quote of ['"', "'", "`"])
      expect(tidyToken(around + quote + token + quote + around)).toBe(token);
  }
  expect(tidyToken(`"${token}`)).toBe(`"${token}`);
  expect(tidyToken(`"${token}'`)).toBe(`"${token}'`);
  expect(tidyToken(tidyToken(`" ${token} "`))).toBe(token);
});

describe("why not this token", () => {
  test("a good one for its way, or where the way is open", () => {
    const api = shapeOfToken(mintApiToken());
    const access = shapeOfToken(mintAccessToken());
    for (const way of ["remote", null] as const) expect(whyNotThisToken(api, way)).toBeNull();
    for (const way of ["access-token", null] as const) expect(whyNotThisToken(access, way)).toBeNull();
    expect(whyNotThisToken(api, "access-token")).toContain("leave `--with access-token` out");
    expect(whyNotThisToken(access, "remote")).toContain("`--with access-token` is the way");
    expect([wayOf("api-token"), wayOf("access-token"), wayOf("oauth")]).toEqual([
      "remote",
      "access-token",
      null,
    ]);
  });

  test("the flaw comes before the kind", () => {
    expect(whyNotThisToken(shapeOfToken(`${mintApiToken()}\n`), "remote")).toContain(
      FLAW_WORDS["blank-around"],
    );
    expect(whyNotThisToken(shapeOfToken(mintAppPassword().slice(0, -1)), null)).toContain(
      FLAW_WORDS["cut-off"],
    );
    expect(whyNotThisToken(shapeOfToken(""), null)).toContain(FLAW_WORDS.empty);
  });

  test("every other kind is named, and no text is repeated", () => {
    const OTHERS: readonly (readonly [string, string])[] = [
      [mintAppPassword(), "an app password"],
      [mintLegacyAppPassword(), "oldest form"],
      [mintDataCenterToken(), "Data Center"],
      [mintPassword(), "no token"],
      [mintOauthToken(), "no token"],
    ];
    for (const [secret, word] of OTHERS) {
      for (const way of ["remote", "access-token", null] as const) {
        const said = whyNotThisToken(shapeOfToken(secret), way) ?? "";
        expect(said).toContain(word);
        expect(said).not.toContain(secret.slice(0, 12));
      }
    }
  });
});
