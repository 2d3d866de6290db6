import { expect, test } from "bun:test";
import { ALWAYS } from "../../src/formats/always.ts";
import { FORMATS } from "../../src/formats/index.ts";

test("the names that are always looked at are those that formats ask for", () => {
  const asked = [...new Set(FORMATS.flatMap(({ always }) => always ?? []))];
  expect([...ALWAYS].sort()).toEqual(asked.sort());
});
