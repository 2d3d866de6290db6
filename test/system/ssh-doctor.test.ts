// Needs: openssh-client, libnss-wrapper, low-ports
/** What `doctor` makes of a remote over SSH, with the machine's own OpenSSH, and that it changes nothing by looking. */
import { describe, expect, test } from "bun:test";
import { makeHostKeys } from "../../emulator/ssh.ts";
import type { Report, ReportedRemote } from "../../src/core/report.ts";
import type { RunOptions } from "../sandbox.ts";
import { type KeyPair, type SshRoom, withSsh } from "./ssh-room.ts";
import { SITE } from "./ssh-scene.ts";

/** Makes the emulator's keys those that count as Bitbucket's, as they are now. */
function publish(room: SshRoom): void {
  const lines = room.ssh.hostKeys.map(({ type, base64 }) => `bitbucket.org ${type} ${base64}\n`);
  room.env.GIT_REKEY_SSH_HOST_KEYS = room.write("published", lines.join(""));
}

/** A room whose person has a key, knows the server, and has a checkout. The key is not registered anywhere. */
async function withCheckout(url = SITE): Promise<{ room: SshRoom; key: KeyPair } & AsyncDisposable> {
  const room = await withSsh();
  await room.trustHost();
  publish(room);
  await room.git(["init", "--quiet", "site"]);
  await room.git(["-C", "site", "remote", "add", "origin", url]);
  return { room, key: await room.makeKey(), [Symbol.asyncDispose]: room.remove };
}

interface Told {
  code: number | null;
  fetch: ReportedRemote["fetch"] | undefined;
  push: ReportedRemote["push"] | undefined;
  ssh: ReportedRemote["ssh"] | undefined;
  faults: string[];
}

/** Looks, and holds that nothing in the home folder is another than before. */
async function doctor(room: SshRoom, flags: readonly string[] = [], options: RunOptions = {}): Promise<Told> {
  const before = room.snapshot();
  const { code, stdout, stderr } = await room.rekey(["doctor", "--json", ...flags], {
    cwd: "site",
    ...options,
  });
  expect(room.snapshot()).toEqual(before);
  if (stdout === "") throw new Error(stderr);
  const report: Report = JSON.parse(stdout);
  const [remote] = report.repositories[0]?.remotes ?? [];
  const faults = report.findings.filter(({ severity }) => severity === "error").map(({ id }) => id);
  return { code, fetch: remote?.fetch, push: remote?.push, ssh: remote?.ssh, faults };
}

const well = { code: 0, fetch: "ok", push: "ok", faults: [] as string[] } as const;
const refused = { code: 1, fetch: "refused", push: "refused" } as const;

describe("a key that works", () => {
  test("is named, and nobody is asked twice", async () => {
    await using scene = await withCheckout();
    const { room, key } = scene;
    room.addAccountKey("ana", key);
    const told = await doctor(room);
    expect(told).toMatchObject({ ...well, ssh: { as: "person", key: key.fingerprint, said: null } });
    const asked = room.ssh.log.flatMap(({ commands }) => commands.map(({ command }) => command));
    expect(asked.filter((one) => one !== null).sort()).toEqual([
      "git-receive-pack 'acme/site.git'",
      "git-upload-pack 'acme/site.git'",
    ]);
    expect(room.ssh.log).toHaveLength(3);
  });

  test("says so in few lines", async () => {
    await using scene = await withCheckout();
    const { room, key } = scene;
    room.addAccountKey("ana", key);
    const { stdout, stderr } = await room.rekey(["doctor"], { cwd: "site" });
    expect(stderr).toBe("");
    expect(stdout).toContain(`origin  ${SITE}  fetch works, push works\n`);
    expect(stdout).toContain(`signs in with a person's key:\n             ${key.fingerprint} (ana@laptop)\n`);
    expect(stdout).toEndWith("✓ Git can reach Bitbucket from here\n");
  });

  test("in an agent alone, which keeps what it has", async () => {
    await using scene = await withCheckout();
    const { room, key } = scene;
    room.addAccountKey("ana", key);
    const agent = await room.startAgent();
    await agent.add(key);
    await room.run(["rm", key.file, `${key.file}.pub`]);
    expect(await doctor(room)).toMatchObject({ ...well, ssh: { key: key.fingerprint } });
    expect(await agent.list()).toEqual([key.fingerprint]);
  });

  test("in an older form without its public half", async () => {
    await using scene = await withCheckout();
    const { room, key } = scene;
    await room.run(["rm", key.file, `${key.file}.pub`]);
    const file = room.path(".ssh/id_rsa");
    await room.run(["ssh-keygen", "-q", "-t", "rsa", "-m", "PEM", "-N", "", "-f", file]);
    const publicKey = room.read(".ssh/id_rsa.pub").trim();
    const { stdout } = await room.run(["ssh-keygen", "-l", "-f", `${file}.pub`]);
    room.addAccountKey("ana", { file, publicKey, fingerprint: "" });
    await room.run(["rm", `${file}.pub`]);
    const fingerprint = stdout.split(" ")[1] ?? "-";
    expect(await doctor(room)).toMatchObject({ ...well, ssh: { key: fingerprint } });
  });

  test("by an alias, through a program, by the other port: each is shown", async () => {
    await using scene = await withCheckout("work:acme/site.git");
    const { room, key } = scene;
    room.addAccountKey("ana", key);
    room.write("relay.ts", RELAY);
    const relay = `${process.execPath} --no-env-file ${room.path("relay.ts")}`;
    const lines = ["Host work", "HostName altssh.bitbucket.org", "Port 443", "User git"];
    room.write(".ssh/config", `${lines.join("\n")}\nProxyCommand ${relay} %h %p\n`);
    expect(await doctor(room)).toMatchObject({
      ...well,
      ssh: { name: "work", host: "altssh.bitbucket.org", port: 443, via: `${relay} %h %p`, as: "person" },
    });
    expect(new Set(room.ssh.log.map(({ endpoint }) => endpoint))).toEqual(
      new Set(["altssh.bitbucket.org:443"]),
    );
  });

  test("of a command of the person's own that lets every host in: nothing is written", async () => {
    await using scene = await withCheckout();
    const { room, key } = scene;
    room.addAccountKey("ana", key);
    await room.run(["rm", room.path(".ssh/known_hosts")]);
    const env = { GIT_SSH_COMMAND: "ssh -i ~/.ssh/id_ed25519 -o StrictHostKeyChecking=no" };
    expect(await doctor(room, [], { env })).toMatchObject({ ...well, ssh: { key: key.fingerprint } });
    room.write(".ssh/config", "StrictHostKeyChecking accept-new\n");
    expect(await doctor(room)).toMatchObject(well);
    expect(room.exists(".ssh/known_hosts")).toBe(false);
  });
});

/** What people have `nc` for. */
const RELAY = `
import { connect } from "node:net";
const [host, port] = process.argv.slice(2);
const socket = connect(Number(port), host);
process.stdin.pipe(socket);
socket.pipe(process.stdout);
`;

describe("an access key", () => {
  test("reads; that it cannot push is a fault where that is wanted", async () => {
    await using scene = await withCheckout();
    const { room, key } = scene;
    room.addAccessKey("acme/site", key);
    expect(await doctor(room)).toMatchObject({
      code: 0,
      fetch: "ok",
      push: "refused",
      ssh: { as: "access-key", said: null },
      faults: [],
    });
    expect(await doctor(room, ["--push"])).toMatchObject({ code: 1, faults: ["ssh-key-read-only"] });
  });

  test("of another repository", async () => {
    await using scene = await withCheckout();
    const { room, key } = scene;
    room.addAccessKey("acme/docs", key);
    expect(await doctor(room)).toMatchObject({ ...refused, faults: ["ssh-key-for-other-repository"] });
  });
});

type Change = (room: SshRoom, key: KeyPair) => unknown;

const WRONG: readonly [what: string, change: Change, told: Partial<Told>][] = [
  ["a key nobody knows", () => {}, { ...refused, faults: ["ssh-key-refused"] }],
  [
    "no key",
    (room, { file }) => room.run(["rm", file, `${file}.pub`]),
    { ...refused, faults: ["ssh-key-refused"] },
  ],
  [
    "a key with a passphrase, and nobody to ask",
    async (room) => {
      const locked = await room.makeKey(".ssh/id_rsa", { type: "rsa", passphrase: "a passphrase of a test" });
      room.addAccountKey("ana", locked);
    },
    { ...refused, faults: ["ssh-key-refused"] },
  ],
  [
    "an agent with twenty keys",
    async (room, key) => {
      const agent = await room.startAgent();
      const many = Array.from({ length: 20 }, (_, at) => room.makeKey(`.keys/${at}`));
      await agent.add(...(await Promise.all(many)));
      room.addAccountKey("ana", key);
    },
    { ...refused, faults: ["ssh-too-many-keys"] },
  ],
  [
    "a host nobody knows",
    (room) => room.run(["rm", room.path(".ssh/known_hosts")]),
    { ...refused, faults: ["ssh-host-key-unknown"] },
  ],
  [
    "a host by another key, in a hashed file",
    async (room) => {
      await room.trustHost({ hashed: true });
      room.ssh.changeHostKeys();
    },
    { ...refused, faults: ["ssh-host-key-changed"] },
  ],
  [
    "an old key of the host's in the file",
    (room) => room.trustHost({ keys: makeHostKeys(["ssh-rsa"]) }),
    { ...refused, faults: ["ssh-host-key-changed"] },
  ],
  [
    "a port that is shut",
    (room) => room.ssh.reach("bitbucket.org", "refused"),
    { fetch: "unknown", push: "unknown", faults: ["ssh-port-blocked"] },
  ],
  [
    "a port that is cut off",
    (room) => room.ssh.reach("bitbucket.org", "cut"),
    { fetch: "unknown", push: "unknown", faults: ["ssh-port-blocked"] },
  ],
  [
    "a key that others may read",
    (room, key) => {
      room.addAccountKey("ana", key);
      return room.run(["chmod", "644", key.file]);
    },
    { ...refused, faults: ["ssh-permissions-too-open"] },
  ],
  [
    "a configuration ssh cannot read",
    (room) => room.write(".ssh/config", "Frobnicate yes\n"),
    { ...refused, faults: ["config-unreadable"] },
  ],
  [
    "no ssh",
    (room) => {
      room.env.GIT_SSH = room.path("no/such/ssh");
    },
    { ...refused, faults: ["ssh-client-missing"] },
  ],
  [
    "a protocol that Git may not use",
    (room) => {
      room.env.GIT_ALLOW_PROTOCOL = "https";
    },
    refused,
  ],
];

describe("what is wrong", () => {
  test.each(WRONG)("%s", async (_, change, told) => {
    await using scene = await withCheckout();
    await change(scene.room, scene.key);
    scene.room.ssh.clearLog();
    expect(await doctor(scene.room)).toMatchObject(told);
    // Where nobody is let in, nobody is asked about repositories.
    const asked = scene.room.ssh.log.map(({ endpoint }) => endpoint);
    expect(asked).toEqual([...new Set(asked)]);
    expect(
      scene.room.ssh.log.flatMap(({ commands }) => commands.map(({ command }) => command)),
    ).not.toContainEqual(expect.stringMatching(/^git-/));
  });

  test("a program in between that fails is not taken for Bitbucket", async () => {
    await using scene = await withCheckout();
    scene.room.write(".ssh/config", "Host bitbucket.org\nProxyCommand false\n");
    const told = await doctor(scene.room);
    expect(told).toMatchObject({ fetch: "unknown", push: "unknown", ssh: { via: "false", as: null } });
    expect(told.faults).not.toContain("ssh-port-blocked");
  });

  test("a machine in between that has no address is not taken for Bitbucket", async () => {
    await using scene = await withCheckout();
    scene.room.write(".ssh/config", "Host bitbucket.org\nProxyJump nowhere.invalid\n");
    expect(await doctor(scene.room)).toMatchObject({ code: 3, fetch: "unknown", faults: ["proxy-refused"] });
  });

  test("both ports shut: nobody knows what is behind them", async () => {
    await using scene = await withCheckout();
    await scene.room.ssh.reach("bitbucket.org", "refused");
    await scene.room.ssh.reach("altssh.bitbucket.org", "refused");
    expect(await doctor(scene.room)).toMatchObject({
      code: 3,
      fetch: "unknown",
      faults: ["ssh-port-blocked"],
    });
  });

  test("a repository that the account does not have", async () => {
    await using scene = await withCheckout("git@bitbucket.org:other/tools.git");
    scene.room.addAccountKey("bob", scene.key);
    expect(await doctor(scene.room)).toMatchObject({
      ...refused,
      ssh: { as: "person", said: "Bitbucket says: repository access denied." },
    });
  });
});

describe("where ssh is not run", () => {
  test("for HTTPS alone", async () => {
    await using scene = await withCheckout("https://bitbucket.org/acme/docs.git");
    const { room } = scene;
    room.env.GIT_SSH = room.write("ssh", "#!/bin/sh\ntouch ~/ran\n", 0o755);
    expect(await doctor(room)).toMatchObject({ fetch: "ok", ssh: null });
  });

  test("for another service's host, whatever program it would be", async () => {
    await using scene = await withCheckout("git@github.com:acme/site.git");
    const { room } = scene;
    room.env.GIT_SSH = room.write("ssh", "#!/bin/sh\ntouch ~/ran\n", 0o755);
    expect(await doctor(room)).toMatchObject({ code: 0, fetch: "unknown", ssh: null, faults: [] });
    expect(room.exists("ran")).toBe(false);
  });

  test("offline nobody is asked", async () => {
    await using scene = await withCheckout();
    expect(await doctor(scene.room, ["--offline"])).toMatchObject({ code: 3, fetch: "unknown" });
    expect(scene.room.ssh.log).toEqual([]);
  });

  test("by a command of the repository's own, unless it is trusted", async () => {
    await using scene = await withCheckout();
    const { room, key } = scene;
    room.addAccountKey("ana", key);
    const own = room.write("tools/ssh", '#!/bin/sh\nexec ssh "$@"\n', 0o755);
    await room.git(["-C", "site", "config", "core.sshCommand", own]);
    const told = await doctor(room);
    expect(told).toMatchObject({ fetch: "unknown", ssh: { as: null } });
    expect(told.ssh?.said).toContain("--trust-repository");
    expect(room.ssh.log).toEqual([]);
    expect(await doctor(room, ["--trust-repository"])).toMatchObject({ fetch: "ok", push: "ok" });
  });

  test("by names that are options or commands", async () => {
    for (const host of ["-oProxyCommand=touch ran", "$(touch ran)", "a`touch ran`"]) {
      await using scene = await withCheckout(`ssh://git@${host}/acme/site.git`);
      scene.room.write(".ssh/config", 'Match exec "echo %h"\n');
      expect(await doctor(scene.room)).toMatchObject({ ssh: null });
    }
  });

  test("with a file of host keys that has none: misuse", async () => {
    await using scene = await withCheckout();
    const { room } = scene;
    for (const file of [room.path("none"), room.write("empty", "# nothing\n")]) {
      const { code, stdout, stderr } = await room.rekey(["doctor"], {
        cwd: "site",
        env: { GIT_REKEY_SSH_HOST_KEYS: file },
      });
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain("GIT_REKEY_SSH_HOST_KEYS");
    }
  });
});

test("fetched over HTTPS and pushed over SSH: each by its own, and a refused push is a fault", async () => {
  await using scene = await withCheckout("https://bitbucket.org/acme/docs.git");
  const { room, key } = scene;
  await room.git(["-C", "site", "remote", "set-url", "--push", "origin", "git@bitbucket.org:acme/docs.git"]);
  expect(await doctor(room)).toMatchObject({ code: 1, fetch: "ok", push: "refused", ssh: { as: null } });
  room.addAccountKey("ana", key);
  expect(await doctor(room)).toMatchObject({ ...well, ssh: { as: "person" } });
});
