/** A repository of a stranger's: what it brings is reported, never obeyed, and never sees a credential. */
import { afterEach, describe, expect, test } from "bun:test";
import { chownSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { EmulatedSandbox } from "../sandbox.ts";
import { belongings, storedAppPassword } from "../terminal/people.ts";
import { IS_ROOT } from "./sentence.ts";

const boxes: EmulatedSandbox[] = [];
const traps: Server[] = [];
afterEach(async () => {
  for (const trap of traps.splice(0)) trap.close();
  for (const box of boxes.splice(0)) await box.remove();
});

async function open(): Promise<EmulatedSandbox> {
  const box = await storedAppPassword();
  boxes.push(box);
  return box;
}

/** A proxy that notes whoever comes. */
async function setTrap(): Promise<{ url: string; caught: string[] }> {
  const caught: string[] = [];
  const trap = createServer((request) => void caught.push(`${request.method} ${request.url}`));
  trap.on("connect", (request, socket) => {
    caught.push(`CONNECT ${request.url}`);
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  traps.push(trap);
  await new Promise<void>((ready) => trap.listen(0, "127.0.0.1", ready));
  const address = trap.address();
  return { url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`, caught };
}

function poison(box: EmulatedSandbox, lines: string): void {
  box.write("site/.git/config", `${box.read("site/.git/config")}${lines}`);
}

const COMMANDS = [
  ["doctor"],
  ["doctor", "--json"],
  ["doctor", "--offline"],
  ["fix", "--yes"],
  ["fix", "--dry-run"],
  [],
];

async function runAll(box: EmulatedSandbox) {
  const all = [];
  for (const argv of COMMANDS)
    all.push(await box.rekey(argv, { cwd: "site", stdin: box.emulator.secret("api-token") }));
  return all;
}

describe("nothing goes where only the repository says", () => {
  test.each([
    ["http.proxy", (url: string) => `[http]\n\tproxy = ${url}\n`],
    ["http.<url>.proxy", (url: string) => `[http "https://bitbucket.org"]\n\tproxy = ${url}\n`],
    ["remote.origin.proxy", (url: string) => `[remote "origin"]\n\tproxy = ${url}\n`],
    ["an include with a proxy", () => "[include]\n\tpath = ../evil.config\n"],
  ])("%s", async (_, lines) => {
    const box = await open();
    const { url, caught } = await setTrap();
    box.write("site/evil.config", `[http]\n\tproxy = ${url}\n`);
    poison(box, lines(url));
    const before = belongings(box);
    const [, json, , fix] = await runAll(box);
    expect(caught).toEqual([]);
    expect(box.emulator.log.filter(({ how }) => how !== "none")).toEqual([]);
    expect(json?.stdout).toContain("untrusted-repository-setting");
    expect(fix?.code).not.toBe(0);
    expect(belongings(box)).toEqual(before);
  });

  test.each([
    ["sslVerify", "[http]\n\tsslVerify = false\n"],
    ["sslCAInfo", "[http]\n\tsslCAInfo = ../evil.pem\n"],
    ["sslCAInfo of the host", '[http "https://bitbucket.org"]\n\tsslCAInfo = ../evil.pem\n'],
  ])("%s: an untrusted certificate stays untrusted", async (_, lines) => {
    const box = await open();
    box.write("site/evil.pem", "");
    box.emulator.switches.faults = [{ kind: "tls", problem: "untrusted" }];
    poison(box, lines);
    const before = belongings(box);
    const [, json, , fix] = await runAll(box);
    expect(box.emulator.log).toEqual([]);
    expect(json?.stdout).toContain("untrusted-repository-setting");
    expect(fix?.code).not.toBe(0);
    expect(belongings(box)).toEqual(before);
  });
});

describe("nothing is run that only the repository names", () => {
  test.each([
    ["credential.helper", (run: string) => `[credential]\n\thelper = "!${run}; :"\n`],
    ["credential.helper, a path", (run: string) => `[credential]\n\thelper = ${run.split(" ")[1]}.sh\n`],
    [
      "credential.<url>.helper",
      (run: string) => `[credential "https://bitbucket.org"]\n\thelper = "!${run}; :"\n`,
    ],
    ["core.askPass", (run: string) => `[core]\n\taskPass = ${run.split(" ")[1]}.sh\n`],
    ["core.sshCommand", (run: string) => `[core]\n\tsshCommand = ${run}\n`],
    ["core.fsmonitor", (run: string) => `[core]\n\tfsmonitor = "${run}; :"\n`],
    ["core.pager", (run: string) => `[core]\n\tpager = ${run}\n`],
    ["core.gitProxy", (run: string) => `[core]\n\tgitProxy = ${run}\n`],
    ["alias.rekey-helper", (run: string) => `[alias]\n\trekey-helper = "!${run}"\n\tconfig = "!${run}"\n`],
    ["remote.origin.uploadpack", (run: string) => `[remote "origin"]\n\tuploadpack = ${run}\n`],
    [
      "a remote of the kind ext::",
      (run: string) => `[remote "evil"]\n\turl = ext::${run}\n[protocol "ext"]\n\tallow = always\n`,
    ],
    ["an include with a helper", (run: string) => `[include]\n\tpath = ../evil.config\n# ${run}\n`],
    ["a hooks folder", () => "[core]\n\thooksPath = ../hooks\n"],
  ])("%s", async (_, lines) => {
    const box = await open();
    const marker = box.path("marker");
    const script = `#!/bin/sh\ntouch ${marker}\n`;
    box.write("marker.sh", script, 0o755);
    for (const hook of ["pre-push", "post-checkout", "reference-transaction"])
      box.write(`site/hooks/${hook}`, script, 0o755);
    box.write("site/evil.config", `[credential]\n\thelper = "!touch ${marker}; :"\n`);
    poison(box, lines(`touch ${marker}`));
    await runAll(box);
    await box.rekey(["doctor", "--push"], { cwd: "site" });
    expect(box.exists("marker")).toBe(false);
  });
});

describe("a store of the repository's own is trusted in the home folder alone", () => {
  const OTHER = 65534;

  async function fixWithStore(file: (box: EmulatedSandbox) => string, owner: number | null) {
    const box = await open();
    const path = file(box);
    box.write(path, "", 0o600);
    if (owner !== null) chownSync(path, owner, owner);
    poison(box, `[credential]\n\thelper = "store --file '${path}'"\n`);
    const stdin = box.emulator.secret("api-token");
    const ran = await box.rekey(["fix", "--yes"], { cwd: "site", stdin });
    return { code: ran.code, told: decodeURIComponent(box.read(path)).includes(stdin) };
  }

  const inRepository = (box: EmulatedSandbox) => box.path("site/.git-credentials-acme-site");
  const atHome = (box: EmulatedSandbox) => box.path(".git-credentials-acme-site");

  test("in the repository it is not", async () => {
    expect(await fixWithStore(inRepository, null)).toEqual({ code: 4, told: false });
  });

  test("directly at home it is", async () => {
    expect((await fixWithStore(atHome, null)).code).toBe(0);
  });

  test.skipIf(!IS_ROOT)("at home, but another's: it is not (skipped without root)", async () => {
    expect(await fixWithStore(atHome, OTHER)).toEqual({ code: 4, told: false });
  });
});
