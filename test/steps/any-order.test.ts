/** Tokens kept, replaced, removed and undone in any order: no account loses its token, and none lies about unnamed. */
import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { isTokenOf } from "../../src/accounts/digest.ts";
import { accountsFile, tokensFolder } from "../../src/accounts/folders.ts";
import { type AccountList, NO_ACCOUNTS, type SecretPlace } from "../../src/core/account.ts";
import { readAccounts } from "../../src/core/account-file.ts";
import { forgetSecret, keepAccount, type OwnFiles } from "../../src/core/account-steps.ts";
import { type FileStep, type HelperStep, isFileStep } from "../../src/core/plan.ts";
import { expireBackups } from "../../src/steps/expire.ts";
import { Refusal } from "../../src/steps/refusal.ts";
import { openTransaction } from "../../src/steps/transaction.ts";
import { undo } from "../../src/steps/undo.ts";
import { keychainIn, openRoom, type Room } from "./room.ts";
import { ABOUT, account } from "./scenarios.ts";

const SEED = { seed: 3 };

type Store = "file" | "keychain";

/** A person with a list of accounts, on a machine whose clock goes on. */
class Person implements Disposable {
  readonly room: Room = openRoom();
  private readonly files: Omit<OwnFiles, "taken">;
  private now = Date.parse("2026-11-23T12:00:00Z");

  constructor() {
    const { self } = this.room;
    self.now = () => {
      this.now += 1000;
      return this.now;
    };
    this.files = { accounts: accountsFile(self) ?? "", tokens: tokensFolder(self) ?? "" };
  }

  [Symbol.dispose](): void {
    this.room[Symbol.dispose]();
  }

  /** The list; fails where no command could read it any more. */
  get list(): AccountList {
    const { accounts } = this.files;
    if (!existsSync(accounts)) return NO_ACCOUNTS;
    const read = readAccounts(readFileSync(accounts, "utf8"));
    if (!read.ok) throw new Error(`the list ${read.reason}`);
    return read.list;
  }

  /** `file ana-1`, `keychain ana-1`. */
  get places(): string[] {
    const { tokens } = this.files;
    const files = existsSync(tokens) ? readdirSync(tokens) : [];
    const items = [...keychainIn(this.room.home).keys()];
    return [...files.map((name) => `file ${name}`), ...items.map((name) => `keychain ${name}`)].sort();
  }

  private get own(): OwnFiles {
    const named = this.list.accounts.flatMap(({ secret }) => ("name" in secret ? [secret.name] : []));
    const files = this.places.flatMap((place) => (place.startsWith("file ") ? [place.slice(5)] : []));
    return { ...this.files, taken: [...named, ...files] };
  }

  private tokenIn(secret: SecretPlace): string | undefined {
    if (secret.kind === "keychain") return keychainIn(this.room.home).get(secret.name);
    const file = secret.kind === "file" ? join(this.files.tokens, secret.name) : "";
    return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
  }

  private async carry(
    steps: readonly (FileStep | HelperStep)[],
    token: string | null,
    cut = Number.POSITIVE_INFINITY,
  ) {
    const tx = openTransaction(this.room, ABOUT);
    for (const step of steps.slice(0, cut)) {
      if (isFileStep(step)) await tx.changeFile(step.file, [step], token);
      else await tx.callHelper(step, token);
    }
    if (cut >= steps.length) tx.close();
  }

  /** `cut`: after so many steps it is killed. */
  async keep(name: string, store: Store, token: string, cut?: number): Promise<void> {
    const { secret: _, ...wanted } = { ...account(name, "acme"), expires: null };
    const current = this.list.accounts.find((one) => one.name === name) ?? null;
    const { change, cleanUp } = keepAccount(wanted, { kind: store }, current, this.own);
    await this.carry([...change, ...cleanUp], token, cut);
  }

  async remove(name: string, cut?: number): Promise<void> {
    const found = this.list.accounts.find((one) => one.name === name);
    if (found === undefined) return;
    const drop = {
      kind: "drop-account",
      file: this.files.accounts,
      name,
      added: found.added,
      revoke: null,
    } as const;
    await this.carry([drop, ...forgetSecret(found.secret, this.own)], null, cut);
  }

  /** Null: the newest. What cannot be undone is left. */
  async undo(id: number | null): Promise<void> {
    try {
      await undo(this.room, id, "0.0.0");
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }

  async act([kind, ...words]: readonly [string, ...unknown[]]): Promise<void> {
    if (kind === "expire") this.expire();
    else if (kind === "undo") await this.undo(words[0] as number | null);
    else if (kind === "remove") await this.remove(...(words as [string, number?]));
    else await this.keep(...(words as [string, Store, string, number?]));
  }

  expire(): void {
    this.now += 40 * 86_400_000;
    expireBackups(this.room);
  }

  expectTokens(): void {
    for (const one of this.list.accounts) {
      const token = this.tokenIn(one.secret);
      expect(token, `${one.name} has no token`).toBeDefined();
      expect(isTokenOf(one, token ?? ""), `${one.name} has another's token`).toBe(true);
    }
  }

  expectNoneUnnamed(): void {
    const named = this.list.accounts.map(
      ({ secret }) => `${secret.kind} ${"name" in secret ? secret.name : ""}`,
    );
    expect(this.places).toEqual(named.sort());
  }
}

/** Of these, some are used twice: a person who has only one token adds it again. */
const tokens = ["one", "two", "three"].map((word) => ["token", "number", word].join("-"));
const [ONE = "", TWO = ""] = tokens;

test("a token whose replacement can no longer be undone stays", async () => {
  using ana = new Person();
  await ana.keep("ana", "file", ONE);
  await ana.keep("ana", "file", TWO);
  ana.expire();
  await ana.undo(2);
  ana.expectTokens();
  expect(ana.places).toEqual(["file ana-2"]);
});

test("a list goes away with its last entry, and comes back with it", async () => {
  using ana = new Person();
  await ana.keep("ana", "file", ONE);
  await ana.keep("bob", "file", TWO);
  await ana.undo(1);
  await ana.undo(2);
  expect(ana.list).toEqual(NO_ACCOUNTS);
  expect(ana.places).toEqual([]);
  await ana.undo(3);
  expect(ana.list.accounts.map(({ name }) => name)).toEqual(["ana"]);
  ana.expectTokens();
});

test("a file and an item of the keychain that have one name are two tokens", async () => {
  using ana = new Person();
  await ana.keep("ana", "file", ONE);
  await ana.undo(1);
  await ana.keep("ana", "keychain", ONE);
  await ana.undo(2);
  expect(ana.places).toEqual(["keychain ana-1"]);
});

test("the same token, added again after a kill, is not taken by the undo of what was cut off", async () => {
  for (const store of ["file", "keychain"] as const) {
    using ana = new Person();
    await ana.keep("ana", store, ONE, 1);
    await ana.keep("ana", store, ONE);
    await ana.undo(1);
    ana.expectTokens();
  }
});

test("what was cut off after its list does not give back an account whose token is gone", async () => {
  for (const store of ["file", "keychain"] as const) {
    using ana = new Person();
    await ana.keep("ana", store, ONE);
    await ana.keep("ana", store, TWO, 2);
    await ana.undo(1);
    ana.expectTokens();
    await ana.undo(2);
    ana.expectTokens();
    ana.expectNoneUnnamed();
    expect(ana.places).toEqual([`${store} ana-2`]);
  }
});

test("nor does a removal that was cut off before it put the token aside", async () => {
  for (const store of ["file", "keychain"] as const) {
    using ana = new Person();
    await ana.keep("ana", store, ONE);
    await ana.remove("ana", 1);
    await ana.undo(1);
    await ana.undo(2);
    ana.expectTokens();
    ana.expectNoneUnnamed();
  }
});

const store = fc.constantFrom<Store>("file", "keychain");
const name = fc.constantFrom("ana", "bob");
const token = fc.constantFrom(...tokens);
const act = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constant("keep" as const), name, store, token) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("remove" as const), name) },
  { weight: 4, arbitrary: fc.tuple(fc.constant("undo" as const), fc.option(fc.integer({ min: 1, max: 8 }))) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("expire" as const)) },
);

/** Few things that can happen, so that they meet: one account, and its first changes undone. */
const cutAct = fc.oneof(
  fc.tuple(fc.constant("keep" as const), fc.constant("ana"), store, token),
  fc.tuple(fc.constant("cut" as const), fc.constant("ana"), store, token, fc.integer({ min: 1, max: 3 })),
  fc.tuple(fc.constant("remove" as const), fc.constant("ana")),
  fc.tuple(fc.constant("remove" as const), fc.constant("ana"), fc.constant(1)),
  { weight: 3, arbitrary: fc.tuple(fc.constant("undo" as const), fc.integer({ min: 1, max: 4 })) },
);

test("any order, some cut off: whatever an account says, its token is there", async () => {
  const acts = fc.array(cutAct, { maxLength: 7 });
  await fc.assert(
    fc.asyncProperty(acts, async (all) => {
      using ana = new Person();
      for (const one of all) {
        await ana.act(one);
        ana.expectTokens();
      }
    }),
    { ...SEED, numRuns: 400 },
  );
});

test("any order", async () => {
  const acts = fc.array(act, { maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(acts, async (all) => {
      using ana = new Person();
      for (const one of all) {
        await ana.act(one);
        ana.expectTokens();
        ana.expectNoneUnnamed();
      }
    }),
    { ...SEED, numRuns: 60 },
  );
});
