/** The vault gives out shapes and keeps the secrets: no form of one leaves through its mask. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { mintApiToken } from "../../emulator/tokens.ts";
import { MASK } from "../../src/core/secret.ts";
import { openVault } from "../../src/world/vault.ts";
import { SEED } from "../core/real-git.ts";

describe("references", () => {
  test("one for each secret, the same each time, short while that is enough", () => {
    const vault = openVault();
    const secrets = Array.from({ length: 3000 }, (_, index) => `secret number ${index}`);
    const refs = secrets.map((secret) => vault.keep(secret).ref);
    expect(new Set(refs).size).toBe(secrets.length);
    expect(secrets.map((secret) => vault.keep(secret).ref)).toEqual(refs);
    expect(refs.every((ref) => /^([0-9a-f]{2}){2,4}$/.test(ref))).toBe(true);
    expect(refs.filter((ref) => ref.length > 4)).not.toBeEmpty();
    expect(secrets.map((secret) => vault.reveal(vault.keep(secret)))).toEqual(secrets);
  });

  test("mean nothing in another run", () => {
    const secrets = Array.from({ length: 20 }, (_, index) => `secret ${index}`);
    const refs = [openVault(), openVault()].map((vault) => secrets.map((secret) => vault.keep(secret).ref));
    expect(refs[0]).not.toEqual(refs[1] ?? []);
    const stranger = openVault().keep("x y z");
    expect(() => openVault().reveal(stranger)).toThrow("has not seen");
  });

  test("a shape holds no part of the secret", () => {
    const token = mintApiToken();
    expect(JSON.stringify(openVault().keep(token))).not.toContain(token.slice(0, 8));
  });
});

describe("mask", () => {
  const spellingsOf = (secret: string): string[] => [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
    encodeURIComponent(secret).replace(
      /[!'()*]/g,
      (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
    JSON.stringify(secret),
    Buffer.from(secret).toString("base64"),
    Buffer.from(`ana:${secret}`).toString("base64"),
    Buffer.from(`ana@acme.example:${secret}`).toString("base64"),
    Buffer.from(`x-token-auth:${secret}`).toString("base64url"),
  ];

  test("every spelling, wherever it stands", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 6, maxLength: 40 }),
        fc.constantFrom("", "<", "a b: "),
        (rest, before) => {
          const secret = `Q7${rest}z!`;
          const vault = openVault();
          vault.keep(secret);
          for (const spelling of spellingsOf(secret)) {
            const shown = vault.mask(`${before}${spelling} end`);
            expect(shown).toContain(MASK);
            expect(shown).not.toContain(spelling);
            expect(shown).toEndWith("end");
          }
        },
      ),
      { ...SEED, numRuns: 300 },
    );
  });

  test("a secret that begins with another one leaves no rest", () => {
    const vault = openVault();
    for (const secret of ["hunter2", "hunter2-and-more"]) vault.keep(secret);
    expect(vault.mask("a hunter2-and-more b hunter2 c")).toBe(`a ${MASK} b ${MASK} c`);
  });

  test("short ones are left, or every text would be garbled; so is all that is no secret", () => {
    const vault = openVault();
    for (const secret of ["", "a", "main", "12345"]) vault.keep(secret);
    expect(vault.mask("main 12345")).toBe("main 12345");
    vault.keep("123456");
    const text = "commit 0123abcd9999ffff0123abcd9999ffff0123abcd is fine, c2hvcnQgYW5kIGhhcm1sZXNz too";
    expect(vault.mask(text)).toBe(text);
    expect(vault.mask("x 123456 y")).toBe(`x ${MASK} y`);
  });

  test("what it has not seen is still masked by its form", () => {
    expect(openVault().mask(`token ${mintApiToken()}`)).toBe(`token ${MASK}`);
  });
});
