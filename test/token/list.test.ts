/** What is told of tokens: to people at any width, to programs, to Prometheus. */
import { afterEach, describe, expect, test } from "bun:test";
import { readdirSync, statSync } from "node:fs";
import type { Account } from "../../src/core/account.ts";
import { writeAccounts } from "../../src/core/account-file.ts";
import type { TokenCheck } from "../../src/core/token-look.ts";
import { tokenMetrics } from "../../src/report/token-metrics.ts";
import { assertValid } from "../contracts/validate.ts";
import { ACCOUNTS_FILE, plantAccount, plantList } from "../helper/accounts.ts";
import type { EmulatedSandbox, Sandbox } from "../sandbox.ts";
import { makeSandbox } from "../sandbox.ts";
import { day, kept, somebody, token } from "./people.ts";

const boxes: Sandbox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.remove();
});

const SECRET = "never-to-be-seen";
const site = { workspace: "acme", repository: "site" };

/** One of each: expired, soon, far, unknown; in each kind of place; used, refused, untouched. */
function plant(box: Sandbox): void {
  const accounts: Account[] = [
    plantAccount(box, "ana", SECRET, { username: "ana", email: "ana@acme.example", expires: day(9) }),
    plantAccount(box, "acme/site", SECRET, {
      kind: "access-token",
      reach: site,
      rights: ["pull"],
      expires: day(-3),
    }),
    plantAccount(box, "build", "", {
      reach: { workspace: "acme", repository: null },
      rights: ["pull", "push", "rest"],
      expires: day(200),
      secret: { kind: "env", name: "BITBUCKET_TOKEN" },
      digest: null,
    }),
    plantAccount(box, "safe", "", {
      reach: { workspace: "other", repository: null },
      secret: { kind: "command", argv: ["/opt/bin/pass", "show", "x"] },
      digest: null,
    }),
  ];
  const toRevoke = [
    {
      name: "ana",
      kind: "app-password",
      page: "https://bitbucket.org/account/settings/app-passwords/",
      since: "2026-11-20T10:00:00.000Z",
    },
  ] as const;
  box.write(ACCOUNTS_FILE, writeAccounts({ schema: "git-rekey/accounts@1", accounts, toRevoke }), 0o600);
  box.write(".local/state/git-rekey/answers/ana.accepted", "", 0o600);
  box.write(
    ".local/state/git-rekey/answers/acme%2Fsite.refused",
    "2026-11-23T08:00:00.000Z\n2026-11-24T09:00:00.000Z\n",
    0o600,
  );
}

function open(): Sandbox {
  const box = makeSandbox();
  boxes.push(box);
  plant(box);
  return box;
}

const run = (box: Sandbox, argv: readonly string[], env = {}) => token(box, argv, { cwd: "", env });

describe("list", () => {
  test("a table where it fits", async () => {
    const box = makeSandbox();
    boxes.push(box);
    const secret = { kind: "env", name: "TOKEN" } as const;
    plantList(
      box,
      plantAccount(box, "ana", SECRET, { expires: day(9) }),
      plantAccount(box, "acme", SECRET, { kind: "access-token", reach: site, rights: ["pull"], secret }),
    );
    box.write(".local/state/git-rekey/answers/ana.accepted", "", 0o600);
    const { stdout } = await run(box, ["list"], { COLUMNS: "100" });
    const rows = stdout
      .trimEnd()
      .split("\n")
      .map((row) => row.split(/\s{2,}/));
    expect(rows).toEqual([
      ["name", "kind", "for", "rights", "expires", "kept in", "last answer"],
      ["ana", "API token", "everything", "pull, push", `${day(9)} (9 days)`, "file", `accepted ${day(0)}`],
      ["acme", "access token", "acme/site", "pull", "unknown", "$TOKEN", "not used yet"],
    ]);
    expect(
      new Set(
        stdout
          .trimEnd()
          .split("\n")
          .map((row) => row.search(/for|everything|acme\/site/)),
      ).size,
    ).toBe(1);
  });

  test("blocks where it does not", async () => {
    const { code, stdout, stderr } = await run(open(), ["list"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`acme/site
  kind         access token
  for          acme/site
  rights       pull
  expires      ${day(-3)} (expired)
  kept in      file
  last answer  refused 2026-11-24 (2×)

build
  kind         API token
  for          acme
  rights       pull, push, REST
  expires      ${day(200)} (200 days)
  kept in      $BITBUCKET_TOKEN
  last answer  not used yet
`);
    expect(stdout).toContain(
      "Left to revoke at Bitbucket\n  · `ana`, app password, not used here since 2026-11-20:",
    );
    expect(stderr).toBe("\nhint: `git rekey token revoked ana` ticks it off\n");
  });

  test.each([40, 60, 80, 100])("%d columns", async (columns) => {
    const box = open();
    const { stdout } = await run(box, ["list"], { COLUMNS: String(columns), NO_COLOR: "1" });
    for (const line of stdout.split("\n"))
      if (Bun.stringWidth(line) > columns) expect(line.trim().split(" "), line).toHaveLength(1);
    for (const word of ["acme/site", `${day(-3)} (expired)`, "unknown", "$BITBUCKET_TOKEN", "app-passwords/"])
      expect(stdout).toContain(word);
    expect(stdout).not.toContain("\u001b");
  });

  test("the same words in colour", async () => {
    const box = open();
    const coloured = await run(box, ["list"], { FORCE_COLOR: "1" });
    const plain = await run(box, ["list"]);
    expect(coloured.stdout).toContain("\u001b[31m");
    expect(coloured.stdout.replace(/\u001b\[\d+m/g, "")).toBe(plain.stdout);
  });

  test("JSON by its schema, without the secret and what would recognise it", async () => {
    const box = open();
    const { code, stdout, stderr } = await run(box, ["list", "--json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    assertValid("tokens", stdout);
    expect(JSON.parse(stdout).tokens.map(({ daysLeft }: { daysLeft: number }) => daysLeft)).toEqual([
      9,
      -3,
      200,
      null,
    ]);
    expect(stdout).not.toContain(SECRET);
    expect(stdout).not.toMatch(/salt|hash|digest/);
    expect(await run(box, ["list", "--format", "json"])).toMatchObject({ code: 0 });
  });

  test("nothing kept", async () => {
    const box = makeSandbox();
    boxes.push(box);
    expect(await run(box, ["list"])).toEqual({
      code: 0,
      signal: null,
      stdout: "",
      stderr: "git-rekey: no token is kept here\n\nhint: `git rekey token add` keeps one\n",
    });
    assertValid("tokens", (await run(box, ["list", "--json"])).stdout);
  });

  test("changes nothing", async () => {
    const box = open();
    const before = box.snapshot(box.home, (path) => path.startsWith(".cache"));
    for (const argv of [["list"], ["expiring"], ["expiring", "--format", "prometheus"]]) await run(box, argv);
    expect(box.snapshot(box.home, (path) => path.startsWith(".cache"))).toEqual(before);
  });
});

describe("expiring", () => {
  test("1 and a sentence each, soonest first", async () => {
    const box = open();
    const { code, stdout, stderr } = await run(box, ["expiring"]);
    expect(code).toBe(1);
    expect(stdout).toBe(
      `✗ \`acme/site\` (access token) expired on ${day(-3)}\n! \`ana\` (API token) expires in 9 days, on ${day(9)}\n`,
    );
    expect(stderr).toBe("\nhint: `git rekey token rotate acme/site` replaces it\n");
  });

  test("--within", async () => {
    const box = open();
    const names = async (within: string) => {
      const { code, stdout } = await run(box, ["expiring", "--within", within, "--json"]);
      assertValid("tokens", stdout);
      const { tokens } = JSON.parse(stdout) as { tokens: { name: string }[] };
      return [code, ...tokens.map(({ name }) => name)];
    };
    expect(await names("0d")).toEqual([1, "acme/site"]);
    expect(await names("8")).toEqual([1, "acme/site"]);
    expect(await names("9d")).toEqual([1, "acme/site", "ana"]);
    expect(await names("300d")).toEqual([1, "acme/site", "ana", "build"]);
    expect(await run(box, ["expiring", "--within", "soon"])).toMatchObject({ code: 2, stdout: "" });
  });

  test("nothing soon: 0, and silence in a pipe", async () => {
    const box = makeSandbox();
    boxes.push(box);
    plantList(box, plantAccount(box, "ana", SECRET, { expires: day(200) }), plantAccount(box, "bob", SECRET));
    expect(await run(box, ["expiring"])).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
  });

  test("forty columns", async () => {
    const box = open();
    const { stdout } = await run(box, ["expiring"], { COLUMNS: "40" });
    for (const line of stdout.split("\n")) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(40);
  });
});

describe("Prometheus", () => {
  test("each metric with help and type, seconds, and one sample a token", async () => {
    const box = open();
    const { code, stdout } = await run(box, ["expiring", "--format", "prometheus"]);
    expect(code).toBe(1);
    const at = (days: number) => Date.parse(`${day(days)}T23:59:59Z`) / 1000;
    expect(
      stdout,
    ).toContain(`# HELP git_rekey_token_expiry_timestamp_seconds When the token expires: the end of its last day, UTC.
# TYPE git_rekey_token_expiry_timestamp_seconds gauge
git_rekey_token_expiry_timestamp_seconds{name="ana",kind="api-token"} ${at(9)}
git_rekey_token_expiry_timestamp_seconds{name="acme/site",kind="access-token"} ${at(-3)}
git_rekey_token_expiry_timestamp_seconds{name="build",kind="api-token"} ${at(200)}
# HELP`);
    expect(stdout).toContain('git_rekey_token_refusals{name="acme/site",kind="access-token"} 2\n');
    expect(stdout).toMatch(
      /^git_rekey_token_last_accepted_timestamp_seconds\{name="ana",kind="api-token"\} \d{10}$/m,
    );
    expect(stdout).toContain("\ngit_rekey_tokens 4\n");
    expect(stdout).toEndWith("\ngit_rekey_tokens_to_revoke 1\n");
    for (const line of stdout.trimEnd().split("\n"))
      expect(line).toMatch(
        /^(# (HELP|TYPE) git_rekey_\w+ .+|git_rekey_\w+(\{name="[^"]*",kind="[a-z-]+"\})? \d+)$/,
      );
  });

  test("labels are escaped", () => {
    const odd = { name: 'a"b\\c\nd', kind: "api-token" as const };
    const token = {
      ...odd,
      reach: null,
      gitUser: "",
      username: null,
      email: null,
      rights: [],
      expires: null,
      daysLeft: null,
      secret: { kind: "file", name: "x" } as const,
      added: "",
      acceptedAt: null,
      refusedAt: null,
      refusals: 1,
    };
    expect(tokenMetrics({ tokens: [token], toRevoke: [] })).toContain(
      '{name="a\\"b\\\\c\\nd",kind="api-token"} 1\n',
    );
  });

  test("--output: whole or not at all, readable for the exporter", async () => {
    const box = open();
    box.write("metrics/tokens.prom", "old\n", 0o600);
    const argv = ["expiring", "--format", "prometheus", "--output", "metrics/tokens.prom"];
    expect(await run(box, argv)).toEqual({ code: 1, signal: null, stdout: "", stderr: "" });
    expect(box.read("metrics/tokens.prom")).toContain("git_rekey_tokens 4\n");
    expect(statSync(box.path("metrics/tokens.prom")).mode & 0o777).toBe(0o644);
    expect(readdirSync(box.path("metrics"))).toEqual(["tokens.prom"]);
    const inode = statSync(box.path("metrics/tokens.prom")).ino;
    await run(box, argv);
    expect(statSync(box.path("metrics/tokens.prom")).ino).not.toBe(inode);
  });

  test("--output where it cannot be written: 2, one sentence, nothing left behind", async () => {
    const box = open();
    box.write("metrics/tokens.prom/x", "");
    for (const file of ["nowhere/tokens.prom", "metrics/tokens.prom"]) {
      const ran = await run(box, ["expiring", "--output", file]);
      expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 2, stdout: "" });
      expect(ran.stderr).toMatch(/^git-rekey: `.*tokens\.prom` was not written: .*\n$/);
    }
    expect(readdirSync(box.path("metrics"))).toEqual(["tokens.prom"]);
  });
});

test.each([["list"], ["check"], ["expiring"]])(
  "%s without HOME knows nothing, and says so with 2",
  async (command) => {
    const box = makeSandbox({});
    boxes.push(box);
    plant(box);
    const env = { HOME: undefined, XDG_CONFIG_HOME: undefined, XDG_DATA_HOME: undefined };
    const ran = await box.rekey(["token", command], { env });
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toMatch(/^git-rekey: HOME is not set, .*\n$/);
  },
);

describe("check", () => {
  async function withTokens(...labels: string[]): Promise<EmulatedSandbox> {
    const box = await somebody();
    boxes.push(box);
    const accounts = labels.map((label) =>
      plantAccount(box, label, box.emulator.secret(label), {
        email: "ana@acme.example",
        reach: { workspace: "acme", repository: null },
        ...(label.startsWith("repository") ? { kind: "access-token", email: null } : {}),
      }),
    );
    plantList(box, ...accounts);
    return box;
  }

  test("0 where all are accepted, with a line for each question", async () => {
    const box = await withTokens("api-token");
    const ran = await token(box, ["check"]);
    expect(ran).toEqual({
      code: 0,
      signal: null,
      stderr: "",
      stdout: `api-token
  ✓ git fetch of \`acme/site\` works
  ✓ git push of \`acme/site\` works
  ✓ REST as \`ana@acme.example\` works
`,
    });
  });

  test("1 where one is refused, whatever the others are", async () => {
    const box = await withTokens("api-token", "api-token-revoked");
    expect((await token(box, ["check", "api-token"])).code).toBe(0);
    const one = await token(box, ["check", "api-token-revoked", "--repository", "acme/site"]);
    expect(one.code).toBe(1);
    expect(one.stdout).toMatch(
      /✗ git fetch of `acme\/site` is refused: Bitbucket refuses\s+`api-token-revoked`/,
    );
    expect((await token(box, ["check", "--repository", "acme/site"])).code).toBe(1);
  });

  test("3 where Bitbucket, or the token, cannot be asked", async () => {
    const box = await withTokens("api-token");
    box.emulator.switches.faults = [{ kind: "status", status: 502 }];
    const ran = await token(box, ["check"]);
    expect(ran.code).toBe(3);
    expect(ran.stdout).toContain("! git fetch of `acme/site` could not be determined");
    box.emulator.switches.faults = [];
    await box.run(["rm", box.path(".local/share/git-rekey/tokens/api-token-1")]);
    const gone = await token(box, ["check"]);
    expect(gone.code).toBe(3);
    expect(gone.stdout).toMatch(
      /! the token as it is kept here could not be determined:\s+`.*`\s+is not there/,
    );
  });

  test("3 where nothing is known to ask with, and in one sentence what to add; then it is asked", async () => {
    const box = await withTokens();
    plantList(box, plantAccount(box, "plain", box.emulator.secret("api-token"), { email: null }));
    const ran = await box.rekey(["token", "check"]);
    expect(ran.code).toBe(3);
    expect(ran.stderr.replace(/\s+/g, " ")).toBe(
      "git-rekey: nothing was asked about `plain`: outside its repositories, and without its account's e-mail, there is nothing to ask with hint: `git rekey token check plain --repository WORKSPACE/REPO` asks with a repository of yours ",
    );
    expect((await box.rekey(["token", "check", "plain", "--repository", "acme/site"])).code).toBe(0);
    expect((await token(box, ["check"])).code).toBe(0);
  });

  test("JSON by its schema, with the same codes and no token in it", async () => {
    const box = await withTokens("api-token", "api-token-revoked");
    const told = async (...argv: string[]) => {
      const { code, stdout, stderr } = await token(box, ["check", "--json", ...argv]);
      expect(stderr).toBe("");
      assertValid("token-check", stdout);
      for (const one of box.emulator.world.credentials) expect(stdout).not.toContain(one.secret);
      return { code, tokens: (JSON.parse(stdout) as TokenCheck).tokens };
    };
    const good = await told("api-token");
    expect(good).toMatchObject({ code: 0, tokens: [{ name: "api-token", verdict: "accepted" }] });
    expect(good.tokens[0]?.scopes).toContain("read:repository:bitbucket");
    const both = await told("--repository", "acme/site");
    expect(both.code).toBe(1);
    expect(both.tokens.map(({ verdict }) => verdict)).toEqual(["accepted", "refused"]);
    plantList(box);
    const none = await token(box, ["check", "--json"]);
    expect({ code: none.code, tokens: JSON.parse(none.stdout).tokens }).toEqual({ code: 0, tokens: [] });
  });

  test("a token that was damaged where it is kept is seen without asking", async () => {
    const box = await withTokens("api-token");
    const kept = ".local/share/git-rekey/tokens/api-token-1";
    box.write(kept, `${box.read(kept).slice(0, 60)}\n`, 0o600);
    const ran = await token(box, ["check"]);
    expect(ran.code).toBe(1);
    expect(ran.stdout.replace(/\s+/g, " ")).toContain(
      "✗ the token as it is kept here is refused: this cannot be the token: it ends before its checksum",
    );
  });

  test("a repository's own settings steer nothing", async () => {
    const box = await withTokens("api-token");
    await box.git(["config", "http.proxy", "http://127.0.0.1:9"], { cwd: "site" });
    await box.git(["config", "http.sslVerify", "false"], { cwd: "site" });
    const before = kept(box);
    expect((await token(box, ["check"])).code).toBe(0);
    expect(kept(box)).toEqual(before);
  });
});
