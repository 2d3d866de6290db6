import { expect, test } from "bun:test";
import { ALWAYS } from "../../src/formats/always.ts";
import { FORMATS } from "../../src/formats/index.ts";

test("every name that a format asks for is always looked at", () => {
  const asked = FORMATS.flatMap(({ always }) => always ?? []);
  expect(asked.filter((name) => !ALWAYS.includes(name))).toEqual([]);
});
