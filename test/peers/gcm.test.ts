/** Git Credential Manager, played by a stand-in that tries what it keeps on REST before it gives it back. */
import { describe, expect, test } from "bun:test";
import { carryOut } from "../../src/cli/carry-out.ts";
import { diagnoseTarget } from "../../src/cli/diagnosis.ts";
import { openShell } from "../../src/cli/shell.ts";
import { readPlan } from "../../src/contracts/plan.ts";
import type { Choices, Plan } from "../../src/core/plan.ts";
import type { Receipt } from "../../src/core/receipt.ts";
import { TOOL } from "../../src/core/version.ts";
import { readSelf } from "../../src/world/self.ts";
import { examplePlan } from "../contracts/examples.ts";
import { type EmulatedSandbox, withEmulator } from "../sandbox.ts";
import { callsOf, type Entry, keptBy, plantHelper } from "./stand-ins.ts";

const URL = "https://bitbucket.org/acme/site.git";
const API_USER = "x-bitbucket-api-token-auth";
const ID = "gcm-rejects-api-token";
const OFF = '[credential "https://bitbucket.org"]\n\tbitbucketValidateStoredCredentials = false\n';

async function machine(entries: (box: EmulatedSandbox) => readonly Entry[], more = "") {
  const box = await withEmulator();
  await box.git(["init", "-q", "work"]);
  await box.git(["-C", "work", "remote", "add", "origin", URL]);
  box.write(".gitconfig", `[credential]\n\thelper = manager\n${more}`);
  plantHelper(box, { name: "manager", fault: "erases-one" }, entries(box));
  return box;
}

const fetch = (box: EmulatedSandbox) => box.git(["fetch", "-q", "origin"], { cwd: "work" });

const tokenIn = (box: EmulatedSandbox): Entry[] => [[API_USER, box.emulator.secret("api-token")]];
const deadIn = (box: EmulatedSandbox): Entry[] => [["ana", box.emulator.secret("app-password")]];

async function rekey(box: EmulatedSandbox, args: readonly string[]): Promise<Receipt> {
  const stdin = `${box.emulator.secret("api-token")}\n`;
  const ran = await box.rekey([...args, "--yes", "--json"], { cwd: "work", stdin });
  expect(ran.code, ran.stdout + ran.stderr).toBe(0);
  return JSON.parse(ran.stdout);
}

const CHOICES: Choices = {
  with: "remote",
  kind: "api-token",
  store: null,
  email: null,
  expires: null,
  push: false,
  accept: [ID],
};

async function look(box: EmulatedSandbox, platform: string) {
  const shell = openShell({ ...readSelf(), env: box.env, home: box.home, cwd: box.path("work"), platform });
  const inquiry = { target: ".", offline: false, email: null, runHelpers: true, trustRepository: false };
  const { diagnosis } = await diagnoseTarget(shell, {
    ...inquiry,
    hasTerminal: false,
    push: false,
    ownHelper: "",
  });
  return { shell, finding: diagnosis.findings.find(({ id }) => id === ID) };
}

function planOf(box: EmulatedSandbox, steps: Plan["steps"]): Plan {
  return {
    schema: "git-rekey/plan@1",
    tool: TOOL,
    uid: null,
    target: { kind: "repository", path: box.path("work") },
    choices: CHOICES,
    needsToken: false,
    steps,
  };
}

const means = (box: EmulatedSandbox) =>
  ({ cwd: box.path("work"), token: null, action: "fix", progress: () => {} }) as const;

describe("an API token that it keeps and does not give back", () => {
  test("is the cause, with both ways out", async () => {
    await using box = await machine(tokenIn);
    expect((await fetch(box)).stderr).toContain("could not read Username");
    expect(box.read("prompts")).toBe("prompt\n");
    const { finding } = await look(box, "linux");
    expect(finding).toMatchObject({ cause: true, severity: "error", remedy: { safety: "ask" } });
    expect(finding?.next).toContain("`git rekey fix --with helper`");
    expect(finding?.next).toContain(`\`git rekey fix --run-helpers --accept ${ID}\``);
  });

  test("comes back with the setting: real git says so, and undo takes the line out again", async () => {
    await using box = await machine(tokenIn);
    const before = box.read(".gitconfig");
    const { shell, finding } = await look(box, "linux");
    const plan = planOf(box, finding?.remedy?.steps(CHOICES) ?? []);
    expect(readPlan(JSON.stringify(plan))).toMatchObject({ ok: true });
    const { receipt, failed } = await carryOut(shell, plan, means(box));
    expect(failed).toBeNull();
    expect(receipt.proven).toMatchObject([{ how: "verify", result: "succeeded" }]);
    expect(box.read(".gitconfig")).toContain(OFF);
    expect((await fetch(box)).code).toBe(0);
    expect((await look(box, "linux")).finding).toBeUndefined();
    await rekey(box, ["undo"]);
    expect(box.read(".gitconfig")).toBe(before);
  });

  test("`fix --accept` as it is advised asks for no new token: the setting, real git, and it is over", async () => {
    await using box = await machine(tokenIn);
    const before = box.read(".gitconfig");
    const { finding } = await look(box, "linux");
    const [, words = ""] = /`git rekey (fix --run-helpers --accept [^`]+)`/.exec(finding?.next ?? "") ?? [];
    const dry = await box.rekey([...words.split(" "), "--dry-run", "--json"], { cwd: "work" });
    const plan: Plan = JSON.parse(dry.stdout);
    expect(plan.needsToken).toBe(false);
    expect(plan.steps.map(({ step }) => step.kind)).toEqual(["add-config", "verify", "person"]);
    const ran = await box.rekey([...words.split(" "), "--yes", "--json"], { cwd: "work" });
    expect(ran.code, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout).proven).toMatchObject([{ how: "verify", result: "succeeded" }]);
    expect(box.read(".gitconfig")).toBe(`${before}${OFF}`);
    expect(keptBy(box)).toEqual([`${API_USER}||${box.emulator.secret("api-token")}`]);
    expect((await fetch(box)).code).toBe(0);
  });

  test("a plan made by asking helpers is applied where that is agreed to again, and else asks none", async () => {
    await using box = await machine(tokenIn);
    const at = { cwd: "work" };
    const out = ["--plan-out", "../plan.json"];
    expect((await box.rekey(["fix", "--run-helpers", "--accept", ID, ...out], at)).code).toBe(0);
    callsOf(box);
    const refused = await box.rekey(["apply", "--yes", "../plan.json"], at);
    expect(refused).toMatchObject({ code: 4, stdout: "" });
    expect(refused.stderr.replace(/\s+/g, " ")).toBe(
      "git-rekey: this plan was made by asking helpers that may open a window, and they have to be asked again; nothing has been changed hint: `git rekey apply ../plan.json --run-helpers` agrees to that ",
    );
    expect(callsOf(box)).toEqual([]);
    const applied = await box.rekey(["apply", "--yes", "--run-helpers", "../plan.json"], at);
    expect(applied.code, applied.stderr).toBe(0);
    expect((await fetch(box)).code).toBe(0);
  });

  test("another place for a token, chosen beside `--accept`, still gets one", async () => {
    await using box = await machine(tokenIn);
    const dry = await box.rekey(
      ["fix", "--run-helpers", "--accept", ID, "--store", "git-store", "--dry-run", "--json"],
      { cwd: "work" },
    );
    expect(JSON.parse(dry.stdout).needsToken).toBe(true);
  });

  test("without a token in it the setting is not enough, and is put back", async () => {
    await using box = await machine(deadIn);
    const before = box.read(".gitconfig");
    const { shell, finding } = await look(box, "linux");
    const { failed, receipt } = await carryOut(
      shell,
      planOf(box, finding?.remedy?.steps(CHOICES) ?? []),
      means(box),
    );
    expect(failed?.reason).toContain("git still does not sign in");
    expect(receipt.state).toBe("rolled-back");
    expect(box.read(".gitconfig")).toBe(before);
  });

  test("the setting is only ever written by name; with another helper, or to forget, there is no need of it", async () => {
    await using box = await machine(tokenIn);
    const { finding } = await look(box, "linux");
    const kinds = (way: Choices["with"]) =>
      finding?.remedy?.steps({ ...CHOICES, with: way }).map(({ step, safety }) => [step.kind, safety]);
    expect(kinds("remote")).toEqual([
      ["add-config", "ask"],
      ["verify", "ask"],
      ["person", "safe"],
    ]);
    expect(kinds("helper")).toEqual([["person", "safe"]]);
    expect(kinds("forget")).toEqual([["person", "safe"]]);
  });

  test.each([
    ["win32", "Windows Credentials"],
    ["darwin", "Keychain Access"],
    ["linux", "Passwords and Keys"],
  ])("what stays in it is found, on %s, in %s", async (platform, where) => {
    await using box = await machine(tokenIn);
    const { finding } = await look(box, platform);
    const steps = finding?.remedy?.steps(CHOICES) ?? [];
    expect(steps.map(({ step }) => (step.kind === "person" ? step.what : "")).join("")).toContain(where);
  });
});

test("a token kept elsewhere: it is asked no more, nothing of it is touched, and what stays in it is said", async () => {
  await using box = await machine(deadIn);
  const before = keptBy(box);
  const { todo } = await rekey(box, ["fix", "--run-helpers", "--store", "git-store"]);
  callsOf(box);
  expect((await fetch(box)).code).toBe(0);
  expect(callsOf(box)).toEqual([]);
  expect(keptBy(box)).toEqual(before);
  expect(todo.map(({ what }) => what).join()).toContain("Git Credential Manager keeps");
});

test("with the setting, dead entries are erased one call after the other, and undo gives the first back", async () => {
  await using box = await machine(
    ({ emulator }) => [
      ["ana", emulator.secret("app-password")],
      ["ana", emulator.secret("api-token-expired"), "acme/old.git"],
    ],
    OFF,
  );
  const [first = ""] = keptBy(box);
  await rekey(box, ["fix", "--run-helpers", "--with", "forget"]);
  expect(keptBy(box)).toEqual([]);
  expect(callsOf(box).filter((call) => call.startsWith("erase"))).toEqual(
    Array(2).fill("erase user=ana path= password="),
  );
  await rekey(box, ["undo"]);
  expect(keptBy(box)).toEqual([first]);
});

test("a plan may write this one setting with this one value, and no other of the manager's", () => {
  const withLine = (name: string, value: string) => {
    const step = {
      kind: "add-config",
      file: "/home/ana/.gitconfig",
      section: "credential",
      subsection: "https://bitbucket.org",
      lines: [{ name, value }],
    };
    const steps = [{ phase: "change", safety: "ask", answers: ID, step }];
    return readPlan(JSON.stringify({ ...examplePlan, steps })).ok;
  };
  expect(withLine("bitbucketValidateStoredCredentials", "false")).toBe(true);
  expect(withLine("bitbucketValidateStoredCredentials", "true")).toBe(false);
  expect(withLine("bitbucketAuthModes", "basic")).toBe(false);
  expect(withLine("toString", "false")).toBe(false);
});
