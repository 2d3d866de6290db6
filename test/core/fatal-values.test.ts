/** Values at which Git ends, compared with real git. */
import { afterAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { fatalAnywhere, fatalFor, isSwitch } from "../../src/core/fatal-values.ts";
import { SEED, Somebody, section } from "./real-git.ts";

const somebody = new Somebody();
afterAll(() => somebody[Symbol.dispose]());

const URL = "https://bitbucket.org/acme/site.git";
/** Nobody listens there, so a git that got past its configuration says at once that it cannot connect. */
const NOWHERE = { https_proxy: "http://127.0.0.1:1", GIT_ASKPASS: "true" };
const DEATH = /bad config variable|bad (?:boolean )?config value/;

/** Whether git ends at its configuration, by what it was doing. */
function gits(): { always: boolean; request: boolean; credential: boolean } {
  const ends = (args: readonly string[], stdin = "") =>
    DEATH.test(somebody.ask(args, { env: NOWHERE, stdin }).stderr);
  const always = ends(["rev-parse", "--git-dir"]) || ends(["remote", "--verbose"]);
  return {
    always,
    request: !always && ends(["ls-remote", URL]),
    credential: !always && ends(["credential", "fill"], `url=${URL}\n\n`),
  };
}

function ours(config: string): ReturnType<typeof gits> {
  const entries = somebody.configure(config);
  const needs = new Set([...fatalAnywhere(entries), ...fatalFor(entries, URL)].map(({ need }) => need));
  return {
    always: needs.has("always"),
    request: needs.has("request"),
    credential: needs.has("credential"),
  };
}

function agrees(config: string): ReturnType<typeof gits> {
  const found = ours(config);
  expect({ config, ...found }).toEqual({ config, ...gits() });
  return found;
}

const HOST = "https://bitbucket.org";
const OTHER = "https://git.acme.example";
const none = { always: false, request: false, credential: false };

describe("ends Git", () => {
  test.each([
    ["credential", null, "helper", null, "credential"],
    ["credential", null, "username", null, "credential"],
    ["credential", null, "useHttpPath", null, "credential"],
    ["credential", null, "useHttpPath", "maybe", "credential"],
    ["credential", null, "interactive", null, "credential"],
    ["credential", HOST, "helper", null, "credential"],
    ["credential", "bitbucket.org", "username", null, "credential"],
    ["http", null, "sslVerify", "maybe", "request"],
    ["http", HOST, "sslVerify", "maybe", "request"],
    ["http", null, "sslTry", "x", "request"],
    ["http", null, "saveCookies", "x", "request"],
    ["http", null, "followRedirects", "first", "request"],
    ["http", null, "emptyAuth", "x", "request"],
    ...[
      "extraHeader",
      "proxy",
      "proxyAuthMethod",
      "sslCAInfo",
      "sslCAPath",
      "sslCert",
      "sslKey",
      "cookieFile",
    ].map((name) => ["http", null, name, null, "request"] as const),
    ["remote", "origin", "url", null, "always"],
    ["remote", "other", "pushurl", null, "always"],
    ["remote", "origin", "proxy", null, "always"],
    ["remote", null, "pushDefault", null, "always"],
    ["branch", "main", "remote", null, "always"],
    ["branch", "main", "pushRemote", null, "always"],
    ["url", OTHER, "insteadOf", null, "always"],
    ["url", OTHER, "pushInsteadOf", null, "always"],
    ["core", null, "askPass", null, "always"],
  ] as const)("[%s %p] %s = %p", (name, subsection, key, value, need) => {
    expect(agrees(section(name, subsection, [[key, value]]))).toEqual({ ...none, [need]: true });
  });
});

describe("does not", () => {
  test.each([
    ["credential", OTHER, "helper", null],
    ["credential", OTHER, "useHttpPath", "maybe"],
    ["credential", null, "helper", ""],
    ["credential", null, "useHttpPath", ""],
    ["http", OTHER, "sslVerify", "maybe"],
    ["http", OTHER, "proxy", null],
    ["http", null, "sslVerify", null],
    ["http", null, "sslVerify", ""],
    ["http", null, "followRedirects", "initial"],
    ["http", null, "emptyAuth", "auto"],
    ["http", null, "extraHeader", ""],
    ["lfs", null, "url", null],
    ["submodule", "part", "url", null],
  ] as const)("[%s %p] %s = %p", (name, subsection, key, value) => {
    expect(agrees(section(name, subsection, [[key, value]]))).toEqual(none);
  });

  test("a value that a section which fits better has overruled", () => {
    const better = section("http", HOST, [["sslVerify", "true"]]);
    expect(agrees(better + section("http", null, [["sslVerify", "maybe"]]))).toEqual(none);
    expect(agrees(section("http", null, [["sslVerify", "maybe"]]) + better).request).toBe(true);
  });
});

const SWITCHES = [
  "true",
  "YES",
  "off",
  "",
  "maybe",
  "truee",
  "0",
  "00",
  "1",
  "-1",
  "+2",
  " 3",
  "3 ",
  "08",
  "07",
  "010",
];
const NUMBERS = [
  "0x1F",
  "0xg",
  "2k",
  "2M",
  "2g",
  "1g",
  "2kb",
  "2147483647",
  "2147483648",
  "-2147483647",
  "1.5",
  "k",
];

test.each([...SWITCHES, ...NUMBERS])("the switch %p", (value) => {
  const { code } = somebody.ask(["-c", `x.y=${value}`, "config", "--type=bool", "x.y"]);
  expect(isSwitch(value)).toBe(code === 0);
});

test("generated switches", () => {
  const text = fc.stringMatching(/^ ?[+-]?(?:0|0x|[1-9])?[0-9a-f]{0,10}[kmgKMG]?$/);
  fc.assert(
    fc.property(text, (value) => {
      const { code } = somebody.ask(["-c", `x.y=${value}`, "config", "--type=bool", "x.y"]);
      expect({ value, fine: isSwitch(value) }).toEqual({ value, fine: code === 0 });
    }),
    { ...SEED, numRuns: 150 },
  );
});
