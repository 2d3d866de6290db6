/** Nothing that looks like a secret gets out in a text that others wrote. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  mintAccessToken,
  mintApiToken,
  mintAppPassword,
  mintDataCenterToken,
} from "../../emulator/tokens.ts";
import { MASK } from "../../src/core/secret.ts";
import { mask } from "../../src/core/url.ts";
import { growth, IN_PROPORTION } from "../growth.ts";
import { SEED } from "./real-git.ts";

const HUSH = "hunter2/x";

describe("URLs", () => {
  const MASKED: readonly (readonly [text: string, shown: string])[] = [
    ["https://ana:hunter2@bitbucket.org/acme/site.git", `https://ana:${MASK}@bitbucket.org/acme/site.git`],
    ["https://ana@acme.example:hunter2@bitbucket.org/x", `https://ana@acme.example:${MASK}@bitbucket.org/x`],
    ["https://ana:p@ss:w@rd@bitbucket.org/x", `https://ana:${MASK}@bitbucket.org/x`],
    ["https://ana:pa/ss@bitbucket.org/x", `https://ana:${MASK}@bitbucket.org/x`],
    ["https://ana:p@s/s@bitbucket.org/x", `https://ana:${MASK}@bitbucket.org/x`],
    ["https://ana:p'a\"ss@bitbucket.org/x", `https://ana:${MASK}@bitbucket.org/x`],
    ["https://ana:pa ss w@bitbucket.org/x", `https://ana:${MASK}@bitbucket.org/x`],
    ["https://ana:pa?ss#w@git.acme.example/x", `https://ana:${MASK}@git.acme.example/x`],
    ["https://ana:pa/ss'w@git.acme.example/x", `https://ana:${MASK}@git.acme.example/x`],
    ["https://ana:pa ss@git.acme.example/x", `https://ana:${MASK}@git.acme.example/x`],
    ["url.https://ana:pa ss@h/.insteadof", `url.https://ana:${MASK}@h/.insteadof`],
    ["https://:hunter2@bitbucket.org/", `https://:${MASK}@bitbucket.org/`],
    ["HTTPS://ana:hunter2@BITBUCKET.ORG", `HTTPS://ana:${MASK}@BITBUCKET.ORG`],
    ["socks5h://ana:hunter2@127.0.0.1:1080", `socks5h://ana:${MASK}@127.0.0.1:1080`],
    ["a https://a:x@h/, b https://b:y@h/.", `a https://a:${MASK}@h/, b https://b:${MASK}@h/.`],
    ["'https://a:x@h/'", `'https://a:${MASK}@h/'`],
    [
      "line one\nhttps://a:x/y z@bitbucket.org/\nline three",
      `line one\nhttps://a:${MASK}@bitbucket.org/\nline three`,
    ],
  ];
  for (const [text, shown] of MASKED) test(shown, () => expect(mask(text)).toBe(shown));

  const KEPT = [
    "https://bitbucket.org/acme/site.git",
    "https://ana@bitbucket.org/acme/site.git",
    "https://bitbucket.org:443/acme/site@v1.git",
    "http://127.0.0.1:8080/ and ana@acme.example",
    "see https://bitbucket.org/acme, or write to ana@acme.example: it helps",
    "git@bitbucket.org:acme/site.git",
    `https://ana:${MASK}@bitbucket.org/acme/site@v1`,
    "ssh://git@altssh.bitbucket.org:443/acme/site.git",
    "the password is refused, and so is the token",
    "`git rekey fix --token-file -` reads the token",
    '{"password":"newToken","needsToken":true}',
    "!f() { echo password=$TOKEN; }; f",
    "an `Authorization: Basic ‹secret›` header",
    "machine bitbucket.org login ana",
  ];
  for (const text of KEPT) test(`left alone: ${text}`, () => expect(mask(text)).toBe(text));
});

describe("other forms", () => {
  const SHOWN: readonly (readonly [text: string, shown: string])[] = [
    [`Authorization: Basic ${HUSH}==`, `Authorization: Basic ${MASK}`],
    [`authorization:bearer ${HUSH}`, `authorization:bearer ${MASK}`],
    [`Authorization: ${HUSH}`, `Authorization: ${MASK}`],
    [`Authorization: Weird ${HUSH} more`, `Authorization: ${MASK}`],
    [`Proxy-Authorization: Basic ${HUSH}`, `Proxy-Authorization: Basic ${MASK}`],
    [`"Authorization: Basic ${HUSH}" x`, `"Authorization: Basic ${MASK}" x`],
    [`password=${HUSH}`, `password=${MASK}`],
    [`?access_token=${HUSH}&x=1`, `?access_token=${MASK}&x=1`],
    [`BITBUCKET_TOKEN='${HUSH}'`, `BITBUCKET_TOKEN='${MASK}'`],
    [`machine bitbucket.org login ana password ${HUSH}`, `machine bitbucket.org login ana password ${MASK}`],
    [`login ana\n\tpassword ${HUSH}\n`, `login ana\n\tpassword ${MASK}\n`],
  ];
  for (const [text, shown] of SHOWN) test(shown.replaceAll("\n", "⏎"), () => expect(mask(text)).toBe(shown));

  test("tokens wherever they stand", () => {
    const jwt = ["eyJhbGciOi", "eyJzdWIiOiIx", "c2ln"].join(".");
    for (const token of [mintApiToken(), mintAccessToken(), mintAppPassword(), mintDataCenterToken(), jwt]) {
      expect(mask(`<${token}>`)).toBe(`<${MASK}>`);
      expect(mask(`https://${token}@bitbucket.org/x`)).toBe(`https://${MASK}@bitbucket.org/x`);
      expect(mask(`https://${encodeURIComponent(token)}:x@h/`)).not.toContain(token.slice(8, 30));
      expect(mask(`http.https://bitbucket.org/.extraheader=Authorization: Bearer ${token}`)).not.toContain(
        token,
      );
    }
  });
});

describe("for every text", () => {
  const secret = fc
    .stringMatching(/^[A-Za-z0-9/'"?#@:! +=-]{6,30}$/)
    .filter((text) => !/^\s|\s$|:\/\//.test(text));

  test("no password of a bitbucket.org URL is left, and masking again changes nothing", () => {
    fc.assert(
      fc.property(secret, fc.constantFrom("", "see ", "'", "fatal: for '", "url."), (password, before) => {
        fc.pre(!/^\d{1,5}([/?#\s'"]|$)/.test(password) && !password.startsWith("@"));
        const masked = mask(`${before}https://ana:Q${password}Q@bitbucket.org/acme`);
        expect(masked).toBe(`${before}https://ana:${MASK}@bitbucket.org/acme`);
        expect(mask(masked)).toBe(masked);
      }),
      { ...SEED, numRuns: 2000 },
    );
  });

  test.each(["https://a:", "a:/@", "login x ", "authorization: ", "token=", "eyJ.", "://:@ ", "'\"@"])(
    "takes time in proportion to its input: %s",
    (part) => {
      expect(growth((size) => part.repeat(size), 1500, mask)).toBeLessThan(IN_PROPORTION);
    },
  );
});
