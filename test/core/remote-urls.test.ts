/** Which URL a fetch and a push contact, compared with real git. */
import { afterAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type RuleEntry, rewriteUrl, urlsOfRemote } from "../../src/core/git-rules.ts";
import { SEED, Somebody, section } from "./real-git.ts";

const somebody = new Somebody();
afterAll(() => somebody[Symbol.dispose]());

interface Urls {
  fetch: string[];
  push: string[];
}

function ours(entries: readonly RuleEntry<number>[], remote: string): Urls {
  const found = urlsOfRemote(entries, remote);
  const of = (direction: string) => found.filter((one) => one.direction === direction).map(({ url }) => url);
  return { fetch: of("fetch"), push: of("push") };
}

/** `git remote -v` prints the first fetch URL and all push URLs of every remote, as they are contacted. */
function gits(): Map<string, Urls> {
  const remotes = new Map<string, Urls>();
  for (const line of somebody.ask(["remote", "-v"]).stdout.trimEnd().split("\n")) {
    const [, name = "", url = "", direction = ""] = /^(\S+)\t(.*) \((fetch|push)\)$/.exec(line) ?? [];
    const urls = remotes.get(name) ?? { fetch: [], push: [] };
    urls[direction === "push" ? "push" : "fetch"].push(url);
    remotes.set(name, urls);
  }
  return remotes;
}

const remote = (...urls: string[]) =>
  section(
    "remote",
    "origin",
    urls.map((url) => ["url", url] as const),
  );
const rewrite = (base: string, ...from: string[]) =>
  section(
    "url",
    base,
    from.map((one) => ["insteadOf", one] as const),
  );
const rewritePush = (base: string, ...from: string[]) =>
  section(
    "url",
    base,
    from.map((one) => ["pushInsteadOf", one] as const),
  );

const HTTPS = "https://bitbucket.org/acme/site.git";

const CASES: Readonly<Record<string, string>> = {
  "nothing rewritten": remote(HTTPS),
  "the longest match wins, wherever it stands":
    remote(HTTPS) +
    rewrite("https://long@bitbucket.org/acme/", "https://bitbucket.org/acme/") +
    rewrite("https://short@bitbucket.org/", "https://bitbucket.org/"),
  "the first of equals":
    remote(HTTPS) + rewrite("https://a@b/", "https://b") + rewrite("https://c@b/", "https://b"),
  "of equals, the base that was named first":
    remote(HTTPS) +
    rewrite("https://a@b/", "x:") +
    rewrite("https://c@b/", "https://b") +
    rewrite("https://a@b/", "https://b"),
  "a prefix need not end at a slash": remote(HTTPS) + rewrite("https://bob@bitb", "https://bitb"),
  "the whole URL": remote(HTTPS) + rewrite("ssh://git@bitbucket.org/acme/site.git", HTTPS),
  "case counts":
    remote("https://BitBucket.org/acme/site.git") + rewrite("https://bob@b/", "https://bitbucket.org/"),
  "one rewriting only":
    remote("bb:site") + rewrite("https://b/", "bb:") + rewrite("https://c/", "https://b/"),
  "a user in the URL is part of it":
    remote("https://ana@bitbucket.org/x") + rewrite("https://b/", "https://bitbucket.org/"),
  "scp form":
    remote("git@bitbucket.org:acme/site.git") + rewrite("https://bitbucket.org/", "git@bitbucket.org:"),
  "an empty prefix fits everything": remote("acme/site.git") + rewrite("https://bitbucket.org/", ""),
  "an empty prefix loses to any other":
    remote("bb:site") + rewrite("https://x/", "") + rewrite("https://y/", "bb:"),
  "several URLs: fetch takes the first, push all": remote(HTTPS, "https://bitbucket.org/acme/mirror.git"),
  "pushurl takes the place of all": `${remote(HTTPS, "https://b/2")}\tpushurl = bb:1\n\tpushurl = bb:2\n${rewrite("https://c/", "bb:")}`,
  "pushInsteadOf goes before insteadOf":
    remote(HTTPS) +
    rewrite("https://f/", "https://bitbucket.org/") +
    rewritePush("ssh://p/", "https://bitbucket.org/"),
  "pushInsteadOf is not for a pushurl": `${remote(HTTPS)}\tpushurl = ${HTTPS}\n${rewritePush("ssh://p/", "https://")}`,
  "of several URLs, only those pushInsteadOf fits are pushed to":
    remote(HTTPS, "https://github.com/acme/site.git") + rewritePush("ssh://p/", "https://bitbucket.org/"),
  "pushInsteadOf that fits none": remote(HTTPS, "https://b/2") + rewritePush("ssh://p/", "bb:"),
};

describe("hand-picked", () => {
  for (const [name, config] of Object.entries(CASES)) {
    test(name, () => {
      const entries = somebody.configure(config);
      const { fetch, push } = ours(entries, "origin");
      expect(fetch).toEqual([somebody.ask(["ls-remote", "--get-url", "origin"]).stdout.trimEnd()]);
      const pushed = somebody.ask(["remote", "get-url", "--push", "--all", "origin"]).stdout;
      expect(push).toEqual(pushed.trimEnd().split("\n"));
    });
  }

  test("a URL that is no remote is rewritten like one", () => {
    const entries = somebody.configure(
      rewrite("https://bob@bitbucket.org/", "https://bitbucket.org/", "bb:"),
    );
    for (const url of [HTTPS, "bb:acme/site", "https://else.example/x"]) {
      const told = somebody.ask(["ls-remote", "--get-url", url]).stdout.trimEnd();
      expect(rewriteUrl(url, entries, "insteadof")?.url ?? url).toBe(told);
    }
  });

  test("names the entry that rewrote it", () => {
    const entries = somebody.configure(
      remote("bb:x") + rewrite("https://a/", "b") + rewrite("https://b/", "bb:"),
    );
    const by = urlsOfRemote(entries, "origin").map(({ rewrittenBy }) => rewrittenBy);
    const at = entries.findIndex(({ subsection }) => subsection === "https://b/");
    expect(by).toEqual([at, at]);
  });
});

const url = fc.constantFrom(
  HTTPS,
  "https://ana@bitbucket.org/acme/site.git",
  "https://ana:pw@bitbucket.org/acme/site.git",
  "https://bitbucket.org/acme/site",
  "https://BITBUCKET.org/acme/site",
  "git@bitbucket.org:acme/site.git",
  "ssh://git@bitbucket.org/acme/site.git",
  "bb:acme/site",
  "bb:",
  "/srv/git/site.git",
);
const prefix = fc.constantFrom(
  "https://",
  "https://bit",
  "https://bitbucket.org/",
  "https://bitbucket.org",
  "https://bitbucket.org/acme/",
  "https://ana@bitbucket.org/",
  "git@bitbucket.org:",
  "ssh://git@bitbucket.org/",
  "bb:",
  "b",
  "/",
  "",
);
const base = fc.constantFrom("https://x@bitbucket.org/", "https://bitbucket.org/", "bb:", "ssh://p/", "c:");
const lines = (name: fc.Arbitrary<string>, value: fc.Arbitrary<string>, minLength: number) =>
  fc.array(fc.tuple(name, value), { minLength, maxLength: 3 });
const remoteSection = fc
  .tuple(
    fc.constantFrom("origin", "up.stream", "Origin"),
    lines(fc.constantFrom("url", "url", "pushurl"), url, 1),
  )
  .map(([name, urls]) => section("remote", name, urls));
const rewriteSection = fc
  .tuple(base, lines(fc.constantFrom("insteadOf", "pushInsteadOf"), prefix, 1))
  .map(([name, prefixes]) => section("url", name, prefixes));
const configuration = fc
  .array(fc.oneof(remoteSection, rewriteSection, rewriteSection), { minLength: 1, maxLength: 8 })
  .map((sections) => sections.join(""));

test("generated configurations", () => {
  let compared = 0;
  fc.assert(
    fc.property(configuration, (config) => {
      const entries = somebody.configure(config);
      for (const [name, told] of gits()) {
        // Without a URL of its own, Git takes the remote's name for one.
        if (!entries.some((one) => one.section === "remote" && one.subsection === name && one.name === "url"))
          continue;
        compared++;
        expect({ name, ...ours(entries, name) }).toEqual({ name, ...told });
      }
    }),
    { ...SEED, numRuns: 200 },
  );
  expect(compared).toBeGreaterThan(150);
});
