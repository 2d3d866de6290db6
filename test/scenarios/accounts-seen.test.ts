/** What `doctor` says about git-rekey's own accounts. */
import { expect, test } from "bun:test";
import type { Account } from "../../src/core/account.ts";
import type { Report } from "../../src/core/report.ts";
import type { ReportedToken } from "../../src/core/report-token.ts";
import { assertValid } from "../contracts/validate.ts";
import { ACCOUNTS_FILE, plantAccount, plantHelper, plantList } from "../helper/accounts.ts";
import { sentBy } from "./causes.ts";
import { plant } from "./places.ts";
import { API_USER, makeScene, type Scene, SITE } from "./scene.ts";

const tokenOf = (scene: Scene, label = "api-token"): string => scene.box.emulator.secret(label);

type Given = Partial<Account> & { label?: string };

/** A machine on which Git asks our helper, with these accounts behind it. */
async function machine(accounts: Readonly<Record<string, Given>>, url = SITE): Promise<Scene> {
  const scene = await makeScene("plain", sentBy("app password"));
  scene.origin(url);
  plantHelper(scene.box);
  plantList(
    scene.box,
    ...Object.entries(accounts).map(([name, { label, ...given }]) =>
      plantAccount(scene.box, name, tokenOf(scene, label), given),
    ),
  );
  return scene;
}

async function look(scene: Scene, ...flags: string[]): Promise<Report & { code: number | null }> {
  const before = scene.files();
  const { code, stdout } = await scene.rekey(["doctor", "--json", ...flags]);
  assertValid("report", stdout);
  expect(scene.files()).toEqual(before);
  for (const one of scene.box.emulator.world.credentials) expect(stdout).not.toContain(one.secret);
  return { ...(JSON.parse(stdout) as Report), code };
}

const originsToken = ({ repositories }: Report): ReportedToken | null | undefined =>
  repositories[0]?.remotes.find(({ name }) => name === "origin")?.token;

const idsOf = ({ findings }: Report): string[] => findings.map(({ id }) => id);

/** The day that is so many whole days away, whatever the hour. */
function inDays(days: number): string {
  return new Date(Date.now() + days * 24 * 3_600_000).toISOString().slice(0, 10);
}

test("a healthy machine: which token, why, until when, and what a push would do", async () => {
  await using scene = await machine({ ana: { label: "api-token-read", expires: inDays(200) } });
  expect((await scene.act("fetch")).code).toBe(0);
  const report = await look(scene);
  expect(report.code).toBe(0);
  expect(originsToken(report)).toMatchObject({
    name: "ana",
    reach: "all of bitbucket.org",
    why: "no other fits",
    sent: true,
    fetch: "ok",
    push: "refused",
    daysLeft: 200,
    refused: null,
  });
  expect(originsToken(report)?.accepted).not.toBeNull();
  const { stdout } = await scene.rekey(["doctor"]);
  const words = stdout.replace(/\s+/g, " ");
  expect(words).toContain("git-rekey answers with `ana`, for all of bitbucket.org (no other fits)");
  expect(words).toContain("in 200 days (UTC); fetch works, push is refused");
});

test.each([
  [
    "the closest",
    { all: {}, acme: { reach: { workspace: "acme", repository: null } } },
    SITE,
    "acme",
    "the closest of 2",
  ],
  ["the first", { one: { username: "a" }, two: { username: "b" } }, SITE, "one", "the first of 2"],
  [
    "the named",
    { bob: { username: "bob" }, ana: { username: "ana" } },
    SITE.replace("//", "//ana@"),
    "ana",
    "Git asks for `ana`",
  ],
  [
    "where the URL names a person, as Bitbucket shows it, one that is nobody's",
    { bob: { username: "bob" }, deploy: { reach: { workspace: "acme", repository: null } } },
    SITE.replace("//", "//ana@"),
    "deploy",
    "Git asks for `ana`, who has none of their own here",
  ],
] as const)("of several accounts %s answers", async (_, accounts, url, name, why) => {
  await using scene = await machine(accounts, url);
  const token = originsToken(await look(scene));
  expect(token?.name).toBe(name);
  expect(token?.why).toStartWith(why);
  expect((await scene.act("fetch")).code).toBe(0);
});

test("a token that is refused says when", async () => {
  await using scene = await machine({ ana: { label: "api-token-revoked" } });
  await scene.act("fetch");
  const report = await look(scene);
  expect(report.code).toBe(1);
  expect(idsOf(report)[0]).toBe("token-refused");
  expect(originsToken(report)).toMatchObject({ sent: true, fetch: "refused", accepted: null });
  expect(originsToken(report)?.refused).not.toBeNull();
});

test.each([
  [40, []],
  [30, ["note"]],
  [14, ["warning"]],
  [0, ["warning"]],
  [-2, ["warning"]],
])("%d days before its last one", async (days, severities) => {
  await using scene = await machine({ ana: { expires: inDays(days) } });
  const report = await look(scene);
  const found = report.findings.filter(({ id }) => id === "token-expires-soon");
  expect(found.map(({ severity }) => String(severity))).toEqual(severities);
  expect(report.code).toBe(severities.includes("warning") ? 1 : 0);
});

test("two accounts that no name tells apart", async () => {
  await using scene = await machine({ one: {}, two: {} });
  const report = await look(scene);
  expect(idsOf(report)).toEqual(["accounts-overlap"]);
  expect(report.findings[0]?.what).toContain("`one` answers");
});

const DAMAGE: Readonly<Record<string, (scene: Scene) => unknown>> = {
  "of a newer version": (scene) => scene.box.write(ACCOUNTS_FILE, '{"schema":"git-rekey/accounts@2"}', 0o600),
  damaged: (scene) => scene.box.write(ACCOUNTS_FILE, "{", 0o600),
  "open to others": (scene) => scene.box.run(["chmod", "644", ACCOUNTS_FILE]),
  "a symbolic link": (scene) =>
    scene.box.run(["sh", "-c", `mv ${ACCOUNTS_FILE} x && ln -s ~/x ${ACCOUNTS_FILE}`]),
};

test.each(Object.entries(DAMAGE))("a list that is %s", async (_, damage) => {
  await using scene = await machine({ ana: {} });
  await damage(scene);
  const report = await look(scene);
  expect(report.code).toBe(1);
  expect(idsOf(report).slice(0, 2)).toEqual(["accounts-unreadable", "no-credential"]);
});

test("a helper that Git is not told to ask is the cause, and no new token is needed", async () => {
  await using scene = await machine({ ana: {} });
  scene.box.write(".gitconfig", "");
  const report = await look(scene);
  expect(idsOf(report)[0]).toBe("accounts-not-asked");
  expect(originsToken(report)).toMatchObject({ sent: false, fetch: "ok", push: "ok" });
  const ran = await scene.rekey(["fix", "--yes"], { stdin: "" });
  expect(ran.code, ran.stderr).toBe(0);
  expect((await scene.act("push")).code).toBe(0);
});

test("a helper behind another that works is a remark", async () => {
  await using scene = await machine({ ana: {} });
  scene.box.write(".gitconfig", "[credential]\n\thelper = store\n");
  scene.stored([{ user: API_USER, secret: tokenOf(scene, "api-token-keys") }]);
  const report = await look(scene);
  expect(report.code).toBe(0);
  expect(idsOf(report)).toEqual(["accounts-not-asked"]);
});

test("a program that is gone: Git is told where it is now", async () => {
  await using scene = await machine({ ana: {} });
  scene.box.write(
    ".gitconfig",
    '[credential "https://bitbucket.org"]\n\thelper =\n\thelper = /gone/git-credential-rekey\n',
  );
  const ids = idsOf(await look(scene));
  expect(ids).toContain("helper-missing");
  expect(ids[0]).toBe("accounts-not-asked");
  const ran = await scene.rekey(["fix", "--yes"], { stdin: "" });
  expect(ran.code, ran.stderr).toBe(0);
  expect((await scene.act("fetch")).code).toBe(0);
});

test("a stale credential in front of a good account", async () => {
  await using scene = await makeScene("plain", sentBy("app password"));
  await plant(scene, "store");
  plantList(scene.box, plantAccount(scene.box, "ana", tokenOf(scene)));
  const report = await look(scene);
  expect(idsOf(report)[0]).toBe("app-password-sent");
  expect(idsOf(report)).toContain("accounts-not-asked");
});

test("a token that cannot be fetched: the helper's own words", async () => {
  await using scene = await machine({ ana: { secret: { kind: "env", name: "NOWHERE" } } });
  const [first] = (await look(scene)).findings;
  expect(first?.id).toBe("no-credential");
  expect(first?.why).toContain("`NOWHERE` is not set here");
  expect(first?.next).toStartWith("put right what the helper says");
});

test("--offline knows the accounts and asks nobody", async () => {
  await using scene = await machine({ ana: {} });
  const report = await look(scene, "--offline");
  expect(originsToken(report)).toMatchObject({ name: "ana", fetch: "unknown", push: "unknown" });
  expect(scene.box.emulator.log).toEqual([]);
});
