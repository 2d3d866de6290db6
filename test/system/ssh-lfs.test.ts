// Needs: openssh-client, libnss-wrapper, low-ports, git-lfs
/** Git LFS behind an SSH remote: the SSH host sends it to HTTPS, with a token of its own. */
import { expect, test } from "bun:test";
import { withSsh } from "./ssh-room.ts";

const SITE = "git@bitbucket.org:acme/site.git";
const CONTENT = `large ${"x".repeat(10_000)}\n`;

test("large files are pushed with a key of an account, and fetched with an access key", async () => {
  await using room = await withSsh();
  await room.trustHost();
  const own = await room.makeKey();
  room.addAccountKey("ana", own);
  const git = async (...args: string[]): Promise<void> => {
    const { code, stdout, stderr } = await room.git(args);
    expect(code, `git ${args.join(" ")}: ${stdout}${stderr}`).toBe(0);
  };
  await git("lfs", "install", "--skip-repo");
  await git("clone", "-q", SITE, "one");
  room.write("one/photo.bin", CONTENT);
  await git("-C", "one", "lfs", "track", "*.bin");
  await git("-C", "one", "add", ".");
  await git("-C", "one", "commit", "-qm", "A photo");
  await git("-C", "one", "push", "-q", "origin", "HEAD:refs/heads/photos");
  const server = await room.makeKey("server/key");
  room.addAccessKey("acme/site", server);
  room.env.GIT_SSH_COMMAND = `ssh -o IdentitiesOnly=yes -i ${server.file}`;
  room.ssh.clearLog();
  await git("clone", "-q", "-b", "photos", SITE, "two");
  expect(room.read("two/photo.bin")).toBe(CONTENT);
  expect(new Set(room.ssh.log.map(({ holder }) => holder))).toEqual(new Set(["server"]));
  expect(room.ssh.log.flatMap(({ commands }) => commands.map(({ command }) => command))).toContain(
    "git-lfs-authenticate acme/site.git download",
  );
  // Nothing but the tokens that came over SSH.
  const arrived = new Set(room.emulator.log.map(({ credential }) => credential));
  expect([...arrived].filter((label) => label !== null && !label.startsWith("lfs-over-ssh"))).toEqual([]);
  expect(arrived.size).toBeGreaterThan(1);
});
