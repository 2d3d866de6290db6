/** Which credential helpers Git asks for a URL, in which order and for what, compared with real git. */
import { afterAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { credentialRequest, credentialRules, type RuleEntry } from "../../src/core/git-rules.ts";
import { SEED, Somebody, section } from "./real-git.ts";

const somebody = new Somebody();
afterAll(() => somebody[Symbol.dispose]());

/** What the helpers were told, oldest first. */
interface Questions {
  asked: string[];
  username: string | null;
  path: string | null;
}

const LOG = "asked.log";

/** A helper that writes down its name and what it was asked, and knows nothing. */
const marker = (name: string): string => `!{ echo helper=${name}; cat; } >>"$HOME/${LOG}"; :`;
const nameOf = (helper: string | null): string => /helper=(\S+);/.exec(helper ?? "")?.[1] ?? `?${helper}`;

function gits(url: string, env: Readonly<Record<string, string>>): Questions {
  somebody.write(LOG, "");
  somebody.ask(["credential", "fill"], { stdin: `url=${url}\n\n`, env: { ...env, GIT_ASKPASS: "" } });
  const lines = somebody.read(LOG).split("\n");
  const valuesOf = (key: string) =>
    lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
  return {
    asked: valuesOf("helper"),
    username: valuesOf("username")[0] ?? null,
    path: valuesOf("path")[0] ?? null,
  };
}

function ours(entries: readonly RuleEntry<number>[], url: string): Questions {
  const rules = credentialRules(entries, url);
  const asked = rules.helpers.map(({ value }) => nameOf(value));
  return asked.length === 0
    ? { asked, username: null, path: null }
    : { asked, ...credentialRequest(rules, url) };
}

function agrees(config: string, url: string, env: Readonly<Record<string, string>> = {}): Questions {
  const entries = somebody.configure(config, env);
  const found = ours(entries, url);
  expect({ config, url, ...found }).toEqual({ config, url, ...gits(url, env) });
  return found;
}

const ask = (pattern: string | null, name: string) =>
  section("credential", pattern, [["helper", marker(name)]]);
const reset = (pattern: string | null) => section("credential", pattern, [["helper", ""]]);
const user = (pattern: string | null, name: string) => section("credential", pattern, [["username", name]]);
const withPath = (pattern: string | null, value: string) =>
  section("credential", pattern, [["useHttpPath", value]]);

const URL = "https://bitbucket.org/acme/site.git";

describe("which sections fit", () => {
  const FITS: readonly (readonly [pattern: string, url: string, fits: boolean])[] = [
    ["https://bitbucket.org", URL, true],
    ["https://bitbucket.org/", URL, true],
    ["https://bitbucket.org:443", URL, true],
    ["https://bitbucket.org", "https://bitbucket.org:443/acme/site.git", true],
    ["https://bitbucket.org:444", URL, false],
    ["https://BITBUCKET.ORG", URL, true],
    ["https://bitbucket.org", "https://BITBUCKET.org/acme/site.git", true],
    ["HTTPS://bitbucket.org", URL, true],
    ["http://bitbucket.org", URL, false],
    ["https://bitbucket.org.", URL, true],
    ["https://evilbitbucket.org", URL, false],
    ["https://ana@bitbucket.org", URL, false],
    ["https://ana@bitbucket.org", "https://ana@bitbucket.org/acme/site.git", true],
    ["https://bob@bitbucket.org", "https://ana@bitbucket.org/acme/site.git", false],
    ["https://ana:other@bitbucket.org", "https://ana@bitbucket.org/acme/site.git", true],
    ["https://an%61@bitbucket.org", "https://ana@bitbucket.org/acme/site.git", true],
    ["https://ana%40acme.example@bitbucket.org", "https://ana%40acme.example@bitbucket.org/x", true],
    ["https://bitbucket.org/acme", URL, true],
    ["https://bitbucket.org/acme/", URL, true],
    ["https://bitbucket.org/ac", URL, false],
    ["https://bitbucket.org/Acme", URL, false],
    ["https://bitbucket.org/acme/site.git", URL, true],
    ["https://bitbucket.org/acme/site.git", `${URL}/`, true],
    ["https://bitbucket.org/acme/site", URL, false],
    ["https://bitbucket.org/acme//", URL, false],
    ["https://bitbucket.org/./acme/../acme", URL, true],
    ["https://bitbucket.org/%61cme", URL, true],
    ["https://*.org", URL, true],
    ["https://*.*", URL, true],
    ["https://*", URL, false],
    ["https://*bucket.org", URL, false],
    ["https://*.bitbucket.org", URL, false],
    ["https://*.bitbucket.org", "https://api.bitbucket.org/x", true],
    ["bitbucket.org", URL, true],
    ["bitbucket.org/", URL, true],
    ["bitbucket.org:443", URL, false],
    ["BITBUCKET.ORG", URL, false],
    ["bitbucket.org", "https://BITBUCKET.ORG/acme/site.git", false],
    ["*.org", URL, false],
    ["https://", URL, true],
    ["http://", URL, false],
    ["https", URL, false],
    ["ana@bitbucket.org", URL, false],
    ["ana@bitbucket.org", "https://ana@bitbucket.org/acme/site.git", true],
    ["bitbucket.org/acme", URL, false],
    ["bitbucket.org/acme/site.git", URL, true],
    ["bitbucket.org/acme/site.git/", URL, true],
    ["bitbucket.org//acme/site.git", URL, true],
    ["https:///acme/site.git", URL, true],
    ["https://ana@", "https://ana@bitbucket.org/x", true],
    ["/acme/site.git", URL, true],
  ];
  for (const [pattern, url, fits] of FITS) {
    test(`\`${pattern}\` ${fits ? "fits" : "does not fit"} ${url}`, () => {
      expect(agrees(ask(pattern, "x"), url).asked).toEqual(fits ? ["x"] : []);
    });
  }
});

describe("order, resets, names and paths", () => {
  test("sections add up in the order of the file, however specific they are", () => {
    const config =
      ask("https://bitbucket.org/acme", "path") + ask(null, "all") + ask("https://bitbucket.org", "host");
    expect(agrees(config, URL).asked).toEqual(["path", "all", "host"]);
  });

  test("an empty helper forgets those of every section before it", () => {
    const config =
      ask("https://bitbucket.org", "a") + ask(null, "b") + reset(null) + ask("bitbucket.org", "c");
    expect(agrees(config, URL).asked).toEqual(["c"]);
    expect(credentialRules(somebody.entries(), URL).forgotten.map(({ value }) => nameOf(value))).toEqual([
      "a",
      "b",
    ]);
    expect(agrees(ask(null, "a") + reset("https://else.example"), URL).asked).toEqual(["a"]);
  });

  test("the last user name counts, and the URL's goes before all", () => {
    const config =
      user(null, "bob") + user("https://bitbucket.org", "ana") + user("https://else.example", "eve");
    expect(agrees(ask(null, "x") + config, URL).username).toBe("ana");
    expect(agrees(ask(null, "x") + config, "https://jo%40x@bitbucket.org/acme/site.git").username).toBe(
      "jo@x",
    );
    expect(agrees(ask(null, "x") + config, "https://@bitbucket.org/acme/site.git").username).toBe("ana");
  });

  test("a name from the configuration decides which partial URLs fit after it", () => {
    const before = ask("ana@bitbucket.org", "before") + user(null, "ana");
    expect(agrees(before + ask("ana@bitbucket.org", "after"), URL).asked).toEqual(["after"]);
    expect(agrees(before + ask("https://ana@bitbucket.org", "whole"), URL).asked).toEqual([]);
  });

  test("the path is told only with useHttpPath, without slashes around it and decoded", () => {
    expect(agrees(ask(null, "x"), URL).path).toBeNull();
    for (const value of ["true", "yes", "on", "1", "2k", "-1", "0x1", "TRUE"]) {
      expect(agrees(ask(null, "x") + withPath(null, value), URL).path).toBe("acme/site.git");
    }
    for (const value of ["false", "no", "off", "0", "", "00"]) {
      expect(agrees(ask(null, "x") + withPath(null, value), URL).path).toBeNull();
    }
    const on = ask(null, "x") + withPath("https://bitbucket.org", "true");
    expect(agrees(on, `${URL}//`).path).toBe("acme/site.git");
    expect(agrees(on, "https://bitbucket.org//acme/s%69te").path).toBe("acme/site");
    expect(agrees(on, "https://bitbucket.org/").path).toBeNull();
    expect(agrees(on + withPath(null, "false"), URL).path).toBeNull();
  });

  test("all scopes, in Git's order", () => {
    const system = somebody.write("etc/gitconfig", ask(null, "system"));
    somebody.write(".config/git/config", ask(null, "xdg"));
    somebody.write(".gitconfig", ask("https://bitbucket.org", "global"));
    somebody.write("repository/.git/config.worktree", ask(null, "worktree"));
    const env = {
      GIT_CONFIG_NOSYSTEM: "0",
      GIT_CONFIG_SYSTEM: system,
      GIT_CONFIG_COUNT: "2",
      GIT_CONFIG_KEY_0: "credential.https://bitbucket.org.helper",
      GIT_CONFIG_VALUE_0: marker("variable"),
      GIT_CONFIG_KEY_1: "credential.helper",
      GIT_CONFIG_VALUE_1: marker("last"),
    };
    const local = `${ask(null, "local")}[extensions]\n\tworktreeConfig = true\n`;
    try {
      expect(agrees(local, URL, env).asked).toEqual([
        "system",
        "xdg",
        "global",
        "local",
        "worktree",
        "variable",
        "last",
      ]);
    } finally {
      for (const file of [".config/git/config", ".gitconfig", "repository/.git/config.worktree"])
        somebody.write(file, "");
    }
  });
});

const pattern = fc.option(
  fc.oneof(
    fc.constantFrom(
      "bitbucket.org",
      "https://",
      "ana@bitbucket.org",
      "bitbucket.org/acme/site.git",
      "*.org",
      "HTTPS://",
    ),
    fc
      .tuple(
        fc.constantFrom("https://", "https://", "https://", "http://", "HTTPS://", ""),
        fc.constantFrom("", "", "", "ana@", "bob@", "ana:pw@", "an%61@"),
        fc.constantFrom("bitbucket.org", "bitbucket.org", "Bitbucket.org", "*.org", "*", "api.bitbucket.org"),
        fc.constantFrom("", "", "", ":443", ":8443"),
        fc.constantFrom("", "", "/", "/acme", "/acme/", "/ACME", "/acme/site.git", "/acme/site.git/", "/ac"),
      )
      .map((parts) => parts.join("")),
  ),
  { freq: 3 },
);
const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom("a", "b", "c", "d").map((name) => ["helper", marker(name)] as const),
  },
  { weight: 1, arbitrary: fc.constant(["helper", ""] as const) },
  { weight: 2, arbitrary: fc.constantFrom("ana", "bob").map((name) => ["username", name] as const) },
  { weight: 1, arbitrary: fc.constantFrom("true", "false").map((value) => ["useHttpPath", value] as const) },
);
const configuration = fc
  .array(fc.tuple(pattern, fc.array(line, { minLength: 1, maxLength: 3 })), { minLength: 1, maxLength: 6 })
  .map((sections) => sections.map(([name, lines]) => section("credential", name, lines)).join(""));
const target = fc
  .tuple(
    fc.constantFrom("", "", "ana@", "bob@"),
    fc.constantFrom(
      "bitbucket.org",
      "bitbucket.org",
      "BitBucket.org",
      "bitbucket.org:443",
      "api.bitbucket.org",
    ),
    fc.constantFrom("/acme/site.git", "/acme/site.git/", "/acme/s%69te.git", "/acme", "/", ""),
  )
  .map((parts) => `https://${parts.join("")}`);

test("generated configurations", () => {
  let asked = 0;
  fc.assert(
    fc.property(configuration, target, (config, url) => {
      asked += agrees(config, url).asked.length;
    }),
    { ...SEED, numRuns: 150 },
  );
  expect(asked).toBeGreaterThan(100);
});
