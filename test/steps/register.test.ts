/** A public key at Bitbucket: added, taken away again, and never lost sight of. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, type Fault, startEmulator } from "../../emulator/index.ts";
import type { RegisterStep } from "../../src/core/plan.ts";
import { recover } from "../../src/steps/recover.ts";
import { Refusal } from "../../src/steps/refusal.ts";
import type { Rest } from "../../src/steps/register-key.ts";
import { openTransaction } from "../../src/steps/transaction.ts";
import { undo } from "../../src/steps/undo.ts";
import { realHttp } from "../../src/world/http.ts";
import { openVault } from "../../src/world/vault.ts";
import { Crash, crashAt } from "./breaking-files.ts";
import { openRoom, picture, type Room } from "./room.ts";
import { ABOUT, SSH } from "./scenarios.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());
beforeEach(() => {
  emulator.switches.faults = [];
  emulator.clearLog();
  keys().length = 0;
  keys("acme/docs").length = 0;
});

const PAGE = "https://bitbucket.org/acme/site/admin/access-keys/";
const vault = openVault();
const http = realHttp(vault);

function keys(repository = "acme/site") {
  const found = emulator.world.repositories.get(repository);
  if (!found) throw new Error(`there is no ${repository}`);
  return found.deployKeys;
}

function restAs(label: string, scheme: "basic" | "bearer" = "basic"): Rest {
  const credential = { scheme, user: "ana@acme.example", secret: vault.keep(emulator.secret(label)) };
  return { http, credential, proxy: emulator.proxyUrl, ca: readFileSync(emulator.caFile, "utf8") };
}

const publicKey = (room: Room) => join(room.home, ".ssh/id.pub");

const stepIn = (room: Room): RegisterStep => ({
  kind: "register-key",
  repository: { workspace: "acme", repository: "site" },
  label: "ana at laptop",
  publicKey: publicKey(room),
});

/** Writes both halves and registers the public one. */
async function begun(room: Room, rest: Rest, files = room.files) {
  const tx = openTransaction({ ...room, files }, ABOUT);
  for (const half of ["private", "public"] as const) {
    const file = half === "public" ? publicKey(room) : join(room.home, ".ssh/id");
    await tx.changeFile(file, [{ kind: "put-ssh-key", file, half }], null, SSH);
  }
  return { tx, change: await tx.register(stepIn(room), rest) };
}

async function refused(rest: Rest): Promise<string> {
  using room = openRoom();
  const before = picture(room.home);
  const tx = openTransaction(room, ABOUT);
  room.write(".ssh/id.pub", SSH.sshKey?.public ?? "");
  try {
    await tx.register(stepIn(room), rest);
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    expect((error as Refusal).code).toBe("not-registered");
    room.files.remove(publicKey(room));
    room.files.removeFolder(join(room.home, ".ssh"));
    expect((await tx.rollBack()).state).toBe("rolled-back");
    expect(picture(room.home)).toEqual(before);
    return (error as Refusal).message;
  }
  throw new Error("it was not refused");
}

test("it is added, and its number is kept", async () => {
  using room = openRoom();
  const { tx, change } = await begun(room, restAs("api-token-keys"));
  expect(change).toEqual({
    helper: "bitbucket.org",
    what: "added the new SSH key to `acme/site` as the access key `ana at laptop`",
    state: "stored",
    reason: null,
  });
  const receipt = tx.close();
  expect(receipt.helpers).toEqual([change]);
  // What a person wrote behind the key, their name and machine, is nobody's business.
  expect(keys()).toMatchObject([{ label: "ana at laptop", key: `ssh-ed25519 ${"A".repeat(68)}` }]);
  expect(emulator.log.map(({ method, status }) => [method, status])).toEqual([["POST", 200]]);
});

test("a roll-back takes it away again, by its number", async () => {
  using room = openRoom();
  const before = picture(room.home);
  const { tx } = await begun(room, restAs("api-token-keys"));
  const receipt = await tx.rollBack();
  expect(receipt).toMatchObject({ state: "rolled-back", helpers: [{ state: "restored", reason: null }] });
  expect(keys()).toEqual([]);
  expect(picture(room.home)).toEqual(before);
});

test("a roll-back that Bitbucket does not go along with says where to do it", async () => {
  using room = openRoom();
  const before = picture(room.home);
  const { tx } = await begun(room, restAs("api-token-keys"));
  emulator.switches.faults = [{ kind: "unreachable" }];
  const receipt = await tx.rollBack();
  expect(receipt).toMatchObject({
    state: "incomplete",
    helpers: [
      {
        what: "the access key `ana at laptop` of `acme/site`",
        state: "not-restored",
        reason: `it is taken away at ${PAGE}`,
      },
    ],
  });
  expect(picture(room.home)).toEqual(before);
});

test("an undo asks nobody, restores the files and names the page", async () => {
  using room = openRoom();
  const before = picture(room.home);
  const { tx } = await begun(room, restAs("api-token-keys"));
  tx.close();
  emulator.clearLog();
  const receipt = await undo(room, null, "0.0.0");
  expect(receipt.state).toBe("applied");
  expect(receipt.left).toEqual([
    { what: "the access key `ana at laptop` of `acme/site`", reason: `it is taken away at ${PAGE}` },
  ]);
  expect(picture(room.home)).toEqual(before);
  expect(keys()).toHaveLength(1);
  expect(emulator.log).toEqual([]);
});

test("a crash at any moment: undone, and whatever Bitbucket may have is named", async () => {
  for (let at = 1, done = false; !done; at++) {
    keys().length = 0;
    using room = openRoom();
    const before = picture(room.home);
    try {
      (await begun(room, restAs("api-token-keys"), crashAt(room.files, at))).tx.close();
      done = true;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
    const { unfinished } = recover(room);
    if (keys().length > 0 && !done) expect(unfinished).toHaveLength(1);
    const isUndone = done || unfinished.length > 0;
    const left = isUndone ? (await undo(room, null, "0.0.0")).left : [];
    expect(picture(room.home)).toEqual(before);
    if (keys().length > 0) expect(left.map(({ reason }) => reason).join()).toContain(PAGE);
    expect(recover(room).unfinished).toEqual([]);
  }
});

test("one that the repository has already is enough, and stays", async () => {
  using room = openRoom();
  // Behind a page of others.
  for (let id = 1; id <= 12; id++) keys().push({ id, label: "x", key: `ssh-rsa ${"B".repeat(id + 40)}` });
  keys().push({ id: 99, label: "mine", key: `ssh-ed25519 ${"A".repeat(68)}` });
  const { tx, change } = await begun(room, restAs("api-token-keys"));
  expect(change.reason).toBe("it was there already");
  expect((await tx.rollBack()).helpers).toEqual([]);
  expect(keys()).toHaveLength(13);
});

describe("one sentence, with the page", () => {
  test("registered as somebody's own", async () => {
    const bob = emulator.world.accounts.get("bob");
    bob?.sshKeys.push({ id: 5, label: "x", key: `ssh-ed25519 ${"A".repeat(68)}` });
    expect(await refused(restAs("api-token-keys"))).toBe(
      `Bitbucket did not add the key to \`acme/site\`: it says that someone has already registered this key, for another repository or as their own; by hand: ${PAGE}`,
    );
    if (bob) bob.sshKeys.length = 0;
  });

  test.each([
    ["api-token-revoked", "it refuses the credential"],
    [
      "api-token",
      "the credential may not add access keys, which takes `admin:repository:bitbucket` and `write:ssh-key:bitbucket`",
    ],
    ["repository-token", "the credential may not add access keys"],
  ])("%s", async (label, why) => {
    const scheme = label === "repository-token" ? "bearer" : "basic";
    expect(await refused(restAs(label, scheme))).toContain(`to \`acme/site\`: ${why}`);
    expect(keys()).toEqual([]);
  });

  const status = (code: number): Fault => ({ kind: "status", status: code, body: "<html>" });
  test.each<[string, Fault, string]>([
    ["404", status(404), "it knows no such repository that this credential may administer"],
    ["409", status(409), "it has a key of that name or with that text already"],
    ["429", status(429), "it has been asked too often within an hour"],
    ["400", status(400), "it does not take this kind of key"],
    ["302", status(302), "it answered 302"],
    ["500", { ...status(500), times: 1 }, "it answered 500"],
    ["offline", { kind: "unreachable", times: 1 }, "Bitbucket did not answer (E"],
    [
      "a proxy that refuses",
      { kind: "connect-refused", status: 403, times: 1 },
      "Bitbucket did not answer (E",
    ],
  ])("%s", async (_, fault, why) => {
    emulator.switches.faults = [fault];
    const message = await refused(restAs("api-token-keys"));
    expect(message).toContain(why);
    expect(message).toEndWith(PAGE);
    expect(message).not.toContain("html");
  });
});

test("an answer that never came: the key is looked for and taken away", async () => {
  using room = openRoom();
  const rest = restAs("api-token-keys");
  const cut: Rest = {
    ...rest,
    http: {
      ...http,
      send: async (order) => {
        const reply = await http.send(order);
        return order.method === "POST" ? { kind: "failure", code: "ECONNRESET", message: "" } : reply;
      },
    },
  };
  const tx = openTransaction(room, ABOUT);
  room.write(".ssh/id.pub", SSH.sshKey?.public ?? "");
  await expect(tx.register(stepIn(room), cut)).rejects.toThrow(/did not answer \(ECONNRESET\)/);
  expect(keys()).toHaveLength(1);
  expect((await tx.rollBack()).state).toBe("rolled-back");
  expect(keys()).toEqual([]);
});

test("nothing but a public key is sent", async () => {
  const others = [
    SSH.sshKey?.private ?? "",
    "",
    `ssh-ed25519 ${"A".repeat(68)} a\nmachine bitbucket.org password x\n`,
    "ssh-ed25519 AAAA\n",
  ];
  for (const text of others) {
    using room = openRoom();
    room.write(".ssh/id.pub", text);
    const tx = openTransaction(room, ABOUT);
    await expect(tx.register(stepIn(room), restAs("api-token-keys"))).rejects.toThrow(/holds no public key/);
  }
  expect(emulator.log).toEqual([]);
});
