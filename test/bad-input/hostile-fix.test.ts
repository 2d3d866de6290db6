/** What a stranger's repository tries while a fix proves with real git: other hosts, other transports, its own programs. */
import { afterEach, describe, expect, test } from "bun:test";
import { createServer, type Server } from "node:http";
import type { EmulatedSandbox } from "../sandbox.ts";
import { storedAppPassword } from "../terminal/people.ts";

const boxes: EmulatedSandbox[] = [];
const traps: Server[] = [];
afterEach(async () => {
  for (const trap of traps.splice(0)) trap.close();
  for (const box of boxes.splice(0)) await box.remove();
});

/** A host that asks for a password, and notes who comes with which. */
async function setTrap(): Promise<{ url: string; caught: string[] }> {
  const caught: string[] = [];
  const trap = createServer((request, response) => {
    caught.push(`${request.url} ${request.headers.authorization ?? ""}`);
    response.writeHead(401, { "WWW-Authenticate": 'Basic realm="trap"' }).end();
  });
  traps.push(trap);
  await new Promise<void>((ready) => trap.listen(0, "127.0.0.1", ready));
  const address = trap.address();
  return { url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`, caught };
}

/** Fixes a repository with these lines in its configuration; `MARKER` in them is a file that must not come to be. */
async function fixIn(lines: string, flags: readonly string[]) {
  const box = await storedAppPassword();
  boxes.push(box);
  const marker = box.path("marker");
  box.write("site/.git/config", `${box.read("site/.git/config")}${lines.replaceAll("MARKER", marker)}`);
  box.write("site/file", "x");
  const who = ["-c", "user.name=a", "-c", "user.email=a@b.example"];
  await box.git(["add", "file"], { cwd: "site" });
  await box.git([...who, "commit", "--quiet", "--message", "one"], { cwd: "site" });
  box.write("site/hooks/pre-push", `#!/bin/sh\ntouch ${marker}\n`, 0o755);
  const ran = await box.rekey(["fix", "--yes", ...flags], {
    cwd: "site",
    stdin: box.emulator.secret("api-token"),
  });
  return { ran, ranIts: box.exists("marker") };
}

const PROMPT = ["--push", "--store", "prompt"];

describe("the new token goes to bitbucket.org alone", () => {
  test("a rule that rewrites the URL which the fix itself writes", async () => {
    const { url, caught } = await setTrap();
    const { ran } = await fixIn(`[url "${url}/"]\n\tinsteadOf = https://x-bitbucket\n`, PROMPT);
    expect(caught).toEqual([]);
    expect(ran.code).toBe(4);
    expect(ran.stderr).toContain("insteadof");
  });

  test("a second push URL on another host", async () => {
    const { url, caught } = await setTrap();
    const lines = `[remote "origin"]\n\tpushurl = ${url}/x.git\n\tpushurl = https://bitbucket.org/acme/site.git\n`;
    const { ran } = await fixIn(lines, PROMPT);
    expect(caught).toEqual([]);
    expect(ran.code).toBe(0);
  });

  test("a helper for a host that is Bitbucket's when it is decoded", async () => {
    const { ran, ranIts } = await fixIn(
      '[credential "https://%62itbucket.org"]\n\thelper = "!touch MARKER; :"\n',
      [],
    );
    expect(ranIts).toBe(false);
    expect(ran.code).toBe(4);
  });
});

describe("no program of the repository runs", () => {
  test.each([
    ["a transport of its own", '[remote "origin"]\n\tvcs = ext\n[protocol "ext"]\n\tallow = always\n', []],
    [
      "a second URL that is a command",
      '[remote "origin"]\n\turl = ext::touch MARKER\n[protocol "ext"]\n\tallow = always\n',
      PROMPT,
    ],
    [
      "a second URL over its own ssh",
      '[remote "origin"]\n\turl = git@github.com:a/b.git\n[core]\n\tsshCommand = touch MARKER;:\n',
      PROMPT,
    ],
    ["a hook folder of its own", "[core]\n\thooksPath = hooks\n", PROMPT],
  ])("%s", async (_, lines, flags) => {
    const { ranIts } = await fixIn(lines, flags);
    expect(ranIts).toBe(false);
  });
});
