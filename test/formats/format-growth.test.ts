/** Formats that pair what stands in several places take no longer than the text is longer. */
import { expect, test } from "bun:test";
import { ide } from "../../src/formats/recognise/ide.ts";
import { netrc } from "../../src/formats/recognise/netrc.ts";
import { growth, IN_PROPORTION } from "../growth.ts";

const cases = [
  {
    format: ide,
    path: "/home/ana/w/.idea/workspace.xml",
    line: '<env name="BITBUCKET_TOKEN" value="$T$" />\n',
  },
  { format: netrc, path: "/home/ana/.netrc", line: "machine bitbucket.org login ana password $T\n" },
];

test.each(cases)("$format.id", ({ format, path, line }) => {
  const make = (lines: number): string => line.repeat(lines);
  expect(format.find(make(3), path).length).toBe(3);
  expect(growth(make, 600, (text) => format.find(text, path))).toBeLessThan(IN_PROPORTION);
});
