import { describe, expect, test } from "bun:test";
import {
  type Account,
  type AccountList,
  chooseAccount,
  chooseForAll,
  daysLeft,
  dependsOnPlace,
  placeOfPath,
  type Reach,
  readReach,
} from "../../src/core/account.ts";
import { readAccounts, writeAccounts } from "../../src/core/account-file.ts";

function account(name: string, given: Partial<Account> = {}): Account {
  return {
    name,
    kind: "api-token",
    reach: null,
    username: null,
    email: null,
    rights: ["pull"],
    expires: null,
    added: "2026-11-25T00:00:00.000Z",
    secret: { kind: "file", name: "a-1" },
    digest: null,
    ...given,
  };
}

const acme: Reach = { workspace: "acme", repository: null };
const site: Reach = { workspace: "acme", repository: "site" };

const ANA = account("ana", { username: "ana", email: "ana@acme.example" });
const BOB = account("bob", { username: "bob" });
const ACME = account("acme", { reach: acme, username: "ana" });
const SITE = account("acme/site", { kind: "access-token", reach: site });
const ANYONE = account("bitbucket");
const ALL = [ANA, BOB, ACME, SITE];

const API = "x-bitbucket-api-token-auth";
const ACCESS = "x-token-auth";

/** Accounts, user name and path that Git sends, and who answers. */
const ROWS: readonly [string, readonly Account[], string | null, string | null, Account | null][] = [
  ["nobody is there", [], null, null, null],
  ["one for everything", [ANA], null, null, ANA],
  ["the static user", [ANA], API, "acme/site.git", ANA],
  ["the other static user: Git accepts another name", [ANA], ACCESS, null, ANA],
  ["her own user name", [ANA], "ana", null, ANA],
  ["her own user name in capitals", [ANA], "ANA", null, ANA],
  ["her e-mail", [ANA], "ana@acme.example", null, ANA],
  ["an unknown user name is somebody else's", [ANA], "carol", null, null],
  ["an empty user name names nobody", [ANA], "", null, ANA],
  ["of two, the first", [ANA, BOB], null, null, ANA],
  ["of two, the named one", [ANA, BOB], "bob", null, BOB],
  ["the closest: the repository", ALL, null, "acme/site.git", SITE],
  ["the closest: the workspace", ALL, null, "acme/docs.git", ACME],
  ["the closest: everything", ALL, null, "other/tools", ANA],
  ["LFS appends to the path", ALL, null, "acme/site.git/info/lfs", SITE],
  ["names of repositories in capitals", ALL, null, "Acme/Site", SITE],
  ["a workspace that only begins alike", [ACME], null, "acme-2/site", null],
  ["a repository that only begins alike", [SITE], null, "acme/site-2", null],
  ["no path, and none for everything", [ACME, SITE], null, null, null],
  ["a person's name goes before the closest token", ALL, "bob", "acme/site", BOB],
  ["a person's own workspace token", ALL, "ana", "acme/docs", ACME],
  ["a token that is nobody's, whoever is named", [ANA, SITE], "carol", "acme/site", SITE],
  ["a token that is nobody's, only where it is for", [ANA, SITE], "carol", "acme/docs", null],
  ["a token of which nobody said whose it is", [ANYONE, BOB], "ana", null, ANYONE],
  ["where the named one is not for it", [{ ...ACME, username: "bob" }, ANYONE], "bob", "other/x", ANYONE],
  [
    "the static user decides between equals",
    [account("x", { reach: site }), SITE],
    ACCESS,
    "acme/site",
    SITE,
  ],
  [
    "of equals without it, the first",
    [account("x", { reach: site }), SITE],
    null,
    "acme/site",
    account("x", { reach: site }),
  ],
];

describe("who answers:", () => {
  for (const [name, accounts, username, path, wanted] of ROWS) {
    test(name, () => {
      expect(chooseAccount({ username, place: placeOfPath(path) }, accounts)).toEqual(wanted);
    });
  }
});

test("several repositories, of which Git means one", () => {
  const tools = { workspace: "other", repository: "tools" };
  const docs = { workspace: "acme", repository: "docs" };
  expect(chooseForAll(null, [docs], ALL)).toBe(ACME);
  expect(chooseForAll(null, [docs, { ...docs, repository: "wiki" }], ALL)).toBe(ACME);
  expect(chooseForAll(null, [docs, tools], ALL)).toBeNull();
  expect(chooseForAll(null, [], ALL)).toBeNull();
  expect(dependsOnPlace(null, ALL)).toBe(true);
  expect(dependsOnPlace("bob", ALL)).toBe(false);
  expect(dependsOnPlace("carol", ALL)).toBe(true);
  expect(dependsOnPlace("carol", [ANA, ACME])).toBe(false);
  expect(dependsOnPlace(null, [ANA, BOB])).toBe(false);
});

test("a reach as a person writes it", () => {
  expect(readReach("acme")).toEqual(acme);
  expect(readReach(" acme/site.git ")).toEqual(site);
  expect(readReach("acme/")).toEqual(acme);
  for (const text of ["", "/", "a/b/c", "https://bitbucket.org/acme", "a b", "*"])
    expect(readReach(text)).toBeNull();
});

test("days are counted to the end of the last one", () => {
  const expires = "2026-12-01";
  expect(daysLeft({ expires }, Date.parse("2026-12-01T12:00:00Z"))).toBe(0);
  expect(daysLeft({ expires }, Date.parse("2026-11-30T12:00:00Z"))).toBe(1);
  expect(daysLeft({ expires }, Date.parse("2026-12-02T00:00:01Z"))).toBe(-1);
  expect(daysLeft({ expires: null }, 0)).toBeNull();
});

describe("the file", () => {
  const list: AccountList = {
    schema: "git-rekey/accounts@1",
    accounts: [
      { ...ANA, expires: "2027-01-31", digest: { salt: "00", hash: "ff" } },
      { ...SITE, secret: { kind: "command", argv: ["sh", "-c", "pass show bitbucket |\n\thead -n 1", ""] } },
      { ...BOB, secret: { kind: "env", name: "BITBUCKET_TOKEN" } },
    ],
    toRevoke: [
      { name: "old", kind: "api-token", page: "https://example.org", since: "2026-11-01T00:00:00Z" },
    ],
  };
  const whole = JSON.parse(writeAccounts(list));
  const withFirst = (change: object) =>
    JSON.stringify({ ...whole, accounts: [{ ...whole.accounts[0], ...change }] });

  test("is read as it was written", () => {
    expect(readAccounts(writeAccounts(list))).toEqual({ ok: true, list });
  });

  test("of a newer version is left alone", () => {
    const read = readAccounts(JSON.stringify({ ...whole, schema: "git-rekey/accounts@2" }));
    expect(read).toMatchObject({ ok: false, reason: expect.stringContaining("newer git-rekey") });
  });

  const damaged: Readonly<Record<string, string>> = {
    empty: "",
    "cut off": writeAccounts(list).slice(0, 200),
    "another document": '{"schema":"git-rekey/plan@1"}',
    "no list": '{"schema":"git-rekey/accounts@1","accounts":{}}',
    "a name that leads elsewhere": withFirst({ secret: { kind: "file", name: "../../.ssh/id" } }),
    "a path for a name": withFirst({ secret: { kind: "file", name: "/etc/passwd" } }),
    "a command without words": withFirst({ secret: { kind: "command", argv: [] } }),
    "a command without a program": withFirst({ secret: { kind: "command", argv: ["", "x"] } }),
    "a command with a word that no program can be given": withFirst({
      secret: { kind: "command", argv: ["x", "a\0b"] },
    }),
    "no variable": withFirst({ secret: { kind: "env", name: "A=B" } }),
    "a line end in a name": withFirst({ name: "ana\nhost=evil" }),
    "a day there is not": withFirst({ expires: "2026-13-01" }),
    "two of one name": JSON.stringify({ ...whole, accounts: [whole.accounts[0], whole.accounts[0]] }),
  };
  for (const [name, text] of Object.entries(damaged)) {
    test(`damaged: ${name}`, () => {
      expect(readAccounts(text)).toMatchObject({ ok: false, reason: expect.stringMatching(/^is damaged/) });
    });
  }
});
