/** Ctrl-C and Ctrl-D, at every question and in the middle of the work. */
import { afterEach, describe, expect, test } from "bun:test";
import type { EmulatedSandbox, Snapshot } from "../sandbox.ts";
import { appPasswordInUrl, belongings, everything, storedAppPassword } from "./people.ts";
import { CTRL_C, CTRL_D, ENTER, type Ended, Session } from "./session.ts";

const boxes: EmulatedSandbox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.remove();
});

const FIX = ["git-rekey", "fix"];
const TOKEN = "nothing is shown): ";
const PLACE = "1, 2 or 3: ";
const LAST_DAY = "(Enter: not known): ";

type Answer = string | ((box: EmulatedSandbox) => string);

/** Every question there is: how to come to it, and what it begins with. */
interface Question {
  make(): Promise<EmulatedSandbox>;
  prepare?(box: EmulatedSandbox): Promise<unknown>;
  argv: readonly string[];
  /** Questions to be answered on the way. */
  before: readonly (readonly [question: string, answer: Answer])[];
  at: string;
}

const fixed = (box: EmulatedSandbox) =>
  box.rekey(["fix", "--yes"], { cwd: "site", stdin: `${box.emulator.secret("api-token")}\n` });
const planned = (box: EmulatedSandbox) => box.rekey(["fix", "--plan-out", "plan.json"], { cwd: "site" });
const agreed = ["Carry out this plan?", `y${ENTER}`] as const;
const helped = [[PLACE, `1${ENTER}`], agreed] as const;

const QUESTIONS: Readonly<Record<string, Question>> = {
  "the offer": { make: storedAppPassword, argv: ["git", "rekey"], before: [], at: "[Y/n] " },
  "the place to keep the token": { make: appPasswordInUrl, argv: FIX, before: [], at: PLACE },
  "that place, asked again": {
    make: appPasswordInUrl,
    argv: FIX,
    before: [[PLACE, `4${ENTER}`]],
    at: PLACE,
  },
  "the plan with git-rekey's helper": {
    make: appPasswordInUrl,
    argv: FIX,
    before: [[PLACE, `1${ENTER}`]],
    at: "[y/N] ",
  },
  "the token for git-rekey's helper": { make: appPasswordInUrl, argv: FIX, before: helped, at: TOKEN },
  "the token's last day": {
    make: appPasswordInUrl,
    argv: FIX,
    before: [...helped, [TOKEN, (box) => box.emulator.secret("api-token") + ENTER]],
    at: LAST_DAY,
  },
  "that day, asked again": {
    make: appPasswordInUrl,
    argv: FIX,
    before: [
      ...helped,
      [TOKEN, (box) => box.emulator.secret("api-token") + ENTER],
      [LAST_DAY, `soon${ENTER}`],
    ],
    at: LAST_DAY,
  },
  "another plan for another kind of token": {
    make: appPasswordInUrl,
    argv: [...FIX, "--store", "file"],
    before: [agreed, [TOKEN, (box) => box.emulator.secret("repository-token") + ENTER]],
    at: "[y/N] ",
  },
  "the plan": { make: storedAppPassword, argv: FIX, before: [], at: "[y/N] " },
  "the plan after the offer": {
    make: storedAppPassword,
    argv: ["git", "rekey"],
    before: [["[Y/n] ", ENTER]],
    at: "[y/N] ",
  },
  "the token": { make: storedAppPassword, argv: FIX, before: [agreed], at: TOKEN },
  "the token, asked again": {
    make: storedAppPassword,
    argv: FIX,
    before: [agreed, [TOKEN, `wrong${ENTER}`]],
    at: TOKEN,
  },
  "a plan file": {
    make: storedAppPassword,
    prepare: planned,
    argv: ["git", "rekey", "apply", "plan.json"],
    before: [],
    at: "[y/N] ",
  },
  "the token for a plan file": {
    make: storedAppPassword,
    prepare: planned,
    argv: ["git", "rekey", "apply", "plan.json"],
    before: [agreed],
    at: TOKEN,
  },
  undo: {
    make: storedAppPassword,
    prepare: fixed,
    argv: ["git", "rekey", "undo"],
    before: [],
    at: "Put back what the newest fix changed? [y/N] ",
  },
};

/** Leads somebody to a question, has them press a key there, and tells what became of it. */
async function press(
  question: Question,
  keys: string,
): Promise<Ended & { before: Snapshot; after: Snapshot }> {
  const box = await question.make();
  boxes.push(box);
  await question.prepare?.(box);
  const before = everything(box);
  const at = new Session(box, question.argv);
  for (const [asked, answer] of question.before)
    await at.answer(asked, typeof answer === "string" ? answer : answer(box));
  await at.answer(question.at, keys);
  const ended = await at.ended();
  return { ...ended, before, after: everything(box) };
}

describe.each(Object.entries(QUESTIONS))("at the question about %s", (_, question) => {
  test.each([
    ["Ctrl-C", CTRL_C],
    ["Ctrl-D", CTRL_D],
    ["Ctrl-C in the middle of a line", `some${CTRL_C}`],
  ])("%s: 130, one sentence, nothing changed, the terminal as it was", async (__, keys) => {
    const { code, restored, screen, before, after } = await press(question, keys);
    expect({ code, restored }).toEqual({ code: 130, restored: true });
    const said = screen.slice(screen.lastIndexOf(question.at) + question.at.length);
    const sentence = said.split("\n").filter((line) => line !== "" && line !== "some");
    expect(sentence).toEqual(["git-rekey: cancelled; nothing has been changed"]);
    expect(after).toEqual(before);
  });
});

test("n at the plan: 130, one sentence, nothing changed", async () => {
  const plan = QUESTIONS["the plan"];
  if (!plan) throw new Error("there is no such question");
  const { code, screen, before, after } = await press(plan, `n${ENTER}`);
  expect(code).toBe(130);
  expect(screen.trimEnd()).toEndWith("git-rekey: nothing has been changed");
  expect(after).toEqual(before);
});

test("n at the offer leaves with what was found", async () => {
  const offer = QUESTIONS["the offer"];
  if (!offer) throw new Error("there is no such question");
  const { code, before, after } = await press(offer, `n${ENTER}`);
  expect(code).toBe(1);
  expect(after).toEqual(before);
});

test("a signal that ends it at the hidden question leaves the terminal as it was", async () => {
  const box = await storedAppPassword();
  boxes.push(box);
  const pidFile = box.path("pid");
  const at = new Session(box, ["sh", "-c", `echo $$ > ${pidFile}; exec git-rekey fix`]);
  await at.answer("Carry out this plan?", `y${ENTER}`);
  await at.until(TOKEN);
  process.kill(Number(box.read("pid")), "SIGTERM");
  const { code, restored } = await at.ended();
  expect({ code, restored }).toEqual({ code: 128 + 15, restored: true });
});

describe("Ctrl-C while the work goes on", () => {
  test("in the doctor's questions to Bitbucket", async () => {
    const box = await storedAppPassword();
    boxes.push(box);
    box.emulator.switches.faults = [{ kind: "slow", milliseconds: Number.POSITIVE_INFINITY }];
    const before = everything(box);
    const at = new Session(box, ["git", "rekey", "doctor"]);
    while (box.emulator.log.length === 0) await Bun.sleep(5);
    at.type(CTRL_C);
    const { code, restored } = await at.ended();
    expect({ code, restored }).toEqual({ code: 130, restored: true });
    expect(everything(box)).toEqual(before);
  });

  /** Everything goes well until real git proves the new token: that takes for ever. */
  async function cancelDuring(progress: string, helper = false): Promise<void> {
    const box = await storedAppPassword();
    boxes.push(box);
    const before = belongings(box);
    const at = new Session(box, helper ? [...FIX, "--with", "helper", "--store", "file"] : FIX);
    await at.until("Carry out this plan?");
    // The new token's rights are one request. Git makes four: with nothing, with the URL's user and no password
    // (that is curl's doing), with the token, and for the refs.
    const quick = progress.includes("verifying") ? 5 : 1;
    box.emulator.switches.faults = [
      { kind: "slow", milliseconds: 0, times: quick },
      { kind: "slow", milliseconds: Number.POSITIVE_INFINITY },
    ];
    const asked = box.emulator.log.length;
    at.type(`y${ENTER}`);
    await at.answer(TOKEN, box.emulator.secret("api-token") + ENTER);
    if (helper) await at.answer(LAST_DAY, ENTER);
    await at.until(progress);
    // Counted from the beginning: the one that takes for ever may have come before its words were on the screen.
    while (box.emulator.log.length <= asked + quick) await Bun.sleep(5);
    at.type(CTRL_C);
    const { code, restored, screen } = await at.ended();
    expect({ code, restored }).toEqual({ code: 130, restored: true });
    expect(screen).toContain("git-rekey: it was cancelled; everything was put back as it was");
    expect(belongings(box)).toEqual(before);
    const list = await box.rekey(["undo", "--list"]);
    expect(list.stdout).toContain("rolled-back");
  }

  test("while git proves the new token: everything is put back", () => cancelDuring("proving fetch"));
  test("while git proves it with git-rekey's helper: everything is put back", () =>
    cancelDuring("proving fetch", true));
  test("while git is run with git-rekey's helper: everything is put back", () =>
    cancelDuring("verifying fetch", true));
  test("while git is run as the person runs it: everything is put back", () =>
    cancelDuring("verifying fetch"));
});
