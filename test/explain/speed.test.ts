import { expect, test } from "bun:test";
import { readTranscript } from "../../src/probes/transcript.ts";

const MEGABYTE = 1_000_000;

function repeated(line: (n: number) => string, size: number): string {
  const lines: string[] = [];
  for (let n = 0, length = 0; length < size; n++) {
    const next = line(n);
    lines.push(next);
    length += next.length + 1;
  }
  return lines.join("\n");
}

function timed(text: string | Uint8Array): { took: number; ids: string[] } {
  const start = performance.now();
  const { said } = readTranscript(text);
  return { took: performance.now() - start, ids: said.map(({ id }) => id) };
}

const OLD =
  "fatal: unable to access 'https://bitbucket.org/ws/r.git/': The requested URL returned error: 410";

test("20 MB of a build log, the failure at its end", () => {
  const text = `${repeated((n) => `2026-08-02T10:11:12.1234567Z [INFO] compiling module ${n} with error handling at https://repo.example.com/${n}`, 20 * MEGABYTE)}\n${OLD}`;
  const { took, ids } = timed(text);
  expect(ids).toEqual(["app-password-sent"]);
  expect(took).toBeLessThan(2000);
});

/** Shapes that make careless patterns take quadratic time; a tenth of the size, so ten times the pace would show. */
const HOSTILE: Readonly<Record<string, string>> = {
  "one line without a blank": "x".repeat(2 * MEGABYTE),
  "schemes without an end": "https://".repeat(MEGABYTE / 4),
  "userinfo without an end": `https://${"a:".repeat(MEGABYTE)}`,
  quotes: "'https://bitbucket.org/".repeat(MEGABYTE / 11),
  escapes: '\\n\\"'.repeat(MEGABYTE / 2),
  backslashes: `"${"\\".repeat(2 * MEGABYTE)}"`,
  "backslashes without an end": `error "\\n ${"\\".repeat(2 * MEGABYTE)} x`,
  entities: "&amp;#39;".repeat(MEGABYTE / 4),
  "entities without an end": "&amp;".repeat(MEGABYTE / 2),
  "escape sequences without an end": "\x1b]8;;".repeat(MEGABYTE / 2),
  blanks: `fatal: ${" ".repeat(2 * MEGABYTE)}`,
  brackets: "[a".repeat(MEGABYTE),
  "carriage returns": `error: ${"\r".repeat(2 * MEGABYTE)}`,
  "empty lines": "\n".repeat(2 * MEGABYTE),
  "short lines": repeated(() => "error:", 2 * MEGABYTE),
  "lines of 80 letters": repeated(() => `remote ${"x".repeat(73)}`, 2 * MEGABYTE),
  "server lines only": repeated(
    (n) => `remote: Your credentials lack one or more required privilege scopes. ${n}`,
    2 * MEGABYTE,
  ),
  "failures only": repeated((n) => `${OLD} ${n}`, 2 * MEGABYTE),
  "translated failures only": repeated(
    (n) => `fatal: Échec pour 'https://bitbucket.org/ws/r${n}.git'`,
    2 * MEGABYTE,
  ),
  "scopes without an end": `{"message":"Your credentials lack one or more required privilege scopes","required":["${'"required":['.repeat(MEGABYTE / 8)}`,
};

for (const [name, text] of Object.entries(HOSTILE))
  test(`2 MB: ${name}`, () => {
    expect(timed(text).took).toBeLessThan(2000);
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
