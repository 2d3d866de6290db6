// Needs: openssh-client, libnss-wrapper, low-ports
/** `fix --with ssh` on machines that lack something, have something of their own, or are only asked. */
import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EXIT } from "../../src/cli/exit.ts";
import { ACCESS_KEY, ALIAS, Checkout } from "./ssh-checkout.ts";

/** Nothing but these programs, and git-rekey. */
function onlyPrograms(checkout: Checkout, ...names: string[]): void {
  const { room } = checkout;
  const folder = join(room.root, "programs");
  mkdirSync(folder);
  const [ours = ""] = (room.env.PATH ?? "").split(":");
  for (const name of ["git", "sh", ...names]) symlinkSync(Bun.which(name) ?? "", join(folder, name));
  room.env.PATH = `${ours}:${folder}`;
}

/** An `ssh-keygen` that refuses these types, as FIPS has it, and is the real one for the others. */
function refuseTypes(checkout: Checkout, types: string): void {
  const { room } = checkout;
  const folder = join(room.root, "first");
  mkdirSync(folder);
  const text = `#!/bin/sh
case "$*" in *" -t "*) case " ${types} " in *" $(printf %s "$*" | sed 's/.* -t \\([a-z0-9]*\\) .*/\\1/') "*)
  echo "ED25519 keys are not allowed in FIPS mode" >&2; exit 1 ;; esac ;; esac
exec ${Bun.which("ssh-keygen")} "$@"
`;
  writeFileSync(join(folder, "ssh-keygen"), text);
  chmodSync(join(folder, "ssh-keygen"), 0o755);
  room.env.PATH = `${folder}:${room.env.PATH}`;
}

describe("a machine without", () => {
  test.each<[string, string[], RegExp]>([
    ["ssh", [], /there is no ssh here that Git could run/],
    ["ssh-keygen", ["ssh"], /there is no `ssh-keygen` here to make a key with.*\n\nhint: .*--key FILE/],
  ])("%s", async (_, programs, says) => {
    await using checkout = await Checkout.open();
    const before = checkout.files();
    onlyPrograms(checkout, ...programs);
    const ran = await checkout.fix();
    expect(ran.stderr).toMatch(says);
    expect(ran.code).toBe(EXIT.personNeeded);
    expect(checkout.files()).toEqual(before);
  });

  test("ed25519 gets the next best key, and is told so", async () => {
    await using checkout = await Checkout.open();
    refuseTypes(checkout, "ed25519");
    const ran = await checkout.fix();
    expect(ran.stderr).toContain("note: `ssh-keygen` makes no ed25519 key here, so it is ecdsa");
    expect(checkout.keyAt(ACCESS_KEY).publicKey).toStartWith("ecdsa-sha2-nistp256 ");
    checkout.room.addAccessKey("acme/site", checkout.keyAt(ACCESS_KEY));
    expect((await checkout.fix()).code).toBe(0);
    await checkout.expectPull();
  });

  test("any kind of key", async () => {
    await using checkout = await Checkout.open();
    const before = checkout.files();
    refuseTypes(checkout, "ed25519 ecdsa rsa");
    const ran = await checkout.fix();
    expect(ran.stderr).toMatch(/`ssh-keygen` makes no key here: ED25519 keys are not allowed in FIPS mode/);
    expect(ran.code).toBe(EXIT.personNeeded);
    expect(checkout.files()).toEqual(before);
  });
});

describe("what is mixed stays so", () => {
  test("pushes that go over SSH already, by an alias of the person's, are left alone", async () => {
    await using checkout = await Checkout.open();
    const { room } = checkout;
    await room.trustHost();
    room.addAccountKey("ana", await room.makeKey(".ssh/work"));
    const alias = `Host work\n  HostName bitbucket.org\n  User git\n  IdentityFile ${room.path(".ssh/work")}\n  IdentitiesOnly yes\n`;
    room.write(".ssh/config", alias, 0o600);
    await checkout.git("config", "remote.origin.pushurl", "git@work:acme/site.git");
    room.addAccessKey("acme/site", await room.makeKey(ACCESS_KEY));
    expect((await checkout.fix()).code).toBe(0);
    expect(await checkout.url("remote.origin.pushurl")).toBe("git@work:acme/site.git");
    expect(await checkout.url()).toBe(ALIAS);
    expect(room.read(".ssh/config")).toEndWith(alias);
    await checkout.expectPull();
    expect((await checkout.git("push", "--quiet", "origin", "HEAD:refs/heads/x")).code).toBe(0);
  });

  test("remotes of other hosts, and of none", async () => {
    await using checkout = await Checkout.open();
    checkout.room.addAccessKey("acme/site", await checkout.room.makeKey(ACCESS_KEY));
    await checkout.git("remote", "add", "mirror", "https://git.example/acme/site.git");
    await checkout.git("remote", "add", "disk", "/srv/site.git");
    expect((await checkout.fix()).code).toBe(0);
    expect(await checkout.url("remote.mirror.url")).toBe("https://git.example/acme/site.git");
    expect(await checkout.url("remote.disk.url")).toBe("/srv/site.git");
  });

  test("SSH that works: there is nothing to do, and nothing is done", async () => {
    await using checkout = await Checkout.open();
    const { room } = checkout;
    await room.trustHost();
    room.addAccountKey("ana", await room.makeKey());
    await checkout.git("remote", "set-url", "origin", "git@bitbucket.org:acme/site.git");
    const before = checkout.files();
    const ran = await checkout.fix();
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining("nothing has been changed") });
    expect(checkout.files()).toEqual(before);
  });

  test("a remote over SSH that only lacks today's host keys gets those, and nothing else", async () => {
    await using checkout = await Checkout.open();
    const { room } = checkout;
    room.addAccountKey("ana", await room.makeKey());
    await checkout.git("remote", "set-url", "origin", "git@bitbucket.org:acme/site.git");
    const before = checkout.files();
    const ran = await checkout.fix();
    expect(ran.code, ran.stderr).toBe(0);
    await checkout.expectPull();
    const { ".ssh/known_hosts": added, ...others } = checkout.files();
    expect(added).toContain("bitbucket.org ssh-ed25519");
    expect(others).toEqual(before);
  });
});

describe("only asked", () => {
  test("--dry-run writes nothing at all, not even a folder; as JSON it is the plan", async () => {
    await using checkout = await Checkout.open();
    const before = checkout.room.snapshot();
    const ran = await checkout.fix(["--dry-run", "--json"]);
    expect(ran.code).toBe(EXIT.findings);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      schema: "git-rekey/plan@1",
      needsToken: false,
      choices: { with: "ssh", ssh: { as: "access-key", key: { kind: "made", type: "ed25519" } } },
    });
    expect(checkout.room.snapshot()).toEqual(before);
  });

  test("a plan file with a key that is known is carried out, and refused once the machine has changed", async () => {
    await using checkout = await Checkout.open();
    const { room } = checkout;
    room.addAccessKey("acme/site", await room.makeKey(ACCESS_KEY));
    expect((await checkout.fix(["--plan-out", "../plan.json"])).code).toBe(0);
    await checkout.git("config", "remote.origin.pushurl", "https://bitbucket.org/acme/docs.git");
    await checkout.git("remote", "add", "docs", "https://bitbucket.org/acme/docs.git");
    const apply = () => room.rekey(["apply", "plan.json", "--yes"]);
    expect(await apply()).toMatchObject({ code: 1, stderr: expect.stringContaining("not as it was") });
    await checkout.git("remote", "remove", "docs");
    const ran = await apply();
    expect(ran.code, ran.stderr).toBe(0);
    await checkout.expectPull();
  });

  test("a URL: key and host keys, and the command that clones by them", async () => {
    await using checkout = await Checkout.open();
    const { room } = checkout;
    room.addAccessKey("acme/site", await room.makeKey(ACCESS_KEY));
    const ran = await checkout.fix(["https://bitbucket.org/acme/site"], { cwd: "." });
    expect(ran.code, ran.stderr).toBe(0);
    const [, url = ""] = /^git clone (\S+)$/m.exec(ran.stdout) ?? [];
    expect(url).toBe("git@bitbucket.org-acme-site:acme/site");
    expect((await room.git(["clone", "--quiet", url, "copy"])).code).toBe(0);
  });

  test("a URL over SSH, by way of a plan file", async () => {
    await using checkout = await Checkout.open();
    const { room } = checkout;
    room.addAccessKey("acme/site", await room.makeKey(ACCESS_KEY));
    const url = "git@bitbucket.org:acme/site.git";
    expect((await checkout.fix([url, "--plan-out", "plan.json"], { cwd: "." })).code).toBe(0);
    const ran = await room.rekey(["apply", "plan.json", "--yes"]);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain(`\ngit clone ${ALIAS}\n`);
  });

  test("as JSON: one receipt on stdout, the key on stderr", async () => {
    await using checkout = await Checkout.open();
    const ran = await checkout.fix(["--json"]);
    expect(ran.code).toBe(EXIT.personNeeded);
    expect(JSON.parse(ran.stdout)).toMatchObject({ schema: "git-rekey/receipt@1", state: "applied" });
    expect(ran.stderr).toContain(checkout.keyAt(ACCESS_KEY).publicKey);
  });
});

describe("a job without anybody", () => {
  test("whose `HOME` is another than the user's, as under sudo or cron: ssh has its own", async () => {
    await using checkout = await Checkout.open();
    const { room } = checkout;
    const before = checkout.files();
    room.write("../elsewhere/file", "");
    const env = { HOME: room.path("../elsewhere") };
    expect((await checkout.fix([], { env })).code).toBe(4);
    room.addAccessKey("acme/site", checkout.keyAt(ACCESS_KEY));
    const second = await checkout.fix([], { env });
    expect(second.code, second.stderr).toBe(0);
    await checkout.expectPull();
    expect(Object.keys(room.snapshot("../elsewhere"))).toEqual(["file"]);
    await checkout.undoAll(2);
    expect(checkout.files()).toEqual(before);
  });

  test("makes a person's key in two steps: the second run knows the key of the first", async () => {
    await using checkout = await Checkout.open();
    const first = await checkout.fix(["--key", "person", "--push"]);
    expect(first.stdout).toContain("https://bitbucket.org/account/settings/ssh-keys/");
    expect(first.code).toBe(EXIT.personNeeded);
    checkout.room.addAccountKey("ana", checkout.keyAt(".ssh/id_ed25519"));
    const second = await checkout.fix(["--key", "person", "--push"]);
    expect(second.code, second.stderr).toBe(0);
    expect(checkout.room.exists(".ssh/config")).toBe(false);
    expect((await checkout.git("push", "--quiet", "origin", "HEAD:refs/heads/x")).code).toBe(0);
  });

  test("several checkouts at once get one person's key", async () => {
    await using checkout = await Checkout.open();
    const { room } = checkout;
    await room.git(["init", "--quiet", "docs"]);
    await room.git(["-C", "docs", "remote", "add", "origin", "https://bitbucket.org/acme/docs.git"]);
    const both = [".", "../docs", "--key", "person"];
    expect((await checkout.fix(both)).code).toBe(EXIT.personNeeded);
    expect(room.exists(".ssh/id_ed25519_bitbucket")).toBe(false);
    room.addAccountKey("ana", checkout.keyAt(".ssh/id_ed25519"));
    const ran = await checkout.fix(both);
    expect(ran.code, ran.stderr).toBe(0);
    await checkout.expectPull();
    await checkout.expectPull("docs");
  });

  test("several checkouts at once, each with a key of its own; the host keys are pinned once", async () => {
    await using checkout = await Checkout.open();
    const { room } = checkout;
    await room.git(["init", "--quiet", "docs"]);
    await room.git(["-C", "docs", "remote", "add", "origin", "https://bitbucket.org/acme/docs.git"]);
    room.addAccessKey("acme/site", await room.makeKey(ACCESS_KEY));
    room.addAccessKey("acme/docs", await room.makeKey(".ssh/bitbucket_acme_docs"));
    const before = checkout.files();
    const ran = await checkout.fix([".", "../docs"]);
    expect(ran.code, ran.stderr).toBe(0);
    await checkout.expectPull();
    await checkout.expectPull("docs");
    expect(room.read(".ssh/known_hosts").match(/ssh-ed25519/g)).toHaveLength(1);
    await checkout.undoAll(2);
    expect(checkout.files()).toEqual(before);
  });
});

test("an access key reads; where a push is wanted later, a person's own key takes its place", async () => {
  await using checkout = await Checkout.open();
  const { room } = checkout;
  room.addAccessKey("acme/site", await room.makeKey(ACCESS_KEY));
  expect((await checkout.fix()).code).toBe(0);
  const refused = await checkout.fix(["--push"]);
  expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining("cannot push") });
  expect((await checkout.fix(["--push", "--key", "person"])).code).toBe(EXIT.personNeeded);
  room.addAccountKey("ana", checkout.keyAt(".ssh/id_ed25519"));
  const ran = await checkout.fix(["--push", "--key", "person"]);
  expect(ran.code, ran.stderr).toBe(0);
  expect(await checkout.url()).toBe("git@bitbucket.org:acme/site.git");
  expect((await checkout.git("push", "--quiet", "origin", "HEAD:refs/heads/x")).code).toBe(0);
});

test("a password in a helper is named and left to the checkouts that may ask for it", async () => {
  await using checkout = await Checkout.open();
  const { room } = checkout;
  room.addAccessKey("acme/site", await room.makeKey(ACCESS_KEY));
  await checkout.git("remote", "set-url", "origin", "https://ana@bitbucket.org/acme/site.git");
  await room.git(["config", "--global", "credential.helper", "store"]);
  const line = `${room.urlWith("ana", "app-password").replace(/(@bitbucket\.org).*/, "$1")}\n`;
  room.write(".git-credentials", line, 0o600);
  const ran = await checkout.fix(["--json"]);
  expect(ran.code, ran.stderr).toBe(0);
  expect(JSON.parse(ran.stdout).left).toMatchObject([{ what: "the refused entry of `ana` in `store`" }]);
  expect(room.read(".git-credentials")).toBe(line);
});

test("a key that other checkouts live by keeps Bitbucket's name", async () => {
  await using checkout = await Checkout.open();
  const { room } = checkout;
  room.addAccessKey("other/tools", await room.makeKey());
  await room.trustHost();
  expect((await checkout.fix(["--key", "person"])).code).toBe(EXIT.personNeeded);
  room.addAccountKey("ana", checkout.keyAt(".ssh/id_ed25519_bitbucket"));
  const ran = await checkout.fix(["--key", "person"]);
  expect(ran.code, ran.stderr).toBe(0);
  expect(await checkout.url()).toBe("git@bitbucket.org-rekey:acme/site.git");
  await checkout.expectPull();
  expect((await room.git(["ls-remote", "git@bitbucket.org:other/tools.git"])).code).toBe(0);
  expect(room.ssh.log.at(-1)?.holder).toBe("server");
});

test("a plan file that tells Bitbucket of a key is carried out with a token on stdin", async () => {
  await using checkout = await Checkout.open();
  const { room } = checkout;
  const stdin = room.emulator.secret("api-token-keys");
  const args = ["--email", "ana@acme.example", "--plan-out", "../plan.json"];
  expect((await checkout.fix(args, { stdin })).code).toBe(0);
  expect(room.read("plan.json")).not.toContain(stdin);
  expect(await room.rekey(["apply", "plan.json", "--yes"])).toMatchObject({
    code: EXIT.personNeeded,
    stderr: expect.stringContaining("no credential is here that may"),
  });
  const ran = await room.rekey(["apply", "plan.json", "--yes"], { stdin });
  expect(ran.code, ran.stderr).toBe(0);
  expect(checkout.accessKeys()).toHaveLength(1);
  await checkout.expectPull();
});

test("a key that a killed run has left behind is swept away by the next one", async () => {
  await using checkout = await Checkout.open();
  const left = ".local/state/git-rekey/new-key-4194304/key";
  checkout.room.write(left, "half of a key\n", 0o600);
  await checkout.room.run(["chmod", "-R", "go=", checkout.room.path(".local/state/git-rekey")]);
  await checkout.fix();
  expect(checkout.room.exists(left)).toBe(false);
  expect(checkout.room.exists(ACCESS_KEY)).toBe(true);
});

describe("what is there of a person's own", () => {
  test("a command for ssh in a variable that names a key which works", async () => {
    await using checkout = await Checkout.open();
    const { room } = checkout;
    await room.trustHost();
    room.addAccountKey("ana", await room.makeKey("keys/work"));
    room.env.GIT_SSH_COMMAND = `ssh -i ${room.path("keys/work")}`;
    const ran = await checkout.fix();
    expect(ran.code, ran.stderr).toBe(0);
    expect(await checkout.url()).toBe("git@bitbucket.org:acme/site.git");
    await checkout.expectPull();
  });

  test("an alias of their own whose key is refused is theirs to mend", async () => {
    await using checkout = await Checkout.open();
    const { room } = checkout;
    await room.trustHost();
    room.write(".ssh/config", "Host work\n  HostName bitbucket.org\n  User git\n", 0o600);
    await checkout.git("remote", "set-url", "origin", "work:acme/site.git");
    const before = checkout.files();
    const ran = await checkout.fix();
    expect(ran.stderr).toContain("goes by `work` of ssh's configuration, which is yours to change");
    expect(ran.code).toBe(EXIT.personNeeded);
    expect(checkout.files()).toEqual(before);
  });

  test("a remote over SSH whose key is refused gets a key that is not", async () => {
    await using checkout = await Checkout.open();
    const { room } = checkout;
    await room.trustHost();
    await room.makeKey();
    await checkout.git("remote", "set-url", "origin", "git@bitbucket.org:acme/site.git");
    room.addAccessKey("acme/site", await room.makeKey(ACCESS_KEY));
    const ran = await checkout.fix();
    expect(ran.code, ran.stderr).toBe(0);
    expect(await checkout.url()).toBe(ALIAS);
    await checkout.expectPull();
  });
});

test("the private half is in its file, and nowhere else: no receipt, no journal, no word", async () => {
  await using checkout = await Checkout.open();
  const { room } = checkout;
  const stdin = room.emulator.secret("api-token-keys");
  const ran = await checkout.fix(["--email", "ana@acme.example"], { stdin });
  expect(ran.code).toBe(EXIT.ok);
  // The first lines are the same in every key, and the public half is in it as well.
  const [secret = ""] = room.read(ACCESS_KEY).split("\n").slice(-4, -3);
  const holders = Object.entries(room.snapshot()).filter(([, text]) => text.includes(secret));
  expect(secret.length).toBeGreaterThan(30);
  expect(holders.map(([file]) => file)).toEqual([ACCESS_KEY]);
  expect(ran.stdout + ran.stderr).not.toContain(secret);
  expect(JSON.stringify(room.snapshot()) + ran.stdout + ran.stderr).not.toContain(stdin);
  expect(room.emulator.sawSecret("api-token-keys")).toBe(true);
});
