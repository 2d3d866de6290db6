/** What a terminal is given to show: colours only where they are wanted, and lines that fit. */
import { afterEach, describe, expect, test } from "bun:test";
import type { EmulatedSandbox } from "../sandbox.ts";
import { appPasswordInUrl, storedAppPassword } from "./people.ts";
import { ENTER, type Ended, Session, type SessionOptions } from "./session.ts";

const boxes: EmulatedSandbox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.remove();
});

async function show(argv: readonly string[], options: SessionOptions = {}): Promise<Ended> {
  const box = await storedAppPassword();
  boxes.push(box);
  return new Session(box, argv, options).ended();
}

const DOCTOR = ["git", "rekey", "doctor"];

describe("colours", () => {
  test("at a terminal that has them", async () => {
    expect((await show(DOCTOR)).raw).toContain("\x1b[31m");
  });

  test.each([
    ["NO_COLOR", DOCTOR, { NO_COLOR: "1" }],
    ["TERM=dumb", DOCTOR, { TERM: "dumb" }],
    ["a pipe", ["sh", "-c", "git rekey doctor 2>&1 | cat"], {}],
    ["stdout in a pipe", ["sh", "-c", "git rekey doctor 2>/dev/null | cat"], {}],
    ["--json", [...DOCTOR, "--json"], {}],
  ])("none with %s", async (_, argv, env) => {
    const ended = await show(argv, { env });
    expect(ended.screen).toContain("app-password-sent");
    expect(ended.raw).not.toContain("\x1b[3");
    expect(ended.raw).not.toContain("\x1b[1m");
  });

  test("the words are the same with and without them", async () => {
    const box = await storedAppPassword();
    boxes.push(box);
    const coloured = await new Session(box, DOCTOR).ended();
    const bare = await new Session(box, DOCTOR, { env: { NO_COLOR: "1" } }).ended();
    const fingerprints = /‹[0-9a-f]+›/g;
    expect(coloured.screen.replace(fingerprints, "")).toBe(bare.screen.replace(fingerprints, ""));
  });

  test("a pipe gets no progress, and no question", async () => {
    const ended = await show(["sh", "-c", "git rekey </dev/null 2>&1 | cat"]);
    expect(ended.screen).not.toContain("…");
    expect(ended.screen).not.toContain("[Y/n]");
    expect(ended.screen).toContain("hint: `git rekey fix`");
  });
});

/** Lines of more columns than there are, unless it is one word that stands alone behind its sign or number. */
function tooLong(screen: string, columns: number): string[] {
  return screen.split("\n").filter((line) => {
    const words = line.trim().split(/\s+/);
    const isSign = (word: string) => /^([✗✓!·→…]|\d+\.)$/.test(word);
    const breakable = words.length - (isSign(words[0] ?? "") ? 1 : 0) > 1;
    return Bun.stringWidth(line) > columns && breakable;
  });
}

describe("forty columns", () => {
  test("a whole fix fits", async () => {
    const box = await appPasswordInUrl();
    boxes.push(box);
    const at = new Session(box, ["git", "rekey"], { columns: 40 });
    await at.answer("[Y/n] ", ENTER);
    await at.answer("1, 2 or 3: ", `1${ENTER}`);
    await at.answer("[y/N] ", `y${ENTER}`);
    await at.answer("nothing is shown): ", `wrong${ENTER}`);
    await at.answer("nothing is shown): ", box.emulator.secret("api-token") + ENTER);
    await at.answer("(Enter: not known): ", ENTER);
    const { code, screen } = await at.ended();
    expect(code).toBe(0);
    expect(tooLong(screen, 40)).toEqual([]);
  });

  test("the rows of `undo --list` fit, each told by its number", async () => {
    const box = await storedAppPassword();
    boxes.push(box);
    const stdin = box.emulator.secret("api-token");
    expect(await box.rekey(["fix", "--yes"], { cwd: "site", stdin })).toMatchObject({ code: 0 });
    expect(await box.rekey(["undo", "--yes"])).toMatchObject({ code: 0 });
    const { screen } = await new Session(box, ["git", "rekey", "undo", "--list"], { columns: 40 }).ended();
    const lines = screen.trimEnd().split("\n");
    expect(lines.filter((line) => Bun.stringWidth(line) > 40)).toEqual([]);
    expect(lines.filter((line) => /^\d+ {2}\d{4}-/.test(line))).toHaveLength(2);
    expect(screen).toContain("~/site");
  });

  test.each([
    ["undo --list", ["git", "rekey", "undo", "--list"]],
    ["an error", ["git", "rekey", "undo", "x"]],
    ["a dry run", ["git", "rekey", "fix", "--dry-run"]],
    ["explain", ["git", "rekey", "explain", "netrc-shadows"]],
  ])("%s fits", async (_, argv) => {
    expect(tooLong((await show(argv, { columns: 40 })).screen, 40)).toEqual([]);
  });
});
