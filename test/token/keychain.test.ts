/** Tokens in a keychain that fails at the worst moment; the real one is for test/system. */
import { afterEach, expect, test } from "bun:test";
import { mintApiToken } from "../../emulator/tokens.ts";
import { digestOf } from "../../src/accounts/digest.ts";
import { openShell, type Shell } from "../../src/cli/shell.ts";
import { keepToken, planKeeping } from "../../src/cli/token/keep.ts";
import type { Account } from "../../src/core/account.ts";
import { undo } from "../../src/steps/undo.ts";
import { realFiles } from "../../src/world/files.ts";
import { type Keychain, KeychainError } from "../../src/world/ports.ts";
import { readSelf } from "../../src/world/self.ts";
import { plantAccount, plantList } from "../helper/accounts.ts";
import { makeSandbox, type Sandbox } from "../sandbox.ts";
import { kept, listIn } from "./people.ts";

const boxes: Sandbox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.remove();
});

interface Scene {
  box: Sandbox;
  shell: Shell;
  items: Map<string, string>;
  old: string;
  fresh: string;
  current: Account;
}

/** Somebody with a token in a keychain whose named calls fail. */
function open(failing: (call: keyof Keychain, name: string) => boolean): Scene {
  const box = makeSandbox();
  boxes.push(box);
  const [old, fresh] = [mintApiToken(), mintApiToken()];
  const current = plantAccount(box, "ana", old, {
    secret: { kind: "keychain", name: "ana-1" },
    digest: digestOf(old),
  });
  plantList(box, current);
  const items = new Map([["ana-1", old]]);
  const mayFail = async <T>(call: keyof Keychain, name: string, use: () => T): Promise<T> => {
    if (failing(call, name)) throw new KeychainError("the keychain is locked");
    return use();
  };
  const keychain: Keychain = {
    get: (name) => mayFail("get", name, () => items.get(name) ?? null),
    set: (name, value) => mayFail("set", name, () => void items.set(name, value)),
    remove: (name) => mayFail("remove", name, () => void items.delete(name)),
  };
  const self = { ...readSelf(), env: box.env, home: box.home, cwd: box.home };
  const shell: Shell = { ...openShell(self), files: realFiles(), keychain: async () => keychain };
  return { box, shell, items, old, fresh, current };
}

async function rotate({ shell, current, fresh }: Scene) {
  const { name, kind, reach, username, email, rights } = current;
  const wanted = { name, kind, reach, username, email, rights, expires: "2027-01-01" };
  const plan = planKeeping(shell, { wanted, store: { kind: "keychain" }, current });
  return keepToken(shell, plan, shell.vault.keep(fresh));
}

test("the new item is there before the old one goes, and undo brings the old one back", async () => {
  const scene = open(() => false);
  const before = kept(scene.box);
  const result = await rotate(scene);
  expect(result.failed).toBe(null);
  expect([...scene.items]).toEqual([["ana-2", scene.fresh]]);
  expect(listIn(scene.box)).toMatchObject({
    accounts: [{ name: "ana", secret: { kind: "keychain", name: "ana-2" } }],
    toRevoke: [{ name: "ana" }],
  });
  await undo(scene.shell, null, "0.0.0");
  expect([...scene.items]).toEqual([["ana-1", scene.old]]);
  expect(kept(scene.box)).toEqual(before);
});

test.each<[string, (call: keyof Keychain, name: string) => boolean]>([
  ["it is locked", () => true],
  ["it takes nothing new", (call) => call === "set"],
  ["it does not give the new one back", (call, name) => call === "get" && name === "ana-2"],
  ["it does not let the old one go", (call, name) => call === "remove" && name === "ana-1"],
])("%s: all is put back, and the old token is where it was", async (_, failing) => {
  const scene = open(failing);
  const before = kept(scene.box);
  const { failed, receipt } = await rotate(scene);
  expect(failed).toEqual({ reason: expect.stringContaining("the keychain is locked"), code: 4 });
  expect(scene.items.get("ana-1")).toBe(scene.old);
  expect(listIn(scene.box).accounts).toMatchObject([{ secret: { kind: "keychain", name: "ana-1" } }]);
  expect(kept(scene.box)).toEqual(before);
  expect(receipt.state).toBeOneOf(["rolled-back", "incomplete"]);
  expect(JSON.stringify(receipt)).not.toContain(scene.fresh);
});

test("somebody else's token in the same place: theirs stays, and so does the old one", async () => {
  const scene = open(() => false);
  const { keychain } = scene.shell;
  const theirs = mintApiToken();
  let reads = 0;
  const shell: Shell = {
    ...scene.shell,
    keychain: async () => {
      const real = await keychain();
      return {
        ...real,
        get: async (name) => {
          // After it was stored and looked at.
          if (name === "ana-2" && ++reads === 3) scene.items.set(name, theirs);
          return real.get(name);
        },
      };
    },
  };
  const { failed } = await rotate({ ...scene, shell });
  expect(failed?.reason).toContain("somebody else has put another token into the same place");
  expect(scene.items.get("ana-1")).toBe(scene.old);
  expect(scene.items.get("ana-2")).toBe(theirs);
  expect(listIn(scene.box).accounts).toMatchObject([{ secret: { name: "ana-1" } }]);
});
