/** The demo with a person in front of it, who presses Enter, Ctrl-C, and works in its shell. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROGRAM } from "../sandbox.ts";

const CTRL_C = "\u0003";

let place: string;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "demo-"));
});

afterEach(() => rmSync(place, { recursive: true, force: true }));

/** A terminal that types the answer to each of `script`'s words as soon as they are on the screen. */
async function sit(args: readonly string[], script: readonly (readonly [sees: string, types: string])[]) {
  let screen = "";
  let from = 0;
  const left = [...script];
  const child = Bun.spawn([PROGRAM, "demo", ...args], {
    env: {
      PATH: process.env.PATH ?? "",
      HOME: place,
      TMPDIR: place,
      TERM: "xterm",
      SHELL: "/bin/sh",
      BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0",
    },
    terminal: {
      data(terminal, bytes) {
        screen += Buffer.from(bytes).toString("utf8");
        for (let next = left[0]; next !== undefined; next = left[0]) {
          const at = screen.indexOf(next[0], from);
          if (at < 0) return;
          from = at + next[0].length;
          left.shift();
          terminal.write(next[1]);
        }
      },
    },
  });
  const code = await child.exited;
  return { code, screen, unseen: left };
}

const enter = ["Enter goes on", "\r"] as const;

test("Enter goes on from step to step; no token is shown", async () => {
  const { code, screen, unseen } = await sit([], [enter, enter, enter, enter, enter]);
  expect({ code, unseen }).toEqual({ code: 0, unseen: [] });
  expect(screen).not.toMatch(/(?:ATATT|ATBB)[\w=-]{15,}/);
  expect(readdirSync(place)).toEqual([]);
});

test("Ctrl-C between two steps ends it and leaves nothing", async () => {
  const { code, screen } = await sit([], [enter, ["Enter goes on", CTRL_C]]);
  expect(code).toBe(130);
  expect(screen).toContain("all that it made has been removed");
  expect(readdirSync(place)).toEqual([]);
});

test("--shell: break, fix, and leave", async () => {
  const { code, screen, unseen } = await sit(
    ["--shell"],
    [
      ["(demo) $ ", "demo-break\n"],
      ["address-not-allowed", "demo-break no-such\n"],
      ["there is no set-up", "demo-break app-password-in-netrc\n"],
      ["git rekey doctor\r\n", "cd ~/practice/app-password-in-netrc && git fetch\n"],
      ["error: 410", "demo-token api-token | git rekey fix --yes\n"],
      ["hint:", "git fetch && echo it' 'works\n"],
      ["it works", ""],
      ["(demo) $ ", `sh -c 'echo fast" "asleep; exec sleep 30'\n`],
      // The shell's own prompt comes back: its Ctrl-C does not end the demo.
      ["fast asleep", CTRL_C],
      ["(demo) $ ", "exit\n"],
    ],
  );
  expect({ code, unseen }).toEqual({ code: 0, unseen: [] });
  expect(screen).toContain("all that it made has been removed");
  expect(existsSync(place)).toBe(true);
  expect(readdirSync(place)).toEqual([]);
});
