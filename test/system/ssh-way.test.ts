// Needs: openssh-client, libnss-wrapper, low-ports
/** The way to the emulated SSH host: its own keys, its ports, and the room that leads there. */
import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { makeHostKeys } from "../../emulator/ssh.ts";
import { withSsh } from "./ssh-room.ts";
import { COULD_NOT_READ, cloned, lsRemote, SITE, withKey } from "./ssh-scene.ts";

/** Where OpenSSH would look if it were not in a room: the password database knows, `$HOME` does not matter to it. */
const REAL_SSH = join(userInfo().homedir, ".ssh");

/** When each file of a folder was last written to. Not what is in them: these are somebody's keys. */
function timesOf(folder: string): Record<string, number> {
  if (!existsSync(folder)) return {};
  return Object.fromEntries(readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mtimeMs]));
}

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
    room.emulator.clearLog();
    expect(await room.rekey(["doctor", url])).toMatchObject({ code: 0, stderr: "" });
    expect(room.emulator.sawSecret("api-token")).toBe(true);
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

  test("its agents end with it", async () => {
    const room = await withSsh();
    const { socket } = await room.startAgent();
    const env = { ...room.env };
    expect((await room.run(["ssh-add", "-l"])).stdout).toBe("The agent has no identities.\n");
    await room.remove();
    expect(existsSync(socket)).toBe(false);
    const { exitCode } = Bun.spawnSync(["ssh-add", "-l"], { env, stdout: "ignore", stderr: "ignore" });
    expect(exitCode).toBe(2);
  });

  test("a server that is accepted is written into its home, and not into the real one", async () => {
    await using room = await withSsh();
    room.addAccountKey("ana", await room.makeKey());
    const before = timesOf(REAL_SSH);
    const accepting = { GIT_SSH_COMMAND: "ssh -o StrictHostKeyChecking=accept-new" };
    expect((await room.git(["ls-remote", SITE], { env: accepting })).code).toBe(0);
    expect(room.exists(".ssh/known_hosts")).toBe(true);
    expect(timesOf(REAL_SSH)).toEqual(before);
  });
});
