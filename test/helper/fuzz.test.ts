/** 100,000 requests, most of them nonsense or traps: no crash, and no answer for any host but bitbucket.org. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { mintAccessToken, mintApiToken } from "../../emulator/tokens.ts";
import { digestOf } from "../../src/accounts/digest.ts";
import { type Account, NO_ACCOUNTS } from "../../src/core/account.ts";
import { writeAccounts } from "../../src/core/account-file.ts";
import { type HelperRoom, hear } from "../../src/helper/answer.ts";
import type { FileFacts } from "../../src/world/ports.ts";

const HOST = "bitbucket.org";
const API = mintApiToken();
const ACCESS = mintAccessToken();

function account(name: string, token: string, given: Partial<Account>): Account {
  return {
    name,
    kind: "api-token",
    reach: null,
    username: "ana",
    email: "ana@acme.example",
    rights: ["pull"],
    expires: null,
    added: "2026-11-25T00:00:00.000Z",
    secret: { kind: "file", name },
    digest: digestOf(token),
    ...given,
  };
}

const ACCOUNTS = [
  account("ana", API, {}),
  account("site", ACCESS, {
    kind: "access-token",
    reach: { workspace: "acme", repository: "site" },
    username: null,
    email: null,
  }),
];

const FILES: Readonly<Record<string, string>> = {
  "/home/ana/.config/git-rekey/accounts.json": writeAccounts({ ...NO_ACCOUNTS, accounts: ACCOUNTS }),
  "/home/ana/.local/share/git-rekey/tokens/ana": `${API}\n`,
  "/home/ana/.local/share/git-rekey/tokens/site": `${ACCESS}\n`,
};

function factsOf(path: string): FileFacts | null {
  if (FILES[path] === undefined) return null;
  return { kind: "file", mode: 0o600, uid: 1000, gid: 1000, size: 100, dev: 1, inode: 1 };
}

const ROOM: HelperRoom = {
  files: {
    read: (path) => (FILES[path] === undefined ? null : Buffer.from(FILES[path])),
    readStart: () => null,
    facts: factsOf,
    resolve: (path) => path,
    list: () => null,
  },
  // Where nothing can be written, and nothing is.
  env: { XDG_STATE_HOME: "/dev/null/nowhere" },
  uid: 1000,
  home: "/home/ana",
  cwd: "/",
  keychain: () => Promise.reject(new Error("nothing is in it")),
  run: async () => null,
  now: () => Date.parse("2026-11-25T12:00:00Z"),
};

const ANSWERS = [
  `username=x-bitbucket-api-token-auth\npassword=${API}\n`,
  `username=x-token-auth\npassword=${ACCESS}\n`,
];

const INPUTS = 100_000;
const settings = (numRuns: number) => ({ numRuns, seed: 20260728 });

/** What an answer must be: one of the two, and only where the last that was said of the host is Bitbucket's. */
function expectSafe(text: string, stdout: string): void {
  if (stdout === "") return;
  expect(ANSWERS).toContain(stdout);
  const said = text.split(/\n\r?\n/)[0] ?? "";
  const last = said.split("\n").findLast((line) => line.startsWith("host=") || line.startsWith("url="));
  expect(last?.replace(/\r$/, "").toLowerCase()).toMatch(
    /^(?:host=bitbucket\.org(?::443)?|url=https:\/\/(?:[^/?#]*@)?bitbucket\.org(?::443)?(?:[/?#][\s\S]*)?)$/,
  );
}

const names = ["protocol", "host", "path", "username", "password", "url", "capability[]", "wwwauth[]", ""];
const values = [
  "https",
  "http",
  HOST,
  HOST.toUpperCase(),
  `${HOST}:443`,
  "acme/site.git",
  "ana",
  "https://bitbucket.org/acme/site.git",
  "https://bitbucket.org@evil.example/",
  "https://evil.example/@bitbucket.org",
  "https://evil.example#@bitbucket.org/",
  "https://evil.example\\@bitbucket.org/",
  API,
];
const line = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...names), fc.constantFrom(...values)) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...names), fc.string({ unit: "binary", maxLength: 40 })) },
  { weight: 1, arbitrary: fc.tuple(fc.string({ maxLength: 10 }), fc.string({ maxLength: 10 })) },
);
const end = fc.constantFrom("\n", "\n", "\n", "\r\n", "\n\n", "\0", "\r");
const requests = fc
  .array(fc.tuple(line, end), { maxLength: 10 })
  .map((lines) => lines.map(([[name, value], after]) => `${name}=${value}${after}`).join(""));
const operations = fc.constantFrom("get", "get", "get", "store", "erase", "capability", "", "GET");

test("requests made of anything", async () => {
  let answered = 0;
  const property = fc.asyncProperty(requests, operations, async (text, operation) => {
    const { stdout } = await hear(ROOM, [operation], text);
    expectSafe(text, stdout);
    if (operation !== "get") expect(stdout).toBe("");
    answered += Number(stdout !== "");
  });
  await fc.assert(property, settings(INPUTS * 0.6));
  // Else the generator would prove nothing.
  expect(answered).toBeGreaterThan(INPUTS * 0.001);
});

test("bytes", async () => {
  const property = fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
    const { stdout } = await hear(ROOM, ["get"], Buffer.from(bytes).toString("utf8"));
    expect(stdout).toBe("");
  });
  await fc.assert(property, settings(INPUTS * 0.1));
});

/** Hosts that are not Bitbucket, however they look. */
const EVIL = [
  "evilbitbucket.org",
  "bitbucket.org.evil.com",
  "bitbucket.org:444",
  "bitbucket.org:",
  "bitbucket.org:443:443",
  "bitbucket.org.",
  ".bitbucket.org",
  "www.bitbucket.org",
  "api.bitbucket.org",
  "bitbucket.org@evil.com",
  "ana@bitbucket.org",
  "bitbucket.org/evil.com",
  "bitbucket.org\\evil.com",
  "bitbucket.org%2eevil.com",
  "bitbucket.org evil.com",
  " bitbucket.org",
  "bitbucket.org\t",
  "bitbucket.org\0",
  "bitbucket.org\u200b",
  "bitbuc\u212aet.org",
  "b\u0131tbucket.org",
  "b\u0456tbucket.org",
  "bitbucket\u3002org",
  "xn--bitbucet-h2b.org",
  "[::ffff:bitbucket.org]",
  "bitbucket.com",
  "",
];

describe("a host that only looks like it gets nothing, whatever stands around it", () => {
  const noise = fc.array(
    fc.constantFrom("path=acme/site.git", "username=ana", "capability[]=authtype", "x=y"),
    {
      maxLength: 4,
    },
  );
  const evil = fc.constantFrom(...EVIL);

  test("as host", async () => {
    const property = fc.asyncProperty(evil, noise, noise, async (host, before, after) => {
      const text = ["protocol=https", ...before, `host=${host}`, ...after, "", `host=${HOST}`].join("\n");
      expect((await hear(ROOM, ["get"], text)).stdout).toBe("");
    });
    await fc.assert(property, settings(INPUTS * 0.1));
  });

  test("after the real one", async () => {
    const property = fc.asyncProperty(evil, noise, async (host, before) => {
      const text = ["protocol=https", `host=${HOST}`, ...before, `host=${host}`, ""].join("\n");
      expect((await hear(ROOM, ["get"], text)).stdout).toBe("");
    });
    await fc.assert(property, settings(INPUTS * 0.05));
  });

  test("in a URL", async () => {
    const heads = [
      "https://",
      "https://bitbucket.org@",
      "https://bitbucket.org:x@",
      "https://a%40bitbucket.org@",
    ];
    // A path and a user of Bitbucket's own make the first of these Bitbucket after all.
    const hosts = EVIL.filter(
      (host) => !/^(?:ana@bitbucket\.org|bitbucket\.org:|bitbucket\.org\/evil\.com)$/.test(host),
    );
    const property = fc.asyncProperty(
      fc.constantFrom(...heads),
      fc.constantFrom(...hosts),
      fc.constantFrom("", "/", "/@bitbucket.org", "#@bitbucket.org", "?@bitbucket.org/"),
      async (head, host, tail) => {
        expect((await hear(ROOM, ["get"], `url=${head}${host}${tail}\n\n`)).stdout).toBe("");
      },
    );
    await fc.assert(property, settings(INPUTS * 0.05));
  });
});

test("the real one gets its answer, whatever stands around it", async () => {
  const noise = fc.array(
    fc.tuple(
      fc.constantFrom("capability[]", "wwwauth[]", "state[]", "ephemeral", "new"),
      fc.stringMatching(/^[ -~]{0,30}$/),
    ),
    { maxLength: 6 },
  );
  const property = fc.asyncProperty(
    noise,
    noise,
    fc.constantFrom("\n", "\r\n"),
    async (before, after, end) => {
      const lines = (pairs: [string, string][]) => pairs.map(([name, value]) => `${name}=${value}`);
      const text = [
        "protocol=https",
        ...lines(before),
        `host=${HOST}`,
        "path=acme/site.git",
        ...lines(after),
        "",
        "",
      ];
      expect((await hear(ROOM, ["get"], text.join(end))).stdout).toBe(ANSWERS[1] ?? "");
    },
  );
  await fc.assert(property, settings(INPUTS * 0.1));
});
