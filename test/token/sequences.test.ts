/** Adding, replacing, removing and undoing in any order: every account answers, and no token lies about unnamed. */
import { expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import type { Account } from "../../src/core/account.ts";
import { ACCOUNTS_FILE } from "../helper/accounts.ts";
import { type EmulatedSandbox, type Ran, withEmulator } from "../sandbox.ts";

const TOKENS = ".local/share/git-rekey/tokens";
const OPERATIONS = 60;

/** The same numbers in every run, so that what fails once fails again. */
function numbers(seed: number): (below: number) => number {
  let last = seed;
  return (below) => {
    last = (last * 1_103_515_245 + 12_345) & 0x7fffffff;
    return (last >> 8) % below;
  };
}

function accountsIn(box: EmulatedSandbox): Account[] {
  return box.exists(ACCOUNTS_FILE) ? JSON.parse(box.read(ACCOUNTS_FILE)).accounts : [];
}

function issue({ emulator }: EmulatedSandbox, n: number): string {
  const { scopes } = emulator.credential("api-token");
  return emulator.issue({ label: `token-${n}`, kind: "api-token", owner: "ana", scopes }).secret;
}

const TRIED = ["--yes", "--expires", "unknown", "--repository", "acme/site"];

function act(box: EmulatedSandbox, n: number, pick: (below: number) => number): Promise<Ran> {
  const name = `person-${pick(3)}`;
  const there = accountsIn(box).map((account) => account.name);
  const one = there[pick(Math.max(1, there.length))];
  const kind = pick(5);
  if (kind === 0 || one === undefined) {
    const words = ["token", "add", "--store", "file", "--name", name, "--username", name];
    return box.rekey([...words, ...TRIED], { stdin: issue(box, n) });
  }
  if (kind === 1) return box.rekey(["token", "rotate", one, ...TRIED], { stdin: issue(box, n) });
  if (kind === 2) return box.rekey(["token", "remove", one, "--yes"]);
  return box.rekey(["undo", String(1 + pick(n + 1)), "--yes"]);
}

async function expectWhole(box: EmulatedSandbox, after: string): Promise<void> {
  const accounts = accountsIn(box);
  const named = accounts.map(({ secret }) => ("name" in secret ? secret.name : ""));
  const files = existsSync(box.path(TOKENS)) ? readdirSync(box.path(TOKENS)) : [];
  expect(files.sort(), after).toEqual(named.sort());
  for (const { name } of accounts) {
    const stdin = `protocol=https\nhost=bitbucket.org\nusername=${name}\n\n`;
    const { stdout, stderr } = await box.run(["git-credential-rekey", "get"], { stdin });
    expect(stdout, `${after}\n${stderr}`).toContain("password=");
  }
}

for (const seed of [7, 2026]) {
  test(`${OPERATIONS} operations, seed ${seed}`, async () => {
    await using box = await withEmulator();
    const pick = numbers(seed);
    const codes: (number | null)[] = [];
    for (let n = 0; n < OPERATIONS; n++) {
      const { code, stdout, stderr } = await act(box, n, pick);
      codes.push(code);
      expect([0, 1, 2, 4], stdout + stderr).toContain(code as number);
      await expectWhole(box, `operation ${n}: ${stdout}${stderr}`);
    }
    // Else it would prove nothing.
    expect(codes.filter((code) => code === 0).length).toBeGreaterThan(OPERATIONS / 4);
  });
}
