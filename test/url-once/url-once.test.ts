/** A token in a URL for one operation: it is out again however that operation ends. */
import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import type { EmulatedSandbox } from "../sandbox.ts";
import { withEmulator } from "../sandbox.ts";
import { CTRL_C, ENTER, type Ended, Session } from "../terminal/session.ts";

const URL = "https://ana@bitbucket.org/acme/site.git";

const CONFIG = "site/.git/config";
const QUESTION = "Put a token into the URL for one operation? [y/N] ";
const WAITS = "Press Enter when the program has finished: ";

async function withSite(url: (box: EmulatedSandbox) => string = () => URL): Promise<EmulatedSandbox> {
  const box = await withEmulator();
  await box.git(["init", "--quiet", "--initial-branch=main", "site"]);
  await box.git(["remote", "add", "origin", url(box)], { cwd: "site" });
  box.write(".gitconfig", "[credential]\n\thelper = store\n");
  return box;
}

const config = (box: EmulatedSandbox) => ({ [CONFIG]: box.snapshot("site/.git").config });

/** A person who agrees, and hands over the token. */
async function begin(box: EmulatedSandbox, command: readonly string[] = []): Promise<Session> {
  const words = command.length > 0 ? ["--", ...command] : [];
  const script = 'echo $$ > "$HOME/pid"; exec git-rekey fix --with url-once "$@"';
  const at = new Session(box, ["sh", "-c", script, "sh", ...words]);
  await at.answer(QUESTION, `y${ENTER}`);
  await at.answer("nothing is shown): ", box.emulator.secret("api-token") + ENTER);
  return at;
}

async function waiting(box: EmulatedSandbox): Promise<Session> {
  const at = await begin(box);
  await at.until(WAITS);
  return at;
}

/** The files that hold the token, wherever they are. */
async function held(box: EmulatedSandbox): Promise<string[]> {
  const secret = box.emulator.secret("api-token");
  const found = await Promise.all(
    [secret, encodeURIComponent(secret)].map((text) => box.run(["grep", "-rlF", "--", text, box.root])),
  );
  return [...new Set(found.flatMap(({ stdout }) => stdout.split("\n").filter((line) => line !== "")))];
}

async function expectNowhere(box: EmulatedSandbox): Promise<void> {
  expect(await held(box)).toEqual([]);
  expect(box.exists(".local/state/git-rekey/standing")).toBe(false);
}

function toRevoke(box: EmulatedSandbox): unknown[] {
  return JSON.parse(box.read(".config/git-rekey/accounts.json")).toRevoke;
}

const clean = (ended: Ended) => ({ code: ended.code, restored: ended.restored });

describe("it is in the URL", () => {
  test("while a program works that knows nothing else, and out again after Enter", async () => {
    await using box = await withSite();
    const before = config(box);
    const at = await waiting(box);
    expect(await held(box)).toEqual([box.path(CONFIG)]);
    expect(box.snapshot("site/.git").config).toStartWith("0600 ");
    box.emulator.clearLog();
    const env = { GIT_TERMINAL_PROMPT: "0" };
    expect(await box.git(["fetch"], { cwd: "site", env })).toMatchObject({ code: 0 });
    expect(box.emulator.sawSecret("api-token")).toBe(true);
    at.type(ENTER);
    const ended = await at.ended();
    expect(clean(ended)).toEqual({ code: 0, restored: true });
    expect(ended.screen).toContain("Git itself shows that URL, with the token in it, to other processes");
    expect(ended.screen).toContain("hint: revoke the token now: https://id.atlassian.com/");
    expect(config(box)).toEqual(before);
    // The helper that keeps every password that worked was not given this one.
    expect(existsSync(box.path(".git-credentials"))).toBe(false);
    await expectNowhere(box);
    expect(toRevoke(box)).toMatchObject([{ kind: "api-token", name: "once in a URL of acme/site" }]);
    expect((await box.rekey(["undo", "--list"])).stdout).toContain("rolled-back");
  });

  test("for one command, with its code", async () => {
    await using box = await withSite();
    const before = config(box);
    const fetched = await begin(box, ["git", "fetch", "--quiet", "origin"]);
    expect(clean(await fetched.ended())).toEqual({ code: 0, restored: true });
    expect(box.emulator.sawSecret("api-token")).toBe(true);
    expect(await box.git(["rev-parse", "--verify", "origin/main"], { cwd: "site" })).toMatchObject({
      code: 0,
    });
    const failed = await begin(box, ["sh", "-c", "exit 9"]);
    expect(clean(await failed.ended())).toEqual({ code: 9, restored: true });
    const missing = await begin(box, ["no-such-program"]);
    expect(clean(await missing.ended())).toEqual({ code: 2, restored: true });
    expect(config(box)).toEqual(before);
    await expectNowhere(box);
  });

  test("in the repository that is named, wherever the command goes", async () => {
    await using box = await withSite();
    const script = 'cd "$HOME"; exec git-rekey fix --with url-once site -- git -C site fetch --quiet';
    const at = new Session(box, ["sh", "-c", script]);
    await at.answer(QUESTION, `y${ENTER}`);
    await at.answer("nothing is shown): ", box.emulator.secret("api-token") + ENTER);
    expect(clean(await at.ended())).toEqual({ code: 0, restored: true });
    expect(box.emulator.sawSecret("api-token")).toBe(true);
    await expectNowhere(box);
  });

  test("and doctor says so", async () => {
    await using box = await withSite();
    const at = await waiting(box);
    const { code, stdout } = await box.rekey(["doctor", "--json"], { cwd: "site" });
    expect(code).toBe(1);
    const found = JSON.parse(stdout).findings.find(({ id }: { id: string }) => id === "url-once-stands");
    expect(found).toMatchObject({ severity: "error", location: { file: box.path(CONFIG) } });
    expect(stdout).not.toContain(box.emulator.secret("api-token"));
    at.type(ENTER);
    await at.ended();
    const after = await box.rekey(["doctor", "--json"], { cwd: "site" });
    expect(after.stdout).not.toContain('"id": "url-once-stands"');
  });

  test("a dead app password there is not put back", async () => {
    await using box = await withSite((one) => one.urlWith("ana", "app-password"));
    const before = config(box);
    const at = await waiting(box);
    at.type(ENTER);
    expect(clean(await at.ended())).toEqual({ code: 0, restored: true });
    expect(box.read(CONFIG)).toContain(`url = ${URL}\n`);
    await expectNowhere(box);
    expect(await box.rekey(["undo", "--yes"])).toMatchObject({ code: 0 });
    expect(config(box)).toEqual(before);
    await expectNowhere(box);
  });
});

describe("it is out again", () => {
  test("after Ctrl-C at the question", async () => {
    await using box = await withSite();
    const before = config(box);
    const at = await waiting(box);
    at.type(CTRL_C);
    expect(clean(await at.ended())).toEqual({ code: 130, restored: true });
    expect(config(box)).toEqual(before);
    await expectNowhere(box);
  });

  test("after Ctrl-C while the command works", async () => {
    await using box = await withSite();
    const before = config(box);
    // Not one long sleep: a shell that hears Ctrl-C just before it starts that one waits for it to end.
    const at = await begin(box, ["sh", "-c", "while :; do echo at work; sleep 0.1; done"]);
    await at.until("at work");
    at.type(CTRL_C);
    expect(clean(await at.ended())).toEqual({ code: 130, restored: true });
    expect(config(box)).toEqual(before);
    await expectNowhere(box);
  });

  test.each([
    ["SIGTERM", 15],
    ["SIGHUP", 1],
  ] as const)("after %s", async (signal, number) => {
    await using box = await withSite();
    const before = config(box);
    const at = await waiting(box);
    process.kill(Number(box.read("pid")), signal);
    expect(clean(await at.ended())).toEqual({ code: 128 + number, restored: true });
    expect(config(box)).toEqual(before);
    await expectNowhere(box);
  });

  test.each([
    ["the helper", ["git-credential-rekey", "get"], 0],
    ["doctor", ["git-rekey", "doctor", "--offline", "site"], 3],
    ["undo", ["git-rekey", "undo", "--list"], 0],
  ])("after SIGKILL, as soon as %s is called", async (_, argv, code) => {
    await using box = await withSite();
    const before = config(box);
    const at = await waiting(box);
    process.kill(Number(box.read("pid")), "SIGKILL");
    expect((await at.ended()).code).toBe(128 + 9);
    expect(await held(box)).toEqual([box.path(CONFIG)]);
    const next = await box.run(argv, { stdin: "\n" });
    expect(next.code).toBe(code);
    expect(next.stderr).toMatch(
      /^git-rekey: a command that was killed had left a token in .*; it is taken out again, revoke it: .*\n/,
    );
    expect(config(box)).toEqual(before);
    await expectNowhere(box);
    expect(toRevoke(box)).toHaveLength(1);
    // Said once, done once; and no undo brings the token back.
    expect((await box.rekey(["undo", "--list"])).stderr).toBe("");
    for (const id of ["2", "3"]) await box.rekey(["undo", "--yes", id]);
    await expectNowhere(box);
    expect(config(box)).toEqual(before);
  });

  test("while it waits, other calls leave it alone", async () => {
    await using box = await withSite();
    const at = await waiting(box);
    await box.run(["git-credential-rekey", "get"], { stdin: "\n" });
    await box.rekey(["undo", "--list"]);
    expect(await held(box)).toEqual([box.path(CONFIG)]);
    expect((await box.rekey(["undo", "--yes", "1"])).code).toBe(2);
    at.type(ENTER);
    await at.ended();
    await expectNowhere(box);
  });

  test("when git holds the lock: it says so, and the next call does it", async () => {
    await using box = await withSite();
    const before = config(box);
    const at = await waiting(box);
    box.write(`${CONFIG}.lock`, "");
    at.type(ENTER);
    const ended = await at.ended();
    expect(ended.code).toBe(1);
    expect(ended.screen).toContain("git-rekey: the token is still in the URL");
    const tried = await box.rekey(["undo", "--list"]);
    expect(tried.stderr).toContain("it is still there");
    await box.run(["rm", box.path(`${CONFIG}.lock`)]);
    await box.rekey(["undo", "--list"]);
    expect(config(box)).toEqual(before);
    await expectNowhere(box);
  });
});

describe("somebody writes to the file meanwhile", () => {
  test("another setting stays, the token goes", async () => {
    await using box = await withSite();
    const at = await waiting(box);
    await box.git(["config", "user.name", "Ana"], { cwd: "site" });
    await box.git(["remote", "rename", "origin", "upstream"], { cwd: "site" });
    at.type(ENTER);
    expect(clean(await at.ended())).toEqual({ code: 0, restored: true });
    expect((await box.git(["config", "user.name"], { cwd: "site" })).stdout).toBe("Ana\n");
    expect((await box.git(["remote", "get-url", "upstream"], { cwd: "site" })).stdout).toBe(`${URL}\n`);
    expect(box.read(CONFIG)).not.toContain("credential");
    expect(box.snapshot("site/.git").config).toStartWith("0644 ");
    await expectNowhere(box);
  });

  test("another URL stays, and is said", async () => {
    await using box = await withSite();
    const at = await waiting(box);
    await box.git(["remote", "set-url", "origin", "https://bitbucket.org/acme/docs.git"], { cwd: "site" });
    at.type(ENTER);
    const ended = await at.ended();
    expect(clean(ended)).toEqual({ code: 1, restored: true });
    expect(ended.screen).toContain("somebody has changed the URL");
    expect((await box.git(["remote", "get-url", "origin"], { cwd: "site" })).stdout).toBe(
      "https://bitbucket.org/acme/docs.git\n",
    );
    await expectNowhere(box);
  });

  test("the same after SIGKILL", async () => {
    await using box = await withSite();
    const at = await waiting(box);
    await box.git(["config", "user.name", "Ana"], { cwd: "site" });
    process.kill(Number(box.read("pid")), "SIGKILL");
    await at.ended();
    await box.rekey(["undo", "--list"]);
    expect((await box.git(["remote", "get-url", "origin"], { cwd: "site" })).stdout).toBe(`${URL}\n`);
    expect((await box.git(["config", "user.name"], { cwd: "site" })).stdout).toBe("Ana\n");
    await expectNowhere(box);
  });
});

/** `part` is to become `acme/guarded`, by a relative URL, which git completes from the remote's and writes down. */
async function withSubmodule(): Promise<EmulatedSandbox> {
  const box = await withSite();
  const commit = await box.emulator.pushCommit("acme/guarded");
  box.write("site/.gitmodules", '[submodule "a/part"]\n\tpath = part\n\turl = ../guarded.git\n');
  await box.git(["update-index", "--add", "--cacheinfo", `160000,${commit},part`], { cwd: "site" });
  return box;
}

const UPDATE = ["git", "submodule", "--quiet", "update", "--init"];

async function expectSafeSubmodule(box: EmulatedSandbox): Promise<void> {
  await expectNowhere(box);
  expect(existsSync(box.path("site/part/README.md"))).toBe(true);
  const url = "https://ana@bitbucket.org/acme/guarded.git\n";
  expect((await box.git(["config", "submodule.a/part.url"], { cwd: "site" })).stdout).toBe(url);
  expect((await box.git(["remote", "get-url", "origin"], { cwd: "site/part" })).stdout).toBe(url);
}

describe("what git makes of the URL meanwhile has no token either", () => {
  test("afterwards", async () => {
    await using box = await withSubmodule();
    const at = await begin(box, UPDATE);
    expect(clean(await at.ended())).toEqual({ code: 0, restored: true });
    await expectSafeSubmodule(box);
    expect((await box.rekey(["undo", "--list"])).stdout).not.toContain("applied");
  });

  test("after SIGKILL", async () => {
    await using box = await withSubmodule();
    const at = await waiting(box);
    expect(await box.run(UPDATE, { cwd: "site" })).toMatchObject({ code: 0 });
    process.kill(Number(box.read("pid")), "SIGKILL");
    await at.ended();
    expect(await held(box)).toHaveLength(2);
    expect((await box.rekey(["undo", "--list"])).stderr).toContain("it is taken out again");
    await expectSafeSubmodule(box);
  });

  test("as soon as that can be written to", async () => {
    await using box = await withSubmodule();
    const lock = "site/.git/modules/a/part/config.lock";
    const at = await begin(box, ["sh", "-c", `${UPDATE.join(" ")}; touch "$HOME/${lock}"`]);
    const ended = await at.ended();
    expect(ended.code).toBe(1);
    expect(ended.screen).toContain("git-rekey: the token is still in the URL");
    expect(await held(box)).toEqual([box.path("site/.git/modules/a/part/config")]);
    expect((await box.rekey(["undo", "--list"])).stderr).toContain("it is still there");
    await box.run(["rm", box.path(lock)]);
    await box.rekey(["undo", "--list"]);
    await expectSafeSubmodule(box);
  });
});

test("a repository that was moved meanwhile took the token with it, and that is said", async () => {
  await using box = await withSite();
  const at = await waiting(box);
  await box.run(["mv", box.path("site"), box.path("moved")]);
  at.type(ENTER);
  const ended = await at.ended();
  expect(clean(ended)).toEqual({ code: 1, restored: true });
  expect(ended.screen.replace(/\s+/g, " ")).toContain("if it was moved the token is still in it");
  expect(ended.screen).toContain("revoke the token now");
});

describe("what stops it before anything is changed", () => {
  test("--yes, no terminal, a dry run", async () => {
    await using box = await withSite();
    const before = config(box);
    const stdin = `${box.emulator.secret("api-token")}\n`;
    for (const [words, code, sentence] of [
      [["--yes"], 2, "not with `--yes`"],
      [["--dry-run"], 2, "makes no plan"],
      [[], 4, "no terminal"],
    ] as const) {
      const ran = await box.rekey(["fix", "--with", "url-once", ...words], { cwd: "site", stdin });
      expect(ran).toMatchObject({ code, stdout: "" });
      expect(ran.stderr).toContain(sentence);
      expect(ran.stderr).toContain("nothing has been changed");
    }
    expect(config(box)).toEqual(before);
    expect(box.emulator.log).toEqual([]);
  });

  test("n at the question, or a token that Bitbucket refuses", async () => {
    await using box = await withSite();
    const before = config(box);
    const no = new Session(box, ["git", "rekey", "fix", "--with", "url-once"]);
    await no.answer(QUESTION, `n${ENTER}`);
    expect((await no.ended()).code).toBe(130);
    const bad = new Session(box, ["git", "rekey", "fix", "--with", "url-once"]);
    await bad.answer(QUESTION, `y${ENTER}`);
    await bad.answer("nothing is shown): ", box.emulator.secret("api-token-revoked") + ENTER);
    expect((await bad.ended()).code).toBe(4);
    expect(config(box)).toEqual(before);
    expect(box.exists(".config/git-rekey")).toBe(false);
  });

  test("a rule that would rewrite the URL once the token is in it", async () => {
    await using box = await withSite();
    const rule = "url.https://mirror.example/.insteadOf";
    await box.git(["config", rule, "https://x-bitbucket-api-token-auth:"], { cwd: "site" });
    const before = config(box);
    const at = await begin(box, ["git", "remote", "--verbose"]);
    const { code, screen } = await at.ended();
    expect(code).toBe(4);
    expect(screen).toContain("would rewrite the URL with the token in it");
    expect(config(box)).toEqual(before);
    await expectNowhere(box);
  });

  test("a token that is in it already, for another operation", async () => {
    await using box = await withSite();
    const before = config(box);
    const at = await waiting(box);
    const second = new Session(box, ["git", "rekey", "fix", "--with", "url-once"]);
    expect((await second.ended()).screen).toContain("has a token in it, which has to be out first");
    // Whatever changes the file keeps what it was before, with the token.
    const words = ["fix", "--with", "remote", "--store", "file", "--yes", "--expires", "90d"];
    const stdin = `${box.emulator.secret("api-token")}\n`;
    const fixed = await box.rekey(words, { cwd: "site", stdin });
    expect(fixed.code).not.toBe(0);
    expect(await held(box)).toEqual([box.path(CONFIG)]);
    at.type(ENTER);
    await at.ended();
    expect(config(box)).toEqual(before);
    await expectNowhere(box);
  });

  test("no remote at Bitbucket", async () => {
    await using box = await withSite(() => "https://github.com/acme/site.git");
    const at = new Session(box, ["git", "rekey", "fix", "--with", "url-once"]);
    const { code, screen } = await at.ended();
    expect(code).toBe(2);
    expect(screen).toContain("no remote here points to bitbucket.org");
  });
});
