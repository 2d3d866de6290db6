/** `token add` where nobody is asked: what is looked at, what is refused, what is kept. */
import { afterEach, describe, expect, test } from "bun:test";
import { ACCOUNTS_FILE, plantAccount, plantHelper, plantList } from "../helper/accounts.ts";
import type { EmulatedSandbox } from "../sandbox.ts";
import { addToken, day, kept, listIn, somebody, TOKENS, token } from "./people.ts";

const boxes: EmulatedSandbox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.remove();
});

async function open(): Promise<EmulatedSandbox> {
  const box = await somebody();
  boxes.push(box);
  return box;
}

const API = "x-bitbucket-api-token-auth";

/** Refused: that exit code, one sentence, nothing changed, nothing of it repeated. */
async function expectRefused(
  box: EmulatedSandbox,
  code: number,
  words: RegExp,
  argv: readonly string[],
  stdin = "",
) {
  const before = kept(box);
  const ran = await token(box, ["add", ...argv], { stdin });
  expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: "" });
  const said = ran.stderr.split("\n").filter((line) => line.startsWith("git-rekey: "));
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(words);
  expect(kept(box)).toEqual(before);
  if (stdin.length > 20) expect(ran.stderr).not.toContain(stdin.slice(12, 40));
  return ran;
}

const KEEP = ["--yes", "--store", "file", "--expires", "90d"];

describe("an API token", () => {
  test("is asked about as Git and as REST take it, and answers Git", async () => {
    const box = await open();
    plantHelper(box);
    const ran = await addToken(box, "api-token", "--push", "--rest", "--email", "ana@acme.example");
    expect(ran.code).toBe(0);
    const asked = box.emulator.log.map(({ host, path, how, user, status }) =>
      [host, path.split("?service=")[1] ?? path, how, user, status].join(" "),
    );
    expect(asked.sort()).toEqual([
      "api.bitbucket.org /2.0/repositories/acme/site basic ana@acme.example 200",
      "api.bitbucket.org /2.0/user basic ana@acme.example 200",
      `bitbucket.org git-receive-pack basic ${API} 200`,
      `bitbucket.org git-upload-pack basic ${API} 200`,
    ]);
    const [account] = listIn(box).accounts;
    expect(account).toMatchObject({
      name: "ana",
      kind: "api-token",
      reach: null,
      username: "ana",
      email: "ana@acme.example",
      rights: ["pull", "push", "rest"],
      expires: day(90),
      secret: { kind: "file", name: "ana-1" },
    });
    expect(box.read(`${TOKENS}/ana-1`)).toBe(`${box.emulator.secret("api-token")}\n`);
    expect(box.snapshot(TOKENS)["ana-1"]).toStartWith("0600 ");
    expect(ran.stderr).toContain("hint: `git rekey undo 1` takes this back");
    const told = await box.git(["ls-remote", "origin", "HEAD"], { cwd: "site" });
    expect(told).toMatchObject({ code: 0, stderr: "" });
    expect((await box.rekey(["undo", "--yes"])).code).toBe(0);
    expect(box.exists(ACCOUNTS_FILE) || box.exists(TOKENS)).toBe(false);
  });

  test("without e-mail and repository it is kept, and what was not looked at is said", async () => {
    const box = await open();
    const argv = ["add", ...KEEP, "--name", "mine"];
    const ran = await token(box, argv, { cwd: "", stdin: box.emulator.secret("api-token") });
    expect(ran.code).toBe(0);
    expect(box.emulator.log).toEqual([]);
    expect(ran.stderr).toMatch(/· git was not looked at: no repository is known/);
    expect(ran.stderr).toMatch(/· REST was not looked at: .*\n?.*e-mail/);
    expect(listIn(box).accounts[0]).toMatchObject({ name: "mine", username: null, rights: ["pull"] });
    expect(ran.stderr).toContain(
      "hint: Git does not ask git-rekey for tokens yet; `git rekey fix --with helper`",
    );
  });

  test("with an e-mail and no repository, REST alone is asked", async () => {
    const box = await open();
    const argv = ["add", ...KEEP, "--email", "ana@acme.example"];
    const ran = await token(box, argv, { cwd: "", stdin: box.emulator.secret("api-token-read") });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain("✓ REST as `ana@acme.example` works");
    // Without the scope for it REST does not tell whose it is, and knows it all the same.
    expect(listIn(box).accounts[0]).toMatchObject({ name: "ana@acme.example", username: null });
  });

  test("the repository may be named, also by its URL", async () => {
    const box = await open();
    for (const name of [
      "acme/docs",
      "https://bitbucket.org/acme/docs.git",
      "git@bitbucket.org:acme/docs.git",
    ]) {
      box.emulator.clearLog();
      expect((await addToken(box, "api-token", "--repository", name)).code).toBe(0);
      expect(new Set(box.emulator.log.map(({ path }) => path.split(".git")[0]))).toEqual(
        new Set(["/acme/docs"]),
      );
      await box.rekey(["undo", "--yes"]);
    }
  });

  test("scopes that go too far are remarked", async () => {
    const box = await open();
    const ran = await addToken(box, "api-token-keys", "--email", "ana@acme.example");
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(
      /^note: the new token may do more .*admin:repository.*delete:ssh-key.*narrower/m,
    );
  });

  test("JSON is the receipt and nothing else", async () => {
    const box = await open();
    const ran = await addToken(box, "api-token", "--json");
    expect(JSON.parse(ran.stdout)).toMatchObject({ schema: "git-rekey/receipt@1", action: "token", id: 1 });
    expect(ran.stdout).not.toContain(box.emulator.secret("api-token"));
  });
});

describe("an access token", () => {
  test("for one repository: Bearer for REST, its own user name for Git", async () => {
    const box = await open();
    const ran = await addToken(box, "repository-token", "--for", "acme/site", "--push");
    expect(ran.code).toBe(0);
    expect(new Set(box.emulator.log.map(({ how, user }) => `${how} ${user}`))).toEqual(
      new Set(["basic x-token-auth", "bearer null"]),
    );
    expect(listIn(box).accounts[0]).toMatchObject({
      name: "acme/site",
      kind: "access-token",
      reach: { workspace: "acme", repository: "site" },
      secret: { kind: "file", name: "acme-site-1" },
    });
  });

  test("for a workspace, with no repository at hand: REST is asked about the workspace", async () => {
    const box = await open();
    const argv = ["add", ...KEEP, "--for", "acme"];
    const ran = await token(box, argv, { cwd: "", stdin: box.emulator.secret("workspace-token") });
    expect(ran.code).toBe(0);
    expect(box.emulator.log.map(({ path, status }) => [path, status])).toEqual([
      ["/2.0/repositories/acme", 200],
    ]);
  });

  test("where an API token was meant", async () => {
    const box = await open();
    const secret = box.emulator.secret("repository-token");
    await expectRefused(box, 4, /access token \(it begins `ATCTT`\).*`--for WORKSPACE\/REPO`/, KEEP, secret);
    expect(box.emulator.log).toEqual([]);
  });

  test("that Git and REST refuse: it may be an organisation's key", async () => {
    const box = await open();
    const argv = [...KEEP, "--for", "acme/site"];
    await expectRefused(
      box,
      4,
      /admin API key of an organisation/,
      argv,
      box.emulator.mint("repository-token"),
    );
    // One of another repository is known to REST, so it is none.
    const other = box.emulator.secret("repository-token-docs");
    const ran = await expectRefused(box, 4, /without access/, argv, other);
    expect(ran.stderr).not.toContain("organisation");
  });
});

describe("what cannot be the token is said at once, before anybody is asked:", () => {
  const wrong: Readonly<Record<string, [(box: EmulatedSandbox) => string, RegExp]>> = {
    "cut off": [(box) => box.emulator.secret("api-token").slice(0, 150), /ends before its checksum/],
    "a character changed": [
      (box) => box.emulator.secret("api-token").replace(/.(?=.{20}$)/, (c) => (c === "a" ? "b" : "a")),
      /does not match its own checksum/,
    ],
    "a blank inside": [
      (box) => box.emulator.secret("api-token").replace(/(?=.{60}$)/, "\n"),
      /has a blank or a line end inside/,
    ],
    "an app password": [(box) => box.emulator.secret("app-password"), /is an app password/],
    "a Data Center token": [(box) => box.emulator.secret("data-center"), /Data Center/],
    "a password": [(box) => box.emulator.secret("account-password"), /is no token/],
    nothing: [() => "", /none came on stdin/],
  };
  for (const [name, [secret, words]] of Object.entries(wrong)) {
    test(name, async () => {
      const box = await open();
      const text = secret(box);
      const before = kept(box);
      const ran = await token(box, ["add", ...KEEP], { stdin: text });
      expect(ran).toMatchObject({ code: 4, stdout: "" });
      expect(ran.stderr).toMatch(words);
      expect(ran.stderr).toMatch(/nothing has been changed\n/);
      if (text !== "") expect(ran.stderr).not.toContain(text.slice(12, 30));
      expect(kept(box)).toEqual(before);
      expect(box.emulator.log).toEqual([]);
    });
  }
});

describe("what Bitbucket refuses is not kept:", () => {
  test.each([
    ["api-token-revoked", [], 4, /refuses the new token for `acme\/site`/],
    ["api-token-unscoped", [], 4, /"Create API token", without scopes/],
    ["api-token-read", ["--push"], 4, /may not write to `acme\/site`/],
    ["api-token-write-only", [], 4, /may not read `acme\/site`/],
    ["api-token-eve", [], 4, /account or repository without access/],
    ["api-token", ["--email", "bob@acme.example"], 4, /REST refuses the new token with `bob@acme.example`/],
  ] as const)("%s %j", async (label, more, code, words) => {
    const box = await open();
    await expectRefused(box, code, words, [...KEEP, ...more], box.emulator.secret(label));
  });

  test("and what cannot be asked about is not kept either", async () => {
    const box = await open();
    box.emulator.switches.faults = [{ kind: "status", status: 503 }];
    await expectRefused(box, 3, /503/, KEEP, box.emulator.secret("api-token"));
    box.emulator.switches.faults = [{ kind: "unreachable" }];
    await expectRefused(box, 3, /could not be asked/, KEEP, box.emulator.secret("api-token"));
  });
});

describe("nobody to ask is 4, with the line to type:", () => {
  test.each([
    [[], /no terminal to ask at/, "`git rekey token add --yes "],
    [
      ["--yes"],
      /where the token is kept .* and when it expires/,
      "token add --yes --store file --expires 365d`",
    ],
    [["--yes", "--expires", "9d"], /where the token is kept/, "not `keychain`: there is no keychain here"],
    [["--yes", "--store", "file"], /when it expires/, "--store file --expires 365d"],
    [["--yes", "--rest"], /e-mail, which REST wants/, "--rest --email"],
  ])("%j", async (argv, words, hint) => {
    const box = await open();
    const ran = await expectRefused(box, 4, words, argv, box.emulator.secret("api-token"));
    expect(ran.stderr).toContain(hint);
  });
});

describe("misuse is 2, before a token is read:", () => {
  test.each([
    [["--name", "-x y"], /`--name`/],
    [["--username", "ana@acme.example"], /not an e-mail/],
    [["--email", "ana"], /`--email`/],
    [["--for", "a/b/c"], /neither a workspace nor a repository/],
    [["--store", "attic"], /`attic`/],
    [["--store", "env:1"], /name of a variable/],
    [["--store", "command:pass $(id)"], /need a shell/],
    [["--expires", "366d"], /365 days at most/],
    [["--expires", "2020-01-01"], /tomorrow or later/],
    [["--repository", "https://bitbucket.org.evil.example/a/b"], /no repository at bitbucket.org/],
    [["--for", "acme", "--repository", "other/tools"], /not within the workspace `acme`/],
  ])("%j", async (argv, words) => {
    const box = await open();
    const rest = ["--store", "file", "--expires", "unknown"].filter(
      (_, at, all) => !argv.includes(all[at - (at % 2)] ?? ""),
    );
    await expectRefused(box, 2, words, ["--yes", ...rest, ...argv], box.emulator.secret("workspace-token"));
    expect(box.emulator.log).toEqual([]);
  });
});

describe("a second account", () => {
  test("for the same repositories and an unknown user is refused, with the ways out", async () => {
    const box = await open();
    await addToken(box, "api-token", "--name", "one");
    const ran = await expectRefused(box, 4, /`one` answers for all of bitbucket.org already/, KEEP);
    expect(ran.stderr).toMatch(/`git rekey token rotate one`.*`--for`/);
  });

  test("of the same user is refused, of another one allowed, and what that means is said", async () => {
    const box = await open();
    await addToken(box, "api-token", "--email", "ana@acme.example");
    await expectRefused(box, 4, /answers for all/, [...KEEP, "--username", "ana"]);
    await expectRefused(
      box,
      4,
      /answers for all/,
      [...KEEP, "--name", "again", "--email", "ana@acme.example"],
      box.emulator.secret("api-token-keys"),
    );
    const ran = await addToken(box, "api-token-bob", "--email", "bob@acme.example");
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/that name nobody get `ana`; those that name `bob` get this one/);
    expect(listIn(box).accounts.map(({ name }) => name)).toEqual(["ana", "bob"]);
  });

  test("with a name that is taken", async () => {
    const box = await open();
    await addToken(box, "api-token");
    const [first] = listIn(box).accounts;
    const argv = [...KEEP, "--name", first?.name ?? "", "--for", "acme"];
    const ran = await expectRefused(box, 4, /there is a token `bitbucket` here already/, argv);
    expect(ran.stderr).toContain("`git rekey token rotate bitbucket`");
  });
});

describe("a token that is kept elsewhere is fetched from there", () => {
  test("a variable", async () => {
    const box = await open();
    const env = { MY_TOKEN: box.emulator.secret("api-token") };
    const argv = ["add", "--yes", "--store", "env:MY_TOKEN", "--expires", "90d"];
    const ran = await token(box, argv, { env, stdin: box.emulator.secret("api-token-bob") });
    expect(ran.code).toBe(0);
    expect(box.emulator.sawSecret("api-token")).toBe(true);
    expect(box.emulator.sawSecret("api-token-bob")).toBe(false);
    expect(listIn(box).accounts[0]).toMatchObject({
      secret: { kind: "env", name: "MY_TOKEN" },
      digest: null,
    });
    expect(box.exists(TOKENS)).toBe(false);
    expect(await token(box, argv)).toMatchObject({ code: 4, stderr: expect.stringContaining("answers for") });
  });

  test("a program, without a shell", async () => {
    const box = await open();
    box.env.GIVEN = box.emulator.secret("api-token");
    box.write("my pass", `#!/bin/sh\ntest "$*" = "show it;x" && echo "$GIVEN"\n`, 0o755);
    const store = `command:'${box.path("my pass")}' show 'it;x'`;
    const ran = await token(box, ["add", "--yes", "--store", store, "--expires", "90d"]);
    expect(ran.code).toBe(0);
    const argv = [box.path("my pass"), "show", "it;x"];
    expect(listIn(box).accounts[0]?.secret).toEqual({ kind: "command", argv });
  });

  test("a program that wants empty words and several lines leaves a list that can be read", async () => {
    const box = await open();
    box.env.GIVEN = box.emulator.secret("api-token");
    const store = `command:sh -c 'test $# = 1 &&\n\techo "$GIVEN"' sh ''`;
    const ran = await token(box, ["add", "--yes", "--store", store, "--expires", "90d"]);
    expect(ran.code, ran.stderr).toBe(0);
    expect(await token(box, ["list"])).toMatchObject({ code: 0, stderr: "" });
    const asked = { stdin: "protocol=https\nhost=bitbucket.org\n\n" };
    expect((await box.run(["git-credential-rekey", "get"], asked)).stdout).toContain(box.env.GIVEN);
  });

  test.each([
    ["is not there", "command:no-such-program x", /`no-such-program` cannot be started/],
    ["fails", "command:false", /`false` ended with 1/],
    ["gives nothing", "command:true", /gave nothing/],
    ["gives two lines", "command:printf 'a\\nb\\n'", /more than one line/],
    ["gives an app password", "command:cat app-password", /is an app password/],
    ["is not set", "env:NOT_SET", /`NOT_SET` is not set here/],
  ])("what %s is said", async (_, store, words) => {
    const box = await open();
    box.write("app-password", box.emulator.secret("app-password"), 0o600);
    await expectRefused(box, 4, words, ["--yes", "--store", store, "--expires", "90d"]);
  });
});

describe("a list that cannot be used", () => {
  test.each([
    ["from a newer version", (text: string) => text.replace("@1", "@7"), 0o600, /newer git-rekey/],
    ["damaged", (text: string) => text.slice(0, 50), 0o600, /damaged/],
    ["open to others", (text: string) => text, 0o644, /open to others: `chmod 600/],
  ])("%s: every command says so and leaves it", async (_, change, mode, words) => {
    const box = await open();
    plantList(box, plantAccount(box, "ana", box.emulator.secret("api-token")));
    box.write(ACCOUNTS_FILE, change(box.read(ACCOUNTS_FILE)), mode);
    await expectRefused(box, 4, words, KEEP, box.emulator.secret("api-token-bob"));
    for (const argv of [
      ["list"],
      ["check"],
      ["rotate", "ana"],
      ["remove", "ana"],
      ["revoked"],
      ["expiring"],
    ]) {
      const ran = await token(box, argv);
      expect({ argv, code: ran.code, stdout: ran.stdout }).toEqual({ argv, code: 4, stdout: "" });
      expect(ran.stderr).toMatch(words);
    }
  });
});
