// Needs: dbus-daemon, gnome-keyring, libsecret-1-dev
/** The keychain of the operating system: a real one, a locked one, one that never answers. */
import { expect, test } from "bun:test";
import { mintApiToken } from "../../emulator/tokens.ts";
import { plantAccount, plantHelper, plantList } from "../helper/accounts.ts";
import { makeSandbox, type Sandbox, withEmulator } from "../sandbox.ts";
import { sentBy } from "../scenarios/causes.ts";
import { plant as plantPlace } from "../scenarios/places.ts";
import { fix, worksWith } from "../scenarios/run-scenario.ts";
import { makeScene } from "../scenarios/scene.ts";
import { openBus, openKeyring } from "./keyring.ts";

const REQUEST = { stdin: "protocol=https\nhost=bitbucket.org\n\n" };

function plant(box: Sandbox): void {
  plantList(box, plantAccount(box, "ana", "", { secret: { kind: "keychain", name: "ana-1" }, digest: null }));
}

test("the helper answers with what the keychain holds", async () => {
  await using box = await withEmulator();
  await using keyring = await openKeyring(box);
  plant(box);
  plantHelper(box);
  const empty = await box.run(["git-credential-rekey", "get"], REQUEST);
  expect(empty).toMatchObject({ code: 0, stdout: "" });
  expect(empty.stderr).toBe(
    "git-rekey: the token `ana` could not be read: the keychain is locked, or has no item `ana-1`\n",
  );
  await keyring.set("ana-1", box.emulator.secret("api-token"));
  const told = await box.git(["ls-remote", "https://bitbucket.org/acme/site.git", "HEAD"]);
  expect(told).toMatchObject({ code: 0, stderr: "" });
  expect(box.emulator.sawSecret("api-token")).toBe(true);
});

test("a locked keychain is said to be locked, and Git goes on", async () => {
  await using box = makeSandbox();
  const token = mintApiToken();
  {
    await using keyring = await openKeyring(box);
    await keyring.set("ana-1", token);
  }
  await using _locked = await openKeyring(box, true);
  plant(box);
  const told = await box.run(["git-credential-rekey", "get"], REQUEST);
  expect(told).toMatchObject({ code: 0, stdout: "" });
  expect(told.stderr).toMatch(/^git-rekey: the token `ana` could not be read: .*locked.*\n$/);
});

test("a keychain that never answers holds Git up for three seconds, not for ever", async () => {
  await using box = makeSandbox();
  box.write(
    ".local/share/dbus-1/services/org.freedesktop.secrets.service",
    "[D-BUS Service]\nName=org.freedesktop.secrets\nExec=/bin/sleep 60\n",
  );
  await using _bus = await openBus(box);
  plant(box);
  const told = await box.run(["git-credential-rekey", "get"], REQUEST);
  expect(told).toMatchObject({ code: 0, stdout: "" });
  expect(told.stderr).toBe(
    "git-rekey: the token `ana` could not be read: the keychain did not answer within 3 seconds; it may be locked and waiting for its password\n",
  );
});

test("fix keeps the token in the keychain, and undo takes it out again", async () => {
  await using scene = await makeScene("plain", sentBy("app password"));
  await using keyring = await openKeyring(scene.box);
  await plantPlace(scene, "store, user in the URL");
  const before = scene.files();
  const token = scene.box.emulator.secret("api-token");
  await fix(scene, { direction: "push", flags: ["--store", "keychain"] }, token);
  expect(await keyring.get("ana-1")).toBe(token);
  await worksWith(scene, "fetch", "api-token");
  const isKeyring = (path: string) => path.includes("/keyrings/");
  expect(scene.filesWith(token).filter((path) => !isKeyring(path))).toEqual([]);

  const undone = await scene.rekey(["undo", "--yes"]);
  expect(undone.code, undone.stdout + undone.stderr).toBe(0);
  expect(await keyring.get("ana-1")).toBeNull();
  const own = (files: Record<string, string>) =>
    Object.entries(files).filter(([path]) => !path.includes("keyrings"));
  expect(own(scene.files())).toEqual(own(before));
});

test("a locked keychain shows only when it is to keep something: all is put back", async () => {
  await using scene = await makeScene("plain", sentBy("app password"));
  {
    await using keyring = await openKeyring(scene.box);
    await keyring.set("x", mintApiToken());
  }
  await plantPlace(scene, "store");
  await using _locked = await openKeyring(scene.box, true);
  const before = scene.files();
  const ran = await scene.rekey(["fix", "--yes", "--store", "keychain"], {
    stdin: scene.box.emulator.secret("api-token"),
  });
  expect(ran.code, ran.stderr).toBe(4);
  expect(ran.stderr).toContain("unlock it; everything was put back as it was");
  expect(scene.files()).toEqual(before);
});
