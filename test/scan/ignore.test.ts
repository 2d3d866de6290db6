import { expect, test } from "bun:test";
import { ignoredUnder } from "../../src/scan/ignore.ts";

function under(files: Readonly<Record<string, string>>, roots = ["/r"]) {
  const asked: string[] = [];
  const isIgnored = ignoredUnder(roots, (path) => {
    asked.push(path);
    return files[path] ?? null;
  });
  return { isIgnored, asked };
}

test("the nearest file decides, and an ignored folder is shut", () => {
  const { isIgnored } = under({
    "/r/.rekeyignore": "*.env\nfixtures/\n/top.txt\n",
    "/r/app/.rekeyignore": "!keep.env\n",
    "/r/fixtures/.rekeyignore": "!*\n",
  });
  expect(isIgnored("/r/a.env")).toBe(true);
  expect(isIgnored("/r/app/b.env")).toBe(true);
  expect(isIgnored("/r/app/keep.env")).toBe(false);
  expect(isIgnored("/r/fixtures/x.sh")).toBe(true);
  expect(isIgnored("/r/deep/fixtures/y/x.sh")).toBe(true);
  expect(isIgnored("/r/top.txt")).toBe(true);
  expect(isIgnored("/r/app/top.txt")).toBe(false);
  expect(isIgnored("/r/x.ENV")).toBe(false);
});

test("files above the root have no say, and each is read once", () => {
  const { isIgnored, asked } = under({ "/.rekeyignore": "*" });
  expect(isIgnored("/r/a/b")).toBe(false);
  expect(isIgnored("/r/a/c")).toBe(false);
  expect(isIgnored("/elsewhere/c")).toBe(false);
  expect(asked.sort()).toEqual(["/r/.rekeyignore", "/r/a/.rekeyignore"]);
});

test("names with a line break and the root of all", () => {
  const { isIgnored } = under({ "/.rekeyignore": "secret*\n" }, ["/"]);
  expect(isIgnored("/x/secret\nfile")).toBe(true);
  expect(isIgnored("/x/other\nfile")).toBe(false);
});
