/** Plan files that must not be carried out. */
import { afterEach, describe, expect, test } from "bun:test";
import { chmodSync, chownSync } from "node:fs";
import type { EmulatedSandbox } from "../sandbox.ts";
import { belongings, everything, storedAppPassword } from "../terminal/people.ts";
import { expectRefused, IS_ROOT } from "./sentence.ts";

const boxes: EmulatedSandbox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.remove();
});

/** A box with a good plan in `plan.json`. */
async function open(): Promise<EmulatedSandbox> {
  const box = await storedAppPassword();
  boxes.push(box);
  expect((await box.rekey(["fix", "--plan-out", "../plan.json"], { cwd: "site" })).code).toBe(0);
  box.emulator.clearLog();
  return box;
}

const apply = (box: EmulatedSandbox, file = "../plan.json") =>
  box.rekey(["apply", "--yes", file], { cwd: "site", stdin: box.emulator.secret("api-token") });

test("a good one is carried out, and only once", async () => {
  const box = await open();
  const before = belongings(box);
  expect(before["plan.json"]).toStartWith("0600 ");
  expect(await apply(box)).toMatchObject({ code: 0 });
  const after = everything(box);
  expect((await apply(box)).code).toBe(1);
  expect(everything(box)).toEqual(after);
  expect(await box.rekey(["undo", "--yes"])).toMatchObject({ code: 0 });
  expect(belongings(box)).toEqual(before);
});

test("it is not written over a file that is there", async () => {
  const box = await open();
  const before = everything(box);
  const ran = await box.rekey(["fix", "--plan-out", "../plan.json"], { cwd: "site" });
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain("there already");
  expect(everything(box)).toEqual(before);
});

const edit = (from: string | RegExp, to: string) => (text: string) => text.replace(from, to);

describe("refused before anybody is asked, with a sentence and code 2", () => {
  test.each([
    ["not JSON", () => "# a plan\n"],
    ["empty", () => ""],
    ["JSON of something else", () => "[]"],
    ["cut off", (text: string) => text.slice(0, text.length / 2)],
    ["another version", edit(/git-rekey\/plan@1/, "git-rekey/plan@2")],
    ["another host", edit(/"host": "bitbucket\.org"/, '"host": "evil.example"')],
    [
      "another host in a URL",
      edit(/https:\/\/([\w-]+@)?bitbucket\.org\/acme/g, "https://$1evil.example/acme"),
    ],
    ["a step nobody knows", edit(/"kind": "put-stored"/, '"kind": "run-command"')],
    ["a path that is none", edit(/"file": "[^"]*"/, '"file": "../../etc/passwd"')],
    ["an enormous file", (text: string) => text + " ".repeat(20_000_000)],
  ])("%s", async (_, change) => {
    const box = await open();
    const text = box.read("plan.json");
    const changed = change(text);
    expect(changed).not.toBe(text);
    box.write("plan.json", changed, 0o600);
    await expectRefused(box, () => apply(box), 2, "plan.json");
    expect(box.emulator.log).toEqual([]);
  });

  test.each([
    ["writable for its group", 0o620],
    ["writable for everyone", 0o606],
  ])("%s", async (_, mode) => {
    const box = await open();
    chmodSync(box.path("plan.json"), mode);
    await expectRefused(box, () => apply(box), 2, "plan.json", "chmod");
  });

  test.skipIf(!IS_ROOT)("another user's (skipped where owners cannot be changed)", async () => {
    const box = await open();
    chownSync(box.path("plan.json"), 65534, 65534);
    await expectRefused(box, () => apply(box), 2, "another user");
  });

  test("a folder", async () => {
    const box = await open();
    await expectRefused(box, () => apply(box, "."), 2, "not a plan");
  });
});

describe("a plan for a machine that is not this one: 1, nothing changed", () => {
  test("an edited step", async () => {
    const box = await open();
    box.write(
      "plan.json",
      box.read("plan.json").replaceAll(box.path(".git-credentials"), box.path(".other")),
      0o600,
    );
    await expectRefused(box, () => apply(box), 1, "not as it was when the plan was made");
  });

  test("a machine that has changed since", async () => {
    const box = await open();
    await box.git(["remote", "set-url", "origin", "https://ana@bitbucket.org/acme/docs.git"], {
      cwd: "site",
    });
    await expectRefused(box, () => apply(box), 1, "not as it was when the plan was made");
  });
});
