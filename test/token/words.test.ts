/** Days, names, clashes, and the texts that schedulers are given. */
import { describe, expect, test } from "bun:test";
import { mintApiToken } from "../../emulator/tokens.ts";
import type { Account, Reach } from "../../src/core/account.ts";
import { clashWith, firstOf, isWithin, whyNotThisName } from "../../src/core/account-clash.ts";
import { readDays, readExpiry } from "../../src/core/expiry.ts";
import {
  blockIn,
  cronBlock,
  launchdPlist,
  systemdService,
  withBlock,
  withoutBlock,
} from "../../src/core/timer.ts";
import { pageOf, stepsToMakeToken } from "../../src/core/token-advice.ts";

const TODAY = "2026-11-25";

describe("the last day", () => {
  test.each([
    ["2026-11-26", "api-token", "2026-11-26"],
    ["1d", "api-token", "2026-11-26"],
    ["365d", "api-token", "2027-11-25"],
    [" 90d ", null, "2027-02-23"],
    ["unknown", "api-token", null],
    ["never", "access-token", null],
    ["2030-02-28", "access-token", "2030-02-28"],
    ["2030-02-28", null, "2030-02-28"],
  ] as const)("%s of %s", (text, kind, expires) => {
    expect(readExpiry(text, TODAY, kind)).toEqual({ expires });
  });

  test.each([
    ["2026-11-25", /tomorrow or later/],
    ["2020-01-01", /tomorrow or later/],
    ["0d", /tomorrow or later/],
    ["366d", /365 days at most, and `366d` would be 366/],
    ["2027-11-26", /365 days at most/],
    ["never", /every API token expires/],
    ["2027-02-30", /is no day/],
    ["27-02-03", /is no day/],
    ["soon", /is no day/],
    ["", /is no day/],
    ["-3d", /is no day/],
  ])("not %j", (text, words) => {
    const read = readExpiry(text, TODAY, "api-token");
    expect("wrong" in read ? read.wrong : "was taken").toMatch(words);
  });

  test("days", () => {
    expect(["30d", "30", " 7d ", "x", "", "-1d", "1.5d"].map(readDays)).toEqual([
      30,
      30,
      7,
      null,
      null,
      null,
      null,
    ]);
  });
});

const acme: Reach = { workspace: "acme", repository: null };
const site = { workspace: "acme", repository: "site" };

const account = (name: string, reach: Reach, username: string | null): Account => ({
  name,
  kind: "api-token",
  reach,
  username,
  email: null,
  rights: ["pull"],
  expires: null,
  added: "2026-11-25T00:00:00.000Z",
  secret: { kind: "file", name },
  digest: null,
});

describe("accounts that nothing could tell apart", () => {
  const accounts = [account("one", null, "ana"), account("two", acme, null)];
  test.each([
    [null, "ana", "one"],
    [null, "ANA", "one"],
    [null, null, "one"],
    [null, "bob", null],
    [null, undefined, null],
    [acme, "bob", "two"],
    [acme, undefined, "two"],
    [{ workspace: "ACME", repository: null }, "bob", "two"],
    [site, "ana", null],
    [site, null, null],
  ] as const)("%j of %s: %s", (reach, username, clash) => {
    expect(clashWith({ reach, username }, accounts)?.name ?? null).toBe(clash);
  });

  test("the first answers requests that name nobody", () => {
    expect(firstOf(null, accounts)?.name).toBe("one");
    expect(firstOf(site, accounts)).toBe(null);
  });

  test("what is within what", () => {
    expect(
      [null, acme, site].map((reach) => isWithin(reach, { workspace: "Acme", repository: "Site" })),
    ).toEqual([true, true, true]);
    expect([acme, site].map((reach) => isWithin(reach, { workspace: "acme", repository: "docs" }))).toEqual([
      true,
      false,
    ]);
    expect(isWithin(acme, { workspace: "other", repository: "site" })).toBe(false);
  });
});

test("names", () => {
  for (const name of ["ana", "acme/site", "ana@acme.example", "Zoë", "build-1", "1"])
    expect(whyNotThisName(name), name).toBe(null);
  for (const name of ["", "-x", "a b", "a\n", "$(id)", "a'b", "../x", "x".repeat(101), mintApiToken()])
    expect(whyNotThisName(name), name).not.toBe(null);
});

describe("how a token is made", () => {
  test("exactly the scopes for what is wanted", () => {
    const tick = (push: boolean, rest: boolean) =>
      stepsToMakeToken({ kind: "api-token", push, rest }, null).find((step) => step.startsWith("tick")) ?? "";
    const scopes = (text: string) =>
      text.match(/`[a-z-]+:[a-z]+:bitbucket`/g)?.map((one) => one.slice(1, -11));
    expect(scopes(tick(false, false))).toEqual(["read:repository"]);
    expect(scopes(tick(true, false))).toEqual(["read:repository", "write:repository"]);
    expect(scopes(tick(false, true))).toEqual(["read:repository", "read:user"]);
    expect(scopes(tick(true, true))).toEqual(["read:repository", "write:repository", "read:user"]);
    expect(tick(true, true)).toContain("nothing with `admin` or `delete` in it");
  });

  test("the page for each kind", () => {
    expect(pageOf("api-token", site)).toBe("https://id.atlassian.com/manage-profile/security/api-tokens");
    expect(pageOf("access-token", site)).toBe("https://bitbucket.org/acme/site/admin/access-tokens");
    expect(pageOf("access-token", acme)).toBe("https://bitbucket.org/acme/workspace/settings/");
    const [first] = stepsToMakeToken({ kind: "access-token", push: true }, acme);
    expect(first).toContain("https://bitbucket.org/acme/workspace/settings/");
  });
});

describe("a crontab", () => {
  const job = {
    argv: ["/opt/git rekey/git-rekey", "token", "--output", "/a%b'c"],
    env: {},
    isWatched: false,
  };
  const block = cronBlock(job);

  test("two lines, quoted for the shell, percent signs for cron", () => {
    expect(block).toMatch(
      /^# git-rekey-expiring: .*\n17 9 \* \* \* '\/opt\/git rekey\/git-rekey' token --output /,
    );
    expect(block).toEndWith(" '/a\\%b'\\''c'\n");
    expect(cronBlock({ ...job, isWatched: true })).toEndWith(" >/dev/null\n");
  });

  test.each([
    ["", ""],
    ["# mine\n0 1 * * * x", "\n"],
    ["A=1\n\n\n5 5 * * * y  \n", ""],
  ])("%j keeps its own lines", (theirs, added) => {
    const both = withBlock(theirs, block);
    expect(both).toBe(theirs + added + block);
    expect(blockIn(both)).toBe(block);
    expect(withBlock(both, block)).toBe(both);
    expect(withoutBlock(both)).toBe(theirs + added);
    const later = `${both}0 0 * * * later\n`;
    expect(withoutBlock(later)).toBe(`${theirs}${added}0 0 * * * later\n`);
    expect(blockIn(theirs)).toBe(null);
  });
});

test("systemd and launchd: what is special to them is switched off", () => {
  const job = { argv: ["/a b/git-rekey", '50%"$HOME\\'], env: { XDG_CONFIG_HOME: "/x%y" }, isWatched: true };
  const service = systemdService(job);
  expect(service).toContain('ExecStart="/a b/git-rekey" "50%%\\"$$HOME\\\\"\n');
  expect(service).toContain('Environment="XDG_CONFIG_HOME=/x%%y"\n');
  expect(service).toContain("SuccessExitStatus=1\n");
  const plist = launchdPlist({ ...job, argv: ["/a&<b>"] });
  expect(plist).toContain("<string>/a&amp;&lt;b&gt;</string>");
  expect(plist).toContain("<key>XDG_CONFIG_HOME</key>\n    <string>/x%y</string>");
});
