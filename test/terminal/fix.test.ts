/** A person at a terminal mends a repository, in every way the questions allow. */
import { afterEach, describe, expect, test } from "bun:test";
import type { EmulatedSandbox } from "../sandbox.ts";
import { appPasswordInUrl, belongings, storedAppPassword } from "./people.ts";
import { ENTER, Session } from "./session.ts";

const FIX = ["git", "rekey", "fix"];
const LAST_DAY = "Its last day (such as 2027-05-31 or 90d; Enter: not known): ";
const TOKEN_USER = "x-bitbucket-api-token-auth";
const boxes: EmulatedSandbox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.remove();
});

async function open(make: () => Promise<EmulatedSandbox>): Promise<EmulatedSandbox> {
  const box = await make();
  boxes.push(box);
  return box;
}

/** What a pull of the person's own, without anybody to ask, ends with. */
async function pullAlone(box: EmulatedSandbox): Promise<number | null> {
  return (await box.git(["pull", "--quiet", "origin", "main"], { cwd: "site" })).code;
}

describe("from the first command to a pull that works", () => {
  test("git rekey: the offer, the plan, the token, the proof", async () => {
    const box = await open(storedAppPassword);
    expect(await pullAlone(box)).not.toBe(0);
    const at = new Session(box, ["git", "rekey"]);
    await at.answer("Show the plan to fix it?", ENTER);
    await at.until("`git rekey fix --with helper`: one API token mends every clone");
    await at.answer("Carry out this plan? [y/N] ", `y${ENTER}`);
    await at.answer("nothing is shown): ", box.emulator.secret("api-token") + ENTER);
    const { code, restored, screen } = await at.ended();
    expect({ code, restored }).toEqual({ code: 0, restored: true });
    expect(screen).toContain("app-password-sent");
    expect(screen).toContain("as you run it: succeeded");
    box.emulator.clearLog();
    expect(await pullAlone(box)).toBe(0);
    expect(box.emulator.sawSecret("api-token")).toBe(true);
    expect(box.emulator.sawSecret("app-password")).toBe(false);
  });

  test("undo at the same terminal brings back every byte", async () => {
    const box = await open(storedAppPassword);
    const before = belongings(box);
    const fix = new Session(box, FIX);
    await fix.answer("[y/N] ", `yes${ENTER}`);
    await fix.answer("nothing is shown): ", box.emulator.secret("api-token") + ENTER);
    expect((await fix.ended()).code).toBe(0);
    expect(belongings(box)).not.toEqual(before);
    const undo = new Session(box, ["git", "rekey", "undo"]);
    await undo.answer("Put back what the newest fix changed?", `y${ENTER}`);
    const { code, restored } = await undo.ended();
    expect({ code, restored }).toEqual({ code: 0, restored: true });
    expect(belongings(box)).toEqual(before);
  });

  test("a plan file is agreed to, then carried out", async () => {
    const box = await open(storedAppPassword);
    await box.rekey(["fix", "--plan-out", "plan.json"], { cwd: "site" });
    const at = new Session(box, ["git", "rekey", "apply", "plan.json"]);
    await at.answer("Carry out this plan?", `y${ENTER}`);
    await at.answer("nothing is shown): ", box.emulator.secret("api-token") + ENTER);
    expect((await at.ended()).code).toBe(0);
    expect(await pullAlone(box)).toBe(0);
  });
});

describe("where the new token goes", () => {
  test("2: into a file that only its owner can read, by Git's own helper", async () => {
    const box = await open(appPasswordInUrl);
    const at = new Session(box, FIX);
    await at.answer("1, 2 or 3: ", `2${ENTER}`);
    await at.answer("Carry out this plan?", `y${ENTER}`);
    await at.answer("nothing is shown): ", box.emulator.secret("api-token") + ENTER);
    expect((await at.ended()).code).toBe(0);
    expect(box.snapshot()[".git-credentials"]).toStartWith("0600 https://");
    expect(await pullAlone(box)).toBe(0);
  });

  test("3: nowhere, and git then asks for nothing but the password at the same terminal", async () => {
    const box = await open(appPasswordInUrl);
    const at = new Session(box, ["sh", "-c", "git rekey fix && git pull --quiet origin main"]);
    await at.answer("1, 2 or 3: ", `maybe${ENTER}`);
    await at.answer("1, 2 or 3: ", `4${ENTER}`);
    await at.answer("1, 2 or 3: ", `3${ENTER}`);
    await at.answer("Carry out this plan?", `y${ENTER}`);
    await at.answer("nothing is shown): ", box.emulator.secret("api-token") + ENTER);
    await at.answer(
      `Password for 'https://${TOKEN_USER}@bitbucket.org': `,
      box.emulator.secret("api-token") + ENTER,
    );
    const { code, screen } = await at.ended();
    expect(code).toBe(0);
    expect(screen).not.toContain("Username for");
    expect(box.exists("site/README.md")).toBe(true);
    expect(box.exists(".git-credentials")).toBe(false);
    expect(JSON.stringify(box.snapshot())).not.toContain(box.emulator.secret("api-token"));
  });

  test("1, recommended: with git-rekey's helper, which is told the last day", async () => {
    const box = await open(appPasswordInUrl);
    const before = belongings(box);
    const at = new Session(box, FIX);
    await at.until("(recommended)");
    await at.answer("1, 2 or 3: ", `1${ENTER}`);
    await at.until("let git-rekey's helper answer for all of bitbucket.org");
    await at.answer("Carry out this plan?", `y${ENTER}`);
    await at.answer("nothing is shown): ", box.emulator.secret("api-token") + ENTER);
    await at.answer(LAST_DAY, `in a year${ENTER}`);
    await at.answer(LAST_DAY, `90d${ENTER}`);
    expect((await at.ended()).code).toBe(0);
    const [account] = JSON.parse(box.read(".config/git-rekey/accounts.json")).accounts;
    expect(account.secret).toEqual({ kind: "file", name: `${account.name}-1` });
    // The day is counted in the person's calendar, and midnight may pass meanwhile.
    const days = Math.round((Date.parse(account.expires) - Date.now()) / 86_400_000);
    expect(Math.abs(days - 90)).toBeLessThan(2);
    expect(await pullAlone(box)).toBe(0);
    expect(box.exists(".git-credentials")).toBe(false);
    expect((await box.rekey(["undo", "--yes"])).code).toBe(0);
    const { "site/.git/FETCH_HEAD": _, ...now } = belongings(box);
    expect(Object.keys(before).filter((file) => now[file] !== before[file])).toEqual([]);
  });

  test("--with helper asks where, and Enter where nobody knows the last day", async () => {
    const box = await open(storedAppPassword);
    const at = new Session(box, [...FIX, "--with", "helper"]);
    await at.answer("1, 2 or 3: ", `1${ENTER}`);
    await at.answer("Carry out this plan?", `y${ENTER}`);
    await at.answer("nothing is shown): ", box.emulator.secret("api-token") + ENTER);
    await at.answer(LAST_DAY, ENTER);
    expect((await at.ended()).code).toBe(0);
    expect(JSON.parse(box.read(".config/git-rekey/accounts.json")).accounts[0].expires).toBeNull();
    expect(await pullAlone(box)).toBe(0);
  });

  test("--with helper, and then another place after all", async () => {
    const box = await open(storedAppPassword);
    const at = new Session(box, [...FIX, "--with", "helper"]);
    await at.answer("1, 2 or 3: ", `2${ENTER}`);
    await at.answer("Carry out this plan?", `y${ENTER}`);
    await at.answer("nothing is shown): ", box.emulator.secret("api-token") + ENTER);
    expect((await at.ended()).code).toBe(0);
    expect(box.exists(".config/git-rekey/accounts.json")).toBe(false);
    expect(await pullAlone(box)).toBe(0);
  });

  test("an access token where an API token was expected leads to another plan", async () => {
    const box = await open(appPasswordInUrl);
    const at = new Session(box, [...FIX, "--store", "file"]);
    await at.answer("Carry out this plan?", `y${ENTER}`);
    await at.answer("nothing is shown): ", box.emulator.secret("repository-token") + ENTER);
    await at.until("This is an access token, so the plan is another");
    await at.until("useHttpPath = true");
    await at.answer("Carry out this plan?", `y${ENTER}`);
    await at.answer(LAST_DAY, ENTER);
    expect((await at.ended()).code).toBe(0);
    expect(await pullAlone(box)).toBe(0);
  });

  test("--store prompt asks no such question", async () => {
    const box = await open(appPasswordInUrl);
    const at = new Session(box, [...FIX, "--store", "prompt"]);
    await at.answer("Carry out this plan?", `y${ENTER}`);
    await at.answer("nothing is shown): ", box.emulator.secret("api-token") + ENTER);
    const { code, screen } = await at.ended();
    expect(code).toBe(0);
    expect(screen).not.toContain("Where shall");
  });
});

test("what was typed before a question is no answer to it", async () => {
  const box = await open(storedAppPassword);
  box.emulator.switches.faults = [{ kind: "slow", milliseconds: 400, times: 1 }];
  const at = new Session(box, FIX);
  at.type(`y${ENTER}y${ENTER}`);
  await at.answer("Carry out this plan? [y/N] ", `n${ENTER}`);
  expect((await at.ended()).code).toBe(130);
});

test("an access token: the page of this repository is opened, the token is pasted, its last day is asked", async () => {
  const box = await open(storedAppPassword);
  box.write("bin/xdg-open", '#!/bin/sh\necho "$#:$*" >>"$HOME/opened"\n', 0o755);
  box.env.DISPLAY = ":99";
  box.env.PATH = `${box.path("bin")}:${box.env.PATH}`;
  const at = new Session(box, [...FIX, "--with", "access-token", "--store", "file"]);
  await at.answer("Carry out this plan? [y/N] ", `y${ENTER}`);
  await at.answer("type n: ", ENTER);
  await at.answer("nothing is shown): ", box.emulator.secret("repository-token-read") + ENTER);
  await at.answer(LAST_DAY, `90d${ENTER}`);
  const { code, screen } = await at.ended();
  expect(code, screen).toBe(0);
  expect(box.read("opened")).toBe("1:https://bitbucket.org/acme/site/admin/access-tokens\n");
  expect(screen).toContain("tick `repository` and nothing else");
  expect(await pullAlone(box)).toBe(0);
  expect(box.emulator.sawSecret("repository-token-read")).toBe(true);
});
