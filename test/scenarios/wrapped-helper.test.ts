/** A helper of the person's own in front of Git's: what it was not asked for is not judged. */
import { afterEach, expect, test } from "bun:test";
import { faultsIn } from "../bad-input/sentence.ts";
import type { EmulatedSandbox } from "../sandbox.ts";
import { everything, storedAppPassword, storedLine } from "../terminal/people.ts";

const boxes: EmulatedSandbox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.remove();
});

const SITE = { cwd: "site" };
const UNASKED = /the helper `mystore` was not asked: .*`--run-helpers`/;

/** An app password in a store that Git reaches by a program of the person's own alone. */
async function open(): Promise<EmulatedSandbox> {
  const box = await storedAppPassword();
  boxes.push(box);
  const program = box.path("bin/git-credential-mystore");
  const words = `touch "$HOME/asked"\nexec git credential-store "$@"`;
  box.write(program, `#!/bin/sh\n${words}\n`, 0o755);
  box.write(".gitconfig", `[credential]\n\thelper = ${program}\n`);
  return box;
}

test("it is what Git uses", async () => {
  const box = await open();
  expect((await box.git(["ls-remote", "origin"], SITE)).stderr).toContain("410");
  expect(box.emulator.sawSecret("app-password")).toBe(true);
});

test("unasked, doctor says so and calls nothing unused, nor rules out what it may give", async () => {
  const box = await open();
  const before = everything(box);
  const ran = await box.rekey(["doctor", "--json"], SITE);
  expect(ran.code).toBe(3);
  const { findings, notLooked, ruledOut } = JSON.parse(ran.stdout);
  expect(findings).toEqual([]);
  const reasons = new Map<string, string>(
    notLooked.map(({ id, reason }: { id: string; reason: string }) => [id, reason]),
  );
  for (const id of ["stale-stored-credential", "app-password-sent", "no-credential"])
    expect(reasons.get(id)).toMatch(UNASKED);
  expect(ruledOut).toContain("secret-in-remote-url");
  expect(ruledOut).toContain("host-unreachable");
  expect((await box.rekey(["doctor"], SITE)).stderr).toContain("hint: `git rekey doctor --run-helpers`");
  expect(everything(box)).toEqual(before);
});

test.each([[[]], [["--store", "git-store"]]])(
  "unasked, fix %j names it and changes nothing",
  async (flags) => {
    const box = await open();
    const before = everything(box);
    const stdin = box.emulator.secret("api-token");
    const ran = await box.rekey(["fix", "--yes", ...flags], { ...SITE, stdin });
    expect(ran.code).toBe(3);
    expect(ran.stderr).toMatch(UNASKED);
    expect(everything(box)).toEqual(before);
  },
);

test("asked, what it gives is judged, and its store is not called unused", async () => {
  const box = await open();
  const doctor = await box.rekey(["doctor", "--run-helpers", "--json"], SITE);
  expect(faultsIn(doctor)).toEqual(["app-password-sent"]);
  const stdin = box.emulator.secret("api-token");
  const flags = ["--yes", "--run-helpers", "--store", "git-store"];
  expect(await box.rekey(["fix", ...flags], { ...SITE, stdin })).toMatchObject({ code: 0 });
  expect(box.read(".git-credentials")).not.toContain(storedLine(box, "ana", "app-password").trim());
  expect(await box.git(["ls-remote", "origin"], SITE)).toMatchObject({ code: 0 });
});

test("one that only the repository names is not asked, whatever the flags, and no flag is promised to do so", async () => {
  const box = await open();
  box.write("site/.git/config", `${box.read("site/.git/config")}${box.read(".gitconfig")}`);
  box.write(".gitconfig", "");
  const ran = await box.rekey(["doctor", "--run-helpers", "--json"], SITE);
  expect(box.exists("asked")).toBe(false);
  expect(ran.stdout).toContain("only this repository brings it");
  expect(ran.stdout).not.toContain("--run-helpers");
});
