// Needs: openssh-client, libnss-wrapper, low-ports
/** What is advised follows from what real ssh meets: an open port, a closed one, a key that works already. */
import { expect, test } from "bun:test";
import type { AdviceReport } from "../../src/core/advice-report.ts";
import { type SshRoom, withSsh } from "./ssh-room.ts";
import { withKey } from "./ssh-scene.ts";

/** A checkout that has only ever been pulled over HTTPS. */
async function checkout(room: SshRoom): Promise<void> {
  await room.git(["init", "--quiet", "--initial-branch=main", "site"]);
  await room.git(["remote", "add", "origin", "https://bitbucket.org/acme/site.git"], { cwd: "site" });
}

async function advised(room: SshRoom): Promise<{ ssh: string; way: string }> {
  const ran = await room.rekey(["explain", "solutions", "--json"], { cwd: "site" });
  expect(ran.code, ran.stderr).toBe(0);
  const { situation, advice }: AdviceReport = JSON.parse(ran.stdout);
  return { ssh: situation.ssh, way: advice.way };
}

test("port 22 open, whether the host is known or not; only 443; neither", async () => {
  await using room = await withSsh();
  await checkout(room);
  expect(await advised(room)).toEqual({ ssh: "open", way: "ssh" });
  await room.trustHost();
  expect(await advised(room)).toEqual({ ssh: "open", way: "ssh" });
  await room.ssh.reach("bitbucket.org", "refused");
  expect(await advised(room)).toEqual({ ssh: "open-443", way: "ssh" });
  await room.ssh.reach("altssh.bitbucket.org", "cut");
  expect(await advised(room)).toEqual({ ssh: "closed", way: "access-token" });
});

test("a key that works already, and one that does not reach this repository", async () => {
  await using scene = await withKey();
  const { room, key } = scene;
  await checkout(room);
  room.addAccessKey("acme/site", key);
  expect(await advised(room)).toEqual({ ssh: "works", way: "ssh" });
  await room.git(["remote", "set-url", "origin", "https://bitbucket.org/acme/lib.git"], { cwd: "site" });
  expect(await advised(room)).toEqual({ ssh: "open", way: "ssh" });
});

test("`fix` on a server asks over SSH before it advises, and writes nothing of ssh's", async () => {
  await using room = await withSsh();
  await checkout(room);
  const before = room.snapshot();
  const ran = await room.rekey(["fix", "--dry-run"], { cwd: "site" });
  const words = ran.stdout.replace(/\s+/g, " ");
  expect(words).toContain("`git rekey fix --with ssh`: an access key only reads");
  expect(words).toContain("no sign of REST, port 22 open");
  expect(room.ssh.log.length).toBeGreaterThan(0);
  expect(room.snapshot()).toEqual(before);
});

test("where people work, nobody is asked over SSH for advice", async () => {
  await using room = await withSsh();
  await checkout(room);
  const ran = await room.rekey(["fix", "--dry-run"], { cwd: "site", env: { DISPLAY: ":0" } });
  expect(ran.stdout).toContain("`git rekey fix --with helper`");
  expect(room.ssh.log).toEqual([]);
});
