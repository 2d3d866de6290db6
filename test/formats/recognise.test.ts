/** The examples of every format: each must be found as it says, and nothing else. */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatsPage } from "../../build/docs.ts";
import {
  mintAccessToken,
  mintApiToken,
  mintAppPassword,
  mintDataCenterToken,
  mintLegacyAppPassword,
} from "../../emulator/tokens.ts";
import { shapeOfToken } from "../../src/core/token.ts";
import type { Example, Samples } from "../../src/formats/format.ts";
import { FORMATS } from "../../src/formats/index.ts";
import { lookAtText } from "../../src/scan/look.ts";

function samples(): Samples {
  return {
    app: mintAppPassword(),
    legacy: mintLegacyAppPassword(),
    api: mintApiToken(),
    access: mintAccessToken(),
    dataCenter: mintDataCenterToken(),
  };
}

function look(example: Example, with_: Samples) {
  const bytes = new TextEncoder().encode(example.text(with_));
  return lookAtText(bytes, example.path, (secret) => ({ ref: "0000", ...shapeOfToken(secret) })).seen;
}

for (const format of FORMATS) {
  describe(format.id, () => {
    for (const example of format.examples()) {
      test(example.title, () => {
        expect(format.claims(example.path)).toBe(true);
        const secrets = samples();
        const seen = look(example, secrets);
        const expected = example.finds;
        const found = seen.map((one, at) => {
          const wanted = expected[at] ?? {};
          const looked = ["line", "kind", "certainty", ...Object.keys(wanted)] as (keyof typeof one)[];
          return Object.fromEntries(looked.map((key) => [key, one[key as keyof typeof one]]));
        });
        expect(found as unknown).toEqual(expected as unknown);
        for (const secret of Object.values(secrets)) expect(JSON.stringify(seen)).not.toContain(secret);
      });
    }

    test("has an example in which something is found", () => {
      expect(format.examples().some(({ finds }) => finds.length > 0)).toBe(true);
    });

    test("reads what is broken as far as it goes", () => {
      for (const example of format.examples()) {
        const whole = example.text(samples());
        for (const part of [0.3, 0.6, 0.9])
          expect(() => format.find(whole.slice(0, whole.length * part), example.path)).not.toThrow();
      }
    });
  });
}

test("docs/formats.md is what `npm run docs` writes", () => {
  expect(readFileSync(join(import.meta.dir, "../../docs/formats.md"), "utf8")).toBe(formatsPage());
});

test("no two formats have one id", () => {
  expect(new Set(FORMATS.map(({ id }) => id)).size).toBe(FORMATS.length);
});
