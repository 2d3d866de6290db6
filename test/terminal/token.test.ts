/** What a person pastes at the hidden prompt, and what of it anybody can see. */
import { afterEach, describe, expect, test } from "bun:test";
import type { EmulatedSandbox } from "../sandbox.ts";
import { belongings, storedAppPassword } from "./people.ts";
import { ENTER, type Ended, Session } from "./session.ts";

const PROMPT = "nothing is shown): ";
const boxes: EmulatedSandbox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.remove();
});

async function open(): Promise<EmulatedSandbox> {
  const box = await storedAppPassword();
  boxes.push(box);
  return box;
}

/** Agrees to the plan and pastes one thing after the other. */
async function paste(box: EmulatedSandbox, ...pastes: readonly string[]): Promise<Ended> {
  const at = new Session(box, ["git", "rekey", "fix"]);
  await at.answer("Carry out this plan?", `y${ENTER}`);
  for (const text of pastes) await at.answer(PROMPT, text);
  return at.ended();
}

/** No piece of it long enough to be of use, in whatever way the terminal was told to show it. */
function expectHidden({ raw, screen }: Ended, secret: string): void {
  for (const text of [raw, screen, screen.replace(/\s/g, "")])
    for (let at = 0; at + 12 <= secret.length; at++) expect(text).not.toContain(secret.slice(at, at + 12));
  // Nor its length: nothing at all stands between the prompt and the end of its line.
  for (const line of screen.split(PROMPT).slice(1)) expect(line.split("\n", 1)[0]).toBe("");
}

describe("nothing of it is shown", () => {
  test("a token that is right", async () => {
    const box = await open();
    const token = box.emulator.secret("api-token");
    const ended = await paste(box, token + ENTER);
    expect(ended.code).toBe(0);
    expectHidden(ended, token);
  });

  test("tokens that are wrong", async () => {
    const box = await open();
    const wrong = [
      box.emulator.secret("app-password"),
      box.emulator.secret("data-center"),
      box.emulator.secret("api-token").slice(0, -3),
    ];
    const ended = await paste(box, ...wrong.map((text) => text + ENTER));
    for (const text of wrong) expectHidden(ended, text);
  });

  test("lines that follow it in the paste reach neither the screen nor the shell", async () => {
    const box = await open();
    const token = box.emulator.secret("api-token");
    const at = new Session(box, ["sh", "-c", 'git rekey fix; echo "next: $(head -c 5 </dev/tty)"']);
    await at.answer("Carry out this plan?", `y${ENTER}`);
    await at.answer(PROMPT, `${token}\n${token}\nsome more\n`);
    await at.until("takes this back");
    at.type("mine\n");
    const ended = await at.ended();
    expect(ended.screen).toContain("next: mine");
    expect(ended.screen).not.toContain("some more");
    expectHidden(ended, token);
  });
});

describe("what a copy picks up is left out", () => {
  test.each([
    ["blanks around it", (token: string) => `  ${token} \t${ENTER}`],
    ["line ends after it", (token: string) => `${token}\r\n\r\n`],
    ["a paste in brackets", (token: string) => `\x1b[200~${token}\x1b[201~${ENTER}`],
    [
      "a paste in brackets with line ends in it",
      (token: string) => `\x1b[200~\n${token}\r\n\n\x1b[201~${ENTER}`,
    ],
    ["quotes", (token: string) => `"${token}"${ENTER}`],
    ["a slip that was taken back", (token: string) => `oops\x15${token}xy\x7f\x7f${ENTER}`],
    ["a key that moves the cursor", (token: string) => `\x1b[D\x1bOA${token}${ENTER}`],
  ])("%s", async (_, typed) => {
    const box = await open();
    const token = box.emulator.secret("api-token");
    const ended = await paste(box, typed(token));
    expect(ended.code).toBe(0);
    expectHidden(ended, token);
    expect(decodeURIComponent(box.read(".git-credentials"))).toContain(`:${token}@`);
  });

  test("a token that arrives in pieces", async () => {
    const box = await open();
    const token = box.emulator.secret("api-token");
    const at = new Session(box, ["git", "rekey", "fix"]);
    await at.answer("Carry out this plan?", `y${ENTER}`);
    await at.until(PROMPT);
    for (const piece of token.match(/.{1,40}/g) ?? []) {
      at.type(piece);
      await Bun.sleep(5);
    }
    at.type(ENTER);
    expect((await at.ended()).code).toBe(0);
  });
});

describe("wrong pastes", () => {
  test("three of them end it, each with its reason, and change nothing", async () => {
    const box = await open();
    const before = belongings(box);
    const ended = await paste(
      box,
      `hello${ENTER}`,
      ENTER,
      box.emulator.secret("api-token").slice(0, 100) + ENTER,
    );
    expect({ code: ended.code, restored: ended.restored }).toEqual({ code: 4, restored: true });
    const said = ended.screen.split("\n").filter((line) => line.startsWith("git-rekey: "));
    expect(said).toHaveLength(3);
    expect(said[0]).toContain("no token");
    expect(said[1]).toContain("empty");
    expect(said[2]).toContain("checksum");
    expect(ended.screen.replace(/\s+/g, " ")).toContain("nothing has been changed");
    expect(belongings(box)).toEqual(before);
  });

  test("the wrong kind, then the right one", async () => {
    const box = await open();
    const ended = await paste(
      box,
      box.emulator.secret("app-password") + ENTER,
      box.emulator.secret("data-center") + ENTER,
      box.emulator.secret("api-token") + ENTER,
    );
    expect(ended.code).toBe(0);
    expect(ended.screen).toContain("app password");
    expect(ended.screen).toContain("bitbucket.org takes only tokens made there");
  });

  test("an access token changes the plan, which wants a yes of its own", async () => {
    const box = await open();
    const before = belongings(box);
    const at = new Session(box, ["git", "rekey", "fix"]);
    await at.answer("Carry out this plan?", `y${ENTER}`);
    await at.answer(PROMPT, box.emulator.secret("repository-token") + ENTER);
    await at.answer("Carry out this plan?", `n${ENTER}`);
    const ended = await at.ended();
    expect({ code: ended.code, restored: ended.restored }).toEqual({ code: 130, restored: true });
    expectHidden(ended, box.emulator.secret("repository-token"));
    expect(belongings(box)).toEqual(before);
  });

  test("a token that Bitbucket refuses is told before anything is changed", async () => {
    const box = await open();
    const before = belongings(box);
    const ended = await paste(box, box.emulator.secret("api-token-revoked") + ENTER);
    expect(ended.code).toBe(4);
    expect(ended.screen).toContain("nothing has been changed");
    expect(belongings(box)).toEqual(before);
  });
});
