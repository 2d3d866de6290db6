/** How a run begins and ends: git's own code, signals, and nothing left in any case. */
import { describe, expect, test } from "bun:test";
import { plantAccount, plantList } from "../helper/accounts.ts";
import type { EmulatedSandbox, Ran } from "../sandbox.ts";
import { withEmulator } from "../sandbox.ts";
import { CTRL_C, ENTER, Session } from "../terminal/session.ts";
import {
  belongings,
  cloneSite,
  commit,
  credentialsSeen,
  leftovers,
  plantHook,
  run,
  withAccount,
} from "./scene.ts";

const standing = (box: EmulatedSandbox) => box.exists(".local/state/git-rekey/standing");

async function expectClean(box: EmulatedSandbox): Promise<void> {
  expect(leftovers(box)).toEqual([]);
  expect(standing(box)).toBe(false);
}

describe("git is as it would be alone", () => {
  test("its code, its words and its pipes", async () => {
    await using box = await withAccount();
    await cloneSite(box);
    const inSite = { cwd: "site" };
    expect(await run(box, ["rev-parse", "--verify", "--quiet", "no-such-thing"], inSite)).toMatchObject({
      code: 1,
      stdout: "",
      stderr: "",
    });
    expect(await run(box, ["fetch", "nowhere"], inSite)).toMatchObject({ code: 128 });
    expect(await run(box, ["no-such-command"], inSite)).toMatchObject({ code: 1 });
    const hashed = await run(box, ["hash-object", "--stdin"], { ...inSite, stdin: "words\n" });
    expect(hashed.stdout).toBe((await box.git(["hash-object", "--stdin"], { stdin: "words\n" })).stdout);
    expect(await run(box, ["-C", "site", "-c", "a.b=c", "config", "a.b"])).toMatchObject({
      code: 0,
      stdout: "c\n",
    });
    await expectClean(box);
  });

  test("without `--` before plain words, and under git's own name", async () => {
    await using box = await withAccount();
    await cloneSite(box);
    expect(await box.rekey(["run", "git", "fetch"], { cwd: "site" })).toMatchObject({ code: 0 });
    expect(await box.git(["rekey", "run", "--", "git", "fetch"], { cwd: "site" })).toMatchObject({ code: 0 });
    expect(credentialsSeen(box)).toEqual(["api-token"]);
  });
});

/** As long as its git is there, or until it is told: what a killed git leaves running would keep the test's pipes open. */
const WAIT = 'while [ ! -e "$HOME/over" ] && kill -0 $PPID 2> /dev/null; do sleep 0.05; done';

/** Starts a push whose hook waits, and gives the hook's word that it is there. */
async function startPush(box: EmulatedSandbox): Promise<{ ran: Promise<Ran>; pid: number }> {
  plantHook(box, "pre-push", `touch "$HOME/there"; ${WAIT}`);
  await commit(box);
  const script = 'echo $$ > "$HOME/pid"; exec git-rekey run -- git push origin HEAD';
  const ran = box.run(["sh", "-c", script], { cwd: "site" });
  while (!box.exists("there")) await Bun.sleep(10);
  return { ran, pid: Number(box.read("pid")) };
}

describe("a signal ends both, and nothing is left", () => {
  test.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)("%s", async (signal) => {
    await using box = await withAccount();
    await cloneSite(box);
    const { ran, pid } = await startPush(box);
    expect(leftovers(box)).toHaveLength(1);
    process.kill(pid, signal);
    expect(await ran).toMatchObject({ signal });
    await expectClean(box);
  });

  test("Ctrl-C at a terminal", async () => {
    await using box = await withAccount();
    await cloneSite(box);
    plantHook(box, "pre-push", `echo waiting; ${WAIT}`);
    await commit(box);
    const at = new Session(box, ["git", "rekey", "run", "--", "git", "push", "origin", "HEAD"]);
    await at.until("waiting");
    at.type(CTRL_C);
    expect(await at.ended()).toMatchObject({ code: 130, restored: true });
    await expectClean(box);
  });

  test.each([
    ["the helper", ["git-credential-rekey", "get"]],
    ["any command", ["git-rekey", "undo", "--list"]],
    ["another run", ["git-rekey", "run", "--", "git", "--version"]],
  ])("after SIGKILL %s puts it right", async (_, argv) => {
    await using box = await withAccount();
    await cloneSite(box);
    const before = belongings(box);
    const { ran, pid } = await startPush(box);
    process.kill(pid, "SIGKILL");
    box.write("over", "");
    expect(await ran).toMatchObject({ signal: "SIGKILL" });
    expect(leftovers(box)).toHaveLength(1);
    const secret = box.emulator.secret("api-token");
    const held = await box.run(["grep", "-r", "-l", secret, box.env.TMPDIR ?? ""]);
    expect(held.stdout).toBe("");
    expect(await box.run(argv, { stdin: "\n" })).toMatchObject({ code: 0 });
    await expectClean(box);
    const { there: _there, pid: _pid, over: _over, ...after } = belongings(box);
    expect(after).toEqual(before);
  });

  test("a run that is at work is left alone", async () => {
    await using box = await withAccount();
    await cloneSite(box);
    const { ran, pid } = await startPush(box);
    await box.run(["git-credential-rekey", "get"], { stdin: "\n" });
    await box.rekey(["undo", "--list"]);
    expect(leftovers(box)).toHaveLength(1);
    expect(standing(box)).toBe(true);
    process.kill(pid, "SIGTERM");
    await ran;
    await expectClean(box);
  });

  test("what a note names and is no run's folder stays", async () => {
    await using box = await withAccount();
    box.write("mine/file", "mine\n");
    const note = (path: string) =>
      `${JSON.stringify({ schema: "git-rekey/standing@1", pid: 1 << 22, began: "1", host: "", at: "2026-01-01T00:00:00Z", left: { kind: "folder", path } })}\n`;
    box.write(".local/state/git-rekey/standing/1.json", note(box.path("mine")), 0o600);
    box.write(".local/state/git-rekey/standing/2.json", "{ torn", 0o600);
    await box.run(["chmod", "-R", "go-rwx", box.path(".local/state")]);
    expect(await box.rekey(["undo", "--list"])).toMatchObject({ code: 0 });
    expect(box.read("mine/file")).toBe("mine\n");
  });
});

describe("what stops it before anything is run", () => {
  const stopped = (code: number, ...words: (string | RegExp)[]) => ({ code, words });

  async function expectStop(
    box: EmulatedSandbox,
    ran: Ran,
    { code, words }: ReturnType<typeof stopped>,
  ): Promise<void> {
    expect(ran).toMatchObject({ code, stdout: "" });
    for (const word of words) expect(ran.stderr).toMatch(word);
    expect(ran.stderr).toContain("nothing was run");
    expect(box.emulator.log).toEqual([]);
    await expectClean(box);
  }

  test("other words than git's", async () => {
    await using box = await withAccount();
    for (const words of [[], ["--", "npm", "install"], ["--", "/usr/bin/git", "fetch"], ["svn"]])
      await expectStop(
        box,
        await box.rekey(["run", ...words]),
        stopped(2, "takes a git command and no other", "hint: "),
      );
  });

  test("an account nobody has", async () => {
    await using box = await withAccount();
    await expectStop(
      box,
      await box.rekey(["run", "--account", "bob", "--", "git", "fetch"]),
      stopped(2, "no account `bob`"),
    );
  });

  test("no account and no terminal", async () => {
    await using box = await withEmulator();
    const ran = await run(box, ["clone", "https://bitbucket.org/acme/site.git"], {
      stdin: `${box.emulator.secret("api-token")}\n`,
    });
    await expectStop(box, ran, stopped(4, "no account here is for `acme/site`", "no terminal"));
  });

  test("an account that is somebody else's", async () => {
    await using box = await withAccount();
    const list = JSON.parse(box.read(".config/git-rekey/accounts.json"));
    list.accounts[0].username = "ana";
    box.write(".config/git-rekey/accounts.json", JSON.stringify(list), 0o600);
    const ran = await run(box, ["clone", "https://bob@bitbucket.org/acme/site.git"]);
    await expectStop(box, ran, stopped(4, "no account here"));
    const named = await box.rekey([
      "run",
      "--account",
      "ana",
      "--",
      "git",
      "clone",
      "https://bob@bitbucket.org/acme/site.git",
    ]);
    expect(named).toMatchObject({ code: 0 });
  });

  test("a password in a remote's URL, in a rewriting rule, or in the command", async () => {
    await using box = await withAccount();
    await cloneSite(box);
    const secret = box.urlWith("ana", "app-password");
    await box.git(["remote", "add", "old", secret], { cwd: "site" });
    const inSite = { cwd: "site" };
    await expectStop(
      box,
      await run(box, ["fetch", "old"], inSite),
      stopped(4, "`remote.old.url` carries a password", "git rekey fix"),
    );
    await expectStop(box, await run(box, ["fetch", "--all"], inSite), stopped(4, "`remote.old.url`"));
    expect(await run(box, ["fetch", "origin"], inSite)).toMatchObject({ code: 0 });
    box.emulator.clearLog();
    const typed = await run(box, ["clone", secret, "copy"]);
    await expectStop(box, typed, stopped(4, "the URL in the command carries a password"));
    expect(typed.stderr).not.toContain(box.emulator.secret("app-password"));
    box.write(".gitconfig", `[url "${secret.replace("acme/site.git", "")}"]\n\tinsteadOf = bb:\n`);
    await expectStop(
      box,
      await run(box, ["clone", "bb:acme/site.git", "copy"]),
      stopped(4, "insteadof` carries a password"),
    );
  });

  test("a helper or a header that the command itself brings", async () => {
    await using box = await withAccount();
    await cloneSite(box);
    const inSite = { cwd: "site" };
    const helper = await run(box, ["-c", "credential.helper=store", "fetch"], inSite);
    await expectStop(box, helper, stopped(4, "`store` would be given the token to keep"));
    const url = "https://bitbucket.org/acme/site.git";
    const option = `http.${url}.extraHeader=Authorization: Basic YTpi`;
    const header = await run(box, ["-c", option, "fetch"], inSite);
    await expectStop(box, header, stopped(4, "Authorization header"));
    // The same from around it: `git -c … rekey run`.
    const around = await box.git(
      ["-c", "credential.helper=store", "rekey", "run", "--", "git", "fetch"],
      inSite,
    );
    await expectStop(box, around, stopped(4, "`store` would be given"));
  });

  test("a token that is not where the account says", async () => {
    await using box = await withAccount();
    await box.run(["rm", box.path(".local/share/git-rekey/tokens/ana-1")]);
    await expectStop(
      box,
      await run(box, ["clone", "https://bitbucket.org/acme/site.git"]),
      stopped(4, "could not be read"),
    );
  });

  test("no git", async () => {
    await using box = await withAccount();
    const program = Bun.which("git-rekey", { PATH: box.env.PATH ?? "" }) ?? "";
    const ran = await box.run([program, "run", "--", "git", "fetch"], { env: { PATH: "/nowhere" } });
    expect(ran.code).not.toBe(0);
    await expectClean(box);
  });
});

describe("the token", () => {
  test("without an account is asked for at the terminal, and kept nowhere", async () => {
    await using box = await withEmulator();
    box.write("site/.keep", "");
    const before = belongings(box);
    const argv = ["git", "rekey", "run", "--", "git", "clone", "https://bitbucket.org/acme/site.git", "copy"];
    const at = new Session(box, argv, { cwd: "." });
    await at.answer("nothing is shown): ", box.emulator.secret("api-token") + ENTER);
    expect(await at.ended()).toMatchObject({ code: 0, restored: true });
    expect(box.exists("copy/README.md")).toBe(true);
    expect(credentialsSeen(box)).toEqual(["api-token"]);
    expect(belongings(box)).toEqual(before);
    const held = await box.run(["grep", "-r", "-l", box.emulator.secret("api-token"), box.root]);
    expect(held.stdout).toBe("");
    await expectClean(box);
  });

  test("of several accounts is the one for the repository that is asked about", async () => {
    await using box = await withEmulator();
    const reach = { workspace: "acme", repository: "site" };
    const access = box.emulator.secret("repository-token");
    plantList(
      box,
      plantAccount(box, "ana", box.emulator.secret("api-token")),
      plantAccount(box, "acme/site", access, { kind: "access-token", reach }),
    );
    await cloneSite(box);
    await box.git(["remote", "add", "tools", "https://bitbucket.org/other/tools.git"], { cwd: "site" });
    expect(await run(box, ["fetch", "--all"], { cwd: "site" })).toMatchObject({ code: 0 });
    const pairs = box.emulator.log.flatMap(({ path, credential }) =>
      credential ? [`${path.split(".git")[0]} ${credential}`] : [],
    );
    expect([...new Set(pairs)].sort()).toEqual(["/acme/site repository-token", "/other/tools api-token"]);
  });

  test("Ctrl-C at that question runs nothing", async () => {
    await using box = await withEmulator();
    const at = new Session(
      box,
      ["git", "rekey", "run", "--", "git", "clone", "https://bitbucket.org/acme/site.git"],
      { cwd: "." },
    );
    await at.answer("nothing is shown): ", CTRL_C);
    expect(await at.ended()).toMatchObject({ code: 130, restored: true });
    expect(box.emulator.log).toEqual([]);
    await expectClean(box);
  });
});
