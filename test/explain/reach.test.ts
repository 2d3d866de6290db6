/** How far away something may stand and still belong to a message, with lines between that are not looked at. */
import { describe, expect, test } from "bun:test";
import { readTranscript } from "../../src/probes/transcript.ts";

const SENTENCE = "remote: Your credentials lack one or more required privilege scopes.";
const FAILURE =
  "fatal: unable to access 'https://bitbucket.org/ws/r.git/': The requested URL returned error: 403";
const REFUSED = "fatal: unable to access: The requested URL returned error: 403";

/** The two `distance` lines apart. */
function apart(first: string, distance: number, second: string): string {
  return `${first}\n${"compiling\n".repeat(distance - 1)}${second}`;
}

function operationIn(text: string): string | undefined {
  return readTranscript(text).said[0]?.details.operation;
}

describe("the word that tells the direction", () => {
  test.each([1, 30, 60])("%i lines away", (distance) => {
    expect(operationIn(apart("git push origin main", distance, `${SENTENCE}\n${FAILURE}`))).toBe("push");
    expect(operationIn(apart(FAILURE, distance, "git push origin main"))).toBe("push");
  });

  test("not 61", () => {
    expect(operationIn(apart("git push origin main", 61, FAILURE))).toBe("unknown");
    expect(operationIn(apart(FAILURE, 61, "git push origin main"))).toBe("unknown");
  });
});

describe("the host", () => {
  const hosts = ["From https://bitbucket.org/ws/r", "From https://example.com/ws/r"];

  test.each([1, 2, 20])("%i lines before a failure that names none", (distance) => {
    const said = hosts.map((host) => readTranscript(apart(`error: ${host}`, distance, REFUSED)).ours);
    expect(said).toEqual([true, false]);
  });

  test("of another is told from none, however far from any message", () => {
    expect(readTranscript(apart("compiling", 500, hosts[1] ?? ""))).toMatchObject({ host: "other" });
    expect(readTranscript(apart("compiling", 500, "error: none"))).toMatchObject({ host: "unknown" });
  });
});
