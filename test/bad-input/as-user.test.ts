/** `--as USER`: cron's and www-data's eyes, and folders that belong to somebody else. */
import { afterEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT, type EmulatedSandbox, withEmulator } from "../sandbox.ts";
import { everything, storedAppPassword, storedLine } from "../terminal/people.ts";
import { expectRefused, faultsIn, IS_ROOT } from "./sentence.ts";

const inCheckout = (name: string) => join(CHECKOUT, name);
const boxes: EmulatedSandbox[] = [];
const homes: string[] = [];
const setpriv = IS_ROOT ? Bun.which("setpriv") : null;
const wwwData = Bun.spawnSync(["getent", "passwd", "www-data"]).stdout.toString().split(":");
const HOME = wwwData[5] ?? "";
const isHomeMissing = HOME !== "" && !existsSync(HOME);
/** Its home is the system's own: only where that is not there yet may a test make one. */
const canBecome = IS_ROOT && HOME !== "" && !(await Bun.file(join(HOME, ".gitconfig")).exists());

afterEach(async () => {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
  // Only what a test has made, and only while nobody else has put anything there.
  if (isHomeMissing && existsSync(HOME)) rmdirSync(HOME);
  for (const box of boxes.splice(0)) await box.remove();
});

async function own(make: () => Promise<EmulatedSandbox>): Promise<EmulatedSandbox> {
  const box = await make();
  boxes.push(box);
  return box;
}

test.skipIf(setpriv === null)("only root may (skipped where users cannot be changed)", async () => {
  const box = await own(storedAppPassword);
  await box.run(["chmod", "711", box.root]);
  await box.run(["chmod", "-R", "go+rX", box.home]);
  const argv = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "git-rekey", "doctor"];
  await expectRefused(box, () => box.run([...argv, "--as", "www-data"], { cwd: "site" }), 2, "--as", "root");
});

test.skipIf(!canBecome)("as root, from a checkout that www-data may not look into", async () => {
  const box = await own(withEmulator);
  const mine = box.path("checkout");
  await box.run(["mkdir", "-m", "700", mine]);
  await box.run(["cp", "-R", ...["bin", "src", "bunfig.toml", "tsconfig.json"].map(inCheckout), mine]);
  await box.run(["ln", "-s", inCheckout("node_modules"), mine]);
  const url = "https://bitbucket.org/acme/site.git";
  const ran = await box.run([join(mine, "bin/git-rekey"), "doctor", "--offline", "--as", "www-data", url]);
  expect(ran).toMatchObject({ code: 3, stderr: "" });
});

test.skipIf(!canBecome)("as root, www-data's checkout is judged by www-data's own files", async () => {
  const box = await own(withEmulator);
  const files = mkdtempSync("/tmp/rekey-www-");
  homes.push(files, join(HOME, ".gitconfig"), join(HOME, ".git-credentials"));
  const ca = join(files, "ca.pem");
  await box.run(["cp", box.emulator.caFile, ca]);
  await box.run(["git", "init", "--quiet", join(files, "site")]);
  await box.run([
    "git",
    "-C",
    join(files, "site"),
    "remote",
    "add",
    "origin",
    "https://ana@bitbucket.org/acme/site.git",
  ]);
  await box.run(["mkdir", "-p", HOME]);
  // The environment is bare, so that the way to the emulator has to stand in a file.
  box.write(
    join(HOME, ".gitconfig"),
    `[credential]\n\thelper = store\n[http]\n\tproxy = ${box.emulator.proxyUrl}\n\tsslCAInfo = ${ca}\n`,
  );
  box.write(join(HOME, ".git-credentials"), storedLine(box, "ana", "app-password"), 0o600);
  await box.run([
    "chown",
    "-R",
    "www-data:www-data",
    files,
    join(HOME, ".gitconfig"),
    join(HOME, ".git-credentials"),
  ]);
  await box.run(["chmod", "-R", "755", files]);
  const before = everything(box);
  const ran = await box.rekey(["doctor", "--json", "--as", "www-data", join(files, "site")], {
    env: { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "credential.helper", GIT_CONFIG_VALUE_0: "cache" },
  });
  expect(ran).toMatchObject({ code: 1, stderr: "" });
  expect(faultsIn(ran)[0]).toBe("app-password-sent");
  expect(JSON.parse(ran.stdout)).toMatchObject({ user: "www-data" });
  expect(ran.stdout).toContain(join(HOME, ".git-credentials"));
  expect(box.emulator.sawSecret("app-password")).toBe(true);
  expect(everything(box)).toEqual(before);
});

test.skipIf(!IS_ROOT)("a repository of somebody else's is explained, not stumbled over", async () => {
  const box = await own(storedAppPassword);
  await box.run(["chown", "-R", "65534:65534", box.path("site")]);
  expect((await box.git(["status"], { cwd: "site" })).stderr).toContain("dubious ownership");
  const ran = await box.rekey(["doctor", "--json"], { cwd: "site" });
  expect(ran).toMatchObject({ code: 1, stderr: "" });
  expect(faultsIn(ran)).toContain("repository-owner-differs");
  expect(faultsIn(ran)).toContain("app-password-sent");
});
