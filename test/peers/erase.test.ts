/** Helpers of other systems, with their faults: a fix ends with a Git that works and nothing stale, or says what is left. */
import { describe, expect, test } from "bun:test";
import type { Receipt } from "../../src/core/receipt.ts";
import { assertValid } from "../contracts/validate.ts";
import { type EmulatedSandbox, type Ran, withEmulator } from "../sandbox.ts";
import { callsOf, type Entry, keptBy, plantHelper, type StandIn } from "./stand-ins.ts";

const URL = "https://bitbucket.org/acme/site.git";
const API_USER = "x-bitbucket-api-token-auth";

const HELPERS: readonly StandIn[] = [
  { name: "osxkeychain", fault: "erases-one" },
  { name: "osxkeychain", fault: "compares" },
  { name: "osxkeychain", fault: "skips-seen" },
  { name: "wincred", fault: "dies-of-password" },
];

async function machine(standIn: StandIn, entries: (box: EmulatedSandbox) => readonly Entry[]) {
  const box = await withEmulator();
  await box.git(["init", "-q", "work"]);
  await box.git(["-C", "work", "remote", "add", "origin", URL]);
  box.write(".gitconfig", `[credential]\n\thelper = ${standIn.name}\n`);
  plantHelper(box, standIn, entries(box));
  return box;
}

const fetch = (box: EmulatedSandbox): Promise<Ran> => box.git(["fetch", "-q", "origin"], { cwd: "work" });

async function rekey(box: EmulatedSandbox, args: readonly string[], code: number): Promise<Receipt> {
  const stdin = `${box.emulator.secret("api-token")}\n`;
  const ran = await box.rekey([...args, "--yes", "--json"], { cwd: "work", stdin });
  expect(ran.code, ran.stdout + ran.stderr).toBe(code);
  assertValid("receipt", ran.stdout);
  return JSON.parse(ran.stdout);
}

const entry = (user: string, secret: string, path = "") => `${user}|${path}|${secret}`;

describe.each(HELPERS)("$name that $fault", (standIn) => {
  test("an app password is replaced, and undo gives it back", async () => {
    await using box = await machine(standIn, ({ emulator }) => [["ana", emulator.secret("app-password")]]);
    const before = keptBy(box);
    expect((await fetch(box)).code).not.toBe(0);
    callsOf(box);
    await rekey(box, ["fix"], 0);
    expect(callsOf(box).filter((call) => call.startsWith("erase") && call.includes("given"))).toEqual([]);
    expect((await fetch(box)).code).toBe(0);
    expect(keptBy(box)).toEqual([entry(API_USER, box.emulator.secret("api-token"))]);
    await rekey(box, ["undo"], 0);
    expect(keptBy(box)).toEqual(before);
  });

  test("of several entries of one user none is left, and what undo cannot tell apart is said", async () => {
    await using box = await machine(standIn, ({ emulator }) => [
      ["ana", emulator.secret("app-password")],
      ["bob", emulator.secret("app-password-bob")],
      ["ana", emulator.secret("api-token-expired"), "acme/old.git"],
    ]);
    const { helpers } = await rekey(box, ["fix"], 0);
    expect((await fetch(box)).code).toBe(0);
    const bob = entry("bob", box.emulator.secret("app-password-bob"));
    expect(keptBy(box)).toEqual([bob, entry(API_USER, box.emulator.secret("api-token"))]);
    const reason = helpers.find(({ state }) => state === "erased")?.reason;
    expect(reason).toContain("it keeps an app password of `bob` as well");
    const undone = await rekey(box, ["undo"], 0);
    expect(keptBy(box).toSorted()).toEqual(
      [entry("ana", box.emulator.secret("app-password")), bob].toSorted(),
    );
    if (standIn.fault !== "erases-one") return;
    expect(reason).toContain("it kept 2 entries");
    expect(undone.helpers.map((one) => one.reason).join()).toContain("1 more of that name");
  });

  test("an expired token under the same name is replaced in its place", async () => {
    await using box = await machine(standIn, ({ emulator }) => [
      [API_USER, emulator.secret("api-token-expired")],
    ]);
    const before = keptBy(box);
    await rekey(box, ["fix"], 0);
    expect((await fetch(box)).code).toBe(0);
    expect(keptBy(box)).toEqual([entry(API_USER, box.emulator.secret("api-token"))]);
    await rekey(box, ["undo"], 0);
    expect(keptBy(box)).toEqual(before);
  });

  test("forgetting takes the dead one away and leaves another user's", async () => {
    await using box = await machine(standIn, ({ emulator }) => [
      ["ana", emulator.secret("app-password")],
      [API_USER, emulator.secret("api-token")],
    ]);
    const before = keptBy(box);
    const receipt = await rekey(box, ["fix", "--with", "forget"], 0);
    expect(receipt.helpers).toMatchObject([{ state: "erased" }]);
    expect(keptBy(box)).toEqual([entry(API_USER, box.emulator.secret("api-token"))]);
    expect((await fetch(box)).code).toBe(0);
    await rekey(box, ["undo"], 0);
    expect(keptBy(box).toSorted()).toEqual(before.toSorted());
  });
});

describe("a helper that keeps what it was told to forget", () => {
  const deaf: StandIn = { name: "osxkeychain", fault: "keeps-all" };
  const stale = ({ emulator }: EmulatedSandbox): Entry[] => [["ana", emulator.secret("app-password")]];

  test("git works with the new token all the same, and the entry is left with the words that remove it", async () => {
    await using box = await machine(deaf, stale);
    const { left, state } = await rekey(box, ["fix"], 0);
    expect(state).toBe("applied");
    expect(left.map(({ what }) => what)).toEqual(["the old entry of `ana` in `osxkeychain`"]);
    expect(left[0]?.reason).toContain("still answers for `ana`");
    expect(left[0]?.reason).toContain("username=ana\\n\\n' | git credential-osxkeychain erase`");
    expect((await fetch(box)).code).toBe(0);
  });

  test("forgetting alone has failed then, and says so", async () => {
    await using box = await machine(deaf, stale);
    const before = keptBy(box);
    const ran = await box.rekey(["fix", "--with", "forget", "--yes"], { cwd: "work" });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("still answers for `ana` after it was told to forget it");
    expect(keptBy(box)).toEqual(before);
  });
});

describe("the stand-ins have the faults they are named after", () => {
  const ENTRIES: readonly Entry[] = [
    ["ana", "one"],
    ["ana", "two", "acme/site.git"],
  ];

  async function after(standIn: StandIn, verb: string, more: string): Promise<string[]> {
    await using box = await machine(standIn, () => ENTRIES);
    const request = `protocol=https\nhost=bitbucket.org\nusername=ana\n${more}\n`;
    await box.run([`git-credential-${standIn.name}`, verb], { stdin: request });
    return keptBy(box);
  }

  const [one, two] = ["ana||one", "ana|acme/site.git|two"];

  test.each([
    ["erases-one", "erase", "", [two]],
    ["compares", "erase", "", []],
    ["compares", "erase", "password=two\n", [one]],
    ["dies-of-password", "erase", "password=one\n", [one, two]],
    ["dies-of-password", "erase", "", []],
    ["skips-seen", "store", "password=new\nstate[]=osxkeychain:seen=1\n", [one, two]],
    ["skips-seen", "store", "password=new\n", [two, "ana||new"]],
    ["keeps-all", "erase", "", [one, two]],
  ] as const)("%s: %s %j", async (fault, verb, more, kept) => {
    expect(await after({ name: "osxkeychain", fault }, verb, more)).toEqual([...kept]);
  });
});
