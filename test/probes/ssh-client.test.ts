/** Which program Git runs for SSH, how it is given our options, and when it is not run. */
import { describe, expect, test } from "bun:test";
import { configEntry } from "../../src/checks/example.ts";
import type { RawEntry } from "../../src/probes/config.ts";
import { findClient, whyForbidden } from "../../src/probes/ssh-client.ts";
import type { SshRun } from "../../src/world/ports.ts";
import { eyesOf } from "./eyes.ts";

const OPENSSH = "OpenSSH_7.4p1, OpenSSL 1.0.2k-fips  26 Jan 2017\n";

interface World {
  env?: Record<string, string>;
  config?: readonly RawEntry[];
  trusted?: boolean;
  stderr?: string;
  code?: number;
}

function entry(key: string, value: string, fromRepository = false): RawEntry {
  const made = configEntry(key, value, { fromRepository });
  return { entry: made, rawSubsection: made.subsection, rawValue: value };
}

async function find({ env = {}, config = [], trusted = false, stderr = OPENSSH, code = 0 }: World) {
  const calls: SshRun[] = [];
  const eyes = {
    ...eyesOf(env),
    ssh: async (call: SshRun) => {
      calls.push(call);
      return { code, stdout: "", stderr, timedOut: false };
    },
  };
  return { found: await findClient(eyes, config, { cwd: "/", trusted }), calls };
}

describe("in Git's order", () => {
  const all = { GIT_SSH_COMMAND: "ssh -4", GIT_SSH: "/usr/bin/ssh" };
  const configured = [entry("core.sshcommand", "ssh -i ~/.ssh/work")];

  test.each([
    [{ env: all, config: configured }, "GIT_SSH_COMMAND"],
    [{ env: { GIT_SSH: "/usr/bin/ssh" }, config: configured }, "core.sshCommand"],
    [{ env: { GIT_SSH: "/usr/bin/ssh" } }, "GIT_SSH"],
    [{}, "PATH"],
  ] as const)("%#", async (world, from) => {
    const { found } = await find(world);
    expect(found?.client).toMatchObject({ from, version: [7, 4], text: OPENSSH.trim() });
  });
});

describe("our options come before its own", () => {
  const argvOf = async (command: string) =>
    (await find({ env: { GIT_SSH_COMMAND: command } })).found?.argv?.(["-o", "A=b c"], ["host", "do"]);

  test("a command goes through a shell, as Git sends it there", async () => {
    expect(await argvOf("ssh -o StrictHostKeyChecking=no")).toEqual([
      "sh",
      "-c",
      `ssh '-o' 'A=b c' -o StrictHostKeyChecking=no "$@"`,
      "ssh",
      "host",
      "do",
    ]);
    expect((await argvOf("SSH_AUTH_SOCK= ~/bin/ssh -v"))?.[2]).toStartWith("SSH_AUTH_SOCK= ~/bin/ssh '-o' ");
    expect((await argvOf('"/c/Program Files/ssh" -v'))?.[2]).toStartWith(`"/c/Program Files/ssh" '-o' `);
  });

  test("one that means nothing to a shell needs none", async () => {
    expect(await argvOf("C:/Windows/System32/OpenSSH/ssh.exe")).toEqual([
      "C:/Windows/System32/OpenSSH/ssh.exe",
      "-o",
      "A=b c",
      "host",
      "do",
    ]);
  });

  test("GIT_SSH is a program, whatever is in its name", async () => {
    const { found } = await find({ env: { GIT_SSH: "/opt/my ssh" } });
    expect(found?.argv?.(["-v"], ["host"])).toEqual(["/opt/my ssh", "-v", "host"]);
  });

  test.each(["if true; then ssh; fi", "$(which ssh)", "exec ssh", "env A=b ssh", "sudo -u ana ssh"])(
    "what is more than a program is not run: %s",
    async (command) => {
      const { found, calls } = await find({ env: { GIT_SSH_COMMAND: command } });
      expect(found).toMatchObject({ argv: null, why: expect.stringContaining(command) });
      expect(calls).toEqual([]);
    },
  );
});

describe("what only the repository brings", () => {
  const config = [entry("core.sshcommand", "./tools/ssh", true)];

  test("is not run", async () => {
    const { found, calls } = await find({ config });
    expect(found).toMatchObject({ client: { command: "./tools/ssh", text: "" }, argv: null });
    expect(found?.why).toContain("--trust-repository");
    expect(calls).toEqual([]);
  });

  test("is run where it is trusted, and where it only chooses a key", async () => {
    expect((await find({ config, trusted: true })).calls).toHaveLength(1);
    const plain = [entry("core.sshcommand", "ssh -i ~/.ssh/work -o IdentitiesOnly=yes -F /dev/null", true)];
    expect((await find({ config: plain })).found?.why).toBeNull();
  });

  test.each([
    "ssh -o ProxyCommand=./x",
    "ssh -F ./config",
    "ssh -i k -S ./x",
    "ssh; ./x",
    "ssh -i `./x`",
    "./ssh -i k",
    "ssh -I ./lib.so",
  ])("is not run where it does more: %s", async (command) => {
    const { calls } = await find({ config: [entry("core.sshcommand", command, true)] });
    expect(calls).toEqual([]);
  });
});

test("no OpenSSH, and none at all", async () => {
  const plink = await find({ env: { GIT_SSH: "plink" }, stderr: "plink: Release 0.78\n", code: 1 });
  expect(plink.found).toMatchObject({ client: { text: "", version: null }, argv: null });
  expect((await find({ env: { GIT_SSH_COMMAND: "nossh" }, stderr: "", code: 127 })).found).toBeNull();
  const windows = await find({ stderr: "OpenSSH_for_Windows_8.6p1, LibreSSL 3.4.3\r\n" });
  expect(windows.found?.client).toMatchObject({
    version: [8, 6],
    text: "OpenSSH_for_Windows_8.6p1, LibreSSL 3.4.3",
  });
});

describe("whether Git may use SSH", () => {
  const why = (env: Record<string, string>, ...config: RawEntry[]) => whyForbidden(eyesOf(env), config);

  test("usually", () => {
    expect(why({})).toBeNull();
    expect(why({ GIT_ALLOW_PROTOCOL: "https:ssh" }, entry("protocol.allow", "never"))).toBeNull();
    expect(why({}, entry("protocol.allow", "never"), entry("protocol.ssh.allow", "always"))).toBeNull();
    expect(why({}, entry("protocol.ssh.allow", "user"))).toBeNull();
  });

  test("not", () => {
    expect(why({ GIT_ALLOW_PROTOCOL: "file:https" })).toContain("`GIT_ALLOW_PROTOCOL`");
    expect(why({}, entry("protocol.allow", "never"))).toBe("`protocol.allow` is `never`");
    expect(why({}, entry("protocol.ssh.allow", "never"))).toContain("`protocol.ssh.allow`");
    expect(why({ GIT_PROTOCOL_FROM_USER: "0" }, entry("protocol.allow", "user"))).toContain("`user`");
  });
});
