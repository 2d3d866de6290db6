/** Nothing that stands in a text is overlooked, and nothing is seen that does not stand there. */
import { describe, expect, test } from "bun:test";
import { mintDataCenterToken } from "../../emulator/tokens.ts";
import type { Certainty } from "../../src/core/spot.ts";
import { keepShapes, lookAtText } from "../../src/scan/look.ts";
import { type Planted, plantAll } from "./detection.ts";
import { around, harmlessTexts, VARIABLES } from "./detection-harmless.ts";

const keep = keepShapes(new Uint8Array(16));

const PLANTED = plantAll();

/** What is wanted of a look, and what there is, in one line each. */
function compared({ kind, line, secret, bytes, path }: Planted) {
  const { seen } = lookAtText(bytes, path, keep);
  const ref = keep(secret).ref;
  const said = seen.map((one) => ({
    line: one.line,
    kind: one.kind,
    certainty: one.certainty,
    ref: one.secret?.ref ?? null,
  }));
  const certainty: Certainty = kind === "legacy-app-password" ? "literal-shaped" : "literal-verified";
  return { said, wanted: { line, kind, certainty, ref } };
}

describe("what is planted is found, once, on its line, with its kind", () => {
  test("in at least 30 surroundings of at least 120 texts", () => {
    expect(new Set(PLANTED.map(({ title }) => title)).size).toBeGreaterThanOrEqual(30);
    expect(PLANTED.length).toBeGreaterThanOrEqual(120);
  });

  for (const planted of PLANTED) {
    test(`${planted.kind} in ${planted.title}`, () => {
      const { said, wanted } = compared(planted);
      expect(said.filter(({ ref }) => ref !== null)).toEqual([wanted]);
    });
  }
});

describe("what is none is no alarm", () => {
  for (const { title, path, text } of harmlessTexts()) {
    test(title, () => {
      expect(lookAtText(Buffer.from(text), path, keep).seen).toEqual([]);
    });
  }

  test("a variable is at most a name", () => {
    for (const { path, text } of VARIABLES.flatMap(around)) {
      const { seen } = lookAtText(Buffer.from(text), path, keep);
      expect(seen.map(({ secret }) => secret)).toEqual(seen.map(() => null));
    }
  });

  test("a token whose checksum is wrong is never called verified", () => {
    for (const { path, bytes, secret, kind } of PLANTED) {
      if (kind === "legacy-app-password") continue;
      const last = secret.slice(-1) === "0" ? "1" : "0";
      const text = Buffer.from(bytes)
        .toString("latin1")
        .replace(secret, secret.slice(0, -1) + last);
      if (text === Buffer.from(bytes).toString("latin1")) continue;
      const { seen } = lookAtText(Buffer.from(text, "latin1"), path, keep);
      const found = seen.filter((one) => one.secret !== null);
      expect(found.map((one) => [one.certainty, one.secret?.checksum])).toEqual([
        ["literal-shaped", "wrong"],
      ]);
    }
  });

  test("a token of Data Center is told apart wherever it stands", () => {
    for (const { path, text } of around(mintDataCenterToken())) {
      const { seen } = lookAtText(Buffer.from(text), path, keep);
      expect(seen.map(({ kind }) => kind)).toEqual(["data-center"]);
    }
  });
});
