/** No secret leaves by any way out: not by what is printed, not by what is kept, not by what others can see of children. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Ran } from "../sandbox.ts";
import { type Cage, leaksIn, openCage } from "./canaries.ts";

let cage: Cage;
/** Of the last command. */
let children: readonly string[] = [];
beforeAll(async () => {
  cage = await openCage();
});
afterAll(async () => {
  await cage[Symbol.asyncDispose]();
});

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The variables that held secrets before we were started; handing them on to git unchanged is what git needs. */
function isInherited(line: string): boolean {
  const at = line.indexOf("=");
  return at > 0 && cage.env[line.slice(0, at) as keyof typeof cage.env] === line.slice(at + 1);
}

/** Nothing printed, nothing in any child's argv, nothing in any child's environment that was not there before. */
function expectSilent(ran: Ran, children: readonly string[]): void {
  expect(leaksIn(ran.stdout, cage.canaries)).toEqual([]);
  expect(leaksIn(ran.stderr, cage.canaries)).toEqual([]);
  for (const child of children) {
    const ours = child
      .split("\n")
      .filter((line) => !isInherited(line))
      .join("\n");
    expect(leaksIn(ours, cage.canaries)).toEqual([]);
    expect(child).not.toMatch(/^GIT_(TRACE|CURL_VERBOSE)/m);
  }
}

async function run(argv: readonly string[], stdin = "", env: Record<string, string> = {}): Promise<Ran> {
  const ran = await cage.box.rekey(argv, { cwd: "site", stdin, env: { ...cage.env, ...env } });
  children = cage.recorded();
  expectSilent(ran, children);
  return ran;
}

const newToken = () => `${cage.box.emulator.secret("api-token")}\n`;

/** What Git and others print, with every secret in it, in several guises. */
function transcript(): string {
  const lines = cage.canaries.flatMap(({ user, secret }) => [
    `fatal: Authentication failed for 'https://${user}:${encodeURIComponent(secret)}@bitbucket.org/acme/site.git/'`,
    `fatal: unable to access 'https://${user}:${secret}@bitbucket.org/acme/site.git/': The requested URL returned error: 410`,
    `=> Send header: Authorization: Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`,
    `password=${secret}`,
  ]);
  return `${lines.join("\n")}\nremote: App passwords are deprecated and must be replaced with API tokens.\n`;
}

test("the cage is no dummy: the recorder sees every git, and a leak would be found", async () => {
  await run(["doctor", "--offline"]);
  expect(children.length).toBeGreaterThan(1);
  for (const child of children) expect(child).toMatch(/^argv: <.*\nenv:\n(.*\n)*HOME=/);
  for (const { user, secret, where } of cage.canaries) {
    const guises = [
      secret,
      encodeURIComponent(secret),
      Buffer.from(`${user}:${secret}`).toString("base64"),
      secret.slice(-12),
    ];
    for (const guise of guises.slice(0, 3)) expect(leaksIn(`x${guise}y`, cage.canaries)).toContain(where);
  }
});

describe("before the fix", () => {
  test.each([
    [["doctor"]],
    [["doctor", "--json"]],
    [["doctor", "--offline"]],
    [["doctor", "--offline", "--json"]],
    [["doctor", "--push", "--email", "ana@acme.example", "--json"]],
    [["doctor", "--trust-repository"]],
    [["doctor", "bbo:tools.git"]],
    [["doctor", "https://bitbucket.org/acme/site.git"]],
    [["fix", "--dry-run"]],
    [["fix", "--dry-run", "--json"]],
    [["fix"]],
    [[]],
    [["undo", "--list"]],
    [["undo", "--list", "--json"]],
    [["undo", "--yes"]],
    [["explain", "token-refused"]],
  ])("git rekey %j", async (argv) => {
    expect([0, 1, 2, 3, 4]).toContain((await run(argv)).code ?? -1);
  });

  test("a URL with a secret as argument", async () => {
    // Its own argv is the person's doing; nothing that follows may repeat it.
    const url = cage.box.urlWith("ana", "app-password");
    for (const argv of [
      ["doctor", url],
      ["doctor", "--json", url],
      ["doctor", url.replace("acme", "no such")],
    ])
      await run(argv);
  });

  test("explain with a transcript that is full of them", async () => {
    expect((await run(["explain"], transcript())).code).toBe(0);
    expect((await run(["explain", "--json"], transcript())).code).toBe(0);
    await run(["explain"], transcript().replaceAll("bitbucket.org", "example.org"));
  });

  test("secrets where a word, a flag or a file is expected", async () => {
    for (const { secret } of cage.canaries.slice(0, 3)) {
      await run(["explain", secret]);
      await run([secret]);
      await run(["undo", secret]);
      await run(["apply", secret]);
      await run(["fix", "--accept", secret, "--yes"], newToken());
      await run(["fix", "--store", secret]);
      await run(["doctor", `--${secret}`]);
      await run(["doctor", "--email", secret]);
      await run(["doctor", `/${secret}`]);
    }
  });

  test("tokens on stdin that are refused, by us or by Bitbucket", async () => {
    const { emulator } = cage.box;
    const wrong = [
      "app-password",
      "account-password",
      "data-center",
      "api-token-revoked",
      "api-token-unscoped",
    ];
    for (const label of wrong) {
      const secret = emulator.secret(label);
      const ran = await run(["fix", "--yes"], `${secret}\n`);
      expect(ran.code).not.toBe(0);
      expect(leaksIn(ran.stdout + ran.stderr, [{ where: label, user: "ana", secret }])).toEqual([]);
    }
  });

  test("a plan file", async () => {
    await run(["fix", "--plan-out", "../plan.json"]);
    expect(leaksIn(cage.box.read("plan.json"), cage.canaries)).toEqual([]);
    await run(["fix", "--plan-out", "../plan.json"]);
    await run(["apply", "../plan.json"]);
  });

  test("faults of the line", async () => {
    const { switches } = cage.box.emulator;
    for (const fault of [
      { kind: "status", status: 500 },
      { kind: "connect-refused", status: 407 },
      { kind: "tls", problem: "untrusted" },
      { kind: "unreachable" },
    ] as const) {
      switches.faults = [fault];
      await run(["doctor", "--json"]);
      await run(["fix", "--yes"], newToken());
    }
    switches.faults = [];
  });

  test("a failure of its own", async () => {
    cage.box.write("closed", "a file where a folder should be");
    const nowhere = { XDG_STATE_HOME: cage.box.path("closed") };
    expect((await run(["undo", "--list"], "", nowhere)).code).toBeOneOf([0, 2]);
    expect((await run(["fix", "--yes"], newToken(), nowhere)).code).not.toBe(0);
    expect(
      (await run(["doctor"], "", { PATH: "/nowhere:/usr/bin:/bin", GIT_SSL_CAINFO: "/nowhere" })).code,
    ).not.toBe(0);
  });
});

describe("the fix and what it leaves", () => {
  const state = () => cage.box.path(".local/state/git-rekey");

  /** All but the backups, which must hold what was there. */
  function expectKept(): void {
    for (const file of filesUnder(state())) {
      const isBackup = file.includes("/backups/");
      if (!isBackup)
        expect({ file, leaks: leaksIn(readFileSync(file, "latin1"), cage.canaries) }).toEqual({
          file,
          leaks: [],
        });
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(statSync(join(file, "..")).mode & 0o777).toBe(0o700);
    }
    expect(statSync(state()).mode & 0o777).toBe(0o700);
  }

  test("a proof that fails is rolled back in silence", async () => {
    cage.box.emulator.switches.faults = [
      { kind: "slow", milliseconds: 0, times: 9 },
      { kind: "status", status: 503 },
    ];
    const ran = await run(["fix", "--yes"], newToken());
    cage.box.emulator.switches.faults = [];
    expect(ran.code).not.toBe(0);
  });

  test("fix --yes, undo, fix --yes --json, undo --json, apply", async () => {
    const fixed = await run(["fix", "--yes"], newToken());
    expect(fixed.code).toBe(0);
    expectKept();
    expect((await run(["undo", "--yes"])).code).toBe(0);
    expect((await run(["fix", "--yes", "--json"], newToken())).code).toBe(0);
    await run(["undo", "--list"]);
    await run(["undo", "--list", "--json"]);
    expect((await run(["undo", "--yes", "--json"])).code).toBe(0);
    expect((await run(["apply", "--yes", "../plan.json"], newToken())).code).toBe(0);
    expectKept();
    expect((await run(["doctor", "--json"])).code).toBeOneOf([0, 1]);
  });

  test("git-rekey's own helper: the fix, the doctor after it, the undo", async () => {
    expect((await run(["undo", "--yes"])).code).toBe(0);
    await run(["fix", "--with", "helper", "--store", "file", "--dry-run", "--json"]);
    const fixed = await run(["fix", "--yes", "--with", "helper", "--store", "file"], newToken());
    expect(fixed.code).toBe(0);
    expectKept();
    await run(["doctor"]);
    await run(["doctor", "--json"]);
    const list = cage.box.read(".config/git-rekey/accounts.json");
    expect(leaksIn(list, cage.canaries)).toEqual([]);
    expect((await run(["undo", "--yes", "--json"])).code).toBe(0);
    cage.box.write("token", newToken(), 0o600);
    const command = `command:cat ${cage.box.path("token")}`;
    expect((await run(["fix", "--yes", "--json", "--store", command])).code).toBe(0);
    await run(["doctor", "--json"]);
    expectKept();
  });

  test("an access token: refused, in a file of its own, in git-rekey's care, from a program", async () => {
    expect((await run(["undo", "--yes"])).code).toBe(0);
    const { emulator } = cage.box;
    const way = ["fix", "--yes", "--with", "access-token"];
    expect((await run(way, emulator.secret("repository-token-docs"))).code).toBe(4);
    expect((await run(way, emulator.secret("repository-token").slice(0, -9))).code).toBe(4);
    for (const store of ["git-store", "file"]) {
      const fixed = await run([...way, "--store", store, "--json"], emulator.secret("project-token"));
      expect(fixed.code, fixed.stderr).toBe(0);
      expectKept();
      await run(["doctor"]);
      await run(["doctor", "--json"]);
      expect((await run(["undo", "--yes"])).code).toBe(0);
    }
    const kept = cage.box.write("token", emulator.secret("repository-token"), 0o600);
    expect((await run([...way, "--store", `command:cat ${kept}`])).code).toBe(0);
    await run(["token", "check"]);
    expectKept();
  });

  test("a receipt folder that cannot be read", async () => {
    await cage.box.run([
      "sh",
      "-c",
      `for f in '${state()}'/receipts/*; do echo broken > "$f/receipt.json"; done`,
    ]);
    expect((await run(["undo", "--list"])).code).toBeOneOf([0, 2]);
    await run(["undo", "--yes"]);
    await cage.box.run(["chmod", "755", state()]);
    expect((await run(["undo", "--list"])).code).toBe(2);
  });
});
