/** How real git is run: without traces, without a way to ask, for a limited time, and with the secret out of sight. */
import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { mintApiToken } from "../../emulator/tokens.ts";
import { realGit } from "../../src/world/git.ts";
import { readSelf } from "../../src/world/self.ts";
import { makeSandbox } from "../sandbox.ts";

const box = makeSandbox();
afterAll(() => box.remove());

const gitOf = (env: Readonly<Record<string, string>> = {}, program = "git") =>
  realGit({ ...readSelf(), env: { ...box.env, ...env }, home: box.home, cwd: box.home }, program);

/** One that has ended and waits to be noticed by its parent counts as ended. */
const isAlive = (pid: number): boolean => {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !/^\d+ \(.*\) Z/s.test(readFileSync(file, "latin1"));
};

const helper = (command: string): string[] => [
  "-c",
  "credential.helper=",
  "-c",
  `credential.helper=!${command}; :`,
];
const FILL = { args: [] as string[], stdin: "url=https://bitbucket.org\n\n" };

describe("what git sees", () => {
  test("no trace, no way to ask, its own words, and the person's other variables", async () => {
    const traces = {
      GIT_TRACE: "1",
      GIT_TRACE_CURL: "1",
      GIT_CURL_VERBOSE: "1",
      GCM_TRACE: "1",
      GIT_TRACE2_EVENT: "1",
    };
    const git = gitOf({
      ...traces,
      GIT_ASKPASS: "/x",
      SSH_ASKPASS: "/x",
      LC_ALL: "de_DE.UTF-8",
      LANGUAGE: "de",
      MINE: "yes",
    });
    for (const secretPipe of [undefined, "x"]) {
      const call = {
        args: ["-c", "alias.env=!env", "env"],
        ...(secretPipe === undefined ? {} : { secretPipe }),
      };
      const { stdout, stderr, code } = await git.run({
        ...call,
        env: { GIT_TRACE_SETUP: "1", MINE2: "too" },
      });
      const seen = Buffer.from(stdout).toString("utf8").split("\n");
      expect([code, stderr]).toEqual([0, ""]);
      expect(seen.filter((line) => /TRACE|VERBOSE/.test(line))).toEqual([]);
      for (const line of [
        "GIT_ASKPASS=",
        "SSH_ASKPASS=",
        "GIT_TERMINAL_PROMPT=0",
        "LC_ALL=C",
        "MINE=yes",
        "MINE2=too",
      ]) {
        expect(seen).toContain(line);
      }
    }
  });

  test("exit code, output, input, folder; a variable taken away", async () => {
    const git = gitOf({ MINE: "yes" });
    const { stdout } = await git.run({
      args: ["hash-object", "--stdin"],
      stdin: new Uint8Array([0, 255, 10]),
    });
    expect(Buffer.from(stdout).toString()).toMatch(/^[0-9a-f]{40}\n$/);
    expect(await git.run({ args: ["rev-parse", "HEAD"] })).toMatchObject({
      code: 128,
      missing: false,
      timedOut: false,
    });
    const gone = await git.run({
      args: ["-c", "alias.x=!echo $MINE-$PWD", "x"],
      env: { MINE: undefined },
      cwd: "/",
    });
    expect(Buffer.from(gone.stdout).toString()).toBe("-/\n");
  });

  test("no git is a result", async () => {
    for (const secretPipe of [undefined, "x"]) {
      const call = { args: ["--version"], ...(secretPipe === undefined ? {} : { secretPipe }) };
      expect(await gitOf({}, "/nowhere/git").run(call)).toMatchObject({ code: null, missing: true });
    }
  });
});

describe("time", () => {
  for (const secretPipe of [undefined, "x"]) {
    test(`what hangs is ended, with its children${secretPipe === undefined ? "" : ", with a secret, too"}`, async () => {
      const file = box.path(`pid-${secretPipe ?? "none"}`);
      // Longer than any test may take.
      const args = [...helper(`echo $$ >${file}; sleep 600`), "credential", "fill"];
      const pipe = secretPipe === undefined ? {} : { secretPipe };
      // On a slow machine it may not even have begun.
      for (let timeout = 200; !box.exists(file); timeout *= 2) {
        const result = await gitOf().run({ ...FILL, args, timeout, ...pipe });
        expect(result).toMatchObject({ timedOut: true, code: null });
      }
      while (isAlive(Number(box.read(file)))) await Bun.sleep(5);
    });
  }
});

describe("the secret", () => {
  test("reaches a helper by its pipe, and stands in no argument and no variable of any process", async () => {
    const secret = mintApiToken();
    const dump = "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ >seen 2>/dev/null";
    const args = [...helper(`${dump}; echo username=ana; echo "password=$(cat <&3)"`), "credential", "fill"];
    const { stdout, code } = await gitOf().run({ ...FILL, args, secretPipe: secret });
    expect(code).toBe(0);
    expect(Buffer.from(stdout).toString()).toContain(`password=${secret}\n`);
    const seen = box.read("seen");
    expect(seen).toContain("credential\0fill\0");
    expect(seen.includes(secret)).toBe(false);
  });

  test("a git that does not read it takes nobody down", async () => {
    const big = "x".repeat(1_000_000);
    expect(await gitOf().run({ args: ["--version"], secretPipe: big })).toMatchObject({ code: 0 });
  });
});
