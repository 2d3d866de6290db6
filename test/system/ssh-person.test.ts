// Needs: openssh-client, libnss-wrapper, low-ports
/** `fix --with ssh` with a person at the terminal: passphrases, the page, waiting, giving up. */
import { describe, expect, test } from "bun:test";
import { CTRL_C, ENTER, Session } from "../terminal/session.ts";
import { ACCESS_KEY, Checkout, PAGE } from "./ssh-checkout.ts";

const OWN = ".ssh/id_ed25519";
const OWN_PAGE = "https://bitbucket.org/account/settings/ssh-keys/";
const AGREE = "Carry out this plan? [y/N] ";
const PASSPHRASE = "Enter passphrase (empty for no passphrase): ";
const WAIT = "(q puts everything back): ";

/** Somebody who said their name to Git works here. */
async function desk(): Promise<Checkout> {
  const checkout = await Checkout.open();
  checkout.room.write(".gitconfig", "[user]\n\temail = ana@acme.example\n");
  return checkout;
}

const fix = (checkout: Checkout, ...args: string[]) =>
  new Session(checkout.room, ["git", "rekey", "fix", "--with", "ssh", ...args]);

/** Agrees, and gives the new key a passphrase or none. */
async function makesKey(at: Session, passphrase = ""): Promise<void> {
  await at.answer(AGREE, `y${ENTER}`);
  await at.answer(PASSPHRASE, passphrase + ENTER);
  await at.answer("Enter same passphrase again: ", passphrase + ENTER);
}

/** The run that has its journal open. */
function pidOf({ room }: Checkout): number {
  const journal = room.read(".local/state/git-rekey/receipts/1/journal.ndjson");
  return JSON.parse(journal.split("\n")[0] ?? "").pid;
}

describe("a person's own key", () => {
  test("is made, added while everything waits, and proved", async () => {
    await using checkout = await desk();
    const { room } = checkout;
    const before = checkout.files();
    const at = fix(checkout, "--push");
    await at.until("whoever has it reaches everything that you reach");
    await makesKey(at);
    await at.until(OWN_PAGE);
    await at.answer(WAIT, ENTER);
    await at.until("not yet: git@bitbucket.org: Permission denied (publickey)");
    room.addAccountKey("ana", checkout.keyAt(OWN));
    await at.answer(WAIT, ENTER);
    const { code, restored, screen } = await at.ended();
    expect({ code, restored }, screen).toEqual({ code: 0, restored: true });
    expect(screen).toContain("git push");
    await checkout.expectPull();
    expect((await checkout.git("push", "--quiet", "origin", "HEAD:refs/heads/x")).code).toBe(0);
    await checkout.undoAll(1);
    expect(checkout.files()).toEqual(before);
  });

  test("with a passphrase, which only ssh-keygen and ssh hear", async () => {
    await using checkout = await desk();
    const passphrase = `p ${crypto.randomUUID()}`;
    const at = fix(checkout);
    await makesKey(at, passphrase);
    await at.until(OWN_PAGE);
    checkout.room.addAccountKey("ana", checkout.keyAt(OWN));
    await at.answer(WAIT, ENTER);
    for (const _ of ["prove", "verify"]) await at.answer("Enter passphrase for key", passphrase + ENTER);
    const { code, screen } = await at.ended();
    expect(code, screen).toBe(0);
    expect(JSON.stringify(checkout.room.snapshot())).not.toContain(passphrase);
    expect(screen).not.toContain(passphrase);
    expect(
      (await checkout.room.run(["ssh-keygen", "-y", "-P", "", "-f", checkout.room.path(OWN)])).code,
    ).not.toBe(0);
  });

  test("that works already is taken as it is: none is made, nobody is asked for anything else", async () => {
    await using checkout = await desk();
    checkout.room.addAccountKey("ana", await checkout.room.makeKey());
    const at = fix(checkout);
    await at.answer(AGREE, `y${ENTER}`);
    const { code, screen } = await at.ended();
    expect(code, screen).toBe(0);
    expect(screen).not.toContain("write the new SSH key");
    expect(await checkout.url()).toBe("git@bitbucket.org:acme/site.git");
  });

  test("that is there and wants its passphrase is taken as well", async () => {
    await using checkout = await desk();
    const passphrase = crypto.randomUUID();
    checkout.room.addAccountKey("ana", await checkout.room.makeKey(undefined, { passphrase }));
    const at = fix(checkout);
    await at.answer(AGREE, `y${ENTER}`);
    for (const _ of ["prove", "verify"]) await at.answer("Enter passphrase for key", passphrase + ENTER);
    const { code, screen } = await at.ended();
    expect(code, screen).toBe(0);
    expect(await checkout.url()).toBe("git@bitbucket.org:acme/site.git");
  });

  test("beside one for something else gets a block of its own", async () => {
    await using checkout = await desk();
    await checkout.room.makeKey();
    const at = fix(checkout);
    await makesKey(at);
    await at.until(OWN_PAGE);
    checkout.room.addAccountKey("ana", checkout.keyAt(".ssh/id_ed25519_bitbucket"));
    await at.answer(WAIT, ENTER);
    expect((await at.ended()).code).toBe(0);
    expect(checkout.room.read(".ssh/config")).toContain("Host bitbucket.org\n  IdentityFile");
    await checkout.expectPull();
  });

  test("is offered alone where an agent holds so many that Bitbucket gives up", async () => {
    await using checkout = await desk();
    const { room } = checkout;
    const agent = await room.startAgent();
    const keys = await Promise.all(Array.from({ length: 20 }, (_, at) => room.makeKey(`elsewhere/${at}`)));
    await agent.add(...keys);
    const at = fix(checkout);
    await makesKey(at);
    await at.until(OWN_PAGE);
    room.addAccountKey("ana", checkout.keyAt(OWN));
    await at.answer(WAIT, ENTER);
    expect((await at.ended()).code).toBe(0);
    await checkout.expectPull();
    expect(room.ssh.log.at(-1)?.offered).toEqual([checkout.keyAt(OWN).fingerprint]);
    expect(await agent.list()).toHaveLength(20);
  });

  test("that is named by its file, and known to Bitbucket, is not asked about", async () => {
    await using checkout = await desk();
    checkout.room.addAccountKey("ana", await checkout.room.makeKey("keys/work"));
    const at = fix(checkout, "--key", "../keys/work.pub");
    await at.answer(AGREE, `y${ENTER}`);
    const { code, screen } = await at.ended();
    expect(code, screen).toBe(0);
    expect(checkout.room.read(".ssh/config")).toContain("keys/work");
  });
});

test("an access key that is named by its file is known to be one, and is not taken for a push", async () => {
  await using checkout = await desk();
  checkout.room.addAccessKey("acme/site", await checkout.room.makeKey("keys/deploy"));
  const refused = await fix(checkout, "--key", "../keys/deploy", "--push").ended();
  expect(refused.code).toBe(4);
  expect(refused.screen).toContain("an access key reads `acme/site` and cannot push");
  const at = fix(checkout, "--key", "../keys/deploy");
  await at.until("and it cannot push");
  await at.answer(AGREE, `y${ENTER}`);
  expect((await at.ended()).code).toBe(0);
  expect(await checkout.url()).toBe("git@bitbucket.org-acme-site:acme/site.git");
});

test("a machine that serves, and somebody at it: an access key", async () => {
  await using checkout = await Checkout.open();
  const at = fix(checkout);
  await at.until("it cannot push");
  // A job that pulls could not type a passphrase, so none is asked for.
  await at.answer(AGREE, `y${ENTER}`);
  await at.until(PAGE);
  checkout.room.addAccessKey("acme/site", checkout.keyAt(ACCESS_KEY));
  await at.answer(WAIT, ENTER);
  expect((await at.ended()).code).toBe(0);
  await checkout.expectPull();
});

describe("everything is put back", () => {
  test.each<[string, string, number]>([
    ["when a person gives up", `q${ENTER}`, 4],
    ["when a person presses Ctrl-C while it waits", CTRL_C, 130],
  ])("%s", async (_, typed, expected) => {
    await using checkout = await desk();
    const before = checkout.files();
    const at = fix(checkout);
    await makesKey(at);
    await at.answer(WAIT, typed);
    const { code, restored, screen } = await at.ended();
    expect({ code, restored }, screen).toEqual({ code: expected, restored: true });
    expect(screen.replaceAll("\n", " ")).toContain("everything was put back as it was");
    expect(checkout.files()).toEqual(before);
  });

  test.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)(
    "when %s comes while it waits, and nobody types",
    async (signal) => {
      await using checkout = await desk();
      const before = checkout.files();
      const at = fix(checkout);
      await makesKey(at);
      await at.until(WAIT);
      process.kill(pidOf(checkout), signal);
      const { code, restored, screen } = await at.ended();
      expect({ code, restored }, screen).toEqual({ code: 130, restored: true });
      expect(checkout.files()).toEqual(before);
    },
  );

  test("when it is killed while it waits, by the next undo", async () => {
    await using checkout = await desk();
    const before = checkout.files();
    const at = fix(checkout);
    await makesKey(at);
    await at.until(WAIT);
    process.kill(pidOf(checkout), "SIGKILL");
    await at.ended();
    expect(checkout.files()).not.toEqual(before);
    await checkout.undoAll(1);
    expect(checkout.files()).toEqual(before);
  });

  test("when a person presses Ctrl-C at the passphrase", async () => {
    await using checkout = await desk();
    const before = checkout.files();
    const at = fix(checkout);
    await at.answer(AGREE, `y${ENTER}`);
    await at.until(PASSPHRASE);
    // OpenSSH forgets a signal that comes between its prompt and its reading, where no person is fast enough.
    await Bun.sleep(200);
    at.type(CTRL_C);
    const { code, restored, screen } = await at.ended();
    expect({ code, restored }, screen).toEqual({ code: 130, restored: true });
    expect(checkout.files()).toEqual(before);
    expect(Object.keys(checkout.room.snapshot()).filter((path) => path.includes("new-key-"))).toEqual([]);
  });
});

test("a plan file is agreed to, then carried out", async () => {
  await using checkout = await desk();
  const at = fix(checkout, "--plan-out", "../plan.json");
  expect((await at.ended()).code).toBe(0);
  const apply = new Session(checkout.room, ["git", "rekey", "apply", "../plan.json"]);
  await makesKey(apply);
  await apply.until(OWN_PAGE);
  checkout.room.addAccountKey("ana", checkout.keyAt(OWN));
  await apply.answer(WAIT, ENTER);
  const { code, screen } = await apply.ended();
  expect(code, screen).toBe(0);
  await checkout.expectPull();
});
