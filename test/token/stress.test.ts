/**
 * A hundred processes at once for ten seconds: some ask, some say that they were refused, some add accounts and some
 * replace tokens. Nothing that was written is lost, no file is torn, and nobody gets another one's token.
 */
import { expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync } from "node:fs";
import { type Account, NO_ACCOUNTS } from "../../src/core/account.ts";
import { readAccounts, writeAccounts } from "../../src/core/account-file.ts";
import { ACCOUNTS_FILE, plantAccount } from "../helper/accounts.ts";
import { type EmulatedSandbox, type Ran, withEmulator } from "../sandbox.ts";

setDefaultTimeout(180_000);

/** Milliseconds in which new processes are started. */
const DURATION = 10_000;

const ASKING = 70;
const REFUSED = 10;
const ADDING = 10;
const ROTATING = 10;

/** Accounts whose tokens are replaced: two processes each. */
const PEOPLE = Array.from({ length: ROTATING / 2 }, (_, n) => `person-${n}`);

const REQUEST = "protocol=https\nhost=bitbucket.org\n";
const TOKENS = ".local/share/git-rekey/tokens";

/** Every token that Bitbucket would accept from a person, old and new. */
class Tokens {
  private readonly of = new Map<string, string[]>();
  constructor(private readonly box: EmulatedSandbox) {}

  issue(person: string): string {
    const { emulator } = this.box;
    const { secret } = emulator.issue({
      label: `${person}-${this.all(person).length}`,
      kind: "api-token",
      owner: "ana",
      scopes: emulator.credential("api-token").scopes,
    });
    this.of.set(person, [...this.all(person), secret]);
    return secret;
  }

  all(person: string): readonly string[] {
    return this.of.get(person) ?? [];
  }
}

/** Runs one thing over and over, and gives what became of each run. */
async function overAndOver(until: number, run: (round: number) => Promise<Ran>): Promise<Ran[]> {
  const all: Ran[] = [];
  for (let round = 0; performance.now() < until; round++) all.push(await run(round));
  return all;
}

const many = <T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)));

const passwordIn = ({ stdout }: Ran): string => /^password=(.*)$/m.exec(stdout)?.[1] ?? "";

/** What a process that comes too late may say; it has changed nothing then. */
const TOO_LATE = /everything was put back as it was|nothing has been changed|was not changed/;

function expectSound(ran: Ran): void {
  expect(ran.signal).toBeNull();
  if (ran.code !== 0) expect(ran.stderr).toMatch(TOO_LATE);
}

test("a hundred processes", async () => {
  await using box = await withEmulator();
  const tokens = new Tokens(box);
  const planted = PEOPLE.map((name) => plantAccount(box, name, tokens.issue(name), { username: name }));
  box.write(ACCOUNTS_FILE, writeAccounts({ ...NO_ACCOUNTS, accounts: planted }), 0o600);
  const person = (n: number): string => PEOPLE[n % PEOPLE.length] ?? "";
  const ask = (operation: string, name: string, more = "") =>
    box.run(["git-credential-rekey", operation], { stdin: `${REQUEST}username=${name}\n${more}\n` });
  const rekey = (args: string[], stdin: string) =>
    box.rekey([...args, "--yes", "--expires", "unknown", "--repository", "acme/site"], {
      stdin,
      timeout: 120_000,
    });

  const until = performance.now() + DURATION;
  const [answers, refusals, additions, rotations] = await Promise.all([
    many(ASKING, async (n) => ({
      name: person(n),
      all: await overAndOver(until, () => ask("get", person(n))),
    })),
    many(REFUSED, (n) => {
      const name = person(n);
      return overAndOver(until, () => ask("erase", name, `password=${tokens.all(name).at(-1)}\n`));
    }),
    many(ADDING, (n) =>
      overAndOver(until, (round) => {
        const name = `added-${n}-${round}`;
        return rekey(
          ["token", "add", "--store", "file", "--name", name, "--username", name],
          tokens.issue(name),
        );
      }),
    ),
    many(ROTATING, (n) =>
      overAndOver(until, () => rekey(["token", "rotate", person(n)], tokens.issue(person(n)))),
    ),
  ]);

  for (const { name, all } of answers)
    for (const ran of all) {
      expect(ran).toMatchObject({ code: 0, signal: null });
      expect(tokens.all(name), ran.stderr).toContain(passwordIn(ran));
    }
  for (const ran of refusals.flat()) expect(ran).toMatchObject({ code: 0, signal: null, stdout: "" });
  for (const ran of [...additions, ...rotations].flat()) expectSound(ran);

  const read = readAccounts(box.read(ACCOUNTS_FILE));
  const accounts: readonly Account[] = read.ok ? read.list.accounts : [];
  const added = additions.flatMap((all, n) =>
    all.flatMap(({ code }, round) => (code === 0 ? [`added-${n}-${round}`] : [])),
  );
  expect(accounts.map(({ name }) => name).sort()).toEqual([...PEOPLE, ...added].sort());
  // Each one has its own token, and no other is left lying about.
  const kept = accounts.map(({ name, secret }) => {
    const file = secret.kind === "file" ? secret.name : "";
    expect(tokens.all(name)).toContain(box.read(`${TOKENS}/${file}`).trim());
    return file;
  });
  expect(readdirSync(box.path(TOKENS)).sort()).toEqual(kept.sort());
  for (const name of PEOPLE) expect(tokens.all(name)).toContain(passwordIn(await ask("get", name)));

  // Else it would prove nothing.
  const done = (all: readonly Ran[][]) => all.flat().filter(({ code }) => code === 0).length;
  expect(done(additions)).toBeGreaterThanOrEqual(ADDING);
  expect(done(rotations)).toBeGreaterThanOrEqual(PEOPLE.length);
});
