import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { recover } from "../../src/steps/recover.ts";
import { Refusal } from "../../src/steps/refusal.ts";
import { listReceipts, undo } from "../../src/steps/undo.ts";
import { FileError, type WriteFiles } from "../../src/world/ports.ts";
import { Crash, crashAt, failAt } from "./breaking-files.ts";
import { openRoom, picture, type Room } from "./room.ts";
import { fixOrRollBack, SCENARIOS, type Scenario } from "./scenarios.ts";

// A slow disk makes many small syncs long.
setDefaultTimeout(60_000);

const VERSION = "0.0.0";

function arranged(scenario: Scenario): { room: Room; before: Record<string, string> } {
  const room = openRoom();
  scenario.arrange(room);
  return { room, before: picture(room.home) };
}

async function fixed(scenario: Scenario) {
  const { room, before } = arranged(scenario);
  await fixOrRollBack(room, scenario, room.home);
  return { room, before, after: picture(room.home) };
}

/** True when it ran to its end, false when it died. */
async function survives(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (error instanceof Crash) return false;
    throw error;
  }
}

/** A person comes back: leftovers go, and whatever is not undone is undone. */
async function comeBack(room: Room): Promise<void> {
  recover(room);
  if (
    listReceipts(room).some(
      ({ action, state }) => action === "fix" && state !== "undone" && state !== "rolled-back",
    )
  )
    await undo(room, null, VERSION);
}

/** Right after a crash every file is as before or as after, whole. Temporary names aside. */
function expectWhole(now: Record<string, string>, ...states: Record<string, string>[]): void {
  for (const [name, text] of Object.entries(now)) {
    if (/\.lock$|\.rekey-/.test(name) || text.startsWith("folder")) continue;
    expect(states.map((state) => state[name])).toContain(text);
  }
}

async function expectGitCanWrite(room: Room): Promise<void> {
  const file = join(room.home, "config");
  if (!existsSync(file)) return;
  const { code } = await room.git.run({ args: ["config", "--file", file, "x.y", "z"] });
  expect(code).toBe(0);
}

/** Runs `attempt` for 1, 2, 3 … at once in tens, until one says that there is nothing left to interrupt. */
async function forEveryChange(attempt: (at: number) => Promise<boolean>): Promise<number> {
  for (let first = 1; first < 1000; first += 10) {
    const numbers = Array.from({ length: 10 }, (_, i) => first + i);
    const finished = await Promise.all(numbers.map(attempt));
    if (finished.includes(true)) return first + finished.indexOf(true) - 1;
  }
  throw new Error("it never came to its end");
}

describe.each(Object.entries(SCENARIOS))("%s", (_, scenario) => {
  test("a crash at any change of the fix is recovered from and undone", async () => {
    const { room: model, after } = await fixed(scenario);
    model[Symbol.dispose]();
    const changes = await forEveryChange(async (at) => {
      const { room, before } = arranged(scenario);
      using _room = room;
      const done = await survives(() =>
        fixOrRollBack({ ...room, files: crashAt(room.files, at) }, scenario, room.home),
      );
      expectWhole(picture(room.home), before, after);
      await comeBack(room);
      expect(picture(room.home)).toEqual(before);
      expect(recover(room)).toMatchObject({ removed: [], unfinished: [] });
      await expectGitCanWrite(room);
      return done;
    });
    expect(changes).toBeGreaterThan(6);
  });

  test("a crash at any change of the undo, and of the redo, too", async () => {
    await forEveryChange(async (at) => {
      const { room, before, after } = await fixed(scenario);
      using _room = room;
      const dying = { ...room, files: crashAt(room.files, at) };
      const done = await survives(() => undo(dying, null, VERSION));
      expectWhole(picture(room.home), before, after);
      await comeBack(room);
      expect(picture(room.home)).toEqual(before);
      return done;
    });
    await forEveryChange(async (at) => {
      const { room, before, after } = await fixed(scenario);
      using _room = room;
      await undo(room, null, VERSION);
      const dying = { ...room, files: crashAt(room.files, at) };
      const done = await survives(() => undo(dying, 2, VERSION));
      expectWhole(picture(room.home), before, after);
      recover(room);
      if (!done) await undo(room, 2, VERSION);
      expect(picture(room.home)).toEqual(after);
      return done;
    });
  });

  test("a disk that refuses once: all or nothing, and one clear sentence", async () => {
    const codes = ["ENOSPC", "EROFS", "EACCES"];
    const { room: model, after } = await fixed(scenario);
    model[Symbol.dispose]();
    await forEveryChange(async (at) => {
      const { room, before } = arranged(scenario);
      using _room = room;
      const ports = { ...room, files: failAt(room.files, at, codes[at % 3] ?? "") };
      let refusal: unknown;
      try {
        const result = await fixOrRollBack(ports, scenario, room.home);
        refusal = result.refusal;
        expect(result.receipt.state).toBe(refusal === null ? "applied" : "rolled-back");
      } catch (error) {
        refusal = error;
      }
      recover(room);
      expect(picture(room.home)).toEqual(refusal === null ? after : before);
      if (refusal !== null) expectSentence(refusal);
      return refusal === null;
    });
  });

  test("a disk that refuses for good: undone when it is well again", async () => {
    await forEveryChange(async (at) => {
      const { room, before } = arranged(scenario);
      using _room = room;
      const ports = { ...room, files: failAt(room.files, at, "ENOSPC", true) };
      let done = false;
      try {
        done = (await fixOrRollBack(ports, scenario, room.home)).refusal === null;
      } catch (error) {
        expectSentence(error);
      }
      await comeBack(room);
      expect(picture(room.home)).toEqual(before);
      return done;
    });
  });
});

function expectSentence(refusal: unknown): void {
  expect(refusal).toBeInstanceOf(Refusal);
  const { message } = refusal as Refusal;
  expect(message).toMatch(
    /^(.* was not (changed|written)|nothing was changed): (this user may|the disk that) .*`[^`]+`/,
  );
  expect(message).not.toContain("\n");
}

describe("beside the matrix", () => {
  const three: Scenario = {
    arrange(room) {
      SCENARIOS["set-config"]?.arrange(room);
      SCENARIOS["put-stored and drop-stored"]?.arrange(room);
      room.write("broken", "[");
    },
    fileSteps: (home) => [
      ...["set-config", "put-stored and drop-stored", "a new file in new folders"].flatMap(
        (name) => SCENARIOS[name]?.fileSteps?.(home) ?? [],
      ),
      { kind: "unset-config", file: join(home, "broken"), entry: { key: "a.b", occurrence: 0 } },
    ],
  };

  test("a crash while a fix is being rolled back", async () => {
    const changes = await forEveryChange(async (at) => {
      const { room, before } = arranged(three);
      using _room = room;
      const dying = { ...room, files: crashAt(room.files, at) };
      const done = await survives(() => fixOrRollBack(dying, three, room.home));
      await comeBack(room);
      expect(picture(room.home)).toEqual(before);
      return done;
    });
    expect(changes).toBeGreaterThan(50);
  });

  test("a disk without hard links", async () => {
    await forEveryChange(async (at) => {
      const { room, before } = arranged(three);
      using _room = room;
      const link = (_: string, to: string) => {
        throw new FileError("EPERM", to, "EPERM");
      };
      const plain = { ...room, files: { ...room.files, link } };
      const dying = { ...plain, files: crashAt(plain.files, at) };
      const done = await survives(() => fixOrRollBack(dying, three, room.home));
      await comeBack({ ...room, ...plain });
      expect(picture(room.home)).toEqual(before);
      return done;
    });
  });

  test("the lock of a git that died is not ours to remove", async () => {
    using room = openRoom();
    SCENARIOS["set-config"]?.arrange(room);
    for (let at = 1; at < 12; at++) {
      const dying = { ...room, files: crashAt(room.files, at) };
      await survives(() => fixOrRollBack(dying, SCENARIOS["set-config"] ?? three, room.home));
      recover(room);
      room.write("config.lock", room.read("config"));
      expect(recover(room).removed).toEqual([]);
      expect(existsSync(join(room.home, "config.lock"))).toBe(true);
      room.files.remove(join(room.home, "config.lock"));
    }
  });

  test("what a crash left is told, until it is undone", async () => {
    using room = openRoom();
    SCENARIOS["set-config"]?.arrange(room);
    const dying = { ...room, files: crashAt(room.files, 13) };
    await survives(() => fixOrRollBack(dying, SCENARIOS["set-config"] ?? three, room.home));
    expect(recover(room).unfinished.map(({ id, state }) => [id, state])).toEqual([[1, "incomplete"]]);
    await undo(room, 1, VERSION);
    expect(recover(room)).toEqual({ removed: [], unfinished: [], running: [] });
    expect(listReceipts(room).map(({ state }) => state)).toEqual(["undone", "applied"]);
  });

  test("a record cut off by a full disk does not spoil the next one", async () => {
    const scenario = SCENARIOS["set-config"] ?? three;
    for (let at = 1; at < 6; at++) {
      const { room, before } = arranged(scenario);
      using _room = room;
      let count = 0;
      const append: WriteFiles["append"] = (path, bytes) => {
        room.files.append(path, ++count === at ? bytes.slice(0, 20) : bytes);
        if (count === at) throw new FileError("ENOSPC", path, "ENOSPC");
      };
      try {
        await fixOrRollBack({ ...room, files: { ...room.files, append } }, scenario, room.home);
      } catch (error) {
        expectSentence(error);
      }
      await comeBack(room);
      expect(picture(room.home)).toEqual(before);
    }
  });

  test("a damaged backup restores nothing", async () => {
    const { room, after } = await fixed(SCENARIOS["set-config"] ?? three);
    using _room = room;
    room.write(".local/state/git-rekey/receipts/1/backups/1", "x");
    const { changed } = await undo(room, null, VERSION);
    expect(changed[0]).toMatchObject({ state: "left-alone", reason: "its backup is damaged" });
    expect(picture(room.home)).toEqual(after);
  });
});
