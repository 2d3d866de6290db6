import { expect, test } from "bun:test";
import { lstatSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { FileError } from "../../src/world/ports.ts";
import { openRoom, type Room } from "./room.ts";

const bytes = (text: string) => new Uint8Array(Buffer.from(text));

function codeOf(call: () => void): string {
  try {
    call();
  } catch (error) {
    if (error instanceof FileError) return error.code;
    throw error;
  }
  return "no failure";
}

function arranged(): { room: Room; at: (name: string) => string } {
  const room = openRoom();
  room.write("here", "x", 0o644);
  symlinkSync("nowhere", join(room.home, "lost"));
  symlinkSync("loop", join(room.home, "loop"));
  return { room, at: (name) => join(room.home, name) };
}

test("what is not there is null, for every way to look", () => {
  const { room, at } = arranged();
  using _room = room;
  const { files } = room;
  for (const name of ["missing", "missing/deeper", "here/deeper"]) {
    expect([
      files.read(at(name)),
      files.facts(at(name)),
      files.resolve(at(name)),
      files.list(at(name)),
    ]).toEqual(Array(4).fill(null));
  }
  expect([files.resolve(at("lost")), files.resolve(at("loop"))]).toEqual([null, null]);
  expect(files.facts(at("lost"))?.kind).toBe("symlink");
  expect(files.facts(room.home)?.kind).toBe("folder");
  expect(files.list(room.home)).toEqual(["here", "loop", "lost"]);
});

test("create never replaces, never follows a link, and gives the mode exactly", () => {
  const { room, at } = arranged();
  using _room = room;
  const { files } = room;
  const umask = process.umask(0o077);
  try {
    files.create(at("new"), bytes("y"), 0o664);
  } finally {
    process.umask(umask);
  }
  expect(lstatSync(at("new")).mode & 0o7777).toBe(0o664);
  for (const name of ["here", "lost"])
    expect(codeOf(() => files.create(at(name), bytes("y"), 0o600))).toBe("EEXIST");
  expect(room.read("here")).toBe("x");
});

test("the other changes, and how they fail", () => {
  const { room, at } = arranged();
  using _room = room;
  const { files } = room;
  files.append(at("log"), bytes("1"));
  files.append(at("log"), bytes("2"));
  expect([room.read("log"), lstatSync(at("log")).mode & 0o777]).toEqual(["12", 0o600]);
  files.link(at("log"), at("second"));
  expect(files.facts(at("second"))?.inode).toBe(files.facts(at("log"))?.inode ?? 0);
  expect(codeOf(() => files.link(at("log"), at("here")))).toBe("EEXIST");
  files.rename(at("second"), at("here"));
  expect(room.read("here")).toBe("12");
  files.remove(at("missing"));
  files.createFolder(at("folder"), 0o700);
  expect(codeOf(() => files.createFolder(at("folder"), 0o700))).toBe("EEXIST");
  files.makeFolder(at("folder/a/b"), 0o700);
  expect(codeOf(() => files.removeFolder(at("folder")))).toBe("ENOTEMPTY");
  files.removeFolder(at("folder/a/b"));
  files.removeFolder(at("folder/a/b"));
  expect(codeOf(() => files.setMode(at("missing"), 0o600))).toBe("ENOENT");
  expect(codeOf(() => files.read(at("folder")))).toBe("EISDIR");
});
