import { expect, test } from "bun:test";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { recover } from "../../src/steps/recover.ts";
import { listReceipts, undo } from "../../src/steps/undo.ts";
import { openRoom, picture } from "./room.ts";
import { EVERYTHING, fixOrRollBack } from "./scenarios.ts";

function run(what: string, home: string, at: number): Promise<boolean> {
  const program = join(import.meta.dir, "killed.ts");
  // Without its cache Bun writes nothing into the home.
  const env = { PATH: process.env.PATH ?? "", HOME: home, BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0" };
  const child = spawn(process.execPath, ["--no-env-file", program, what, home, String(at)], { env });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  return new Promise((done) => child.on("close", () => done(said === "done")));
}

/** Kills at every `stride`-th change until the process gets to its end; eight at a time. */
async function killAlong(stride: number, attempt: (at: number) => Promise<boolean>): Promise<number> {
  for (let first = 1; ; first += 8 * stride) {
    const numbers = Array.from({ length: 8 }, (_, i) => first + i * stride);
    const finished = await Promise.all(numbers.map(attempt));
    if (finished.includes(true)) return first;
  }
}

test("SIGKILL along a fix of every kind", async () => {
  const reached = await killAlong(5, async (at) => {
    using room = openRoom();
    EVERYTHING.arrange(room);
    const before = picture(room.home);
    const done = await run("fix", room.home, at);
    recover(room);
    if (listReceipts(room).length > 0) await undo(room, null, "0.0.0");
    expect(picture(room.home)).toEqual(before);
    return done;
  });
  expect(reached).toBeGreaterThan(60);
}, 60_000);

test("SIGKILL along its undo", async () => {
  await killAlong(7, async (at) => {
    using room = openRoom();
    EVERYTHING.arrange(room);
    const before = picture(room.home);
    await fixOrRollBack(room, EVERYTHING, room.home);
    const done = await run("undo", room.home, at);
    if (!done) await undo(room, null, "0.0.0");
    expect(picture(room.home)).toEqual(before);
    return done;
  });
}, 60_000);
