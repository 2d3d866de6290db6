// Needs: openssh-client, libnss-wrapper, low-ports, git-lfs
/** Git LFS after `fix --with ssh`: it asks ssh where to go, by the name that the remote has. */
import { expect, test } from "bun:test";
import { ACCESS_KEY, Checkout } from "./ssh-checkout.ts";

const CONTENT = `large ${"x".repeat(10_000)}\n`;

/** Somebody has pushed a large file before. */
async function pushPhoto(checkout: Checkout): Promise<void> {
  const { room } = checkout;
  await room.git(["lfs", "install", "--skip-repo"]);
  const url = room.urlWith("x-bitbucket-api-token-auth", "api-token");
  await room.git(["clone", "--quiet", url, "theirs"]);
  room.write("theirs/photo.bin", CONTENT);
  await room.git(["-C", "theirs", "lfs", "track", "*.bin"]);
  await room.git(["-C", "theirs", "add", "."]);
  await room.git(["-C", "theirs", "commit", "--quiet", "--message", "A photo"]);
  expect(
    await room.git(["-C", "theirs", "push", "--quiet", "origin", "HEAD:refs/heads/photos"]),
  ).toMatchObject({ code: 0 });
}

test("an explicit https URL of LFS goes, and large files come by the access key", async () => {
  await using checkout = await Checkout.open();
  const { room } = checkout;
  await pushPhoto(checkout);
  await checkout.git("config", "lfs.url", "https://bitbucket.org/acme/site.git/info/lfs");
  room.addAccessKey("acme/site", await room.makeKey(ACCESS_KEY));
  const ran = await checkout.fix();
  expect(ran.code, ran.stderr).toBe(0);
  room.emulator.clearLog();
  await checkout.git("fetch", "--quiet", "origin");
  const out = await checkout.git("checkout", "--quiet", "-b", "photos", "origin/photos");
  expect(out.code, out.stderr).toBe(0);
  expect(room.read("site/photo.bin")).toBe(CONTENT);
  expect(room.emulator.sawSecret("app-password")).toBe(false);
  expect(room.ssh.log.flatMap(({ commands }) => commands.map(({ command }) => command))).toContain(
    "git-lfs-authenticate acme/site.git download",
  );
});

test("LFS of another repository goes there by the same name", async () => {
  await using checkout = await Checkout.open();
  const { room } = checkout;
  await checkout.git("config", "lfs.url", "https://bitbucket.org/acme/docs.git/info/lfs");
  const key = await room.makeKey(ACCESS_KEY);
  room.addAccessKey("acme/site", key);
  room.addAccessKey("acme/docs", key);
  expect((await checkout.fix()).code).toBe(0);
  const { stdout } = await checkout.git("lfs", "env");
  expect(stdout).toContain("SSH=git@bitbucket.org-acme-site:acme/docs.git");
});
