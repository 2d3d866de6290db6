// Needs: git-lfs
/** Git LFS, with nothing but git-rekey's helper to sign in. */
import { expect, test } from "bun:test";
import { plantAccount, plantHelper, plantList } from "../helper/accounts.ts";
import { withEmulator } from "../sandbox.ts";

const CONTENT = `large ${"x".repeat(100_000)}\n`;

test("push and pull of large files", async () => {
  await using box = await withEmulator();
  plantList(box, plantAccount(box, "ana", box.emulator.secret("api-token"), { username: "ana" }));
  plantHelper(box);
  const git = async (...args: string[]): Promise<void> => {
    const { code, stdout, stderr } = await box.git(args);
    expect(code, `git ${args.join(" ")}: ${stdout}${stderr}`).toBe(0);
  };
  await git("lfs", "install", "--skip-repo");
  await git("clone", "-q", "https://ana@bitbucket.org/acme/site.git", "one");
  box.write("one/photo.bin", CONTENT);
  await git("-C", "one", "lfs", "track", "*.bin");
  await git("-C", "one", "add", ".");
  await git("-C", "one", "commit", "-qm", "A photo");
  await git("-C", "one", "push", "-q", "origin", "HEAD:refs/heads/photos");
  await git("clone", "-q", "-b", "photos", "https://bitbucket.org/acme/site.git", "two");
  expect(box.read("two/photo.bin")).toBe(CONTENT);
  const { stdout } = await box.git(["-C", "two", "lfs", "ls-files"]);
  expect(stdout).toContain("photo.bin");
  // libcurl tries the URL's user with an empty password before it asks Git for one.
  const empty = box.emulator.log.filter(({ user, credential }) => user === "ana" && credential === "unknown");
  const others = box.emulator.log.filter((entry) => entry.credential !== null && !empty.includes(entry));
  expect(new Set(others.map(({ credential }) => credential))).toEqual(new Set(["api-token"]));
  expect(box.emulator.log.some(({ path }) => path.includes("/info/lfs/objects/batch"))).toBe(true);
});
