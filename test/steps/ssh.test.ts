/** The files of ssh: never overwritten, closed to others, and taken back beside what others wrote since. */
import { describe, expect, test } from "bun:test";
import { chmodSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SSH_HOST_KEYS, SSH_RETIRED_HOST_KEY } from "../../src/core/bitbucket.ts";
import type { FileStep, SshHostBlock } from "../../src/core/plan.ts";
import { Refusal } from "../../src/steps/refusal.ts";
import { openTransaction } from "../../src/steps/transaction.ts";
import { undo } from "../../src/steps/undo.ts";
import { FileError } from "../../src/world/ports.ts";
import { watchChanges } from "./breaking-files.ts";
import { openRoom, picture, type Room } from "./room.ts";
import { ABOUT, SSH } from "./scenarios.ts";

const HOST = "bitbucket.org";
const RETIRED = `${HOST} ssh-rsa ${SSH_RETIRED_HOST_KEY.key}`;
const PUBLISHED = SSH_HOST_KEYS.map(({ type, key }) => `${HOST} ${type} ${key}`);

const BLOCK: SshHostBlock = {
  host: HOST,
  hostname: null,
  port: null,
  user: null,
  identityFile: "/home/ana/.ssh/id",
  hostKeyAlias: null,
};

const at = (room: Room, name: string) => join(room.home, ".ssh", name);
const putKey = (room: Room, half: "private" | "public" = "private"): FileStep => ({
  kind: "put-ssh-key",
  file: at(room, half === "private" ? "id" : "id.pub"),
  half,
});
const addHosts = (room: Room): FileStep => ({
  kind: "add-known-hosts",
  file: at(room, "known_hosts"),
  host: HOST,
});
const dropRetired = (room: Room): FileStep => ({
  kind: "drop-known-host",
  file: at(room, "known_hosts"),
  entry: { host: HOST, fingerprint: SSH_RETIRED_HOST_KEY.fingerprint, occurrence: 0 },
});
const addBlock = (room: Room, block = BLOCK): FileStep => ({
  kind: "add-ssh-host",
  file: at(room, "config"),
  block,
});

async function fix(room: Room, steps: readonly FileStep[]): Promise<number> {
  const tx = openTransaction(room, ABOUT);
  for (const [file, its] of Map.groupBy(steps, (step) => step.file))
    await tx.changeFile(file, its, null, SSH);
  return tx.close().id ?? 0;
}

async function refused(room: Room, ...steps: readonly FileStep[]): Promise<string> {
  const before = picture(room.home);
  const tx = openTransaction(room, ABOUT);
  try {
    for (const step of steps) await tx.changeFile(step.file, [step], null, SSH);
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    await tx.rollBack();
    expect(picture(room.home)).toEqual(before);
    return (error as Refusal).message.replaceAll(room.home, "~");
  }
  throw new Error("it was not refused");
}

const modeOf = (path: string) => (lstatSync(path).mode & 0o7777).toString(8);

describe("what is new", () => {
  test("is closed to others, whatever the umask", async () => {
    using room = openRoom();
    const umask = process.umask(0);
    try {
      await fix(room, [putKey(room), putKey(room, "public"), addHosts(room), addBlock(room)]);
    } finally {
      process.umask(umask);
    }
    expect(modeOf(join(room.home, ".ssh"))).toBe("700");
    const modes = ["id", "id.pub", "known_hosts", "config"].map((name) => modeOf(at(room, name)));
    expect(modes).toEqual(["600", "644", "600", "600"]);
    expect(room.read(".ssh/id")).toBe(SSH.sshKey?.private ?? "");
    await undo(room, null, "0.0.0");
    expect(picture(room.home)).toEqual({});
  });

  test("is not made over anything", async () => {
    using room = openRoom();
    room.write(".ssh/id.pub", "mine");
    expect(await refused(room, putKey(room, "public"))).toBe(
      "`~/.ssh/id.pub` was not changed: it is there already, and a key is never written over another file",
    );
    symlinkSync(room.home, at(room, "id"));
    expect(await refused(room, putKey(room))).toBe("`~/.ssh/id` is not a file");
  });

  test("keeps what is there as it is, modes and links too", async () => {
    using room = openRoom();
    room.write("dotfiles/config", "Host *\n", 0o664);
    room.write(".ssh/known_hosts", `${PUBLISHED.join("\n")}\n`, 0o640);
    symlinkSync("../dotfiles/config", at(room, "config"));
    const before = picture(room.home);
    await fix(room, [addHosts(room), addBlock(room)]);
    expect(picture(room.home)[".ssh/known_hosts"]).toBe(before[".ssh/known_hosts"] ?? "");
    expect(room.read("dotfiles/config")).toEndWith("\n\nHost *\n");
    expect(modeOf(join(room.home, "dotfiles/config"))).toBe("664");
    await undo(room, null, "0.0.0");
    expect(picture(room.home)).toEqual(before);
  });
});

describe("a folder that is not what it should be", () => {
  test("a link to a folder of one's own is followed", async () => {
    using room = openRoom();
    mkdirSync(join(room.home, "keys"), { mode: 0o700 });
    symlinkSync("keys", join(room.home, ".ssh"));
    const before = picture(room.home);
    await fix(room, [putKey(room), addHosts(room)]);
    expect(room.read("keys/id")).toBe(SSH.sshKey?.private ?? "");
    await undo(room, null, "0.0.0");
    expect(picture(room.home)).toEqual(before);
  });

  test("a link to nowhere, a file", async () => {
    using room = openRoom();
    symlinkSync("nowhere", join(room.home, ".ssh"));
    const message = "`~/.ssh/id` cannot be made: its folder leads nowhere";
    expect(await refused(room, putKey(room))).toBe(message);
    room.files.remove(join(room.home, ".ssh"));
    room.write(".ssh", "a file");
    expect(await refused(room, putKey(room))).toBe(message);
  });

  test("open to everyone", async () => {
    using room = openRoom();
    mkdirSync(join(room.home, ".ssh"));
    chmodSync(join(room.home, ".ssh"), 0o777);
    for (const step of [putKey(room), addHosts(room), addBlock(room)])
      expect(await refused(room, step)).toBe(
        "`~/.ssh` is writable by everyone; run `chmod o-w ~/.ssh` first",
      );
  });

  test.skipIf(process.getuid?.() !== 0)("another user's", async () => {
    using room = openRoom();
    mkdirSync(join(room.home, ".ssh"));
    room.files.setOwner(join(room.home, ".ssh"), 4711, 4711);
    for (const step of [putKey(room), addHosts(room), addBlock(room)])
      expect(await refused(room, step)).toBe(
        "`~/.ssh` belongs to another user, and ssh is set up only in one's own",
      );
    room.files.setOwner(join(room.home, ".ssh"), 0, 0);
    room.write(".ssh/config", "");
    room.files.setOwner(at(room, "config"), 4711, 4711);
    expect(await refused(room, addBlock(room))).toMatch(/belongs to another user/);
  });

  test("read-only", async () => {
    using room = openRoom();
    const folder = join(room.home, ".ssh");
    mkdirSync(folder, { mode: 0o500 });
    // Root may write there all the same.
    const files = watchChanges(room.files, (_, __, path) => {
      if (dirname(path) === folder) throw new FileError("EACCES", path, "EACCES");
    });
    expect(await refused({ ...room, files }, putKey(room))).toMatch(/this user may not write in `~\/\.ssh`/);
  });
});

describe("what cannot be done is refused in one sentence", () => {
  test("a block that says otherwise; a key that is gone; a list that revokes", async () => {
    using room = openRoom();
    room.write(".ssh/config", `Host ${HOST}\n\tUser x\n`);
    expect(await refused(room, putKey(room), addBlock(room))).toBe(
      "`~/.ssh/config` was not changed: it has a `Host bitbucket.org` block that says otherwise",
    );
    room.write(".ssh/known_hosts", `@revoked * ${PUBLISHED[0]?.slice(HOST.length + 1)}\n`);
    expect(await refused(room, addHosts(room))).toBe(
      "`~/.ssh/known_hosts` was not changed: it marks a published host key of Bitbucket as revoked",
    );
    expect(await refused(room, dropRetired(room))).toMatch(
      /it has no host key SHA256:\S+ of `bitbucket.org` any more$/,
    );
  });
});

describe("somebody else wrote to it since", () => {
  test("known_hosts: ours go, what was dropped comes back, theirs stay", async () => {
    using room = openRoom();
    room.write(".ssh/known_hosts", `a ssh-rsa AAAA\n${RETIRED}\nz ssh-rsa AAAA`);
    await fix(room, [dropRetired(room), addHosts(room)]);
    const drifted = `new ssh-rsa AAAA\n${room.read(".ssh/known_hosts")}${HOST} ssh-rsa BBBB\n`;
    writeFileSync(at(room, "known_hosts"), drifted);
    const receipt = await undo(room, null, "0.0.0");
    expect(receipt.changed.map(({ state }) => state)).toEqual(["restored-entries"]);
    expect(room.read(".ssh/known_hosts")).toBe(
      `new ssh-rsa AAAA\na ssh-rsa AAAA\n${RETIRED}\nz ssh-rsa AAAA\n${HOST} ssh-rsa BBBB\n`,
    );
    await undo(room, receipt.id, "0.0.0");
    expect(room.read(".ssh/known_hosts").split("\n").toSorted()).toEqual(drifted.split("\n").toSorted());
  });

  test("known_hosts that ssh has put in another order is still as we left it", async () => {
    using room = openRoom();
    const before = `a ssh-rsa AAAA\n${RETIRED}`;
    room.write(".ssh/known_hosts", before);
    const tx = openTransaction(room, ABOUT);
    await tx.changeFile(at(room, "known_hosts"), [dropRetired(room), addHosts(room)], null, SSH);
    const lines = room.read(".ssh/known_hosts").trimEnd().split("\n");
    writeFileSync(at(room, "known_hosts"), `${lines.toReversed().join("\n")}\n`);
    tx.settle();
    tx.close();
    expect((await undo(room, null, "0.0.0")).changed[0]?.state).toBe("restored");
    expect(room.read(".ssh/known_hosts")).toBe(before);
  });

  test("a new known_hosts that ssh wrote into as well keeps that alone, and its folder", async () => {
    using room = openRoom();
    await fix(room, [putKey(room), addHosts(room)]);
    writeFileSync(at(room, "known_hosts"), `${room.read(".ssh/known_hosts")}x ssh-rsa AAAA\n`);
    await undo(room, null, "0.0.0");
    expect(Object.keys(picture(room.home))).toEqual([".ssh", ".ssh/known_hosts"]);
    expect(room.read(".ssh/known_hosts")).toBe("x ssh-rsa AAAA\n");
  });

  test("config: our block goes out of the middle of what a person wrote around it", async () => {
    using room = openRoom();
    room.write(".ssh/config", "ServerAliveInterval 3\r\nHost a");
    await fix(room, [addBlock(room)]);
    const drifted = `Host new\r\n${room.read(".ssh/config")}\nHost last\n`;
    writeFileSync(at(room, "config"), drifted);
    const receipt = await undo(room, null, "0.0.0");
    expect(receipt.changed.map(({ state }) => state)).toEqual(["restored-entries"]);
    expect(room.read(".ssh/config")).toBe("Host new\r\nServerAliveInterval 3\r\nHost a\nHost last\n");
    await undo(room, receipt.id, "0.0.0");
    expect(room.read(".ssh/config")).toBe(drifted);
  });

  test("config: a block that a person has changed is theirs, and is told", async () => {
    using room = openRoom();
    room.write(".ssh/config", "Host a\n");
    await fix(room, [addBlock(room)]);
    const theirs = room.read(".ssh/config").replace("IdentitiesOnly yes", "IdentitiesOnly no");
    writeFileSync(at(room, "config"), theirs);
    const receipt = await undo(room, null, "0.0.0");
    expect(receipt.changed).toMatchObject([{ state: "left-alone", reason: "somebody has changed it since" }]);
    expect(room.read(".ssh/config")).toBe(theirs);
  });

  test("two blocks of two fixes, undone in the order they were made in", async () => {
    using room = openRoom();
    const before = "User x\n";
    room.write(".ssh/config", before);
    const first = await fix(room, [addBlock(room)]);
    const second = await fix(room, [addBlock(room, { ...BLOCK, host: `${HOST}-b` })]);
    await undo(room, first, "0.0.0");
    expect(room.read(".ssh/config")).toMatch(
      /^# Added.*\nHost bitbucket\.org-b\n(.*\n)*Host \*\n\nUser x\n$/,
    );
    await undo(room, second, "0.0.0");
    expect(room.read(".ssh/config")).toBe(before);
  });

  test("a key whose passphrase was changed since stays", async () => {
    using room = openRoom();
    await fix(room, [putKey(room), putKey(room, "public")]);
    writeFileSync(at(room, "id"), "the same key, locked\n");
    const receipt = await undo(room, null, "0.0.0");
    expect(receipt.changed.map(({ file, state }) => [file, state])).toEqual([
      [at(room, "id.pub"), "restored"],
      [at(room, "id"), "left-alone"],
    ]);
  });
});

test("the private half is in no journal and no receipt", async () => {
  using room = openRoom();
  const id = await fix(room, [putKey(room), putKey(room, "public")]);
  const folder = join(room.home, `.local/state/git-rekey/receipts/${id}`);
  for (const name of ["journal.ndjson", "receipt.json"])
    for (const line of (SSH.sshKey?.private ?? "").split("\n"))
      if (line !== "") expect(readFileSync(join(folder, name), "utf8")).not.toContain(line);
  expect(room.files.list(join(folder, "backups"))).toEqual([]);
});
