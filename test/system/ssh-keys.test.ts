// Needs: openssh-client, libnss-wrapper, low-ports
/** Keys at the emulated SSH host, as the machine's own OpenSSH and git see it. */
import { describe, expect, test } from "bun:test";
import type { Ran } from "../sandbox.ts";
import { type KeyPair, type SshRoom, withSsh } from "./ssh-room.ts";
import { COULD_NOT_READ, cloned, lsRemote, SITE, withKey } from "./ssh-scene.ts";

async function commitAndPush(room: SshRoom, branch = "main"): Promise<Ran> {
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
