import { describe, expect, test } from "bun:test";
import { chmodSync, lstatSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FileStep } from "../../src/core/plan.ts";
import { expireBackups } from "../../src/steps/expire.ts";
import { recover } from "../../src/steps/recover.ts";
import { Refusal } from "../../src/steps/refusal.ts";
import { openTransaction } from "../../src/steps/transaction.ts";
import { listReceipts, undo } from "../../src/steps/undo.ts";
import { NOW, openRoom, picture, type Room, TOKEN } from "./room.ts";

const ABOUT = { action: "fix", target: "/srv/site", version: "0.0.0" } as const;

function setUrl(file: string, occurrence = 0): FileStep {
  return {
    kind: "set-config",
    file,
    entry: { key: "remote.origin.url", occurrence },
    to: "https://bitbucket.org/acme/site.git",
  };
}

function putToken(file: string): FileStep {
  return {
    kind: "put-stored",
    file,
    host: "bitbucket.org",
    path: null,
    username: "ana",
    password: "newToken",
  };
}

async function fix(room: Room, steps: readonly FileStep[]) {
  const tx = openTransaction(room, ABOUT);
  for (const [file, group] of Map.groupBy(steps, (step) => step.file))
    await tx.changeFile(file, group, TOKEN);
  tx.settle();
  return tx.close();
}

/** The message of a refusal; fails on anything else. */
async function refused(call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
  throw new Error("it was not refused");
}

function expectNothingLeft(room: Room): void {
  expect(Object.keys(picture(room.home)).filter((name) => /\.lock$|\.rekey-/.test(name))).toEqual([]);
}

/** A process of its own, that stays until it is told to go. */
function spawnOther(): AsyncDisposable & { pid: number } {
  const { pid, stdin, exited } = Bun.spawn(["cat"], { stdin: "pipe", stdout: "ignore" });
  return {
    pid,
    async [Symbol.asyncDispose]() {
      await stdin.end();
      await exited;
    },
  };
}

const CONFIG =
  '[core]\r\n\tbare = false ; \xff\r\n[remote "origin"]\r\n\turl = https://u:p@bitbucket.org/acme/site.git';

describe("a fix and its undo", () => {
  test("every file byte for byte, with its mode; and back again", async () => {
    using room = openRoom();
    const config = room.write(".git/config", CONFIG, 0o640);
    const store = room.write(".git-credentials", "# x\nhttps://ana:old@bitbucket.org\nhttps://b:c@h", 0o644);
    const netrc = room.write(".netrc", "machine bitbucket.org\n  password old", 0o600);
    const fresh = join(room.home, ".config/git/config");
    const before = picture(room.home);
    const receipt = await fix(room, [
      setUrl(config),
      putToken(store),
      { kind: "set-mode", file: store, mode: 0o600 },
      {
        kind: "set-netrc",
        file: netrc,
        entry: { machine: "bitbucket.org", occurrence: 0 },
        login: "u",
        password: "newToken",
      },
      {
        kind: "add-config",
        file: fresh,
        section: "credential",
        subsection: "https://h",
        lines: [{ name: "helper", value: "" }],
      },
    ]);
    expect(receipt).toMatchObject({ id: 1, state: "applied", action: "fix" });
    expect(receipt.changed.map(({ file }) => file)).toEqual([config, store, netrc, fresh]);
    expect(room.read(".git/config")).toBe(CONFIG.replace("u:p@", ""));
    expect(room.read(".git-credentials")).toBe(`https://ana:${TOKEN}@bitbucket.org\n# x\nhttps://b:c@h\n`);
    expect(room.read(".netrc")).toBe(`machine bitbucket.org\n  login u password ${TOKEN}`);
    expect(lstatSync(store).mode & 0o777).toBe(0o600);
    expect(lstatSync(config).mode & 0o777).toBe(0o640);
    expectNothingLeft(room);
    const after = picture(room.home);

    const undone = await undo(room, null, "0.0.0");
    expect(undone).toMatchObject({ id: 2, state: "applied", undoes: 1, left: [], todo: [] });
    expect(picture(room.home)).toEqual(before);
    expect(listReceipts(room).map(({ state }) => state)).toEqual(["undone", "applied"]);
    expect(await refused(() => undo(room, 1, "0.0.0"))).toBe(
      "receipt 1 is undone already; `git rekey undo 2` brings it back",
    );
    expect(await refused(() => undo(room, null, "0.0.0"))).toBe("there is no fix to undo");

    await undo(room, 2, "0.0.0");
    expect(picture(room.home)).toEqual(after);
    expect(listReceipts(room).map(({ state }) => state)).toEqual(["applied", "undone", "applied"]);
    await undo(room, null, "0.0.0");
    expect(picture(room.home)).toEqual(before);
  });

  test("no secret in journal or receipt; all of it closed to others", async () => {
    using room = openRoom();
    const config = room.write("config", CONFIG.replace("u:p@", "u:hunter2@"));
    const store = room.write(".git-credentials", "https://ana:hunter3@bitbucket.org\n");
    await fix(room, [setUrl(config), putToken(store)]);
    await undo(room, null, "0.0.0");
    const state = join(room.home, ".local/state/git-rekey");
    for (const name of readdirSync(state, { recursive: true, encoding: "utf8" })) {
      const facts = lstatSync(join(state, name));
      expect(facts.mode & 0o077).toBe(0);
      if (!facts.isFile() || name.includes("backups")) continue;
      expect(readFileSync(join(state, name), "utf8")).not.toMatch(/hunter|new-token/);
    }
  });

  test("a link into a dotfiles folder stays a link", async () => {
    using room = openRoom();
    room.write("dotfiles/gitconfig", "[a]\n\tb = c\n");
    const link = join(room.home, ".gitconfig");
    symlinkSync("dotfiles/gitconfig", link);
    const before = picture(room.home);
    await fix(room, [{ kind: "unset-config", file: link, entry: { key: "a.b", occurrence: 0 } }]);
    expect(picture(room.home)).toMatchObject({ ".gitconfig": "-> dotfiles/gitconfig" });
    expect(room.read("dotfiles/gitconfig")).toBe("");
    await undo(room, null, "0.0.0");
    expect(picture(room.home)).toEqual(before);
  });

  test("what one phase takes out, the next does not count; a replaced entry is not dropped again", async () => {
    using room = openRoom();
    const config = room.write("config", "[http]\n\te = 1\n\te = 2\n\te = 3\n");
    const store = room.write(
      ".git-credentials",
      "https://ana:1@bitbucket.org\nhttps://bob:2@bitbucket.org\n",
    );
    const unset = (occurrence: number): FileStep => ({
      kind: "unset-config",
      file: config,
      entry: { key: "http.e", occurrence },
    });
    const drop = (username: string): FileStep => ({
      kind: "drop-stored",
      file: store,
      entry: { host: "bitbucket.org", username, path: null, occurrence: 0 },
    });
    const tx = openTransaction(room, ABOUT);
    await tx.changeFile(config, [unset(0)], null);
    await tx.changeFile(store, [putToken(store)], TOKEN);
    await tx.changeFile(config, [unset(1), unset(2)], null);
    await tx.changeFile(store, [drop("ana"), drop("bob")], null);
    const { changed } = tx.close();
    expect(changed).toHaveLength(2);
    expect(room.read("config")).toBe("");
    expect(room.read(".git-credentials")).toBe(`https://ana:${TOKEN}@bitbucket.org\n`);
    await undo(room, null, "0.0.0");
    expect(room.read("config")).toBe("[http]\n\te = 1\n\te = 2\n\te = 3\n");
    expect(room.read(".git-credentials")).toBe("https://ana:1@bitbucket.org\nhttps://bob:2@bitbucket.org\n");
  });

  test("roll back puts everything back and says so", async () => {
    using room = openRoom();
    const config = room.write("config", CONFIG);
    const before = picture(room.home);
    const tx = openTransaction(room, ABOUT);
    await tx.changeFile(config, [setUrl(config)], null);
    await tx.changeFile(
      join(room.home, "new/deep/store"),
      [putToken(join(room.home, "new/deep/store"))],
      TOKEN,
    );
    expect(await refused(() => tx.changeFile(config, [setUrl(config, 3)], null))).toBe(
      `\`${config}\` was not changed: it has no entry \`remote.origin.url\` any more`,
    );
    expect(await tx.rollBack()).toMatchObject({ state: "rolled-back" });
    expect(picture(room.home)).toEqual(before);
    expect(await refused(() => undo(room, 1, "0.0.0"))).toMatch(/rolled back at once/);
  });
});

describe("somebody else wrote to it", () => {
  test("an edited file is left alone, the rest goes on", async () => {
    using room = openRoom();
    const one = room.write("one", CONFIG);
    const two = room.write("two", CONFIG);
    const gone = room.write("gone", CONFIG);
    const moded = room.write("moded", CONFIG);
    await fix(
      room,
      [one, two, gone, moded].map((file) => setUrl(file)),
    );
    writeFileSync(one, "[mine]\n");
    chmodSync(moded, 0o400);
    room.files.remove(gone);
    const receipt = await undo(room, null, "0.0.0");
    expect(receipt.state).toBe("applied");
    expect(receipt.changed.map(({ file, state, reason }) => [file, state, reason])).toEqual([
      [moded, "restored", null],
      [gone, "left-alone", "somebody has removed it since"],
      [two, "restored", null],
      [one, "left-alone", "somebody has changed it since"],
    ]);
    expect(receipt.left).toHaveLength(2);
    expect(room.read("one")).toBe("[mine]\n");
    expect(room.read("two")).toBe(CONFIG);
    expect(room.read("moded")).toBe(CONFIG);
    expect(lstatSync(moded).mode & 0o777).toBe(0o400);
  });

  async function store(room: Room, lines: string) {
    await room.git.run({ args: ["credential-store", "store"], stdin: `protocol=https\n${lines}\n\n` });
  }

  test("a store file is undone entry by entry, and redone", async () => {
    using room = openRoom();
    const file = room.write(
      ".git-credentials",
      "https://a:1@x\nhttps://ana:old@bitbucket.org\nhttps://b:2@y\nhttps://bob:3@bitbucket.org\nhttps://c:4@z\n",
    );
    const drop = { host: "bitbucket.org", username: "bob", path: null, occurrence: 0 };
    await fix(room, [putToken(file), { kind: "drop-stored", file, entry: drop }]);
    await store(room, "host=y\nusername=b\npassword=2");
    await store(room, "host=w\nusername=n\npassword=5");
    const drifted = room.read(".git-credentials");
    const receipt = await undo(room, null, "0.0.0");
    expect(receipt.changed[0]?.state).toBe("restored-entries");
    expect(room.read(".git-credentials")).toBe(
      "https://n:5@w\nhttps://ana:old@bitbucket.org\nhttps://b:2@y\nhttps://a:1@x\nhttps://bob:3@bitbucket.org\nhttps://c:4@z\n",
    );
    await undo(room, receipt.id, "0.0.0");
    expect(room.read(".git-credentials")).toBe(drifted);
  });

  test("an entry somebody stored anew is not hidden by the old one", async () => {
    using room = openRoom();
    const file = room.write(".git-credentials", "https://ana:old@bitbucket.org\n");
    await fix(room, [putToken(file)]);
    await store(room, "host=bitbucket.org\nusername=ana\npassword=mine");
    await undo(room, null, "0.0.0");
    expect(room.read(".git-credentials")).toBe("https://ana:mine@bitbucket.org\n");
  });

  test("git moving lines before the end of the fix does not count as drift", async () => {
    using room = openRoom();
    const old = "https://a:1@x\nhttps://ana:old@bitbucket.org";
    const file = room.write(".git-credentials", old);
    const tx = openTransaction(room, ABOUT);
    await tx.changeFile(file, [putToken(file)], TOKEN);
    await store(room, "host=x\nusername=a\npassword=1");
    tx.settle();
    tx.close();
    expect((await undo(room, null, "0.0.0")).changed[0]?.state).toBe("restored");
    expect(room.read(".git-credentials")).toBe(old);
  });

  test("between two changes of one fix: a store file goes on, another is refused", async () => {
    using room = openRoom();
    const file = room.write(".git-credentials", "https://bob:3@bitbucket.org\n");
    const config = room.write("config", CONFIG);
    const tx = openTransaction(room, ABOUT);
    await tx.changeFile(config, [setUrl(config)], null);
    await tx.changeFile(file, [putToken(file)], TOKEN);
    await store(room, "host=x\nusername=a\npassword=1");
    const entry = { host: "bitbucket.org", username: "bob", path: null, occurrence: 0 };
    await tx.changeFile(file, [{ kind: "drop-stored", file, entry }], null);
    writeFileSync(config, `${room.read("config")}\n`);
    expect(await refused(() => tx.changeFile(config, [setUrl(config)], null))).toMatch(/somebody else wrote/);
    tx.close();
    await undo(room, null, "0.0.0");
    expect(room.read(".git-credentials")).toBe("https://a:1@x\nhttps://bob:3@bitbucket.org\n");
  });
});

describe("refusals leave nothing behind", () => {
  async function refusedFix(room: Room, steps: readonly FileStep[]): Promise<string> {
    const before = picture(room.home);
    const message = await refused(() => fix(room, steps));
    expect(picture(room.home)).toEqual(before);
    return message;
  }

  test("git holds the lock", async () => {
    using room = openRoom();
    const file = room.write("config", CONFIG);
    room.write("config.lock", "[half");
    const started = performance.now();
    expect(await refusedFix(room, [setUrl(file)])).toBe(
      `\`${file}\` was not changed: git holds \`${file}.lock\`; if no git is running, remove that file and try again`,
    );
    expect(performance.now() - started).toBeGreaterThan(900);
  });

  test("a broken file, no file, a link to nowhere, a folder, no token", async () => {
    using room = openRoom();
    const broken = room.write("broken", "[a\n");
    const missing = join(room.home, "missing");
    symlinkSync("nowhere", join(room.home, "lost"));
    expect(await refusedFix(room, [setUrl(broken)])).toEndWith("it has a section header Git cannot read");
    expect(await refusedFix(room, [setUrl(missing)])).toEndWith("it is not there any more");
    expect(await refusedFix(room, [setUrl(join(room.home, "lost"))])).toEndWith(
      "is a link that leads nowhere",
    );
    expect(await refusedFix(room, [setUrl(room.home)])).toEndWith("is not a file");
    const tx = openTransaction(room, ABOUT);
    const store = room.write("store", "");
    expect(await refused(() => tx.changeFile(store, [putToken(store)], null))).toEndWith(
      "it waits for the new token",
    );
  });

  test("git reads it differently, or is not there", async () => {
    using room = openRoom();
    const file = room.write("config", CONFIG);
    const answer = { code: 0, stdout: Buffer.from("a.b\nc\0"), stderr: "", timedOut: false, missing: false };
    const lying = { ...room, git: { run: async () => answer } };
    expect(await refusedFix(lying, [setUrl(file)])).toEndWith("git reads it differently from git-rekey");
    const without = { ...room, git: { run: async () => ({ ...answer, code: null, missing: true }) } };
    expect(await refusedFix(without, [setUrl(file)])).toMatch(/git was not found/);
  });

  test("a folder everyone may write to, for a secret", async () => {
    using room = openRoom();
    const file = room.write("open/store", "");
    chmodSync(join(room.home, "open"), 0o777);
    expect(await refusedFix(room, [putToken(file)])).toMatch(/writable by everyone; run `chmod o-w /);
  });

  test.skipIf(process.getuid?.() !== 0)("another user's file", async () => {
    using room = openRoom();
    const store = room.write("store", "");
    room.files.setOwner(store, 4711, 4711);
    expect(await refusedFix(room, [putToken(store)])).toMatch(/belongs to another user/);
    const link = join(room.home, "link");
    symlinkSync("store", link);
    expect(await refusedFix(room, [setUrl(link)])).toMatch(/which belongs to another user/);
    const config = room.write("config", CONFIG, 0o640);
    room.files.setOwner(config, 4711, 4712);
    const before = picture(room.home);
    await fix(room, [setUrl(config)]);
    expect(lstatSync(config)).toMatchObject({ uid: 4711, gid: 4712 });
    await undo(room, null, "0.0.0");
    expect(picture(room.home)).toEqual(before);
  });

  test("an unsafe state folder, or no home", async () => {
    using room = openRoom();
    const state = join(room.home, ".local/state/git-rekey");
    room.write(".local/state/git-rekey/x", "");
    chmodSync(state, 0o750);
    const open = async () => openTransaction(room, ABOUT);
    expect(await refused(open)).toBe(
      `\`${state}\` cannot keep backups safely: it is open to others; run \`chmod 700 ${state}\``,
    );
    const homeless = { ...room, self: { ...room.self, home: null } };
    expect(await refused(async () => openTransaction(homeless, ABOUT))).toMatch(/`HOME` is not set/);
    using other = openRoom();
    room.files.makeFolder(join(other.home, ".local/state"), 0o700);
    symlinkSync("/tmp", join(other.home, ".local/state/git-rekey"));
    expect(await refused(async () => openTransaction(other, ABOUT))).toMatch(/it is not a folder/);
  });
});

describe("receipts", () => {
  test("two runs at once have two numbers, and both can be undone", async () => {
    using room = openRoom();
    const [one, two] = [room.write("one", CONFIG), room.write("two", CONFIG)];
    const runs = await Promise.all([fix(room, [setUrl(one)]), fix(room, [setUrl(two)])]);
    expect(runs.map(({ id }) => id)).toEqual([1, 2]);
    await undo(room, 1, "0.0.0");
    await undo(room, 2, "0.0.0");
    expect([room.read("one"), room.read("two")]).toEqual([CONFIG, CONFIG]);
  });

  test("two runs on one file: one of them wins, the other is refused or comes after", async () => {
    using room = openRoom();
    const file = room.write(".git-credentials", "");
    const put = (username: string): FileStep => ({ ...putToken(file), username }) as FileStep;
    const names = ["a", "b", "c", "d"];
    const runs = await Promise.allSettled(names.map((name) => fix(room, [put(name)])));
    const won = runs.flatMap(({ status }, i) => (status === "fulfilled" ? (names[i] ?? []) : []));
    expect(won.length).toBeGreaterThan(0);
    for (const run of runs) if (run.status === "rejected") expect(run.reason).toBeInstanceOf(Refusal);
    for (const name of names)
      expect(room.read(".git-credentials").includes(`//${name}:`)).toBe(won.includes(name));
    expectNothingLeft(room);
  });

  test("backups expire, and an undo that needs one says so", async () => {
    using room = openRoom();
    const file = room.write("config", CONFIG);
    await fix(room, [setUrl(file)]);
    expect(expireBackups(room)).toBe(0);
    const later = { ...room, self: { ...room.self, now: () => NOW + 31 * 24 * 3_600_000 } };
    expect(expireBackups(later)).toBe(1);
    const fixed = picture(room.home);
    expect(await refused(() => undo(later, null, "0.0.0"))).toMatch(/its backups are no longer kept/);
    expect(picture(room.home)).toEqual(fixed);
  });

  const backupsOf = (room: Room) => join(room.home, ".local/state/git-rekey/receipts/1/backups");

  test("of configuration files alone, those whose backups are there come back, and the others are reported", async () => {
    using room = openRoom();
    const [one, two] = [room.write("one", CONFIG), room.write("two", CONFIG)];
    await fix(room, [setUrl(one), setUrl(two)]);
    const [first = ""] = readdirSync(backupsOf(room)).sort();
    rmSync(join(backupsOf(room), first));
    const fixed = picture(room.home).one;
    const { changed, left } = await undo(room, null, "0.0.0");
    expect(left).toEqual([{ what: `\`${one}\``, reason: "its backup is no longer kept" }]);
    expect(changed.map(({ file, state }) => [file, state])).toEqual([
      [two, "restored"],
      [one, "left-alone"],
    ]);
    expect(picture(room.home).one).toEqual(fixed);
    expect(room.read("two")).toBe(CONFIG);
  });

  test("where a token hangs on it, one missing backup of configuration keeps everything as it is", async () => {
    using room = openRoom();
    const config = room.write("config", CONFIG);
    await fix(room, [setUrl(config), putToken(room.write(".git-credentials", ""))]);
    const [first = ""] = readdirSync(backupsOf(room)).sort();
    rmSync(join(backupsOf(room), first));
    const fixed = picture(room.home);
    expect(await refused(() => undo(room, null, "0.0.0"))).toMatch(/its backups are no longer kept/);
    expect(picture(room.home)).toEqual(fixed);
  });

  test("a run that is still going on is neither swept nor undone", async () => {
    using room = openRoom();
    const file = room.write("config", CONFIG);
    const tx = openTransaction({ ...room, self: { ...room.self, pid: 4711 } }, ABOUT);
    await tx.changeFile(file, [setUrl(file)], null);
    const watched = { ...room, self: { ...room.self, isAlive: (pid: number) => pid === 4711 } };
    expect(await refused(() => undo(watched, 1, "0.0.0"))).toMatch(/still working on it/);
    expect((await undo(room, 1, "0.0.0")).state).toBe("applied");
    expect(room.read("config")).toBe(CONFIG);
  });

  test.each([48, -48])("a clock that jumps by %d hours does not end a run", async (hours) => {
    using room = openRoom();
    const file = room.write("config", CONFIG);
    const at = (pid: number, later = 0) => ({
      ...room,
      self: { ...room.self, pid, now: () => NOW + later * 3_600_000, isAlive: () => true },
    });
    await using other = spawnOther();
    const tx = openTransaction(at(other.pid), ABOUT);
    await tx.changeFile(file, [setUrl(file)], null);
    const now = at(process.pid, hours);
    expect(recover(now)).toMatchObject({ running: [1], unfinished: [] });
    expect(await refused(() => undo(now, 1, "0.0.0"))).toMatch(/still working on it/);
    await other[Symbol.asyncDispose]();
    // Whoever has its number now is another.
    expect(recover(now)).toMatchObject({ running: [], unfinished: [{ id: 1 }] });
    expect((await undo(now, 1, "0.0.0")).state).toBe("applied");
    expect(room.read("config")).toBe(CONFIG);
  });
});
