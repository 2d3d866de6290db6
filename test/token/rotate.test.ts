/** A new token in place of an old one: the old one works until the new one is known to, and comes back with undo. */
import { afterEach, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { IS_ROOT } from "../bad-input/sentence.ts";
import { ACCOUNTS_FILE, plantAccount, plantHelper, plantList } from "../helper/accounts.ts";
import { type EmulatedSandbox, type Ran, withEmulator } from "../sandbox.ts";
import { addToken, day, kept, listIn, somebody, TOKENS, token } from "./people.ts";

const boxes: EmulatedSandbox[] = [];
const mounts: string[] = [];
afterEach(async () => {
  for (const mount of mounts.splice(0)) spawnSync("umount", ["-l", mount]);
  for (const box of boxes.splice(0)) await box.remove();
});

/** Somebody with a token in a file, which Git uses. */
async function open(): Promise<EmulatedSandbox> {
  const box = await somebody();
  boxes.push(box);
  plantHelper(box);
  expect((await addToken(box, "api-token", "--push", "--email", "ana@acme.example")).code).toBe(0);
  return box;
}

const API_PAGE = "https://id.atlassian.com/manage-profile/security/api-tokens";

/** Another token of the same account, by its label. */
function issue(box: EmulatedSandbox, label: string, more: object = {}): string {
  const scopes = ["read:repository:bitbucket", "write:repository:bitbucket", "read:user:bitbucket"];
  return box.emulator.issue({ kind: "api-token", owner: "ana", scopes, label, ...more }).secret;
}

function rotate(box: EmulatedSandbox, secret: string, ...more: string[]): Promise<Ran> {
  return token(box, ["rotate", "ana", "--yes", "--expires", "200d", ...more], { stdin: `${secret}\n` });
}

async function signsInWith(box: EmulatedSandbox, label: string): Promise<void> {
  box.emulator.clearLog();
  const told = await box.git(["ls-remote", "origin", "HEAD"], { cwd: "site" });
  expect(told).toMatchObject({ code: 0, stderr: "" });
  expect(box.emulator.sawSecret(label)).toBe(true);
}

describe("rotate", () => {
  test("new in, tried, old out, left to revoke; undo gives it all back, byte for byte; undo of undo", async () => {
    const box = await open();
    const before = kept(box);
    const ran = await rotate(box, issue(box, "newer"));
    expect(ran.code).toBe(0);
    expect(ran.stdout.replace(/\s+/g, " ")).toContain(
      `→ revoke the old token \`ana\` at ${API_PAGE}, then tick it off: \`git rekey token revoked ana\``,
    );
    const { accounts, toRevoke } = listIn(box);
    expect(accounts).toMatchObject([
      { name: "ana", username: "ana", expires: day(200), secret: { kind: "file", name: "ana-2" } },
    ]);
    expect(toRevoke).toMatchObject([{ name: "ana", kind: "api-token", page: API_PAGE }]);
    expect(Object.keys(box.snapshot(TOKENS))).toEqual(["ana-2"]);
    await signsInWith(box, "newer");
    const after = kept(box);
    expect((await box.rekey(["undo", "--yes"])).code).toBe(0);
    expect(kept(box)).toEqual(before);
    await signsInWith(box, "api-token");
    expect((await box.rekey(["undo", "3", "--yes"])).code).toBe(0);
    expect(kept(box)).toEqual(after);
    await signsInWith(box, "newer");
  });

  test("is tried in every repository it is used in, for what it is used for, before anything changes", async () => {
    const box = await open();
    await box.git(["-C", "site", "remote", "add", "docs", "https://bitbucket.org/acme/docs.git"]);
    box.emulator.clearLog();
    expect((await rotate(box, issue(box, "newer"))).code).toBe(0);
    const asked = box.emulator.log.filter(({ host }) => host === "bitbucket.org").map(({ path }) => path);
    expect(asked.sort()).toEqual(
      ["docs", "site"].flatMap((name) =>
        ["receive", "upload"].map((way) => `/acme/${name}.git/info/refs?service=git-${way}-pack`),
      ),
    );
  });

  test("what another account answers for is not its business", async () => {
    const box = await somebody();
    boxes.push(box);
    // Nobody knows whose it is, so Git gets it only for what no other token is for.
    await addToken(box, "api-token", "--name", "ana");
    await addToken(box, "repository-token", "--for", "acme/site", "--name", "site");
    const ran = await rotate(box, issue(box, "newer"));
    expect(ran).toMatchObject({ code: 4, stdout: "" });
    expect(ran.stderr).toMatch(/no repository is known in which `ana` is used/);
    expect(ran.stderr).toContain("--repository WORKSPACE/REPO");
    expect((await rotate(box, issue(box, "newer"), "--repository", "acme/docs")).code).toBe(0);
  });

  test("--unverified does without asking, and says so", async () => {
    const box = await open();
    box.emulator.clearLog();
    const ran = await rotate(box, box.emulator.mint("api-token"), "--unverified");
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain("note: `--unverified`: Bitbucket was not asked");
    expect(box.emulator.log).toEqual([]);
  });

  test("into another place, and out of it again", async () => {
    const box = await open();
    const secret = issue(box, "newer");
    box.env.MY_TOKEN = secret;
    const ran = await rotate(box, "", "--store", "env:MY_TOKEN");
    expect(ran.code).toBe(0);
    expect(ran.stderr).not.toContain("already");
    expect(listIn(box).accounts[0]?.secret).toEqual({ kind: "env", name: "MY_TOKEN" });
    expect(box.snapshot(TOKENS)).toEqual({});
    await signsInWith(box, "newer");
    box.env.MY_TOKEN = issue(box, "newest");
    const again = await rotate(box, "");
    expect(again.code).toBe(0);
    expect(again.stderr).toContain("note: `MY_TOKEN` must be the new token already");
    expect((await rotate(box, issue(box, "last"), "--store", "file")).code).toBe(0);
    await signsInWith(box, "last");
    expect(listIn(box).toRevoke).toHaveLength(3);
  });

  test("what was noted of answers with the old token is forgotten", async () => {
    const box = await open();
    box.write(".local/state/git-rekey/answers/ana.refused", "2026-11-25T00:00:00.000Z\n", 0o600);
    await rotate(box, issue(box, "newer"));
    expect(box.exists(".local/state/git-rekey/answers/ana.refused")).toBe(false);
  });
});

describe("the old token works on, and nothing is changed:", () => {
  const refused: Readonly<Record<string, [(box: EmulatedSandbox) => string, number, RegExp]>> = {
    "the new one is the old one": [
      (box) => box.emulator.secret("api-token"),
      4,
      /the token that `ana` has now/,
    ],
    "the new one is refused": [(box) => issue(box, "dead", { revoked: true }), 4, /refuses the new token/],
    "the new one may not push": [
      (box) => issue(box, "narrow", { scopes: ["read:repository:bitbucket"] }),
      4,
      /may not write to `acme\/site`/,
    ],
    "the new one is somebody else's": [
      (box) => box.emulator.secret("api-token-bob"),
      4,
      /may not|without access|that is not the Atlassian account's e-mail/,
    ],
    "the new one is an access token": [
      (box) => box.emulator.secret("repository-token"),
      4,
      /the one that it would replace is an API token/,
    ],
    "the new one is cut off": [(box) => issue(box, "short").slice(0, 99), 4, /ends before its checksum/],
    "none came": [() => "", 4, /none came on stdin/],
  };
  for (const [name, [secret, code, words]] of Object.entries(refused)) {
    test(name, async () => {
      const box = await open();
      const before = kept(box);
      const ran = await rotate(box, secret(box));
      expect(ran).toMatchObject({ code, stdout: "" });
      expect(ran.stderr).toMatch(words);
      expect(ran.stderr).toContain("nothing has been changed");
      expect(kept(box)).toEqual(before);
      await signsInWith(box, "api-token");
    });
  }

  test("Bitbucket cannot be asked", async () => {
    const box = await open();
    const before = kept(box);
    box.emulator.switches.faults = [{ kind: "unreachable" }];
    expect((await rotate(box, issue(box, "newer"))).code).toBe(3);
    box.emulator.switches.faults = [];
    expect(kept(box)).toEqual(before);
  });

  test("no such token; no name", async () => {
    const box = await open();
    for (const argv of [["rotate", "eve"], ["rotate"], ["remove", "eve"], ["remove"], ["check", "eve"]]) {
      const ran = await token(box, argv);
      expect({ argv, code: ran.code }).toEqual({ argv, code: 2 });
      expect(ran.stderr).toContain("`git rekey token list` lists them");
    }
  });

  test("nobody to ask", async () => {
    const box = await open();
    expect(await token(box, ["rotate", "ana"])).toMatchObject({ code: 4, stdout: "" });
    const ran = await token(box, ["rotate", "ana", "--yes"], { stdin: issue(box, "newer") });
    expect(ran).toMatchObject({ code: 4, stdout: "" });
    expect(ran.stderr).toContain("`git rekey token rotate ana --yes --expires 365d`");
  });
});

function mount(box: EmulatedSandbox, folder: string): boolean {
  const target = box.path(folder);
  mkdirSync(target, { recursive: true });
  const files = box.snapshot(folder);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=16k,mode=700", "tmpfs", target]).status !== 0)
    return false;
  mounts.push(target);
  for (const [path, text] of Object.entries(files))
    if (text.endsWith("folder")) mkdirSync(box.path(folder, path), { mode: 0o700 });
    else box.write(`${folder}/${path}`, text.slice(5), 0o600);
  return true;
}

const canMount =
  IS_ROOT && spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0;

describe("a full disk (skipped where nothing can be mounted)", () => {
  const disks = [".local/share/git-rekey", ".config/git-rekey", ".local/state/git-rekey"];
  test.skipIf(!canMount).each(disks)("%s: one sentence, and the old token works on", async (folder) => {
    const box = await open();
    if (folder.includes("state")) await box.run(["rm", "-r", box.path(folder)]);
    if (!mount(box, folder)) throw new Error("it could not be mounted");
    await box.run(["sh", "-c", `head -c 65536 /dev/zero > ${folder}/fill; true`]);
    const before = kept(box);
    const ran = await rotate(box, issue(box, "newer"));
    expect([1, 2]).toContain(ran.code ?? 0);
    const said = ran.stderr.split("\n").filter((line) => line.startsWith("git-rekey: "));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/ is full/);
    expect(said[0]).not.toContain("failed itself");
    expect(kept(box)).toEqual(before);
    await signsInWith(box, "api-token");
    await box.run(["rm", box.path(folder, "fill")]);
    expect((await rotate(box, issue(box, "newer"))).code).toBe(0);
    await signsInWith(box, "newer-#2");
  });
});

test("a lock that somebody holds: all is put back, and the old token works on", async () => {
  const box = await open();
  const lock = box.write(`${TOKENS}/ana-1.lock`, "theirs");
  const before = kept(box);
  const ran = await rotate(box, issue(box, "newer"));
  expect(ran.code).toBe(1);
  expect(ran.stderr).toMatch(/everything was put back as it was/);
  expect(kept(box)).toEqual(before);
  await signsInWith(box, "api-token");
  await box.run(["rm", lock]);
});

describe("remove and revoked", () => {
  test("the token goes, is left to revoke, and comes back with undo", async () => {
    const box = await open();
    const before = kept(box);
    expect((await token(box, ["remove", "ana"])).code).toBe(4);
    expect(kept(box)).toEqual(before);
    const ran = await token(box, ["remove", "ana", "--yes"]);
    expect(ran.code).toBe(0);
    expect(listIn(box)).toMatchObject({ accounts: [], toRevoke: [{ name: "ana", page: API_PAGE }] });
    expect(box.snapshot(TOKENS)).toEqual({});
    const listed = await token(box, ["list"]);
    expect(listed.stdout).toContain(API_PAGE);
    expect(listed.stderr).toContain("hint: `git rekey token revoked ana` ticks it off");
    await box.rekey(["undo", "--yes"]);
    expect(kept(box)).toEqual(before);
    await signsInWith(box, "api-token");
  });

  test("what is ticked off is listed no more, until the tick is taken back", async () => {
    const box = await open();
    await rotate(box, issue(box, "newer"));
    await rotate(box, issue(box, "newest"));
    await addToken(box, "repository-token", "--for", "acme/site");
    await token(box, ["remove", "acme/site", "--yes"]);
    expect(listIn(box).toRevoke.map(({ name }) => name)).toEqual(["ana", "ana", "acme/site"]);
    const { page } = listIn(box).toRevoke[2] ?? {};
    expect(page).toBe("https://bitbucket.org/acme/site/admin/access-tokens");
    expect(await token(box, ["revoked", "nobody", "--yes"])).toMatchObject({ code: 2, stdout: "" });
    expect((await token(box, ["revoked"])).code).toBe(4);
    expect((await token(box, ["revoked", "ana", "--yes"])).code).toBe(0);
    expect(listIn(box).toRevoke.map(({ name }) => name)).toEqual(["acme/site"]);
    await box.rekey(["undo", "--yes"]);
    expect(listIn(box).toRevoke.map(({ name }) => name)).toEqual(["ana", "ana", "acme/site"]);
    expect((await token(box, ["revoked", "--yes"])).code).toBe(0);
    expect(listIn(box).toRevoke).toEqual([]);
    expect(await token(box, ["revoked", "--yes"])).toMatchObject({ code: 0, stdout: "" });
  });

  test("a token somebody else keeps is only taken out of the list", async () => {
    const box = await open();
    const other = plantAccount(box, "vars", "", { secret: { kind: "env", name: "MY_TOKEN" }, digest: null });
    plantList(box, ...listIn(box).accounts, { ...other, username: "bob" });
    const ran = await token(box, ["remove", "vars", "--yes"]);
    expect(ran.code).toBe(0);
    expect(ran.stdout).not.toContain("clean up");
    expect(listIn(box).accounts.map(({ name }) => name)).toEqual(["ana"]);
  });

  test("an account whose token is gone already", async () => {
    const box = await open();
    await box.run(["rm", box.path(TOKENS, "ana-1")]);
    const ran = await token(box, ["remove", "ana", "--yes"]);
    expect(ran.code).toBe(0);
    expect(listIn(box).accounts).toEqual([]);
    await box.rekey(["undo", "--yes"]);
    expect((await rotate(box, issue(box, "newer"))).code).toBe(0);
    await signsInWith(box, "newer");
  });

  test("a list that others could change is left alone", async () => {
    const box = await open();
    chmodSync(box.path(ACCOUNTS_FILE), 0o666);
    const before = kept(box);
    expect((await token(box, ["remove", "ana", "--yes"])).code).toBe(4);
    expect(kept(box)).toEqual(before);
  });
});

test("a change that was cut off is named by the next one", async () => {
  await using box = await withEmulator();
  plantList(box, plantAccount(box, "ana", box.emulator.secret("api-token-read"), { username: "ana" }));
  // What a kill right after the first write leaves: a journal without a receipt.
  const begin = {
    k: "begin",
    schema: "git-rekey/journal@1",
    version: "0.0.0",
    pid: 1,
    host: "another day",
    at: "2020-01-01T00:00:00.000Z",
    action: "token",
    target: "token ana",
    undoes: null,
  };
  const state = { hash: "0", mode: 0o600, uid: 0, gid: 0 };
  const file = box.path(".local/share/git-rekey/tokens/ana-9");
  const held = { dev: 0, inode: 0, hash: "0", marker: "none" };
  const intent = { k: "intent", step: 1, file, real: file, format: "token", before: null, after: state };
  const records = [begin, { ...intent, backup: null, held, put: [], dropped: [] }];
  const journal = records.map((record) => `${JSON.stringify(record)}\n`).join("");
  box.write(".local/state/git-rekey/receipts/1/journal.ndjson", journal, 0o600);
  chmodSync(box.path(".local/state/git-rekey"), 0o700);
  const args = ["token", "rotate", "ana", "--yes", "--expires", "unknown", "--repository", "acme/site"];
  const told = await box.rekey(args, { stdin: box.emulator.secret("api-token") });
  expect(told.code, told.stderr).toBe(0);
  expect(told.stderr).toContain(
    "note: change 1 of 2020-01-01 00:00 was cut off; `git rekey undo 1` puts back what it changed\n",
  );
});

test("a fix whose backups have gone is not taken back by halves: Git still signs in", async () => {
  const box = await somebody();
  boxes.push(box);
  box.write(".gitconfig", "[credential]\n\thelper = store\n");
  const fix = ["fix", "--with", "helper", "--store", "file", "--yes", "--expires", "90d"];
  const stdin = box.emulator.secret("api-token");
  expect((await box.rekey(fix, { cwd: "site", stdin })).code).toBe(0);
  const after = kept(box);
  rmSync(box.path(".local/state/git-rekey/receipts/1/backups"), { recursive: true });
  const told = await box.rekey(["undo", "--yes"], { cwd: "site" });
  expect(told).toMatchObject({ code: 2, stdout: "" });
  expect(told.stderr).toContain("receipt 1 cannot be taken back any more: its backups are no longer kept");
  expect(kept(box)).toEqual(after);
  await signsInWith(box, "api-token");
});
