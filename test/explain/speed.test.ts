import { describe, expect, test } from "bun:test";
import { readTranscript } from "../../src/probes/transcript.ts";
import { growth, IN_PROPORTION, leastTime } from "../growth.ts";

/** Well above the 4096 characters in which a long line is read. */
const SIZE = 16_000;

function repeated(line: (n: number) => string): (size: number) => string {
  return (size) => {
    const lines: string[] = [];
    for (let n = 0, length = 0; length < size; n++) {
      const next = line(n);
      lines.push(next);
      length += next.length + 1;
    }
    return lines.join("\n");
  };
}

const OLD =
  "fatal: unable to access 'https://bitbucket.org/ws/r.git/': The requested URL returned error: 410";
const failures = repeated((n) => `${OLD} ${n}`);
const ordinary = repeated(() => `remote ${"x".repeat(73)}`);
/** Each line has words for which lines are read, and says nothing. */
const buildLog = repeated(
  (n) =>
    `2026-08-02T10:11:12.1234567Z [INFO] compiling module ${n} with error handling at https://repo.example.com/${n}`,
);

describe("a build log, the failure at its end", () => {
  const make = (size: number) => `${buildLog(size)}\n${OLD}`;

  test("is read in proportion to its size", () => {
    expect(readTranscript(make(40 * SIZE)).said.map(({ id }) => id)).toEqual(["app-password-sent"]);
    expect(growth(make, 8 * SIZE, readTranscript)).toBeLessThan(IN_PROPORTION);
  });

  test("a line that says nothing takes a fraction of one that does", () => {
    const [log, failing] = [make(40 * SIZE), failures(40 * SIZE)];
    const speaking = leastTime(() => readTranscript(failing));
    expect(leastTime(() => readTranscript(log), speaking / 3)).toBeLessThan(speaking / 2);
  });
});

/** One part as often as it fits, with something before and behind. */
function filled(part: string, before = "", behind = ""): (size: number) => string {
  return (size) => before + part.repeat(size / part.length) + behind;
}

/** Shapes that make careless patterns take quadratic time. */
const HOSTILE: Readonly<Record<string, (size: number) => string>> = {
  "one line without a blank": filled("x"),
  "schemes without an end": filled("https://"),
  "userinfo without an end": filled("a:", "https://"),
  quotes: filled("'https://bitbucket.org/"),
  escapes: filled('\\n\\"'),
  backslashes: filled("\\", '"', '"'),
  "backslashes without an end": filled("\\", 'error "\\n ', " x"),
  entities: filled("&amp;#39;"),
  "entities without an end": filled("&amp;"),
  "escape sequences without an end": filled("\x1b]8;;"),
  blanks: filled(" ", "fatal: "),
  brackets: filled("[a"),
  "carriage returns": filled("\r", "error: "),
  "empty lines": filled("\n"),
  "short lines": filled("error:\n"),
  "lines of 80 letters": ordinary,
  "server lines only": repeated(
    (n) => `remote: Your credentials lack one or more required privilege scopes. ${n}`,
  ),
  "failures only": failures,
  "translated failures only": repeated((n) => `fatal: Échec pour 'https://bitbucket.org/ws/r${n}.git'`),
  "scopes without an end": filled(
    '"required":[',
    '{"message":"Your credentials lack one or more required privilege scopes","required":["',
  ),
};

/** No shape takes so many times what ordinary lines of the same size do: bounds keep growth away, and may be too wide. */
const PACE = 100;

describe("in proportion to its size, and at a bearable pace", () => {
  const plain = ordinary(16 * SIZE);
  test.each(Object.entries(HOSTILE))("%s", (_, make) => {
    expect(growth(make, SIZE, readTranscript)).toBeLessThan(IN_PROPORTION);
    const text = make(16 * SIZE);
    const limit = PACE * leastTime(() => readTranscript(plain));
    expect(leastTime(() => readTranscript(text), limit)).toBeLessThan(limit);
  });
});

test("it never throws", () => {
  const bytes = new Uint8Array(2000);
  for (let round = 0; round < 300; round++) {
    crypto.getRandomValues(bytes);
    const text = Array.from(bytes, (byte) => "'\"\\ \n\r:/@[]{}&#;fatalerrohtps.u0\x1b"[byte % 33]).join("");
    expect(() => readTranscript(text)).not.toThrow();
    expect(() => readTranscript(bytes.subarray(0, round))).not.toThrow();
  }
});
