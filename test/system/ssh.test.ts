// Needs: openssh-client, libnss-wrapper, low-ports
/** The emulated SSH host, as the machine's own OpenSSH and git see it. */
import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { makeHostKeys } from "../../emulator/ssh.ts";
import { type KeyPair, type SshRoom, withSsh } from "./ssh-room.ts";

const SITE = "git@bitbucket.org:acme/site.git";

/** What git adds to whatever the server said. */
const COULD_NOT_READ =
  "fatal: Could not read from remote repository.\n\n" +
  "Please make sure you have the correct access rights\nand the repository exists.\n";

/** Where OpenSSH would look if it were not in a room: the password database knows, `$HOME` does not matter to it. */
const REAL_SSH = join(userInfo().homedir, ".ssh");

/** When each file of a folder was last written to. Not what is in them: these are somebody's keys. */
function timesOf(folder: string): Record<string, number> {
  if (!existsSync(folder)) return {};
  return Object.fromEntries(readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mtimeMs]));
}

/** A room whose person has a key, and knows the server. */
async function withKey(): Promise<{ room: SshRoom; key: KeyPair } & AsyncDisposable> {
  const room = await withSsh();
  await room.trustHost();
  return { room, key: await room.makeKey(), [Symbol.asyncDispose]: room.remove };
}

const cloned = (room: SshRoom, url = SITE) => room.git(["clone", "--quiet", url, "site"]);
const lsRemote = (room: SshRoom, url = SITE) => room.git(["ls-remote", url, "HEAD"]);

async function commitAndPush(room: SshRoom, branch = "main") {
  await room.git(["-C", "site", "commit", "--quiet", "--allow-empty", "--message", "Two"]);
  return room.git(["-C", "site", "push", "--quiet", "origin", `HEAD:refs/heads/${branch}`]);
}

describe("a key of an account", () => {
  test("clones, fetches and pushes", async () => {
    await using scene = await withKey();
    const { room, key } = scene;
    room.addAccountKey("ana", key);
    expect(await cloned(room)).toMatchObject({ code: 0, stderr: "" });
    const hash = await room.emulator.pushCommit("acme/site");
    expect((await room.git(["-C", "site", "pull", "--quiet", "--ff-only"])).code).toBe(0);
    expect((await room.git(["-C", "site", "rev-parse", "HEAD"])).stdout.trim()).toBe(hash);
    expect(await commitAndPush(room)).toMatchObject({ code: 0, stderr: "" });
    const here = await room.git(["-C", "site", "rev-parse", "HEAD"]);
    expect((await lsRemote(room)).stdout).toBe(`${here.stdout.trim()}\tHEAD\n`);
    for (const entry of room.ssh.log)
      expect(entry).toMatchObject({ offered: [key.fingerprint], accepted: key.fingerprint, holder: "ana" });
    expect(room.ssh.log.flatMap(({ commands }) => commands.map(({ command }) => command))).toEqual([
      "git-upload-pack 'acme/site.git'",
      "git-upload-pack 'acme/site.git'",
      "git-receive-pack 'acme/site.git'",
      "git-upload-pack 'acme/site.git'",
    ]);
  });

  test("every spelling of an address", async () => {
    await using scene = await withKey();
    const { room, key } = scene;
    room.addAccountKey("ana", key);
    const spellings = [
      "git@bitbucket.org:acme/site",
      "git@bitbucket.org:/acme/site.git",
      "git@bitbucket.org:Acme/Site.git",
      "ssh://git@bitbucket.org/acme/site.git",
      "ssh://git@bitbucket.org:22/acme/site",
      "ssh://git@altssh.bitbucket.org:443/acme/site.git",
    ];
    for (const each of spellings) expect((await lsRemote(room, each)).code, each).toBe(0);
  });

  test("may do what its account may", async () => {
    await using scene = await withKey();
    const { room, key } = scene;
    room.addAccountKey("bob", key);
    expect((await cloned(room)).code).toBe(0);
    const denied = `repository access denied.\n${COULD_NOT_READ}`;
    expect(await commitAndPush(room)).toMatchObject({ code: 128, stderr: denied });
    expect(await lsRemote(room, "git@bitbucket.org:other/tools.git")).toMatchObject({
      code: 128,
      stderr: denied,
    });
    expect(await lsRemote(room, "git@bitbucket.org:acme/gone.git")).toMatchObject({
      code: 128,
      stderr: `repository does not exist.\n${COULD_NOT_READ}`,
    });
    room.emulator.switches.sshRefusalPrefix = "conq: ";
    expect((await lsRemote(room, "git@bitbucket.org:acme/gone.git")).stderr).toStartWith(
      "conq: repository does not exist.\n",
    );
  });

  test("is told about a new branch, and of one that is closed", async () => {
    await using scene = await withKey();
    const { room, key } = scene;
    room.addAccountKey("ana", key);
    await cloned(room);
    expect((await commitAndPush(room, "next")).stderr).toContain(
      "remote:   https://bitbucket.org/acme/site/pull-requests/new?source=next&t=1",
    );
    await room.git(["clone", "--quiet", "git@bitbucket.org:acme/guarded.git", "guarded"]);
    await room.git(["-C", "guarded", "commit", "--quiet", "--allow-empty", "--message", "Two"]);
    const told = await room.git(["-C", "guarded", "push", "--quiet"]);
    expect(told.stderr).toContain("remote: Permission denied to update branch main.");
    expect(told.code).toBe(1);
  });
});

describe("an access key", () => {
  test("reads, and does not write", async () => {
    await using scene = await withKey();
    const { room, key } = scene;
    room.addAccessKey("acme/site", key, "deploy");
    expect((await cloned(room)).code).toBe(0);
    expect(await commitAndPush(room)).toMatchObject({
      code: 128,
      stderr: `repository access denied. access via a deployment key is read-only.\n${COULD_NOT_READ}`,
    });
    expect(room.ssh.log.map(({ holder }) => holder)).toEqual(["deploy", "deploy"]);
  });

  test("opens no other repository", async () => {
    await using scene = await withKey();
    const { room, key } = scene;
    room.addAccessKey("acme/docs", key);
    expect(await cloned(room)).toMatchObject({
      code: 128,
      stderr: `repository access denied. deployment key is not associated with the requested repository.\n${COULD_NOT_READ}`,
    });
  });
});

describe("a shell", () => {
  test("with a key of an account", async () => {
    await using scene = await withKey();
    const { room, key } = scene;
    room.addAccountKey("ana", key);
    const stdout =
      "authenticated via ssh key.\n\nYou can use git to connect to Bitbucket. Shell access is disabled\n";
    expect(await room.runSsh(["-T", "git@bitbucket.org"])).toMatchObject({ code: 0, stdout, stderr: "" });
    room.emulator.switches.sshWelcomeExit = 1;
    expect(await room.runSsh(["-tt", "git@bitbucket.org"])).toMatchObject({ code: 1 });
    expect(await room.runSsh(["-T", "ana@bitbucket.org"])).toMatchObject({
      code: 255,
      stderr: "ana@bitbucket.org: Permission denied (publickey).\r\n",
    });
  });

  test("with an access key", async () => {
    await using scene = await withKey();
    const { room, key } = scene;
    room.addAccessKey("acme/site", key, "deploy");
    room.addAccessKey("acme/docs", key, "docs");
    const { code, stdout } = await room.runSsh(["-T", "git@bitbucket.org"]);
    expect(code).toBe(0);
    expect(stdout).toStartWith("authenticated via a deploy key.\n\n\nYou can use git");
    expect(stdout).toEndWith(
      "This deploy key has read access to the following repositories:\n\n" +
        "acme/site: deploy -- ana@laptop\nacme/docs: docs -- ana@laptop\n",
    );
  });

  test("other commands", async () => {
    await using scene = await withKey();
    const { room, key } = scene;
    room.addAccountKey("ana", key);
    const info = await room.runSsh(["git@bitbucket.org", "host_key_info"]);
    expect(info).toMatchObject({ code: 0, stderr: "" });
    expect(info.stdout).toContain(`\nssh-ed25519 ${room.ssh.hostKeys[0]?.fingerprint}\n`);
    const rsa = ["-o", "HostKeyAlgorithms=rsa-sha2-512", "git@bitbucket.org", "host_key_info"];
    expect((await room.runSsh(rsa)).stdout).toContain(`\nssh-rsa ${room.ssh.hostKeys[2]?.fingerprint}\n`);
    expect((await room.runSsh(["git@bitbucket.org", "uname"])).code).toBe(1);
  });
});

describe("a key that is refused", () => {
  test("is a key nobody knows", async () => {
    await using scene = await withKey();
    const { room, key } = scene;
    expect(await cloned(room)).toMatchObject({
      code: 128,
      stderr: `git@bitbucket.org: Permission denied (publickey).\r\n${COULD_NOT_READ}`,
    });
    expect(room.ssh.log).toMatchObject([
      { user: "git", offered: [key.fingerprint], accepted: null, commands: [] },
    ]);
  });

  test("after six of an agent's twenty the server hears no more", async () => {
    await using scene = await withKey();
    const { room } = scene;
    const agent = await room.startAgent();
    const keys: KeyPair[] = [];
    for (let each = 0; each < 20; each += 1) keys.push(await room.makeKey(`keys/${each}`));
    await agent.add(...keys);
    const fingerprints = keys.map(({ fingerprint }) => fingerprint);
    expect(await agent.list()).toEqual(fingerprints);
    const right = keys[19];
    if (!right) throw new Error("a key is missing");
    room.addAccountKey("ana", right);
    const told = await lsRemote(room);
    expect(told.code).toBe(128);
    expect(told.stderr).toMatch(
      /^Received disconnect from 127\.\S+ port 22:2: Too many authentication failures\r\nDisconnected from 127\.\S+ port 22\r\n/,
    );
    expect(room.ssh.log).toMatchObject([{ offered: fingerprints.slice(0, 6), accepted: null }]);
    room.ssh.clearLog();
    const only = `ssh -o IdentitiesOnly=yes -i ${right.file}`;
    expect((await room.git(["ls-remote", SITE], { env: { GIT_SSH_COMMAND: only } })).code).toBe(0);
    expect(room.ssh.log).toMatchObject([{ offered: [right.fingerprint], accepted: right.fingerprint }]);
  });

  test("lies before the one that is right", async () => {
    await using scene = await withKey();
    const { room, key } = scene;
    const ecdsa = await room.makeKey(".ssh/id_ecdsa", { type: "ecdsa" });
    const rsa = await room.makeKey(".ssh/id_rsa", { type: "rsa" });
    room.addAccountKey("ana", key);
    expect((await lsRemote(room)).code).toBe(0);
    expect(room.ssh.log[0]).toMatchObject({
      offered: [rsa.fingerprint, ecdsa.fingerprint, key.fingerprint],
      accepted: key.fingerprint,
    });
  });

  for (const type of ["rsa", "ecdsa"] as const)
    test(`not one of type ${type}`, async () => {
      await using room = await withSsh();
      await room.trustHost();
      room.addAccountKey("ana", await room.makeKey(`.ssh/id_${type}`, { type }));
      expect((await lsRemote(room)).code).toBe(0);
    });
});

describe("the host key", () => {
  test("unknown: nobody can be asked", async () => {
    await using room = await withSsh();
    room.addAccountKey("ana", await room.makeKey());
    const { code, stderr } = await room.git(["ls-remote", SITE], {
      env: { GIT_SSH_COMMAND: "ssh -o BatchMode=yes" },
    });
    expect({ code, stderr }).toEqual({
      code: 128,
      stderr: `Host key verification failed.\r\n${COULD_NOT_READ}`,
    });
    expect(room.exists(".ssh/known_hosts")).toBe(false);
  });

  test("changed: the warning, whether names are hashed or not", async () => {
    for (const hashed of [false, true]) {
      await using scene = await withKey();
      const { room, key } = scene;
      room.addAccountKey("ana", key);
      await room.trustHost({ hashed });
      expect(room.read(".ssh/known_hosts").includes("bitbucket.org")).toBe(!hashed);
      expect((await lsRemote(room)).code).toBe(0);
      room.ssh.changeHostKeys();
      const { code, stderr } = await lsRemote(room);
      expect(code).toBe(128);
      expect(stderr).toContain("WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!");
      expect(stderr).toContain(room.ssh.hostKeys[0]?.fingerprint ?? "-");
    }
  });

  test("a key that was retired stands in the file alone", async () => {
    await using scene = await withKey();
    const { room, key } = scene;
    room.addAccountKey("ana", key);
    const retired = makeHostKeys(["ssh-rsa"]);
    await room.trustHost({ keys: retired });
    expect((await lsRemote(room)).stderr).toContain("REMOTE HOST IDENTIFICATION HAS CHANGED");
    room.ssh.changeHostKeys(retired);
    expect((await lsRemote(room)).code).toBe(0);
  });
});

describe("port 22", () => {
  test("refused: altssh works", async () => {
    await using scene = await withKey();
    const { room, key } = scene;
    room.addAccountKey("ana", key);
    await room.ssh.reach("bitbucket.org", "refused");
    const { code, stderr } = await lsRemote(room);
    expect(code).toBe(128);
    expect(stderr).toMatch(/^ssh: connect to host bitbucket\.org port 22: Connection refused\r\n/);
    room.write(".ssh/config", "Host bitbucket.org\n\tHostName altssh.bitbucket.org\n\tPort 443\n");
    expect((await lsRemote(room)).code).toBe(0);
    expect(room.ssh.log.map(({ endpoint }) => endpoint)).toEqual(["altssh.bitbucket.org:443"]);
    room.write(".ssh/config", "");
    await room.ssh.reach("bitbucket.org", "open");
    expect((await lsRemote(room)).code).toBe(0);
  });

  test("cut, and silent", async () => {
    await using scene = await withKey();
    const { room, key } = scene;
    room.addAccountKey("ana", key);
    await room.ssh.reach("bitbucket.org", "cut");
    expect((await lsRemote(room)).stderr).toMatch(/^kex_exchange_identification: /);
    await room.ssh.reach("bitbucket.org", "silent");
    const { code, stderr } = await room.runSsh(["-o", "ConnectTimeout=1", "-T", "git@bitbucket.org"]);
    expect(code).toBe(255);
    expect(stderr).toContain("Connection timed out during banner exchange");
  });
});

describe("the room", () => {
  test("its programs see its home, and HTTPS as ever", async () => {
    await using room = await withSsh();
    const code = "console.log(JSON.stringify(require('node:os').userInfo().homedir))";
    const argv = [process.execPath, "--no-env-file", "-e", code];
    expect(JSON.parse((await room.run(argv)).stdout)).toBe(room.home);
    expect((await room.run(["sh", "-c", "cd ~ana && pwd"])).stdout.trim()).toBe(room.home);
    const url = room.urlWith("ana", "api-token");
    expect((await room.git(["ls-remote", url])).code).toBe(0);
    const { code: exit, stdout } = await room.rekey(["doctor", "--json", url]);
    expect({ exit, findings: JSON.parse(stdout).findings.map(({ id }: { id: string }) => id) }).toMatchObject(
      {
        exit: 0,
      },
    );
  });

  test("git-rekey's own git inherits it", async () => {
    await using scene = await withKey();
    const { room, key } = scene;
    room.addAccountKey("ana", key);
    await cloned(room);
    room.ssh.clearLog();
    const told = await room.rekey(["run", "--", "git", "fetch", "--quiet"], { cwd: "site" });
    expect(told).toMatchObject({ code: 0 });
    expect(room.ssh.log).toHaveLength(1);
  });

  test("a real home stays as it is", async () => {
    await using scene = await withKey();
    const { room, key } = scene;
    room.addAccountKey("ana", key);
    const before = timesOf(REAL_SSH);
    await room.git(["ls-remote", SITE], {
      env: { GIT_SSH_COMMAND: "ssh -o StrictHostKeyChecking=accept-new -o UpdateHostKeys=yes" },
    });
    expect(timesOf(REAL_SSH)).toEqual(before);
  });
});
