/** Nothing in the repository looks like a token: a push of one is stopped, and a reader could not tell it from a live one. */
import { expect, test } from "bun:test";
import { mintApiToken, mintAppPassword } from "../../emulator/tokens.ts";
import { PREFIX } from "../../src/core/bitbucket.ts";
import { shapeOfToken } from "../../src/core/token.ts";
import { projectFiles, textOf } from "./tree.ts";

/** Longer than any prefix with a word behind it, shorter than any token. */
const LONG = 30;

const HEADS = [PREFIX.appPassword, PREFIX.apiToken, PREFIX.accessToken, PREFIX.dataCenter].join("|");

/** Not the words themselves: they would be printed into logs. */
function tokensIn(text: string): { at: number; length: number }[] {
  const words = text.matchAll(new RegExp(`(?:${HEADS})[\\w+/=-]*`, "g"));
  return [...words]
    .filter(([word]) => word.length >= LONG || shapeOfToken(word).checksum === "ok")
    .map(({ 0: word, index }) => ({ at: text.slice(0, index).split("\n").length, length: word.length }));
}

test("the search finds tokens", () => {
  expect(tokensIn(`a\n"${mintAppPassword()}" ${mintApiToken()}\n`)).toEqual([
    { at: 2, length: 36 },
    { at: 2, length: 192 },
  ]);
});

test("no file holds one", () => {
  const found = projectFiles().flatMap((path) => tokensIn(textOf(path)).map((token) => ({ path, ...token })));
  expect(found).toEqual([]);
});
