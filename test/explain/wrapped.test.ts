import { describe, expect, test } from "bun:test";
import { readTranscript } from "../../src/probes/transcript.ts";
import { TRANSCRIPTS } from "./transcripts.ts";

/** Terminals have any width; each breaks the sentences at another letter. */
describe("a terminal of any width", () => {
  for (const { name, text, ids } of TRANSCRIPTS)
    test(name, () => {
      for (let width = 60; width <= 140; width++) {
        const wrapped = text.replace(new RegExp(`(.{${width}})(?=.)`, "g"), "$1\n");
        const found = readTranscript(wrapped).said.map(({ id }) => id);
        expect({ width, found }).toEqual({ width, found: [...ids] });
      }
    });
});

test("two messages that happen to be long are not one", () => {
  const text = `curl: (6) Could not resolve host: bitbucket.org
the deployment continues with what was there before, which may well be old`;
  expect(readTranscript(text).said.map(({ id }) => id)).toEqual(["host-unreachable"]);
});
