/** The process dies right before any change it makes: the next call finds everything it needs. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { type Loaned, lend, settle } from "../../src/cli/lending.ts";
import { readNotes } from "../../src/run/standing.ts";
import { sweep } from "../../src/run/sweep.ts";
import { silenceFor, takeBackLeft } from "../../src/steps/lend.ts";
import { listReceipts, undo } from "../../src/steps/undo.ts";
import { realFiles } from "../../src/world/files.ts";
import { sha256 } from "../../src/world/hash.ts";
import { Crash, crashAt, failAt } from "../steps/breaking-files.ts";
import { openRoom, picture, portsIn, type Room, TOKEN } from "../steps/room.ts";

setDefaultTimeout(60_000);

const VERSION = "0.0.0";
const USER = "x-token-auth";
const SAFE = "https://ana@bitbucket.org/acme/site.git";
const FILE = `[core]\n\tbare = false\n[remote "origin"]\n\turl = "${SAFE}" ; the one\n\tfetch = +refs/heads/*:refs/remotes/origin/*`;

function arranged(): { room: Room; loaned: Loaned; before: Record<string, string> } {
  const room = openRoom();
  const file = room.write("config", FILE, 0o644);
  const value = `https://${USER}:${TOKEN}@bitbucket.org/acme/site.git`;
  const page = "https://bitbucket.org/acme/site/admin/access-tokens";
  const lent = {
    kind: "lent-url",
    file,
    entries: [{ key: "remote.origin.url", hash: sha256(value), to: SAFE }],
    secret: sha256(TOKEN),
    folder: null,
    silence: silenceFor(USER),
    mode: 0o644,
    whole: true,
    page,
  } as const;
  const loans = [{ key: "remote.origin.url", occurrence: 0, value }];
  const revoke = { name: "once", kind: "access-token", page } as const;
  return { room, loaned: { user: USER, loans, lent, revoke }, before: picture(room.home) };
}

/** Another process, later, for which the first one is dead. */
function later(room: Room) {
  const ports = portsIn(room.home);
  return { ...ports, self: { ...ports.self, pid: 1 << 22 } };
}

async function comeBack(room: Room): Promise<void> {
  const ports = later(room);
  await sweep(ports, async (lent) => {
    await takeBackLeft(ports, lent, VERSION);
    return true;
  });
}

async function holdsToken(room: Room): Promise<string> {
  return (await Bun.$`grep -rl ${TOKEN} ${room.home}`.nothrow().text()).trim();
}

/** The list of accounts tells what is to be revoked, from the moment before the token is anywhere. */
function withoutAccounts(seen: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(seen).filter(([name]) => !name.startsWith(".config")));
}

async function whole(room: Room, loaned: Loaned, files = realFiles()): Promise<boolean> {
  const ports = portsIn(room.home, files);
  try {
    const lending = await lend(ports, loaned);
    expect(await holdsToken(room)).toBe(join(room.home, "config"));
    await settle(ports, lending);
    return true;
  } catch (error) {
    if (error instanceof Crash) return false;
    throw error;
  }
}

test("a crash at any change: the next call puts every byte back, and the token is nowhere", async () => {
  let at = 1;
  for (let finished = false; !finished; at++) {
    const { room, loaned, before } = arranged();
    finished = await whole(room, loaned, crashAt(realFiles(), at));
    await comeBack(room);
    expect({ at, held: await holdsToken(room) }).toEqual({ at, held: "" });
    expect(withoutAccounts(picture(room.home))).toEqual(before);
    expect(readNotes(later(room))).toEqual([]);
    // Whatever is taken back or brought back later, the token is not.
    for (const { id } of listReceipts(later(room))) {
      await undo(later(room), id, VERSION).catch(() => {});
      expect(await holdsToken(room)).toBe("");
    }
    room[Symbol.dispose]();
  }
  expect(at).toBeGreaterThan(20);
});

test("a disk that fails at any change: it says so, and the next call puts things right", async () => {
  let failures = 0;
  for (let at = 1; ; at++) {
    const { room, loaned, before } = arranged();
    const result = await whole(room, loaned, failAt(realFiles(), at, "ENOSPC")).catch((error) => error);
    await comeBack(room);
    expect({ at, held: await holdsToken(room) }).toEqual({ at, held: "" });
    expect(withoutAccounts(picture(room.home))).toEqual(before);
    room[Symbol.dispose]();
    if (result instanceof Error) failures++;
    else if (at > 60) break;
  }
  expect(failures).toBeGreaterThan(10);
});
