/** The helper as a process, asked as Git asks it and by Git itself. */
import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { mintAccessToken, mintApiToken, mintAppPassword } from "../../emulator/tokens.ts";
import { CHECKOUT, makeSandbox, type Ran, type Sandbox, withEmulator } from "../sandbox.ts";
import { ACCOUNTS_FILE, plantAccount, plantHelper, plantList } from "./accounts.ts";

const SILENT = { code: 0, signal: null, stdout: "", stderr: "" };
const REQUEST = "protocol=https\nhost=bitbucket.org\n";
const API = "x-bitbucket-api-token-auth";
const ACCESS = "x-token-auth";

const site = { workspace: "acme", repository: "site" };
const docs = { workspace: "acme", repository: "docs" };

function ask(box: Sandbox, words: string, more = "", cwd?: string): Promise<Ran> {
  const argv = ["git-credential-rekey", ...words.split(" ")];
  return box.run(argv, { stdin: `${REQUEST}${more}\n`, ...(cwd === undefined ? {} : { cwd }) });
}

const answered = (user: string, token: string): string => `username=${user}\npassword=${token}\n`;

const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

describe("without an account", () => {
  test("it answers nothing to any operation", async () => {
    await using box = makeSandbox();
    for (const words of ["get", "store", "erase", "capability", "approve", "--some option get"])
      expect(await ask(box, words), words).toEqual(SILENT);
    expect(await box.run(["git-credential-rekey"], { stdin: REQUEST })).toEqual(SILENT);
    for (const stdin of ["", "nonsense\n", `${REQUEST}\n${"x".repeat(500_000)}`])
      expect(await box.run(["git-credential-rekey", "get"], { stdin })).toEqual(SILENT);
    expect(box.exists(".config/git-rekey")).toBe(false);
    expect(box.exists(".local/state/git-rekey")).toBe(false);
  });

  test("Git goes on to the next helper", async () => {
    await using box = await withEmulator();
    const secret = encodeURIComponent(box.emulator.secret("api-token"));
    box.write(".git-credentials", `https://${API}:${secret}@bitbucket.org\n`, 0o600);
    box.write(".gitconfig", "[credential]\n\thelper = rekey\n\thelper = store\n");
    const told = await box.git(["ls-remote", "https://bitbucket.org/acme/site.git", "HEAD"]);
    expect(told).toMatchObject({ code: 0, stderr: "" });
    expect(box.emulator.sawSecret("api-token")).toBe(true);
  });

  test("it is found through a link and from any folder", async () => {
    await using box = makeSandbox();
    box.write("bin/keep", "");
    symlinkSync(join(CHECKOUT, "bin/git-credential-rekey"), box.path("bin/git-credential-mine"));
    const told = await box.run([box.path("bin/git-credential-mine"), "get"], { stdin: REQUEST, cwd: "bin" });
    expect(told).toEqual(SILENT);
  });
});

describe("get", () => {
  test("the user name that goes with the kind of token", async () => {
    await using box = makeSandbox();
    const token = mintApiToken();
    plantList(box, plantAccount(box, "ana", token, { username: "ana", email: "ana@acme.example" }));
    for (const more of ["", "username=ana\n", "username=ana@acme.example\n", `username=${API}\n`])
      expect(await ask(box, "get", more), more).toEqual({ ...SILENT, stdout: answered(API, token) });
    expect(await ask(box, "get", "username=bob\n")).toEqual(SILENT);
    const access = mintAccessToken();
    plantList(box, plantAccount(box, "acme/site", access, { kind: "access-token", reach: site }));
    const told = await ask(box, "get", "path=acme/site.git\n");
    expect(told).toEqual({ ...SILENT, stdout: answered(ACCESS, access) });
    expect(await ask(box, "get", "path=acme/docs.git\n")).toEqual(SILENT);
  });

  test("`git rekey credential get` is the same", async () => {
    await using box = makeSandbox();
    const token = mintApiToken();
    plantList(box, plantAccount(box, "ana", token));
    const told = await box.rekey(["credential", "get"], { stdin: `${REQUEST}\n` });
    expect(told).toEqual({ ...SILENT, stdout: answered(API, token) });
  });

  test("no path: the repository is found from the folder Git runs in", async () => {
    await using box = makeSandbox();
    const [one, two] = [mintAccessToken(), mintAccessToken()];
    plantList(
      box,
      plantAccount(box, "acme/site", one, { kind: "access-token", reach: site }),
      plantAccount(box, "acme/docs", two, { kind: "access-token", reach: docs }),
    );
    for (const name of ["site", "docs"]) {
      await box.git(["init", "-q", name]);
      await box.git(["-C", name, "remote", "add", "origin", `https://ana@bitbucket.org/acme/${name}.git`]);
    }
    expect((await ask(box, "get", "", "site")).stdout).toBe(answered(ACCESS, one));
    expect((await ask(box, "get", "", "docs")).stdout).toBe(answered(ACCESS, two));
    expect(await ask(box, "get")).toEqual(SILENT);
    await box.git(["-C", "site", "remote", "add", "docs", "https://bitbucket.org/acme/docs.git"]);
    const unclear = await ask(box, "get", "", "site");
    expect(unclear.stdout).toBe("");
    expect(unclear.stderr).toMatch(/^git-rekey: Git did not say which repository .*useHttpPath true.*\n$/);
  });

  test("no path, several repositories: the token for everything answers", async () => {
    await using box = makeSandbox();
    const token = mintApiToken();
    const access = mintAccessToken();
    plantList(
      box,
      plantAccount(box, "acme/docs", access, { kind: "access-token", reach: docs }),
      plantAccount(box, "ana", token),
    );
    await box.git(["init", "-q", "site"]);
    for (const name of ["site", "docs"])
      await box.git(["-C", "site", "remote", "add", name, `https://bitbucket.org/acme/${name}.git`]);
    expect(await ask(box, "get", "", "site")).toEqual({ ...SILENT, stdout: answered(API, token) });
  });

  test("expiry: told to Git, and to the person in the last two weeks", async () => {
    await using box = makeSandbox();
    const token = mintApiToken();
    const get = async (expires: string) => {
      plantList(box, plantAccount(box, "ana", token, { expires }));
      return ask(box, "get");
    };
    const far = await get(day(100));
    const seconds = Date.parse(`${day(100)}T23:59:59Z`) / 1000;
    expect(far).toEqual({ ...SILENT, stdout: `${answered(API, token)}password_expiry_utc=${seconds}\n` });
    const near = await get(day(9));
    expect(near.stdout).toContain(`password=${token}\n`);
    expect(near.stderr).toBe(
      "git-rekey: the token `ana` expires in 9 days (UTC); `git rekey token rotate ana` replaces it\n",
    );
    // The clock may be wrong: Git would throw an expired credential away, so it is not told.
    const past = await get(day(-3));
    expect(past.stdout).toBe(answered(API, token));
    expect(past.stderr).toBe(
      `git-rekey: the token \`ana\` expired on ${day(-3)} by this machine's clock; \`git rekey token rotate ana\` replaces it\n`,
    );
  });

  test("a variable and a program as places", async () => {
    await using box = makeSandbox();
    const token = mintApiToken();
    box.env.MY_TOKEN = token;
    plantList(box, plantAccount(box, "ana", "", { secret: { kind: "env", name: "MY_TOKEN" }, digest: null }));
    expect(await ask(box, "get")).toEqual({ ...SILENT, stdout: answered(API, token) });
    box.write("give it", `#!/bin/sh\necho "$PWD:$1" >>"$HOME/called"\nprintf '%s\\n' "$MY_TOKEN"\n`, 0o755);
    const argv = [box.path("give it"), "$HOME; touch x"];
    plantList(box, plantAccount(box, "ana", "", { secret: { kind: "command", argv }, digest: null }));
    box.write("repository/keep", "");
    expect(await ask(box, "get", "", "repository")).toEqual({ ...SILENT, stdout: answered(API, token) });
    // Without a shell, and not in the folder of the repository.
    expect(box.read("called")).toBe(`${box.home}:$HOME; touch x\n`);
    expect(box.exists("x")).toBe(false);
  });

  test("what a program leaves running is not waited for", async () => {
    await using box = makeSandbox();
    const token = mintApiToken();
    box.env.MY_TOKEN = token;
    const tool = box.write("tool", '#!/bin/sh\nsleep 60 &\necho $! >"$HOME/left"\necho "$MY_TOKEN"\n', 0o755);
    const secret = { kind: "command", argv: [tool] } as const;
    plantList(box, plantAccount(box, "ana", "", { secret, digest: null }));
    expect(await ask(box, "get")).toEqual({ ...SILENT, stdout: answered(API, token) });
    // It still runs, which is its own affair; here it is ours. Throws where it is gone.
    process.kill(Number(box.read("left")), "SIGKILL");
  });
});

describe("what is wrong is one sentence, and Git goes on:", () => {
  const token = mintApiToken();
  const refused = async (box: Sandbox, words: RegExp): Promise<void> => {
    const told = await ask(box, "get");
    expect(told).toMatchObject({ code: 0, stdout: "" });
    expect(told.stderr).toMatch(words);
    expect(told.stderr.split("\n")).toHaveLength(2);
    expect(told.stderr).not.toContain(token);
  };

  const files: Readonly<Record<string, [(box: Sandbox) => void, RegExp]>> = {
    "the list is open to others": [
      (box) => chmodSync(box.path(ACCOUNTS_FILE), 0o644),
      /accounts\.json` is open to others: `chmod 600 /,
    ],
    "the list is a link": [
      (box) => {
        box.write("elsewhere.json", box.read(ACCOUNTS_FILE), 0o600);
        rmSync(box.path(ACCOUNTS_FILE));
        symlinkSync(box.path("elsewhere.json"), box.path(ACCOUNTS_FILE));
      },
      /is a symbolic link/,
    ],
    "the list is a folder": [
      (box) => {
        rmSync(box.path(ACCOUNTS_FILE));
        box.write(`${ACCOUNTS_FILE}/x`, "");
      },
      /is not a file/,
    ],
    "the list is cut off": [
      (box) => box.write(ACCOUNTS_FILE, box.read(ACCOUNTS_FILE).slice(0, 80), 0o600),
      /is damaged: it is not JSON/,
    ],
    "the list is of a newer version": [
      (box) => box.write(ACCOUNTS_FILE, box.read(ACCOUNTS_FILE).replace("@1", "@7"), 0o600),
      /was written by a newer git-rekey/,
    ],
    "the token is open to others": [
      (box) => chmodSync(box.path(".local/share/git-rekey/tokens/ana-1"), 0o640),
      /could not be read: .*is open to others/,
    ],
    "the token is gone": [
      (box) => rmSync(box.path(".local/share/git-rekey/tokens/ana-1")),
      /could not be read: .*is not there/,
    ],
    "the token has two lines": [
      (box) => box.write(".local/share/git-rekey/tokens/ana-1", `${token}\n${token}\n`, 0o600),
      /gave more than one line/,
    ],
  };
  for (const [name, [damage, words]] of Object.entries(files)) {
    test(name, async () => {
      await using box = makeSandbox();
      plantList(box, plantAccount(box, "ana", token));
      damage(box);
      await refused(box, words);
    });
  }

  const programs: Readonly<Record<string, [string, RegExp]>> = {
    fails: ["echo some words >&2; exit 3", /could not be read: `.*tool` ended with 3/],
    "prints nothing": ["true", /gave nothing/],
    "prints two lines": ["echo a; echo b", /gave more than one line/],
    "prints something else": ["printf 'a\\tb\\n'", /gave something that is no token/],
    hangs: ["sleep 60", /did not answer within 1 seconds/],
  };
  for (const [name, [body, words]] of Object.entries(programs)) {
    test(`a program that ${name}`, async () => {
      await using box = makeSandbox();
      box.env.GIT_REKEY_COMMAND_TIMEOUT = "1";
      box.write("tool", `#!/bin/sh\n${body}\n`, 0o755);
      const secret = { kind: "command", argv: [box.path("tool")] } as const;
      plantList(box, plantAccount(box, "ana", "", { secret, digest: null }));
      await refused(box, words);
    });
  }

  test("a program that is not there, a variable that is not set, a keychain that is not there", async () => {
    await using box = makeSandbox();
    const with_ = (secret: Parameters<typeof plantAccount>[3]) =>
      plantList(box, plantAccount(box, "ana", "", { digest: null, ...secret }));
    with_({ secret: { kind: "command", argv: ["no-such-program"] } });
    await refused(box, /`no-such-program` cannot be started/);
    with_({ secret: { kind: "env", name: "NOT_SET" } });
    await refused(box, /`NOT_SET` is not set here/);
    with_({ secret: { kind: "keychain", name: "ana-1" } });
    await refused(box, /no keychain here/);
  });
});

describe("store and erase", () => {
  test("nothing is learnt, nothing is deleted", async () => {
    await using box = makeSandbox();
    const token = mintApiToken();
    plantList(box, plantAccount(box, "ana", token));
    const before = box.snapshot();
    const foreign = `username=ana\npassword=${mintAppPassword()}\n`;
    for (const words of ["store", "erase"]) expect(await ask(box, words, foreign)).toEqual(SILENT);
    expect(await ask(box, "erase")).toEqual(SILENT);
    expect(await ask(box, "erase", "username=ana\n")).toEqual(SILENT);
    expect(box.snapshot()).toEqual(before);
    expect(await ask(box, "erase", `username=${API}\npassword=${token}\n`)).toEqual(SILENT);
    expect((await ask(box, "get")).stdout).toBe(answered(API, token));
  });

  test("refusals are remembered until the token is accepted again", async () => {
    await using box = makeSandbox();
    const token = mintApiToken();
    plantList(box, plantAccount(box, "acme/site", token, { reach: site }));
    const used = `path=acme/site.git\nusername=${API}\npassword=${token}\n`;
    const get = () => ask(box, "get", "path=acme/site.git\n");
    for (let n = 0; n < 3; n++) {
      expect((await get()).stderr).toBe("");
      await ask(box, "erase", used);
    }
    expect((await get()).stderr).toBe(
      "git-rekey: Bitbucket has refused the token `acme/site` 3 times in a row; `git rekey doctor` says why\n",
    );
    const marks = Object.keys(box.snapshot(".local/state/git-rekey/answers"));
    expect(marks).toEqual(["acme%2Fsite.refused"]);
    expect(JSON.stringify(box.snapshot(".local/state"))).not.toContain(token);
    await ask(box, "store", used);
    expect(await get()).toEqual({ ...SILENT, stdout: answered(API, token) });
    expect(existsSync(box.path(".local/state/git-rekey/answers/acme%2Fsite.accepted"))).toBe(true);
  });
});

test("pipes in the place of what it remembers hold nobody up", async () => {
  await using box = makeSandbox();
  const token = mintApiToken();
  plantList(box, plantAccount(box, "ana", token));
  box.write(".local/state/git-rekey/answers/keep", "");
  for (const what of ["accepted", "refused"])
    await box.run(["mkfifo", box.path(`.local/state/git-rekey/answers/ana.${what}`)]);
  expect(await ask(box, "get")).toEqual({ ...SILENT, stdout: answered(API, token) });
  for (const operation of ["store", "erase"])
    expect(await ask(box, operation, `username=${API}\npassword=${token}\n`)).toEqual(SILENT);
});

test("a home that is named from the working folder is none: the list there is a repository's", async () => {
  await using box = makeSandbox();
  plantList(box, plantAccount(box, "ana", mintApiToken()));
  const gone = { XDG_CONFIG_HOME: undefined, XDG_DATA_HOME: undefined, XDG_STATE_HOME: undefined };
  const options = { stdin: `${REQUEST}\n`, cwd: box.home, env: { ...gone, HOME: "." } };
  expect(await box.run(["git-credential-rekey", "get"], options)).toEqual(SILENT);
  const told = await box.rekey(["token", "list"], options);
  expect(told).toMatchObject({ code: 2, stdout: "" });
  expect(told.stderr).toContain("HOME");
});

describe("real git", () => {
  test("signs in through the two lines, whoever the URL names, and leaves stale stores alone", async () => {
    await using box = await withEmulator();
    const token = box.emulator.secret("api-token");
    plantList(box, plantAccount(box, "ana", token, { username: "ana" }));
    const stale = `https://ana:${box.emulator.secret("app-password")}@bitbucket.org\n`;
    box.write(".git-credentials", stale, 0o600);
    plantHelper(box);
    box.write(".gitconfig", `[credential]\n\thelper = store\n${box.read(".gitconfig")}`);
    for (const user of ["", "ana@", `${API}@`]) {
      box.emulator.clearLog();
      const told = await box.git(["ls-remote", `https://${user}bitbucket.org/acme/site.git`, "HEAD"]);
      expect(told, user).toMatchObject({ code: 0, stderr: "" });
      expect(box.emulator.sawSecret("api-token")).toBe(true);
      expect(box.emulator.sawSecret("app-password")).toBe(false);
    }
    expect(box.read(".git-credentials")).toBe(stale);
  });

  test("a refused token stays, and is counted", async () => {
    await using box = await withEmulator();
    const token = box.emulator.secret("api-token-revoked");
    plantList(box, plantAccount(box, "ana", token));
    plantHelper(box);
    const told = await box.git(["ls-remote", "https://bitbucket.org/acme/site.git", "HEAD"]);
    expect(told.code).not.toBe(0);
    expect(box.exists(".local/share/git-rekey/tokens/ana-1")).toBe(true);
    expect(box.read(".local/state/git-rekey/answers/ana.refused").trim().split("\n")).toHaveLength(1);
  });
});
