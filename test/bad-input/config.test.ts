/** Configuration that is broken, closed, somewhere else, or written by strange hands. */
import { afterEach, describe, expect, test } from "bun:test";
import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import type { EmulatedSandbox } from "../sandbox.ts";
import { belongings, everything, storedAppPassword } from "../terminal/people.ts";
import { expectRefused, faultsIn, IS_ROOT } from "./sentence.ts";

const boxes: EmulatedSandbox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.remove();
});

async function open(): Promise<EmulatedSandbox> {
  const box = await storedAppPassword();
  boxes.push(box);
  return box;
}

const fix = (box: EmulatedSandbox, ...flags: string[]) =>
  box.rekey(["fix", "--yes", ...flags], { cwd: "site", stdin: box.emulator.secret("api-token") });
const latin1 = (file: string) => readFileSync(file, "latin1");

describe("a line that Git cannot read", () => {
  test.each([
    ["~/.gitconfig", ".gitconfig"],
    ["the repository's", "site/.git/config"],
  ])("in %s: named with its line, and nothing changed", async (_, file) => {
    const box = await open();
    box.write(file, `${box.read(file)}[credential\n\thelper = store\n`);
    const line = box.read(file).split("\n").length - 2;
    const before = everything(box);
    const doctor = await box.rekey(["doctor", "--json"], { cwd: "site" });
    expect(doctor).toMatchObject({ code: 1, stderr: "" });
    expect(faultsIn(doctor)).toEqual(["config-unreadable"]);
    expect(doctor.stdout).toContain(box.path(file));
    expect(doctor.stdout).toMatch(new RegExp(`"line": (${line}|${line + 1})`));
    expect((await fix(box)).code).toBe(4);
    expect(everything(box)).toEqual(before);
  });

  test("an include that leads nowhere is no fault, as for Git", async () => {
    const box = await open();
    box.write(".gitconfig", `${box.read(".gitconfig")}[include]\n\tpath = nowhere\n`);
    expect(faultsIn(await box.rekey(["doctor", "--json"], { cwd: "site" }))).toEqual(["app-password-sent"]);
    expect((await fix(box)).code).toBe(0);
  });
});

describe("a value at which Git ends", () => {
  const DEATHS = [
    ["[credential]", "helper"],
    ["[credential]", "username"],
    ['[credential "https://bitbucket.org"]', "helper"],
    ["[credential]", "useHttpPath = perhaps"],
    ["[http]", "sslVerify = perhaps"],
    ['[http "https://bitbucket.org"]', "sslVerify = perhaps"],
    ["[core]", "askPass"],
    ['[remote "other"]', "url"],
  ] as const;

  test.each(DEATHS)("%s %s: named with its line, and nothing changed", async (head, key) => {
    const box = await open();
    box.write(".gitconfig", `${box.read(".gitconfig")}${head}\n\t${key}\n`);
    const git = await box.git(["ls-remote", "origin"], { cwd: "site" });
    expect(git.stderr).toMatch(/bad config variable|bad boolean config value/);
    const before = everything(box);
    const doctor = await box.rekey(["doctor", "--json"], { cwd: "site" });
    expect(doctor).toMatchObject({ code: 1, stderr: "" });
    expect(faultsIn(doctor)).toEqual(["config-unreadable"]);
    expect(JSON.parse(doctor.stdout).findings[0].location).toMatchObject({
      file: box.path(".gitconfig"),
      line: box.read(".gitconfig").split("\n").length - 1,
    });
    expect((await fix(box)).code).toBe(4);
    expect(everything(box)).toEqual(before);
  });

  test("from a variable: said without a file", async () => {
    const box = await open();
    const env = {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "http.sslVerify",
      GIT_CONFIG_VALUE_0: "perhaps",
    };
    const doctor = await box.rekey(["doctor"], { cwd: "site", env });
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toContain("config-unreadable");
    expect(doctor.stdout).toContain("GIT_CONFIG_");
  });

  test("a line that Git never comes to is no fault", async () => {
    const box = await open();
    const other = '[credential "https://git.acme.example"]\n\thelper\n';
    box.write(".gitconfig", `${box.read(".gitconfig")}${other}`);
    expect(faultsIn(await box.rekey(["doctor", "--json"], { cwd: "site" }))).toEqual(["app-password-sent"]);
    box.write(".gitconfig", `${box.read(".gitconfig")}[credential]\n\thelper\n`);
    await box.git(["remote", "set-url", "origin", "https://bitbucket.org/acme/docs.git"], { cwd: "site" });
    expect(await box.git(["ls-remote", "origin"], { cwd: "site" })).toMatchObject({ code: 0 });
    expect(await box.rekey(["doctor", "--json"], { cwd: "site" })).toMatchObject({ code: 0 });
  });
});

describe("a file that this user may not read", () => {
  const asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  const canDrop = IS_ROOT && Bun.which("setpriv") !== null;

  test.skipIf(!canDrop)("~/.gitconfig (skipped where users cannot be changed)", async () => {
    const box = await open();
    await box.run(["chown", "-R", "65534:65534", box.root]);
    await box.run(["chmod", "644", box.emulator.caFile]);
    await box.run(["chmod", "755", box.emulator.caFile.replace(/\/[^/]*$/, "")]);
    await box.run(["chown", "0:0", box.path(".gitconfig")]);
    await box.run(["chmod", "600", box.path(".gitconfig")]);
    const ran = await box.run([...asNobody, "git-rekey", "doctor", "--json"], { cwd: "site" });
    expect(ran).toMatchObject({ code: 1, stderr: "" });
    expect(faultsIn(ran)).toContain("config-unreadable");
    expect(ran.stdout).toContain(box.path(".gitconfig"));
  });
});

describe("files that are links into a folder of dotfiles", () => {
  test("the link stays, its target is edited, and undone", async () => {
    const box = await open();
    mkdirSync(box.path("dotfiles"));
    for (const name of [".gitconfig", ".git-credentials"]) {
      writeFileSync(box.path("dotfiles", name), box.read(name), { mode: 0o600 });
      await box.run(["ln", "-sf", `dotfiles/${name}`, box.path(name)]);
    }
    mkdirSync(box.path("real"));
    await box.run(["mv", "site/.git/config", "real/config"]);
    symlinkSync("../../real/config", box.path("site/.git/config"));
    const before = belongings(box);
    expect(await fix(box)).toMatchObject({ code: 0 });
    for (const name of [".gitconfig", ".git-credentials", "site/.git/config"])
      expect(lstatSync(box.path(name)).isSymbolicLink()).toBe(true);
    expect(decodeURIComponent(box.read("dotfiles/.git-credentials"))).toContain(
      box.emulator.secret("api-token"),
    );
    expect(box.read("real/config")).toContain("x-bitbucket-api-token-auth@");
    expect(await box.rekey(["undo", "--yes"])).toMatchObject({ code: 0 });
    expect(belongings(box)).toEqual(before);
  });

  test("a link to itself", async () => {
    const box = await open();
    await box.run(["rm", ".git-credentials"]);
    symlinkSync(".git-credentials", box.path(".git-credentials"));
    const before = belongings(box);
    const ran = await fix(box);
    expect([1, 2, 4]).toContain(ran.code ?? 0);
    expect(ran.stderr).toContain(".git-credentials");
    expect(belongings(box)).toEqual(before);
  });
});

describe("bytes of other systems and other times stay as they are", () => {
  test("CRLF in the repository's configuration", async () => {
    const box = await open();
    const crlf = box.read("site/.git/config").replaceAll("\n", "\r\n");
    writeFileSync(box.path("site/.git/config"), crlf);
    expect(await fix(box)).toMatchObject({ code: 0 });
    const after = latin1(box.path("site/.git/config"));
    const untouched = (text: string) => text.split("\n").filter((line) => !line.includes("url = "));
    expect(untouched(after)).toEqual(untouched(crlf));
    expect(after.match(/(?<!\r)\n/g)).toBeNull();
    expect(await box.rekey(["undo", "--yes"])).toMatchObject({ code: 0 });
    expect(latin1(box.path("site/.git/config"))).toBe(crlf);
  });

  test("bytes that are no UTF-8 in values and comments", async () => {
    const box = await open();
    const odd = Buffer.from(
      '# caf\xe9\n[user]\n\tname = Andr\xe9\n[alias]\n\tx = "!echo \xff\xfe"\n',
      "latin1",
    );
    const own = readFileSync(box.path("site/.git/config"));
    writeFileSync(box.path("site/.git/config"), Buffer.concat([odd, own]));
    const before = belongings(box);
    expect(await fix(box)).toMatchObject({ code: 0 });
    expect(latin1(box.path("site/.git/config"))).toStartWith(odd.toString("latin1"));
    expect(await box.rekey(["undo", "--yes"])).toMatchObject({ code: 0 });
    expect(belongings(box)).toEqual(before);
  });

  test("a repository in a folder whose name is no UTF-8 is refused in a sentence, not mangled", async () => {
    const box = await open();
    const make = 'd=$(printf \'caf\\351\'); cp -r site "$d" && cd "$d" && exec git-rekey doctor --json';
    const before = latin1(box.path("site/.git/config"));
    const ran = await box.run(["sh", "-c", make]);
    // Either it works or it says what it cannot read; it never claims that all is well.
    expect([1, 2]).toContain(ran.code ?? 0);
    expect(ran.stdout + ran.stderr).toContain("caf");
    expect(latin1(box.path("site/.git/config"))).toBe(before);
  });
});

test("a config file that is a folder", async () => {
  const box = await open();
  await box.run(["rm", box.path(".gitconfig")]);
  mkdirSync(box.path(".gitconfig"));
  const before = everything(box);
  const ran = await box.rekey(["doctor"], { cwd: "site" });
  expect([1, 2]).toContain(ran.code ?? 0);
  expect(ran.stderr).not.toContain("failed itself");
  expect(everything(box)).toEqual(before);
});

test("a state folder that others can read is refused before anything is changed", async () => {
  const box = await open();
  await box.run(["sh", "-c", "mkdir -p .local/state/git-rekey && chmod 755 .local/state/git-rekey"]);
  const before = everything(box);
  const ran = await fix(box);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain("chmod 700");
  expect(everything(box)).toEqual(before);
  await expectRefused(box, () => box.rekey(["undo", "--list"]), 2, "chmod 700");
});
