// Needs: dbus-daemon, gcc, gnome-keyring, libsecret-1-dev
/** Real helpers with a dead credential in them, in every order: one `fix`, and real git fetches and pushes. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { delimiter, join } from "node:path";
import { plantAccount, plantList } from "../helper/accounts.ts";
import { type EmulatedSandbox, makeSandbox, withEmulator } from "../sandbox.ts";
import { buildLibsecretHelper, openKeyring } from "./keyring.ts";

const SITE = "https://bitbucket.org/acme/site.git";

/** The helper is built once for all. */
const workshop = makeSandbox();
let libsecret = "";
beforeAll(async () => {
  libsecret = await buildLibsecretHelper(workshop);
});
afterAll(() => workshop.remove());

interface Helper {
  /** As in `credential.helper`. */
  value(box: EmulatedSandbox): string;
  /** Its program, for handing it the dead credential. */
  program(box: EmulatedSandbox): string[];
}

const own = (box: EmulatedSandbox): string =>
  join((box.env.PATH ?? "").split(delimiter)[0] ?? "", "git-credential-rekey");

const HELPERS: Readonly<Record<string, Helper>> = {
  store: { value: () => "store", program: () => ["git", "credential-store"] },
  cache: { value: () => "cache", program: () => ["git", "credential-cache"] },
  libsecret: { value: () => "libsecret", program: () => ["git-credential-libsecret"] },
  "our own": { value: own, program: () => [] },
};

/** What stands in Git's configuration: `dead` is the helper with the dead credential. */
const SETUPS: Readonly<Record<string, (dead: string, ours: string) => { config: string; url?: string }>> = {
  "stale entry first": (dead) => ({ config: `[credential]\n\thelper = ${dead}\n` }),
  "ours first": (dead, ours) => ({ config: `[credential]\n\thelper = ${ours}\n\thelper = ${dead}\n` }),
  "useHttpPath on": (dead) => ({ config: `[credential]\n\tuseHttpPath = true\n\thelper = ${dead}\n` }),
  "user name pinned": (dead) => ({
    config: `[credential]\n\thelper = ${dead}\n`,
    url: SITE.replace("//", "//ana@"),
  }),
};

/** The dead credential where the helper keeps such things. For ours that is an account whose token was revoked. */
async function plantDead(box: EmulatedSandbox, name: string, helper: Helper, byPath: boolean): Promise<void> {
  if (name === "our own") {
    const token = box.emulator.secret("api-token-revoked");
    plantList(box, plantAccount(box, "ana", token, { username: "ana" }));
    return;
  }
  const path = byPath ? "path=acme/site.git\n" : "";
  const secret = box.emulator.secret("app-password");
  const stdin = `protocol=https\nhost=bitbucket.org\n${path}username=ana\npassword=${secret}\n\n`;
  const kept = await box.run([...helper.program(box), "store"], { stdin });
  expect(kept.code, kept.stderr).toBe(0);
}

async function makeClone(box: EmulatedSandbox, url: string): Promise<void> {
  const script = `git init -q -b main site && cd site && git remote add origin "$1" &&
    git commit -q --allow-empty -m First`;
  const made = await box.run(["sh", "-c", script, "sh", url]);
  expect(made.code, made.stderr).toBe(0);
}

const arrived = (box: EmulatedSandbox): string[] =>
  box.emulator.log.flatMap(({ credential }) => credential ?? []);

async function works(box: EmulatedSandbox, branch: string): Promise<void> {
  for (const args of [
    ["fetch", "origin"],
    ["push", "origin", `HEAD:refs/heads/${branch}`],
  ]) {
    box.emulator.clearLog();
    const ran = await box.git(args, { cwd: "site" });
    expect(ran.code, ran.stderr).toBe(0);
    expect(arrived(box).at(-1)).toBe("api-token");
  }
}

for (const [name, helper] of Object.entries(HELPERS)) {
  describe(name, () => {
    for (const [situation, setUp] of Object.entries(SETUPS)) {
      test(situation, async () => {
        await using box = await withEmulator();
        box.env.PATH = [box.env.PATH, libsecret].join(delimiter);
        await using _keyring = name === "libsecret" ? await openKeyring(box) : null;
        const { config, url = SITE } = setUp(helper.value(box), own(box));
        box.write(".gitconfig", config);
        await plantDead(box, name, helper, situation === "useHttpPath on");
        await makeClone(box, url);
        expect((await box.git(["fetch", "origin"], { cwd: "site" })).code).not.toBe(0);

        const token = box.emulator.secret("api-token");
        const args = ["fix", "--yes", "--push", "--with", "helper", "--store", "file"];
        const fixed = await box.rekey(args, { cwd: "site", stdin: token });
        expect(fixed.code, fixed.stdout + fixed.stderr).toBe(0);
        await works(box, "topic");
        // Git copies what worked into every helper it still knows of.
        for (const file of [".git-credentials", ".config/git/credentials"])
          expect(box.exists(file) ? box.read(file) : "").not.toContain(token);

        const undone = await box.rekey(["undo", "--yes"], { cwd: "site" });
        expect(undone.code, undone.stdout + undone.stderr).toBe(0);
        expect(box.read(".gitconfig")).toBe(config);
      });
    }
  });
}
