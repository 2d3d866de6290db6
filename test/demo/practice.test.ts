/** Every set-up to practise on is broken as it says, and `doctor` names the fault first. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { openShell } from "../../src/cli/shell.ts";
import { furnish, prepare } from "../../src/demo/prepare.ts";
import { SET_UPS } from "../../src/demo/set-ups.ts";
import { onStage, type Stage } from "../../src/demo/stage.ts";

let stage: Stage;
let leave: () => void;
let gone: Promise<void>;

beforeAll(async () => {
  await new Promise<void>((ready) => {
    gone = onStage(openShell(), (opened) => {
      stage = opened;
      furnish(stage.emulator);
      ready();
      return new Promise<void>((done) => {
        leave = done;
      });
    });
  });
});

afterAll(async () => {
  leave();
  await gone;
});

test("there are at least ten, each with a name of its own", () => {
  expect(new Set(SET_UPS.map(({ name }) => name)).size).toBe(SET_UPS.length);
  expect(SET_UPS.length).toBeGreaterThanOrEqual(10);
});

for (const setUp of SET_UPS) {
  test(setUp.name, async () => {
    const folder = await prepare(stage, setUp);
    const failed = await stage.run({ args: setUp.fails, cwd: folder, env: { GIT_TERMINAL_PROMPT: "0" } });
    expect(failed.code).not.toBe(0);

    const push = setUp.fails[0] === "push" ? ["--push"] : [];
    const looked = await stage.run({ args: ["rekey", "doctor", "--json", ...push], cwd: folder });
    const { findings } = JSON.parse(looked.text) as { findings: { id: string; severity: string }[] };
    expect({ code: looked.code, first: findings[0]?.id }).toEqual({ code: 1, first: setUp.finds });
  }, 20_000);
}
