/** Structured files of every size and depth: read in proportion to their length, and never with an exception. */
import { describe, expect, test } from "bun:test";
import { jsonLeaves } from "../../src/formats/structure/json.ts";
import { beside, type Leaf } from "../../src/formats/structure/leaf.ts";
import { xmlLeaves } from "../../src/formats/structure/xml.ts";
import { yamlLeaves } from "../../src/formats/structure/yaml.ts";
import { growth, IN_PROPORTION } from "../growth.ts";

type Read = (text: string) => Leaf[];

const MANY: readonly [title: string, read: Read, text: string][] = [
  ["members of a list in YAML", yamlLeaves, "- A\n"],
  ["lines that are no YAML", yamlLeaves, "[a]\n"],
  ["lines without a colon", yamlLeaves, "ENV A \\\n"],
  ["nested lists in JSON", jsonLeaves, "[1,"],
  ["nested elements in XML", xmlLeaves, "<a><b>x</b>"],
];

describe("the time grows no faster than the text", () => {
  for (const [title, read, text] of MANY)
    test(title, () => {
      const grown = growth((size) => text.repeat(size), 1000, read);
      expect(grown).toBeLessThan(IN_PROPORTION);
    });

  test("what stands beside each of many entries", () => {
    const entry = (at: number): string => `{"user": "ana", "password": "p${at}"}`;
    const make = (size: number): Leaf[] =>
      jsonLeaves(`[${Array.from({ length: size }, (_, at) => entry(at))}]`);
    const grown = growth(make, 300, (leaves) => leaves.map((leaf) => beside(leaf, leaves, ["user"])));
    expect(grown).toBeLessThan(IN_PROPORTION);
  });
});

test("nesting without end is read as far as it goes", () => {
  const deep: readonly [Read, string, number][] = [
    [jsonLeaves, '{"first": "x", "deep": ', 50_000],
    [xmlLeaves, "<deep><first>x</first>", 10_000],
  ];
  for (const [read, text, depth] of deep) expect(read(text.repeat(depth)).at(0)?.value).toBe("x");
  expect(() => yamlLeaves("[1, ".repeat(10_000))).not.toThrow();
});

test("a value of YAML has the keys and positions above it", () => {
  const text = "services:\n  app:\n    args: [a, {b: c}]\n    keys:\n      - name: x\n---\nkind: Secret\n";
  expect(yamlLeaves(text).map(({ path, value }) => [...path, value].join("/"))).toEqual([
    "services/app/args/0/a",
    "services/app/args/1/b/c",
    "services/app/keys/0/name/x",
    "kind/Secret",
  ]);
});

test("beside is what has the same keys above it, whatever the case of its own", () => {
  const leaves = jsonLeaves('{"a": {"User": "ana", "password": "x"}, "b": {"password": "y"}}');
  const users = leaves.filter(({ path }) => path.at(-1) === "password");
  expect(users.map((leaf) => beside(leaf, leaves, ["username", "user"])?.value ?? null)).toEqual([
    "ana",
    null,
  ]);
});
