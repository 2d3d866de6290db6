/** Which `http.*` settings Git obeys for a URL, compared with what really arrives at a server and at a proxy. */
import { afterAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { httpList, httpValue, type RuleEntry } from "../../src/core/git-rules.ts";
import { SEED, Somebody, section } from "./real-git.ts";

const somebody = new Somebody();
/** Every request's `X-Marker`, oldest first. No repository is here. */
const seen: string[] = [];
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch(request) {
    seen.push(request.headers.get("x-marker") ?? "");
    return new Response("no", { status: 404 });
  },
});
/** Which of the proxies was called, oldest first. */
const called: string[] = [];
const proxies = ["a", "b"].map((name) =>
  Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch() {
      called.push(name);
      return new Response("no", { status: 404 });
    },
  }),
);
const proxyNames = new Map(
  proxies.map(({ port }, index) => [`http://127.0.0.1:${port}`, index === 0 ? "a" : "b"]),
);
afterAll(async () => {
  await Promise.all([server, ...proxies].map((one) => one.stop(true)));
  somebody[Symbol.dispose]();
});

/** Stands in for the port, which differs in every run. */
const fill = (text: string): string => text.replaceAll("PORT", String(server.port));
const header = (pattern: string | null, ...values: string[]) =>
  section(
    "http",
    pattern,
    values.map((value) => ["extraHeader", value === "" ? "" : `X-Marker: ${value}`] as const),
  );

function ours(entries: readonly RuleEntry<number>[], url: string): string {
  return httpList(entries, "extraheader", url)
    .map(({ value }) => value?.replace("X-Marker: ", ""))
    .join(", ");
}

async function agrees(config: string, url: string): Promise<string> {
  const entries = somebody.configure(fill(config));
  seen.length = 0;
  await somebody.askServer(["ls-remote", fill(url)]);
  const found = ours(entries, fill(url));
  expect({ config, url, arrived: found }).toEqual({ config, url, arrived: seen[0] ?? "nothing came" });
  return found;
}

const HOST = "http://127.0.0.1:PORT";
const URL = `${HOST}/acme/site.git`;

describe("headers", () => {
  const CASES: Readonly<Record<string, readonly [config: string, url: string, arrives: string]>> = {
    "several values": [header(null, "1", "2"), URL, "1, 2"],
    "an empty one forgets those before it": [header(null, "1", "", "2"), URL, "2"],
    "a better section after a general one adds to it": [header(null, "1") + header(HOST, "2"), URL, "1, 2"],
    "a general section after a better one is passed over": [header(HOST, "2") + header(null, "1"), URL, "2"],
    "an empty value of a worse section is passed over as well": [
      header(HOST, "2") + header(null, ""),
      URL,
      "2",
    ],
    "an empty value of a better one counts": [header(null, "1") + header(HOST, ""), URL, ""],
    "equals add up": [header(HOST, "1") + header(`${HOST}/`, "2"), URL, "1, 2"],
    "a path fits better than none": [header(`${HOST}/acme`, "1") + header(HOST, "2"), URL, "1"],
    "a longer path fits better": [
      header(`${HOST}/acme/site.git`, "1") + header(`${HOST}/acme`, "2"),
      URL,
      "1",
    ],
    "a path is compared by whole names": [
      header(`${HOST}/acm`, "1") + header(`${HOST}/acme/site`, "2"),
      URL,
      "",
    ],
    "the repository with its slash": [header(`${HOST}/acme/site.git/`, "1"), URL, "1"],
    "a user fits better than none": [
      header("http://ana@127.0.0.1:PORT", "1") + header(HOST, "2"),
      "http://ana@127.0.0.1:PORT/x",
      "1",
    ],
    "another user does not fit": [
      header("http://bob@127.0.0.1:PORT", "1"),
      "http://ana@127.0.0.1:PORT/x",
      "",
    ],
    "a path goes before a user": [
      header(`${HOST}/x`, "1") + header("http://ana@127.0.0.1:PORT", "2"),
      "http://ana@127.0.0.1:PORT/x",
      "1",
    ],
    "a wildcard fits worse than the name": [header(HOST, "1") + header("http://*.0.0.1:PORT", "2"), URL, "1"],
    "another port does not fit": [
      header("http://127.0.0.1", "1") + header("http://127.0.0.1:1", "2"),
      URL,
      "",
    ],
    "another scheme does not fit": [header("https://127.0.0.1:PORT", "1"), URL, ""],
    "a partial URL is nothing here": [header("127.0.0.1:PORT", "1") + header("http://", "2"), URL, ""],
    "upper case and escapes": [header("HTTP://127.0.0.1:PORT/%61cme", "1"), URL, "1"],
    "dots in a path": [header(`${HOST}/x/../acme/.`, "1"), URL, "1"],
    "one slash too many": [header(`${HOST}/acme//`, "1"), URL, ""],
  };
  for (const [name, [config, url, arrives]] of Object.entries(CASES)) {
    test(name, async () => {
      expect(await agrees(config, url)).toBe(arrives);
    });
  }

  const pattern = fc.option(
    fc
      .tuple(
        fc.constantFrom("http://", "http://", "http://ana@", "http://bob@", "HTTP://", "https://", ""),
        fc.constantFrom("127.0.0.1", "127.0.0.1", "*.0.0.1", "127.*.*.1", "localhost"),
        fc.constantFrom(":PORT", ":PORT", ":PORT", ""),
        fc.constantFrom(
          "",
          "",
          "/",
          "/acme",
          "/acme/",
          "/acme/site.git",
          "/acme/site.git/",
          "/Acme",
          "/ac",
          "//",
        ),
      )
      .map((parts) => parts.join("")),
    { freq: 3 },
  );
  const configuration = fc
    .array(
      fc.tuple(pattern, fc.array(fc.constantFrom("1", "2", "3", "4", ""), { minLength: 1, maxLength: 2 })),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    .map((sections) => sections.map(([name, values]) => header(name, ...values)).join(""));
  const target = fc
    .tuple(
      fc.constantFrom("", "ana@", "bob@"),
      fc.constantFrom("/acme/site.git", "/acme/site.git/", "/acme", "/"),
    )
    .map(([user, path]) => `http://${user}127.0.0.1:PORT${path}`);

  test("generated configurations", async () => {
    let arrived = 0;
    await fc.assert(
      fc.asyncProperty(configuration, target, async (config, url) => {
        if ((await agrees(config, url)) !== "") arrived++;
      }),
      { ...SEED, numRuns: 80 },
    );
    expect(arrived).toBeGreaterThan(30);
  });
});

describe("one value", () => {
  const [a = "", b = ""] = [...proxyNames.keys()];
  const proxy = (pattern: string | null, value: string) => section("http", pattern, [["proxy", value]]);
  const CASES: Readonly<Record<string, readonly [config: string, contacted: string]>> = {
    "the last of equals": [proxy(null, a) + proxy(null, b), "b"],
    "the better one, first": [proxy(HOST, a) + proxy(null, b), "a"],
    "the better one, last": [proxy(null, b) + proxy(HOST, a), "a"],
    "the better of two URLs": [proxy(`${HOST}/acme`, b) + proxy(HOST, a), "b"],
    "one that does not fit": [proxy(null, a) + proxy("http://else.example", b), "a"],
    "empty means none": [proxy(null, a) + proxy(HOST, ""), "none"],
  };
  for (const [name, [config, contacted]] of Object.entries(CASES)) {
    test(name, async () => {
      const entries = somebody.configure(fill(config));
      called.length = 0;
      await somebody.askServer(["ls-remote", fill(URL)]);
      expect(called[0] ?? "none").toBe(contacted);
      const value = httpValue(entries, "proxy", fill(URL))?.value;
      expect(value ? proxyNames.get(value) : "none").toBe(contacted);
    });
  }
});
