/** `git rekey scan` as people run it: real files, real repositories, the whole report. */
import { afterEach, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import {
  mintAccessToken,
  mintApiToken,
  mintAppPassword,
  mintDataCenterToken,
  mintLegacyAppPassword,
} from "../../emulator/tokens.ts";
import type { Report } from "../../src/core/report.ts";
import { makeSandbox, type Ran, type Sandbox } from "../sandbox.ts";
import { makeFifo } from "./fifo.ts";

const boxes: Sandbox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.remove();
});

function open(): Sandbox {
  const box = makeSandbox();
  boxes.push(box);
  return box;
}

async function scan(box: Sandbox, ...args: string[]): Promise<{ ran: Ran; report: Report }> {
  const ran = await box.rekey(["scan", "--json", ...args]);
  return { ran, report: JSON.parse(ran.stdout) as Report };
}

/** Each finding in one line, by the file's path in the home folder. */
function rows(box: Sandbox, { findings }: Report): string[] {
  return findings.map(({ id, severity, location, certainty, credential }) => {
    const file = location?.file.slice(box.home.length + 1);
    return `${file}:${location?.line} ${severity} ${id} ${certainty} ${credential?.kind} ${credential?.length}`;
  });
}

describe("what is found", () => {
  test("each kind of credential, with its line, kind and length", async () => {
    const box = open();
    box.write("a.env", `# mine\nBITBUCKET_APP_PASSWORD=${mintAppPassword()}\n`, 0o600);
    box.write(
      "b/auth.json",
      `{"http-basic":{"bitbucket.org":{"username":"ana@acme.example","password":"${mintApiToken()}"}}}`,
      0o600,
    );
    box.write("c/README.md", `one\ntwo\n${mintAccessToken()}\n`);
    box.write(
      "d/deploy.sh",
      `git clone https://ana:${mintLegacyAppPassword()}@bitbucket.org/acme/widgets.git\n`,
    );
    box.write("e/notes.txt", `for our own server: ${mintDataCenterToken()}\n`);
    const { ran, report } = await scan(box, box.home);
    expect(rows(box, report).sort()).toEqual([
      "a.env:2 error app-password-in-file literal-verified app-password 36",
      "b/auth.json:1 note token-kept literal-verified api-token 192",
      "c/README.md:3 error token-in-file literal-verified access-token 192",
      "d/deploy.sh:1 error app-password-in-file literal-shaped legacy-app-password 20",
      "e/notes.txt:1 note data-center-token literal-shaped data-center 49",
    ]);
    expect(ran.code).toBe(1);
    expect(report.scanned).toMatchObject({ roots: [box.home], complete: true });
  });

  test("one credential in two files has one fingerprint, and another one in the next run", async () => {
    const box = open();
    const secret = mintAppPassword();
    box.write("a.txt", secret);
    box.write("b.txt", `also ${secret}, and ${mintAppPassword()}`);
    const first = (await scan(box, box.home)).report.findings.map(
      ({ credential }) => credential?.fingerprint,
    );
    const second = (await scan(box, box.home)).report.findings.map(
      ({ credential }) => credential?.fingerprint,
    );
    expect(new Set(first).size).toBe(2);
    expect(first.filter((one) => second.includes(one))).toEqual([]);
  });

  test("nothing of it is printed", async () => {
    const box = open();
    const secrets = [mintAppPassword(), mintApiToken(), mintAccessToken(), mintLegacyAppPassword()];
    box.write(
      "all.sh",
      secrets.map((one) => `curl -u ana:${one} https://api.bitbucket.org/2.0/user\n`).join(""),
    );
    for (const args of [["scan", "--json"], ["scan"]]) {
      const { stdout, stderr } = await box.rekey([...args, box.home]);
      for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
      expect(stdout).not.toBe("");
    }
  });

  test("healthy files are healthy", async () => {
    const box = open();
    box.write("deploy.sh", "git clone git@bitbucket.org:acme/widgets.git\n");
    box.write("README.md", "`git clone https://user:pass@bitbucket.org/acme/widgets.git`, or <token>\n");
    const { ran, report } = await scan(box, box.home);
    expect(report.findings).toEqual([]);
    expect(ran.code).toBe(0);
  });
});

describe("what is looked at", () => {
  test("without a path the repository around", async () => {
    const box = open();
    await box.git(["init", "--quiet", "site"]);
    box.write("site/x.txt", mintAppPassword());
    box.write("elsewhere.txt", mintAppPassword());
    mkdirSync(box.path("site/deep/down"), { recursive: true });
    const ran = await box.rekey(["scan", "--json"], { cwd: "site/deep/down" });
    const report = JSON.parse(ran.stdout) as Report;
    expect(rows(box, report)).toEqual([
      "site/x.txt:1 error app-password-in-file literal-verified app-password 36",
    ]);
  });

  test("--home", async () => {
    const box = open();
    box.write(".netrc", `machine bitbucket.org login ana password ${mintAppPassword()}\n`, 0o600);
    const { report } = await scan(box, "--home");
    expect(report.findings.map(({ id }) => id)).toEqual(["app-password-in-file"]);
  });
});

describe("bad input", () => {
  test.each([
    [["/nowhere/at all"], "/nowhere/at all"],
    [[""], "empty path"],
    [["--home", "--machine"], "--machine"],
    [["--home", "."], "--home"],
  ])("%j is one sentence, exit code 2", async (args, words) => {
    const box = open();
    const ran = await box.rekey(["scan", ...args]);
    expect(ran.code).toBe(2);
    expect(ran.stdout).toBe("");
    expect(ran.stderr.trim().split("\n")).toHaveLength(1);
    expect(ran.stderr).toContain(words);
  });

  test("a root that cannot be read is no result", async () => {
    const box = open();
    box.write("shut/secret.txt", mintAppPassword());
    chmodSync(box.path("shut"), 0o000);
    const ran = await box.rekey(["scan", "shut"]);
    // Nothing is shut to root, who finds what is in there.
    const isRoot = process.getuid?.() === 0;
    expect(ran.code).toBe(isRoot ? 1 : 3);
    expect(ran.stderr.includes("cannot be read")).toBe(!isRoot);
  });

  test("what cannot be opened does not stop it, and is counted", async () => {
    const box = open();
    box.write("found.txt", mintAppPassword());
    await makeFifo(box.path("pipe"));
    symlinkSync("loop", box.path("loop"));
    symlinkSync("..", box.path("up"));
    box.write("shut/secret.txt", mintAppPassword());
    chmodSync(box.path("shut"), 0o000);
    const { ran, report } = await scan(box, box.home);
    expect(report.findings.length).toBeGreaterThan(0);
    expect(report.scanned?.complete).toBe(true);
    if (process.getuid?.() !== 0)
      expect(report.scanned?.unread.map(({ why }) => why)).toContain("no-permission");
    expect(ran.code).toBe(1);
  });
});
