/** Help pages as they stand on a screen of usual width. */
import { expect, test } from "bun:test";
import { makeSandbox } from "../sandbox.ts";

const TOKEN = ["add", "list", "check", "rotate", "set", "remove", "revoked", "expiring"];
const PAGES = [
  [],
  ...["doctor", "explain", "fix", "apply", "undo", "run", "token", "demo"].map((one) => [one]),
  ...TOKEN.map((one) => ["token", one]),
];

test.each(PAGES.map((words) => [words.join(" "), words]))(
  "git rekey %s --help: 80 columns, and no default that goes without saying",
  async (_, words) => {
    await using box = await makeSandbox();
    const { code, stdout, stderr } = await box.rekey([...words, "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).not.toContain("default = false");
    expect(stdout).toMatch(/^USAGE\n {2}git rekey /);
  },
);

test("a description too long for its line goes on below itself", async () => {
  await using box = await makeSandbox();
  const { stdout } = await box.rekey(["token", "expiring", "--help"]);
  const lines = stdout.split("\n");
  const at = lines.findIndex((line) => line.includes("[--format]"));
  const column = lines[at]?.indexOf("How results") ?? 0;
  expect(lines[at]).toContain("How results are written [text|json|prometheus, default =");
  expect(lines[at + 1]).toBe(`${" ".repeat(column)}text]`);
});
