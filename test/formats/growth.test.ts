/** What is looked at closely takes time in proportion to its length, whatever stands in it. */
import { expect, test } from "bun:test";
import { sightingsIn } from "../../src/formats/recognise/text.ts";
import { yamlLeaves } from "../../src/formats/structure/yaml.ts";
import { growth, IN_PROPORTION } from "../growth.ts";

const REPEATED = [
  "bitbucket ",
  "bitbucket.org api.bitbucket.org\n",
  "https://a:",
  "Zm9vYmFy",
  "-u user:pass ",
  "password = ",
  "BITBUCKET_TOKEN=\\",
  "credential(",
  "x".repeat(40),
];

for (const part of REPEATED) {
  test(`a text of \`${part.trim()}\` again and again`, () => {
    const make = (size: number): string => `bitbucket.org\n${part.repeat(size)}`;
    expect(growth(make, 800, (text) => sightingsIn(text))).toBeLessThan(IN_PROPORTION);
  });
}

test("lines of YAML without a quote", () => {
  const make = (size: number): string => "- name\n".repeat(size);
  expect(growth(make, 1000, (text) => yamlLeaves(text))).toBeLessThan(IN_PROPORTION);
});
