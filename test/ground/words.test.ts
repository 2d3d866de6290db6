/** The repository is about itself: nothing in it is true on one machine only. */
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { CHECKOUT } from "../sandbox.ts";
import { projectFiles, textOf } from "./tree.ts";

const files = projectFiles();

function filesWith(pattern: RegExp | string): string[] {
  return files.filter((path) => {
    const text = textOf(path);
    return typeof pattern === "string" ? text.includes(pattern) : pattern.test(text);
  });
}

test("no path of the machine it was checked out on", () => {
  expect(filesWith(CHECKOUT)).toEqual([]);
  const above = dirname(CHECKOUT);
  // A checkout right below `/`, `/srv` or a home folder has a neighbour that examples may well name.
  if (above.split("/").length > 2) expect(filesWith(`${above}/`)).toEqual([]);
  if (homedir().split("/").length > 2) expect(filesWith(`${homedir()}/`)).toEqual([]);
});

test("no package registry but whichever a machine is set up for", () => {
  expect(files.filter((path) => /(?:^|\/)\.npmrc$/.test(path))).toEqual([".npmrc"]);
  const settings = textOf(".npmrc")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  expect(settings).toEqual(["ignore-scripts=true"]);
  expect(filesWith(/\/\/(?:[\w-]+\.)*(?:registry|npm|artifactory|nexus)\.[\w.-]+/i)).toEqual([]);
  expect(textOf("package-lock.json")).not.toMatch(/"resolved": "http/);
});

test("links in the documentation lead to files of the repository", () => {
  const broken = files
    .filter((path) => path.endsWith(".md"))
    .flatMap((path) =>
      [...textOf(path).matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)[^)]*\)/g)].map(([, to = ""]) => {
        const target = join(dirname(path), to);
        return { path, to, ok: !target.startsWith("..") && existsSync(join(CHECKOUT, target)) };
      }),
    )
    .filter(({ ok }) => !ok);
  expect(broken).toEqual([]);
});

test("the documentation speaks calmly", () => {
  const loud = files
    .filter((path) => path.endsWith(".md"))
    .filter((path) => /!(?!\[)/.test(textOf(path).replace(/^(`{3,})[\s\S]*?^\1$|`[^`\n]*`/gm, "")));
  expect(loud).toEqual([]);
});
