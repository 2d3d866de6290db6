/** The list of accounts and the tokens beside it, changed and taken back while others write to them as well. */
import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AccountList } from "../../src/core/account.ts";
import { OS_KEYCHAIN } from "../../src/core/plan.ts";
import { openTransaction } from "../../src/steps/transaction.ts";
import { undo } from "../../src/steps/undo.ts";
import { keychainIn, openRoom, type Room, TOKEN } from "./room.ts";
import { ABOUT, account, accountsWith } from "./scenarios.ts";

const VERSION = "0.0.0";

function listIn(room: Room): AccountList {
  return JSON.parse(room.read("accounts.json"));
}

const namesIn = (room: Room): string[] => listIn(room).accounts.map(({ name }) => name);

async function put(room: Room, name: string): Promise<void> {
  const tx = openTransaction(room, ABOUT);
  const file = join(room.home, "accounts.json");
  await tx.changeFile(
    file,
    [{ kind: "put-account", file, account: account(name, "new"), replaces: null }],
    TOKEN,
  );
  tx.close();
}

async function drop(room: Room, name: string): Promise<void> {
  const tx = openTransaction(room, ABOUT);
  const file = join(room.home, "accounts.json");
  const revoke = { name, kind: "api-token", page: "https://id.atlassian.com/" } as const;
  const added = listIn(room).accounts.find((one) => one.name === name)?.added ?? "";
  await tx.changeFile(file, [{ kind: "drop-account", file, name, added, revoke }], null);
  tx.close();
}

describe("others wrote to the list since", () => {
  test("only our own account goes", async () => {
    using room = openRoom();
    room.write("accounts.json", accountsWith("ana"));
    await put(room, "bob");
    await put(room, "eve");
    const receipt = await undo(room, 1, VERSION);
    expect(receipt.changed[0]?.state).toBe("restored-entries");
    expect(namesIn(room)).toEqual(["ana", "eve"]);
  });

  test("a dropped account comes back to its place, and is no longer to be revoked", async () => {
    using room = openRoom();
    room.write("accounts.json", accountsWith("ana", "bob", "eve"));
    await drop(room, "bob");
    await put(room, "zoe");
    expect(listIn(room).toRevoke.map(({ name }) => name)).toEqual(["bob"]);
    await undo(room, 1, VERSION);
    expect(namesIn(room)).toEqual(["ana", "bob", "eve", "zoe"]);
    expect(listIn(room).toRevoke).toEqual([]);
  });

  test("an account that somebody added anew under the same name stays", async () => {
    using room = openRoom();
    room.write("accounts.json", accountsWith("ana", "bob"));
    await drop(room, "bob");
    await put(room, "bob");
    await undo(room, 1, VERSION);
    expect(namesIn(room)).toEqual(["ana", "bob"]);
    expect(listIn(room).accounts[1]?.reach).toEqual({ workspace: "new", repository: null });
  });

  test("a list that nobody can read any more is left alone", async () => {
    using room = openRoom();
    room.write("accounts.json", accountsWith("ana"));
    await put(room, "bob");
    room.write("accounts.json", "{ half");
    const receipt = await undo(room, 1, VERSION);
    expect(receipt.changed[0]).toMatchObject({
      state: "left-alone",
      reason: "somebody has changed it since",
    });
    expect(room.read("accounts.json")).toBe("{ half");
  });
});

test("the first account's file goes with it", async () => {
  using room = openRoom();
  await put(room, "ana");
  await undo(room, 1, VERSION);
  expect(existsSync(join(room.home, "accounts.json"))).toBe(false);
});

test("many at once lose nothing", async () => {
  using room = openRoom();
  room.write("accounts.json", accountsWith("ana"));
  const names = Array.from({ length: 12 }, (_, n) => `one-${n}`);
  await Promise.all(names.map((name) => put(room, name)));
  expect(namesIn(room).sort()).toEqual(["ana", ...names].sort());
});

test("who comes second with the same name is refused, and loses nobody's account", async () => {
  using room = openRoom();
  const all = await Promise.allSettled(Array.from({ length: 6 }, () => put(room, "ana")));
  const reasons = all.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
  expect(reasons).toHaveLength(5);
  for (const reason of reasons) expect(reason).toContain("has an account `ana` already");
  expect(namesIn(room)).toEqual(["ana"]);
});

test("an account that somebody replaced or removed meanwhile is not put back over it", async () => {
  using room = openRoom();
  const file = room.write("accounts.json", accountsWith("ana"));
  const over = (replaces: string) =>
    openTransaction(room, ABOUT).changeFile(
      file,
      [{ kind: "put-account", file, account: account("ana", "new"), replaces }],
      TOKEN,
    );
  await expect(over("2025-01-01T00:00:00.000Z")).rejects.toThrow("has got another token for `ana` meanwhile");
  await drop(room, "ana");
  await expect(over("2026-01-01T00:00:00.000Z")).rejects.toThrow("has no account `ana` any more");
});

test("an account that has got another token meanwhile is not removed with the old one", async () => {
  using room = openRoom();
  const file = room.write("accounts.json", accountsWith("ana"));
  const drop = (added: string) =>
    openTransaction(room, ABOUT).changeFile(
      file,
      [{ kind: "drop-account", file, name: "ana", added, revoke: null }],
      null,
    );
  await expect(drop("2025-01-01T00:00:00.000Z")).rejects.toThrow("has got another token for `ana` meanwhile");
  expect(namesIn(room)).toEqual(["ana"]);
  await drop("2026-01-01T00:00:00.000Z");
  expect(namesIn(room)).toEqual([]);
  await expect(drop("2026-01-01T00:00:00.000Z")).rejects.toThrow("has no account `ana` any more");
});

test.each([
  ["a control character", "bob\u001b@acme.example"],
  ["more than anybody reads", `bob@${"x".repeat(1_000_000)}`],
])("what would make the list unreadable does not get into it: %s", async (_, email) => {
  using room = openRoom();
  const file = room.write("accounts.json", accountsWith("ana"));
  const bob = { ...account("bob", "new"), email };
  const step = { kind: "put-account", file, account: bob, replaces: null } as const;
  const change = openTransaction(room, ABOUT).changeFile(file, [step], TOKEN);
  await expect(change).rejects.toThrow("could not be read any more with that in it");
  expect(room.read("accounts.json")).toBe(accountsWith("ana"));
});

test("a damaged list is not changed", async () => {
  using room = openRoom();
  room.write("accounts.json", "{ half");
  await expect(put(room, "bob")).rejects.toThrow(/damaged/);
  expect(room.read("accounts.json")).toBe("{ half");
});

test("a token in the keychain: put there, taken back, put there again", async () => {
  using room = openRoom();
  const place = { helper: OS_KEYCHAIN, host: "bitbucket.org", path: null, username: "ana-1" } as const;
  const tx = openTransaction(room, ABOUT);
  await tx.callHelper({ kind: "helper-store", ...place, password: "newToken" }, TOKEN);
  tx.close();
  expect(keychainIn(room.home).get("ana-1")).toBe(TOKEN);
  const receipt = await undo(room, 1, VERSION);
  expect(receipt.helpers).toMatchObject([{ state: "restored", what: "`ana-1` in the keychain" }]);
  expect(keychainIn(room.home).has("ana-1")).toBe(false);
  await undo(room, 2, VERSION);
  expect(keychainIn(room.home).get("ana-1")).toBe(TOKEN);
});

test("a file that has come to hold somebody else's token is not written over", async () => {
  using room = openRoom();
  const file = room.write("tokens/ana-1", "another one\n");
  const tx = openTransaction(room, ABOUT);
  const step = { kind: "put-token", file, password: "newToken" } as const;
  await expect(tx.changeFile(file, [step], TOKEN)).rejects.toThrow(/somebody else's token/);
  expect(await tx.rollBack()).toMatchObject({ state: "rolled-back", changed: [] });
  expect(room.read("tokens/ana-1")).toBe("another one\n");
});

test("nor is an item of the keychain that an account has", async () => {
  using room = openRoom();
  const file = room.write(".config/git-rekey/accounts.json", accountsWith());
  const bob = { ...account("bob", "acme"), secret: { kind: "keychain", name: "token-1" } } as const;
  const put = { kind: "put-account", file, account: bob, replaces: null } as const;
  await openTransaction(room, ABOUT).changeFile(file, [put], TOKEN);
  keychainIn(room.home).set("token-1", "another one");
  const tx = openTransaction(room, ABOUT);
  const place = { helper: OS_KEYCHAIN, host: "bitbucket.org", path: null, username: "token-1" };
  const stored = tx.callHelper({ kind: "helper-store", ...place, password: "newToken" }, TOKEN);
  await expect(stored).rejects.toThrow(/somebody else's token/);
  expect(await tx.rollBack()).toMatchObject({ state: "rolled-back", helpers: [] });
  expect(keychainIn(room.home).get("token-1")).toBe("another one");
});

test("an old token does not come back for an account that has a newer one", async () => {
  using room = openRoom();
  const [list, token] = [join(room.home, "accounts.json"), join(room.home, "tokens/ana-1")];
  const named = (name: string) => ({ ...account("ana", "w"), secret: { kind: "file", name } as const });
  const keep = async (name: string) => {
    const tx = openTransaction(room, ABOUT);
    const put = { kind: "put-account", file: list, account: named(name), replaces: null } as const;
    await tx.changeFile(list, [put], TOKEN);
    tx.close();
  };
  room.write("tokens/ana-1", "old\n");
  await keep("ana-1");
  const tx = openTransaction(room, ABOUT);
  const added = listIn(room).accounts[0]?.added ?? "";
  await tx.changeFile(list, [{ kind: "drop-account", file: list, name: "ana", added, revoke: null }], null);
  await tx.changeFile(token, [{ kind: "drop-token", file: token }], null);
  const removed = tx.close().id;
  await keep("ana-2");
  const receipt = await undo(room, removed, VERSION);
  expect(receipt.changed).toContainEqual(
    expect.objectContaining({
      file: token,
      state: "left-alone",
      reason: "its account has another token now",
    }),
  );
  expect(existsSync(token)).toBe(false);
  expect(namesIn(room)).toEqual(["ana"]);
});
