import { describe, expect, test } from "bun:test";
import { readTranscript } from "../../src/probes/transcript.ts";
import { hide } from "../../src/probes/transcript-hide.ts";
import { NOISES } from "./noise.ts";

/** Made at run time, so that no file contains anything that looks like a token. */
function random(length: number): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => letters[byte % letters.length]).join("");
}

const HEX = "0123ABCD";
const CANARIES: Readonly<Record<string, string>> = {
  "app password": ["AT", "BB", random(24), HEX].join(""),
  "API token": ["ATA", "TT", "3x", random(180), "=", HEX].join(""),
  "access token": ["ATC", "TT", "3x", random(180), "=", HEX].join(""),
  "Data Center token": ["BB", "DC-", random(44)].join(""),
  "legacy app password": `${random(17)}a1B`,
  JWT: `${["ey", "J"].join("")}${random(20)}.${random(40)}.${random(30)}`,
  "a word with a slash": `${random(6)}/${random(8)}`,
  "a word with a quote": `${random(6)}'${random(8)}`,
  "a word with an at": `${random(6)}@${random(8)}`,
};

const REFUSED = "The requested URL returned error: 410";

/** Every place in which a log shows a secret. */
const PLACES: Readonly<Record<string, (secret: string) => string>> = {
  URL: (s) => `fatal: unable to access 'https://ana:${s}@bitbucket.org/ws/r.git/': ${REFUSED}`,
  "URL of an e-mail": (s) =>
    `fatal: Authentication failed for 'https://ana%40corp.example:${s}@bitbucket.org/ws/r.git/'`,
  "URL, double quotes": (s) =>
    `fatal: unable to access "https://ana:${s}@bitbucket.org/ws/r.git/": ${REFUSED}`,
  "URL, translated": (s) => `fatal: Autenticación falló para 'https://ana:${s}@bitbucket.org/ws/r.git/'`,
  "API URL": (s) => `401 Client Error: Unauthorized for url: https://ana:${s}@api.bitbucket.org/2.0/user`,
  query: (s) =>
    `401 Client Error: Unauthorized for url: https://api.bitbucket.org/2.0/user?access_token=${encodeURIComponent(s)}`,
  trace: (s) => `trace: run_command: git remote-https origin https://ana:${s}@bitbucket.org/ws/r.git`,
  "trace of curl": (s) =>
    `== Info: Issue another request to this URL: 'https://ana:${s}@bitbucket.org/ws/r.git' The requested URL returned error: 410`,
  "another URL in the line": (s) =>
    `clone https://ana:${s}@git.example.com/x.git; fatal: unable to access 'https://bitbucket.org/ws/r.git/': ${REFUSED}`,
  header: (s) =>
    `git -c http.extraHeader="Authorization: Basic ${btoa(`ana:${s}`)}" fetch; fatal: unable to access 'https://bitbucket.org/ws/r.git/': ${REFUSED}`,
  bearer: (s) =>
    `curl -H 'Authorization: Bearer ${s.replace(/['@/]/g, "x")}' https://bitbucket.org/ws/r.git HTTP/1.1 410`,
  netrc: (s) =>
    `machine bitbucket.org login ana password ${s} fatal: unable to access 'https://bitbucket.org/ws/r.git/': ${REFUSED}`,
  "curl -u": (s) => `curl -u ana:${s.replace(/'/g, "x")} https://api.bitbucket.org/2.0/user HTTP/2 401`,
  variable: (s) =>
    `BITBUCKET_TOKEN=${s.replace(/'/g, "x")} git fetch: fatal: Authentication failed for 'https://bitbucket.org/ws/r.git/'`,
};

/** Any eight characters of a secret are too many. */
function leaks(shown: string, secret: string): string[] {
  const plain = secret.startsWith("AT") || secret.startsWith("BB") ? secret.slice(5) : secret;
  const found: string[] = [];
  for (const form of [plain, btoa(`ana:${secret}`).slice(8)])
    for (let i = 0; i + 8 <= form.length; i++)
      if (shown.includes(form.slice(i, i + 8))) found.push(form.slice(i, i + 8));
  return found;
}

for (const [place, write] of Object.entries(PLACES))
  describe(`a secret in ${place}`, () => {
    for (const [kind, secret] of Object.entries(CANARIES))
      test(kind, () => {
        for (const [noise, wrap] of Object.entries(NOISES)) {
          const shown = JSON.stringify(readTranscript(wrap(write(secret))));
          expect({ noise, leaks: leaks(shown, secret), shown }).toEqual({ noise, leaks: [], shown });
        }
      });
  });

test("wrapped at any column", () => {
  for (const secret of Object.values(CANARIES))
    for (const write of Object.values(PLACES))
      for (let width = 60; width < 130; width += 7) {
        const text = write(secret).replace(new RegExp(`(.{${width}})(?=.)`, "g"), "$1\n");
        const shown = JSON.stringify(readTranscript(text));
        expect({ width, leaks: leaks(shown, secret), shown }).toEqual({ width, leaks: [], shown });
      }
});

describe("a secret in a URL of Bitbucket's is a finding of its own", () => {
  const token = CANARIES["app password"] ?? "";

  test("as password", () => {
    const { said } = readTranscript(`origin\thttps://ana:${token}@bitbucket.org/ws/r.git (fetch)`);
    expect(said).toEqual([
      {
        id: "secret-in-remote-url",
        confidence: "certain",
        line: 1,
        quote: "origin https://ana:‹secret›@bitbucket.org/ws/r.git (fetch)",
        details: { url: "https://bitbucket.org/ws/r.git", remoteUser: "ana", operation: "unknown" },
      },
    ]);
  });

  test("as user", () => {
    const { said } = readTranscript(`origin\thttps://${token}@bitbucket.org/ws/r.git (fetch)`);
    expect(said.map(({ id }) => id)).toEqual(["secret-in-remote-url"]);
    expect(said[0]?.details.remoteUser).toBeUndefined();
  });

  test("beside the refusal", () => {
    const text = `fatal: unable to access 'https://ana:${token}@bitbucket.org/ws/r.git/': ${REFUSED}`;
    expect(readTranscript(text).said.map(({ id }) => id)).toEqual([
      "secret-in-remote-url",
      "app-password-sent",
    ]);
  });
});

test("what is no secret stays readable", () => {
  for (const text of [
    "fatal: Authentication failed for 'https://ana@bitbucket.org/ws/r.git/'",
    "fatal: unable to access 'https://bitbucket.org:443/ws/r.git/': The requested URL returned error: 410",
    "remote: App passwords are deprecated and must be replaced with API tokens.",
    "error: failed to push some refs to 'git@bitbucket.org:ws/r.git'",
    "1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d refs/heads/main",
  ])
    expect(hide(text)).toBe(text);
});
