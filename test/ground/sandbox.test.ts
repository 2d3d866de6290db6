import { expect, test } from "bun:test";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { makeSandbox, withEmulator } from "../sandbox.ts";

test("children inherit nothing but PATH", async () => {
  process.env.GIT_DIR = "/nowhere";
  process.env.REKEY_LEAK = "1";
  await using box = makeSandbox({ MINE: "1" });
  const { stdout } = await box.run(["env"], { env: { MORE: "2", TZ: undefined } });
  delete process.env.GIT_DIR;
  delete process.env.REKEY_LEAK;
  const names = stdout.split("\n").map((line) => line.split("=", 1)[0]);
  expect(names).toContain("MINE");
  expect(names).toContain("MORE");
  for (const name of ["GIT_DIR", "REKEY_LEAK", "TZ"]) expect(names).not.toContain(name);
  expect(stdout).toContain(`HOME=${box.home}\n`);
  expect((await box.git(["config", "--list", "--show-scope"])).stdout).toBe("");
});

test("a child has no terminal, takes stdin, and is killed with its children when it takes too long", async () => {
  await using box = makeSandbox();
  expect((await box.run(["sh", "-c", ": </dev/tty"])).code).not.toBe(0);
  expect((await box.run(["cat"], { stdin: new Uint8Array([0x41, 0x0a]) })).stdout).toBe("A\n");
  const late = await box.run(["sh", "-c", "sleep 60 & sleep 60"], { timeout: 100 });
  expect(late).toEqual({ code: null, signal: "SIGKILL", stdout: "", stderr: "" });
});

test("a snapshot tells content, modes, links and bytes that are no text apart", async () => {
  await using box = makeSandbox();
  box.write("a/b", new Uint8Array([0xff, 0x00]), 0o600);
  mkdirSync(box.path("c"), { mode: 0o700 });
  symlinkSync("a/b", box.path("d"));
  const skip = (path: string) => path.startsWith(".");
  const before = box.snapshot(box.home, skip);
  expect(before).toEqual({ a: before.a ?? "", "a/b": "0600 \xff\0", c: "0700 folder", d: "link to a/b" });
  box.write("a/b", new Uint8Array([0xfe, 0x00]), 0o600);
  expect(box.snapshot(box.home, skip)).not.toEqual(before);
});

test("it goes when the test ends, read-only folders included", async () => {
  let root: string;
  {
    await using box = makeSandbox();
    root = box.root;
    box.write("locked/file", "x");
    await box.run(["chmod", "0500", "locked"]);
    expect(existsSync(root)).toBe(true);
  }
  expect(existsSync(root)).toBe(false);
});

test("with an emulator, real git reaches bitbucket.org, and nothing else", async () => {
  await using box = await withEmulator();
  const good = await box.git(["ls-remote", box.urlWith("x-bitbucket-api-token-auth", "api-token"), "HEAD"]);
  expect(good.stdout).toEndWith("\tHEAD\n");
  expect(box.emulator.sawSecret("api-token")).toBe(true);
  expect((await box.git(["ls-remote", "https://example.org/a/b.git"])).code).toBe(128);
});

test("the tool of this checkout runs in it", async () => {
  await using box = makeSandbox();
  const version = {
    code: 0,
    signal: null,
    stdout: expect.stringMatching(/^git-rekey \d+\.\d+\.\d+\n$/),
    stderr: "",
  };
  expect(await box.rekey(["--version"])).toEqual(version);
  expect(await box.git(["rekey", "--version"])).toEqual(version);
});
