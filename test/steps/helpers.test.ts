import { describe, expect, test } from "bun:test";
import { chmodSync } from "node:fs";
import type { HelperStep } from "../../src/core/plan.ts";
import { MASK } from "../../src/core/secret.ts";
import { keepsSecrets } from "../../src/steps/call-helper.ts";
import { openTransaction } from "../../src/steps/transaction.ts";
import { undo } from "../../src/steps/undo.ts";
import { openRoom, type Room, TOKEN } from "./room.ts";
import { ABOUT } from "./scenarios.ts";

const PLACE = { host: "bitbucket.org", path: null, username: "ana" };
const REQUEST = "protocol=https\nhost=bitbucket.org\nusername=ana\n\n";

const store = (helper: string): HelperStep => ({
  kind: "helper-store",
  helper,
  ...PLACE,
  password: "newToken",
});
const erase = (helper: string): HelperStep => ({ kind: "helper-erase", helper, ...PLACE });

async function fix(room: Room, step: HelperStep) {
  const tx = openTransaction(room, ABOUT);
  const change = await tx.callHelper(step, TOKEN);
  tx.close();
  return change;
}

/** A helper of the test's own: keeps one secret in a file, and writes down how it was called. */
function script(room: Room, body: string): string {
  const path = room.write(
    "bin/git-credential-mine",
    `#!/bin/sh\necho "$@" >>"$HOME/calls"\n${body}\n`,
    0o755,
  );
  chmodSync(path, 0o755);
  return path;
}

const KEEPS_ONE = `
in=$(cat)
case $1 in
get) test -f "$HOME/kept" && echo username=ana && echo "password=$(cat "$HOME/kept")" ;;
store) echo "$in" | sed -n 's/^password=//p' >"$HOME/kept" ;;
erase) echo "$in" >"$HOME/erased"; rm -f "$HOME/kept" ;;
esac; true`;

describe("a helper of Git's own", () => {
  async function cached(room: Room, verb: string, extra = ""): Promise<string> {
    const stdin = REQUEST.replace(/\n\n$/, `\n${extra}\n`);
    const { stdout } = await room.git.run({ args: ["credential-cache", "--timeout=60", verb], stdin });
    return Buffer.from(stdout).toString();
  }

  test("cache: store, undo, erase, undo", async () => {
    using room = openRoom();
    const helper = "cache --timeout=60";
    try {
      expect(await fix(room, store(helper))).toMatchObject({ state: "stored" });
      expect(await cached(room, "get")).toBe(`username=ana\npassword=${TOKEN}\n`);
      expect((await undo(room, null, "0")).helpers[0]).toMatchObject({ state: "restored", reason: null });
      expect(await cached(room, "get")).toBe("");
      await cached(room, "store", "password=old\n");
      expect(await fix(room, erase(helper))).toMatchObject({ state: "erased" });
      expect(await cached(room, "get")).toBe("");
      expect((await undo(room, null, "0")).helpers[0]).toMatchObject({ state: "restored" });
      expect(await cached(room, "get")).toBe("username=ana\npassword=old\n");
      await fix(room, store(helper));
      await cached(room, "store", "password=mine\n");
      expect((await undo(room, null, "0")).helpers[0]).toMatchObject({
        state: "not-restored",
        reason: "somebody has stored another secret there since",
      });
      expect(await cached(room, "get")).toBe("username=ana\npassword=mine\n");
    } finally {
      await room.git.run({ args: ["credential-cache", "exit"] });
    }
  });

  test("nothing to erase is said", async () => {
    using room = openRoom();
    expect(await fix(room, erase("store"))).toMatchObject({ reason: "it kept nothing for that user name" });
  });
});

describe("somebody's helper", () => {
  test.each(["path", "shell"])("by %s: run as git runs it, never given a password to erase", async (kind) => {
    using room = openRoom();
    const path = script(room, KEEPS_ONE);
    const helper = kind === "path" ? path : `!f() { ${path} "$@"; }; f`;
    await fix(room, store(helper));
    expect(room.read("kept")).toBe(`${TOKEN}\n`);
    await fix(room, erase(helper));
    expect(room.read("erased")).not.toContain("password");
    expect(room.read("calls")).toBe("get\nstore\nget\nget\nerase\nget\n");
    expect((await undo(room, 2, "0")).helpers[0]).toMatchObject({
      state: "not-restored",
      reason: "this helper makes its credentials itself, so none can be given back",
    });
  });

  test("one that keeps several is asked until it is empty; one that never is, is refused", async () => {
    using room = openRoom();
    room.write("several", "one\ntwo\n");
    const several = script(
      room,
      `case $1 in get) p=$(head -1 "$HOME/several"); test -z "$p" || printf 'username=ana\\npassword=%s\\n' "$p" ;;
erase) sed -i 1d "$HOME/several" ;; esac; cat >/dev/null`,
    );
    await fix(room, erase(several));
    expect(room.read("several")).toBe("");
    const endless =
      "!f() { test \"$1\" != get || printf 'username=ana\\npassword=x\\n'; cat >/dev/null; }; f";
    const tx = openTransaction(room, ABOUT);
    await expect(tx.callHelper(erase(endless), null)).rejects.toThrow(/still answers for `ana`/);
    await expect(tx.callHelper(store(endless), TOKEN)).rejects.toThrow(/did not keep the secret/);
    await expect(tx.callHelper(store("no-such-helper"), TOKEN)).rejects.toThrow(/did not keep the secret/);
    await expect(tx.callHelper(store("store"), null)).rejects.toThrow(/no new token/);
    await expect(tx.callHelper(store(`!echo ${MASK}`), TOKEN)).rejects.toThrow(
      /holds a secret in its own text/,
    );
  });

  test("which ones keep what they are given", () => {
    const keepers = [
      "store",
      "cache --timeout=5",
      "/usr/lib/git-core/git-credential-libsecret",
      "C:\\g\\git-credential-wincred.exe",
      "manager",
    ];
    expect(keepers.filter((one) => !keepsSecrets(one))).toEqual([]);
    expect(["oauth", "!store", "/opt/gh"].map(keepsSecrets)).toEqual([false, false, false]);
  });

  test("no secret is in an argument", async () => {
    using room = openRoom();
    const seen: string[] = [];
    const git: Room["git"] = {
      run(call) {
        seen.push(JSON.stringify([call.args, call.env]));
        return room.git.run(call);
      },
    };
    const tx = openTransaction({ ...room, git }, ABOUT);
    await tx.callHelper(store("store"), TOKEN);
    await tx.callHelper(erase("store"), null);
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.join()).not.toContain(TOKEN);
  });
});
