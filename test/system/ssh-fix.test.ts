// Needs: openssh-client, libnss-wrapper, low-ports
/** `fix --with ssh` where nobody is: a server, a job. With the machine's own OpenSSH, ssh-keygen and git. */
import { describe, expect, test } from "bun:test";
import { ACCESS_KEY, ALIAS, Checkout, PAGE } from "./ssh-checkout.ts";
import type { KeyPair } from "./ssh-room.ts";

describe("a server that only pulls", () => {
  test("410, doctor, fix, a pull that works, a push that is explained, undo: byte for byte as before", async () => {
    await using checkout = await Checkout.open();
    const { room } = checkout;
    const agent = await room.startAgent();
    await agent.add(await room.makeKey("elsewhere/agents"));
    const [before, inAgent] = [checkout.files(), await agent.list()];

    expect((await checkout.git("fetch", "origin")).stderr).toContain("410");
    const doctor = await room.rekey(["doctor"], { cwd: "site" });
    expect(doctor).toMatchObject({ code: 1, stdout: expect.stringContaining("app-password-sent") });

    const first = await checkout.fix();
    expect(first.code).toBe(4);
    expect(first.stdout).toContain(`  ${PAGE}\n`);
    expect(first.stdout).toContain(`\n${checkout.keyAt(ACCESS_KEY).publicKey}\n`);
    expect(await checkout.url()).toStartWith("https:");
    room.addAccessKey("acme/site", checkout.keyAt(ACCESS_KEY));
    room.ssh.clearLog();
    const second = await checkout.fix();
    expect(second).toMatchObject({ code: 0, stderr: expect.stringContaining(`removed at ${PAGE}`) });
    // Of all keys that are here the new one alone was shown, once the plan was carried out.
    expect(room.ssh.log.slice(-2).map(({ offered }) => offered)).toEqual(
      Array.from({ length: 2 }, () => [checkout.keyAt(ACCESS_KEY).fingerprint]),
    );

    await checkout.expectPull();
    const push = await checkout.git("push", "origin", "HEAD:refs/heads/x");
    expect(push.code).not.toBe(0);
    const explained = await room.rekey(["explain"], { stdin: push.stderr });
    expect(explained.stdout).toMatch(/ssh-key-read-only/);
    const asked = await room.rekey(["doctor", "--push"], { cwd: "site" });
    expect(asked.stdout).toMatch(/ssh-key-read-only/);
    expect((await checkout.fix()).code).toBe(0);

    await checkout.undoAll(2);
    expect(checkout.files()).toEqual(before);
    expect(await agent.list()).toEqual(inAgent);
  });

  test("a token on stdin that may add keys makes it one run; undo says what stays", async () => {
    await using checkout = await Checkout.open();
    const { room } = checkout;
    const before = checkout.files();
    const stdin = room.emulator.secret("api-token-keys");
    const ran = await checkout.fix(["--email", "ana@acme.example"], { stdin });
    expect(ran.code).toBe(0);
    expect(checkout.accessKeys()).toEqual([expect.stringMatching(/^git-rekey ana@/)]);
    await checkout.expectPull();
    expect(await checkout.undoAll(1)).toContain(PAGE);
    expect(checkout.files()).toEqual(before);
    expect(checkout.accessKeys()).toHaveLength(1);
  });

  test("a credential that is here already and may add keys does it, too", async () => {
    await using checkout = await Checkout.open();
    const { room } = checkout;
    await checkout.git(
      "remote",
      "set-url",
      "origin",
      room.urlWith("x-bitbucket-api-token-auth", "api-token-keys"),
    );
    expect((await checkout.fix(["--email", "ana@acme.example"])).code).toBe(0);
    expect(checkout.accessKeys()).toHaveLength(1);
    expect(room.read("site/.git/config")).not.toContain(room.emulator.secret("api-token-keys"));
  });

  test("submodules of other repositories get the key as well", async () => {
    await using checkout = await Checkout.open();
    const { room } = checkout;
    await checkout.git("config", "submodule.docs.url", "https://bitbucket.org/acme/docs.git");
    room.write("site/.git/modules/docs/HEAD", "ref: refs/heads/main\n");
    await room.git(["init", "--quiet", "--bare", "site/.git/modules/docs"]);
    await room.git([
      "-C",
      "site/.git/modules/docs",
      "remote",
      "add",
      "origin",
      "https://bitbucket.org/acme/docs.git",
    ]);
    const stdin = room.emulator.secret("api-token-keys");
    expect((await checkout.fix(["--email", "ana@acme.example"], { stdin })).code).toBe(0);
    expect(checkout.accessKeys("acme/docs")).toHaveLength(1);
    expect(await checkout.url("submodule.docs.url")).toBe("git@bitbucket.org-acme-site:acme/docs.git");
    await checkout.expectPull("site/.git/modules/docs");
  });
});

interface Scene {
  checkout: Checkout;
  /** The access key of an earlier run, as Bitbucket knows it. */
  registered(): Promise<KeyPair>;
}

type Row = [
  situation: string,
  given: (scene: Scene) => unknown,
  args: string[],
  then: (checkout: Checkout) => unknown,
];

async function sceneOf(checkout: Checkout): Promise<Scene> {
  const { room } = checkout;
  return {
    checkout,
    async registered() {
      const key = await room.makeKey(ACCESS_KEY);
      room.addAccessKey("acme/site", key);
      return key;
    },
  };
}

/** What works, and is as before after an undo. */
const WORKS: Row[] = [
  [
    "with the key of an earlier run",
    ({ registered }) => registered(),
    [],
    async (checkout) => expect(await checkout.url()).toBe(ALIAS),
  ],
  [
    "with a default key that is an access key of this repository: none is made, and no block",
    async ({ checkout: { room } }) => room.addAccessKey("acme/site", await room.makeKey()),
    [],
    async (checkout) => {
      expect(await checkout.url()).toBe("git@bitbucket.org:acme/site.git");
      expect(checkout.room.exists(".ssh/config")).toBe(false);
    },
  ],
  [
    "with a person's key in a file that has a `%` in its name: nobody takes it for an access key",
    async ({ checkout: { room } }) => room.addAccountKey("ana", await room.makeKey("keys/100%d")),
    ["--key", "../keys/100%d", "--push"],
    async ({ room }) => expect(room.read(".ssh/config")).toContain("keys/100%%d"),
  ],
  [
    "beside a block of the person's that has the name already",
    async ({ checkout: { room }, registered }) => {
      await registered();
      room.write(".ssh/config", "Host bitbucket.org-acme-site\n  HostName elsewhere.example\n", 0o600);
    },
    [],
    async (checkout) => expect(await checkout.url()).toBe("git@bitbucket.org-acme-site-rekey:acme/site.git"),
  ],
  [
    "by port 443, where 22 is closed",
    async ({ checkout: { room }, registered }) => {
      await registered();
      await room.ssh.reach("bitbucket.org", "refused");
    },
    [],
    ({ room }) => expect(room.read(".ssh/config")).toContain("HostName altssh.bitbucket.org\n  Port 443"),
  ],
  [
    "by port 443, with a person's default key that works there",
    async ({ checkout: { room } }) => {
      room.addAccountKey("ana", await room.makeKey());
      await room.ssh.reach("bitbucket.org", "refused");
    },
    [],
    async (checkout) => {
      expect(await checkout.url()).toBe("git@bitbucket.org:acme/site.git");
      expect(checkout.room.read(".ssh/config")).not.toContain("IdentityFile");
    },
  ],
  [
    "by port 443, with that key and a `Host bitbucket.org` block of the person's",
    async ({ checkout: { room } }) => {
      room.addAccountKey("ana", await room.makeKey());
      await room.ssh.reach("bitbucket.org", "refused");
      room.write(".ssh/config", "Host bitbucket.org\n  ServerAliveInterval 60\n", 0o600);
    },
    [],
    async (checkout) => {
      expect(await checkout.url()).toBe("ssh://git@altssh.bitbucket.org:443/acme/site.git");
      expect(checkout.room.read(".ssh/known_hosts")).toContain("[altssh.bitbucket.org]:443 ssh-ed25519 ");
    },
  ],
  [
    "where HTTPS does not get through",
    async ({ checkout: { room }, registered }) => {
      await registered();
      Object.assign(room.env, { https_proxy: "http://127.0.0.1:9", HTTPS_PROXY: "http://127.0.0.1:9" });
    },
    [],
    async (checkout) => expect(await checkout.url()).toBe(ALIAS),
  ],
  [
    "with known_hosts hashed, the retired key in it",
    async ({ checkout: { room }, registered }) => {
      await registered();
      const { SSH_RETIRED_HOST_KEY: retired } = await import("../../src/core/bitbucket.ts");
      const key = { type: retired.type, base64: retired.key, fingerprint: retired.fingerprint };
      await room.trustHost({ keys: [key as never], names: ["bitbucket.org"], hashed: true });
    },
    [],
    async ({ room }) => {
      const found = await room.run(["ssh-keygen", "-l", "-F", "bitbucket.org"]);
      expect(found.stdout).not.toContain("zzXQOXSRBEiUtuE8AikJYKwbHaxvSc0ojez9YXaGp1A");
      expect(found.stdout.match(/SHA256:/g)).toHaveLength(room.ssh.hostKeys.length);
    },
  ],
  [
    "with an agent of 20 keys",
    async ({ checkout: { room }, registered }) => {
      await registered();
      const agent = await room.startAgent();
      const keys = await Promise.all(Array.from({ length: 20 }, (_, at) => room.makeKey(`elsewhere/${at}`)));
      await agent.add(...keys);
    },
    [],
    async (checkout) => expect(await checkout.url()).toBe(ALIAS),
  ],
  [
    "with a `Match exec` in ssh's configuration",
    async ({ checkout: { room }, registered }) => {
      await registered();
      room.write(".ssh/config", 'Match exec "true"\n  ServerAliveInterval 60\n', 0o600);
    },
    [],
    ({ room }) => expect(room.read(".ssh/config")).toEndWith('Match exec "true"\n  ServerAliveInterval 60\n'),
  ],
  [
    "a rule that turns SSH into HTTPS, with a yes for it",
    async ({ checkout: { room }, registered }) => {
      await registered();
      await room.git(["config", "--global", "url.https://bitbucket.org/.insteadOf", "git@bitbucket.org"]);
    },
    ["--accept", "ssh-rewritten-to-https"],
    ({ room }) => expect(room.read(".gitconfig")).not.toContain("insteadOf"),
  ],
  [
    "a secret in a rewriting rule goes, too",
    async ({ checkout, registered }) => {
      await registered();
      const { room } = checkout;
      await checkout.git("remote", "set-url", "origin", "https://bitbucket.org/acme/site.git");
      const base = room.urlWith("ana", "app-password").replace(/acme\/.*/, "");
      await room.git(["config", "--global", `url.${base}.insteadOf`, "https://bitbucket.org/"]);
    },
    [],
    ({ room }) => expect(room.read(".gitconfig")).not.toContain(room.emulator.secret("app-password")),
  ],
  [
    "a pushurl of its own stays on HTTPS",
    async ({ checkout, registered }) => {
      await registered();
      await checkout.git("config", "remote.origin.pushurl", "https://bitbucket.org/acme/site.git");
    },
    [],
    async (checkout) => expect(await checkout.url("remote.origin.pushurl")).toStartWith("https:"),
  ],
  [
    "LFS finds its way by ssh",
    async ({ checkout, registered }) => {
      await registered();
      await checkout.git("config", "lfs.url", "https://bitbucket.org/acme/site.git/info/lfs");
    },
    [],
    async (checkout) => expect(await checkout.url("lfs.url")).toBe(""),
  ],
  [
    "in a linked worktree",
    async ({ checkout, registered }) => {
      await registered();
      await checkout.git("worktree", "add", "--quiet", "--detach", "../other");
    },
    ["../other"],
    async (checkout) => expect(await checkout.url()).toBe(ALIAS),
  ],
  [
    "in a bare repository",
    async ({ checkout: { room }, registered }) => {
      await registered();
      await room.git(["init", "--quiet", "--bare", "bare.git"]);
      await room.git(["-C", "bare.git", "remote", "add", "origin", room.urlWith("ana", "app-password")]);
    },
    ["../bare.git"],
    (checkout) => checkout.expectPull("bare.git"),
  ],
];

describe("works, and is taken back byte for byte:", () => {
  test.each(WORKS)("%s", async (_, given, args, then) => {
    await using checkout = await Checkout.open();
    await given(await sceneOf(checkout));
    const before = checkout.files();
    const ran = await checkout.fix(args);
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
    if (!args.includes("../bare.git")) await checkout.expectPull();
    await then(checkout);
    await checkout.undoAll(1);
    expect(checkout.files()).toEqual(before);
  });
});

type Refused = [
  situation: string,
  given: (scene: Scene) => unknown,
  args: string[],
  code: number,
  says: RegExp,
];

const nothing = () => {};
const asAna = ["--email", "ana@acme.example"];

/** What does not go, with the one sentence for it. */
const REFUSED: Refused[] = [
  [
    "pushing is wanted",
    nothing,
    ["--push"],
    4,
    /an access key reads `acme\/site` and cannot push.*\n\nhint: .*--key person --push.*--with access-token --push/,
  ],
  [
    "SSH is closed on both ports",
    async ({ checkout: { room } }) => {
      await room.ssh.reach("bitbucket.org", "refused");
      await room.ssh.reach("altssh.bitbucket.org", "refused");
    },
    [],
    4,
    /neither on port 22 nor on 443/,
  ],
  [
    "Git may not use SSH",
    ({ checkout: { room } }) => Object.assign(room.env, { GIT_ALLOW_PROTOCOL: "file:http:https" }),
    [],
    4,
    /Git may not use SSH here: `GIT_ALLOW_PROTOCOL` does not name `ssh`/,
  ],
  [
    "whoever answers is not Bitbucket",
    ({ checkout: { room } }) => room.ssh.changeHostKeys(),
    [],
    4,
    /shows a host key that is none of Bitbucket's/,
  ],
  [
    "others may write ssh's configuration",
    ({ checkout: { room } }) => void room.write(".ssh/config", "Host x\n", 0o666),
    [],
    4,
    /others may write ssh's configuration.*\n\nhint: `chmod go-w/,
  ],
  [
    "others may write to `.ssh`",
    async ({ checkout: { room } }) => {
      await room.makeKey();
      await room.run(["chmod", "777", room.path(".ssh")]);
    },
    [],
    4,
    /`.*\/\.ssh` is open to others, and no place for keys.*\n\nhint: `chmod 700/,
  ],
  [
    "the list of host keys that somebody named holds none",
    ({ checkout: { room } }) => Object.assign(room.env, { GIT_REKEY_SSH_HOST_KEYS: "/dev/null" }),
    [],
    2,
    /`\/dev\/null`, which `GIT_REKEY_SSH_HOST_KEYS` names, holds no host key/,
  ],
  [
    "a rule turns SSH into HTTPS",
    async ({ checkout: { room }, registered }) => {
      await registered();
      await room.git(["config", "--global", "url.https://bitbucket.org/.insteadOf", "git@bitbucket.org"]);
    },
    [],
    4,
    /back into HTTPS.*\n\nhint: .*--accept ssh-rewritten-to-https/,
  ],
  [
    "the key is not registered yet",
    async ({ checkout: { room } }) => void (await room.makeKey(ACCESS_KEY)),
    [],
    4,
    /the key is not known at Bitbucket yet \(.*Permission denied \(publickey\).*; everything was put back/,
  ],
  [
    "the key is another repository's",
    async ({ checkout: { room } }) => room.addAccessKey("acme/docs", await room.makeKey(ACCESS_KEY)),
    [],
    4,
    /not known at Bitbucket yet \(.*not associated with the requested repository/,
  ],
  [
    "half of a key is there",
    ({ checkout: { room } }) => void room.write(`${ACCESS_KEY}.pub`, "ssh-ed25519 AAAA\n"),
    [],
    4,
    /one half of a key is at/,
  ],
  ["the file of a key is not there", nothing, ["--key", "nowhere"], 2, /there is no `.*\/nowhere`/],
  [
    "others may read the key",
    async ({ checkout: { room } }) => {
      await room.makeKey("keys/number one");
      await room.run(["chmod", "644", room.path("keys/number one")]);
    },
    ["--key", "../keys/number one"],
    4,
    /can be read by others, so ssh does not use it.*\n\nhint: `chmod 600 \S+number\\ one`/,
  ],
  [
    "ssh's configuration cannot hold the name of the key",
    async ({ checkout: { room } }) => void (await room.makeKey('keys/a"b')),
    ["--key", '../keys/a"b'],
    4,
    /`.*keys\/a"b` has a sign in its name that ssh's configuration cannot hold.*; nothing has been changed/,
  ],
  [
    "the key is locked, and nobody is there to open it",
    async ({ checkout: { room } }) => {
      const passphrase = crypto.randomUUID();
      room.addAccessKey("acme/site", await room.makeKey("keys/one", { passphrase }));
    },
    ["--key", "../keys/one"],
    1,
    /Bitbucket takes the key, and its passphrase was not typed/,
  ],
  ["`--store` with ssh", nothing, ["--store", "file"], 2, /`--with ssh` keeps no token/],
];

describe("says why not, and changes nothing:", () => {
  test.each(REFUSED)("%s", async (_, given, args, code, says) => {
    await using checkout = await Checkout.open();
    await given(await sceneOf(checkout));
    const before = checkout.files();
    const ran = await checkout.fix(args);
    expect(ran.stderr).toMatch(says);
    expect(ran.code).toBe(code);
    expect(checkout.files()).toEqual(before);
  });

  test("`--key` without ssh", async () => {
    await using checkout = await Checkout.open();
    const ran = await checkout.room.rekey(["fix", "--with", "helper", "--key", "person"], { cwd: "site" });
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining("it goes with `--with ssh`") });
  });

  test.each<[string, string, RegExp]>([
    ["the token may not add keys", "api-token", /`admin:repository:bitbucket`.*by hand: https/],
    ["the token is of somebody who may not", "api-token-bob", /did not add the key.*by hand: https/],
  ])("%s", async (_, label, says) => {
    await using checkout = await Checkout.open();
    const before = checkout.files();
    const ran = await checkout.fix(asAna, { stdin: checkout.room.emulator.secret(label) });
    expect(ran.stderr).toMatch(says);
    expect(ran.code).toBe(4);
    expect(checkout.files()).toEqual(before);
  });

  test("the key is a person's already", async () => {
    await using checkout = await Checkout.open();
    const { room } = checkout;
    room.addAccountKey("ana", await room.makeKey(ACCESS_KEY));
    const before = checkout.files();
    const ran = await checkout.fix([...asAna, "--key", "access"], {
      stdin: room.emulator.secret("api-token-keys"),
    });
    expect(ran.stderr).toMatch(/someone has already registered this key/);
    expect(ran.code).toBe(4);
    expect(checkout.files()).toEqual(before);
  });
});
