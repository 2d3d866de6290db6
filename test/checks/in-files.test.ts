/** Each fault in files: its examples are that fault, and its words are whole. */
import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { FILE_CHECKS } from "../../src/checks/in-files/index.ts";
import { findingOf } from "../../src/core/file-check.ts";
import { ALL_IDS, FILE_IDS } from "../../src/core/ids.ts";

test("every fault has words, once, in a file of its name", () => {
  const ids = FILE_CHECKS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of FILE_IDS) expect(ids).toContain(id);
  for (const id of ids) {
    expect(ALL_IDS).toContain(id);
    expect(existsSync(resolve(import.meta.dir, `../../src/checks/in-files/${id}.ts`)), id).toBe(true);
  }
});

for (const check of FILE_CHECKS) {
  describe(check.id, () => {
    test("its examples are this fault", () => {
      for (const spot of check.examples()) expect(findingOf(spot, FILE_CHECKS)?.id).toBe(check.id);
    });

    test("says what, why and next in whole words", () => {
      const said = check.examples().flatMap((spot) => findingOf(spot, FILE_CHECKS) ?? []);
      for (const { title, what, why, next, evidence } of said) {
        for (const text of [title, what, why, next, ...evidence.map((one) => one.what)]) {
          expect(text).not.toMatch(/undefined|\[object|NaN|\bnull\b|``| {2}|!/);
          expect(text.split("`").length % 2, text).toBe(1);
        }
        expect(what).not.toMatch(/\.$/);
      }
    });
  });
}
