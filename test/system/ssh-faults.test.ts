// Needs: openssh-client, libnss-wrapper, low-ports
/** What is wrong with SSH is told by real ssh and git: each fault by its name, and mended where a file is all it takes. */

import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync } from "node:fs";
import { type HostKey, makeHostKeys } from "../../emulator/ssh.ts";
import { SSH_RETIRED_HOST_KEY } from "../../src/core/bitbucket.ts";
import type { PublishedFinding } from "../../src/core/report.ts";
import { type SshRoom, withSsh } from "./ssh-room.ts";
import { lsRemote, SITE } from "./ssh-scene.ts";

/** A checkout over SSH in a room whose Bitbucket has published the keys it has now. */
async function checkout(): Promise<SshRoom> {
  const room = await withSsh();
  const keys = room.ssh.hostKeys.map(({ type, base64 }) => `bitbucket.org ${type} ${base64}\n`);
  room.env.GIT_REKEY_SSH_HOST_KEYS = room.write("published", keys.join(""));
  await room.git(["init", "-q", "site"]);
  await room.git(["-C", "site", "remote", "add", "origin", SITE]);
  return room;
}

interface Seen {
  code: number | null;
  /** What is more than a remark, and what is one. */
  faults: string[];
  notes: string[];
  first: PublishedFinding | undefined;
}

async function doctor(room: SshRoom, ...flags: string[]): Promise<Seen> {
  const { code, stdout, stderr } = await room.rekey(["doctor", "--json", ...flags], { cwd: "site" });
  expect(stderr).not.toContain("check itself failed");
  const findings: PublishedFinding[] = JSON.parse(stdout).findings;
  const ids = (isNote: boolean) =>
    findings.filter(({ severity }) => (severity === "note") === isNote).map(({ id }) => id);
  return { code, faults: ids(false), notes: ids(true), first: findings[0] };
}

const RETIRED = `bitbucket.org ${SSH_RETIRED_HOST_KEY.type} ${SSH_RETIRED_HOST_KEY.key}\n`;

/** Everything in the home folder but git-rekey's own notes. */
function files(room: SshRoom): Record<string, string> {
  const isNote = (name: string) => name.startsWith(".local/state");
  return Object.fromEntries(Object.entries(room.snapshot()).filter(([name]) => !isNote(name)));
}

/** Ana's key, registered, at a Bitbucket that is known. */
async function signedIn(room: SshRoom): Promise<void> {
  await room.trustHost();
  room.addAccountKey("ana", await room.makeKey());
}

type Arrange = (room: SshRoom) => Promise<unknown>;

/** What is refused, what it is called, and words that must be said of it. */
const FAULTS: Readonly<Record<string, readonly [Arrange, id: string, words: RegExp]>> = {
  "no key": [(room) => room.trustHost(), "ssh-key-refused", /has no key to show/],
  "a key nobody registered": [
    async (room) => {
      await room.trustHost();
      await room.makeKey();
    },
    "ssh-key-refused",
    /does not know .*id_ed25519.*id_ed25519\.pub/s,
  ],
  "a configured key that is not there": [
    async (room) => {
      await room.trustHost();
      room.write(
        ".ssh/config",
        "Host bitbucket.org\n\tIdentityFile ~/.ssh/work\n\tIdentitiesOnly yes\n",
        0o600,
      );
    },
    "ssh-key-refused",
    /\.ssh\/work` is configured and not there/,
  ],
  "another user": [
    async (room) => {
      await signedIn(room);
      room.write(".ssh/config", "Host bitbucket.org\n\tUser ana\n", 0o600);
      await room.git(["-C", "site", "remote", "set-url", "origin", "bitbucket.org:acme/site.git"]);
    },
    "ssh-key-refused",
    /as `ana`/,
  ],
  "an agent with twenty keys": [crowd, "ssh-too-many-keys", /the agent holds 20.*IdentityFile .*id_ed25519/s],
  "a key of another repository": [
    async (room) => {
      await room.trustHost();
      room.addAccessKey("acme/docs", await room.makeKey());
    },
    "ssh-key-for-other-repository",
    /of `acme\/docs`, and not of `acme\/site`/,
  ],
  "a key of somebody without access": [
    async (room) => {
      await room.trustHost();
      room.addAccountKey("eve", await room.makeKey());
    },
    "repository-not-accessible",
    /knows the SSH key/,
  ],
  "a port that is closed": [
    async (room) => {
      await signedIn(room);
      await room.ssh.reach("bitbucket.org", "refused");
    },
    "ssh-port-blocked",
    /altssh\.bitbucket\.org/,
  ],
  "a firewall that cuts off": [
    async (room) => {
      await signedIn(room);
      await room.ssh.reach("bitbucket.org", "cut");
    },
    "ssh-port-blocked",
    /ends before a key was asked for/,
  ],
  "somebody else's host key": [
    async (room) => {
      await signedIn(room);
      room.ssh.changeHostKeys();
    },
    "ssh-host-key-changed",
    /is not Bitbucket/,
  ],
  "somebody else at the first contact": [
    async (room) => {
      room.addAccountKey("ana", await room.makeKey());
      room.ssh.changeHostKeys();
    },
    "ssh-host-key-unknown",
    /is not Bitbucket/,
  ],
  "a word that ssh does not know": [
    async (room) => {
      await signedIn(room);
      room.write(".ssh/config", "Host *\n\tUseKeychain yes\n", 0o600);
    },
    "config-unreadable",
    /\.ssh\/config:2.*usekeychain/is,
  ],
};

describe("is told, and nothing is changed for it:", () => {
  for (const [name, [arrange, id, words]] of Object.entries(FAULTS)) {
    test(name, async () => {
      await using room = await checkout();
      await arrange(room);
      expect((await room.git(["-C", "site", "ls-remote", "origin"])).code).not.toBe(0);
      const before = files(room);
      const { code, faults, first } = await doctor(room);
      expect({ code, faults }).toEqual({ code: 1, faults: [id] });
      expect(`${first?.what}\n${first?.next}`).toMatch(words);
      expect(files(room)).toEqual(before);
    });
  }
});

async function crowd(room: SshRoom): Promise<void> {
  await signedIn(room);
  const agent = await room.startAgent();
  for (let n = 0; n < 20; n++) await agent.add(await room.makeKey(`keys/${n}`));
}

/** What `fix` mends by a file alone, and what it wants a word for. */
const MENDED: Readonly<Record<string, readonly [Arrange, id: string, ...accept: string[]]>> = {
  "the retired host key": [
    async (room) => {
      await signedIn(room);
      room.write(".ssh/known_hosts", `# mine\n${RETIRED}example.com ssh-ed25519 AAAA\n`, 0o600);
    },
    "ssh-host-key-changed",
  ],
  "the retired host key beside today's": [
    async (room) => {
      await signedIn(room);
      room.write(".ssh/known_hosts", `${room.read(".ssh/known_hosts")}${RETIRED}`, 0o600);
    },
    "ssh-host-key-changed",
  ],
  "a host that is not known yet": [
    async (room) => {
      await signedIn(room);
      room.write(".ssh/known_hosts", "", 0o600);
    },
    "ssh-host-key-unknown",
  ],
  "a key that is open to others": [
    async (room) => {
      await signedIn(room);
      chmodSync(room.path(".ssh/id_ed25519"), 0o644);
    },
    "ssh-permissions-too-open",
  ],
  "a configuration that others may write to": [
    async (room) => {
      await signedIn(room);
      chmodSync(room.write(".ssh/config", "Host *\n", 0o600), 0o666);
    },
    "ssh-permissions-too-open",
  ],
  "a port that is closed, where the other one answers": [
    async (room) => {
      await signedIn(room);
      room.write(".ssh/known_hosts", "", 0o600);
      await room.ssh.reach("bitbucket.org", "refused");
    },
    "ssh-port-blocked",
  ],
  "an agent with twenty keys": [crowd, "ssh-too-many-keys", "ssh-too-many-keys"],
  "a line with somebody else's host key": [
    async (room) => {
      await signedIn(room);
      await room.trustHost({ keys: makeHostKeys() });
    },
    "ssh-host-key-changed",
    "ssh-host-key-changed",
  ],
};

/** A plain `fix` changes nothing, and says as the finding did what would. */
async function needsAWord(room: SshRoom, first: PublishedFinding | undefined): Promise<void> {
  const before = files(room);
  const { code, stderr } = await room.rekey(["fix", "--yes"], { cwd: "site" });
  expect(code).toBe(4);
  expect(stderr).toContain(`--accept ${first?.id}`);
  expect(stderr).not.toContain("nothing here can be fixed");
  expect(first?.next).toContain(`git rekey fix --accept ${first?.id}`);
  expect(files(room)).toEqual(before);
}

describe("is mended and taken back:", () => {
  for (const [name, [arrange, id, ...accept]] of Object.entries(MENDED)) {
    test(name, async () => {
      await using room = await checkout();
      await arrange(room);
      const before = files(room);
      const { faults, first } = await doctor(room);
      expect(faults).toEqual([id]);
      if (accept.length > 0) await needsAWord(room, first);
      const fixed = await room.rekey(["fix", "--yes", ...accept.flatMap((one) => ["--accept", one])], {
        cwd: "site",
      });
      expect(fixed.code, fixed.stderr).toBe(0);
      if (first?.severity === "error")
        expect(fixed.stdout).toContain("git fetch of `origin` as you run it: succeeded");
      expect((await lsRemote(room)).code).toBe(0);
      expect(await doctor(room)).toMatchObject({ code: 0, faults: [], notes: [] });
      expect((await room.rekey(["undo", "--yes"], { cwd: "site" })).code).toBe(0);
      expect(files(room)).toEqual(before);
    });
  }
});

test("a rule that turns SSH into HTTPS is taken out at a word, without any token", async () => {
  await using room = await checkout();
  await signedIn(room);
  await room.git(["config", "--global", "url.https://bitbucket.org/.insteadOf", "git@bitbucket.org:"]);
  const before = files(room);
  const { stdout, stderr, code } = await room.rekey(["fix", "--yes", "--accept", "ssh-rewritten-to-https"], {
    cwd: "site",
  });
  expect(code, stderr).toBe(0);
  expect(stdout).toContain("git fetch of `origin` as you run it: succeeded");
  expect(await doctor(room)).toMatchObject({ code: 0, faults: [], notes: [] });
  expect((await room.rekey(["undo", "--yes"], { cwd: "site" })).code).toBe(0);
  expect(files(room)).toEqual(before);
});

describe("where a mended way is still closed", () => {
  test("host keys stay known, and what is left is said", async () => {
    await using room = await checkout();
    await room.makeKey();
    const { stdout, stderr, code } = await room.rekey(["fix", "--yes"], { cwd: "site" });
    expect(code).toBe(1);
    expect(stdout).toMatch(/git fetch of `origin` as you run it: failed.*Permission\s+denied/s);
    expect(stderr).toContain("`git rekey doctor` says what is left");
    expect(await doctor(room)).toMatchObject({ code: 1, faults: ["ssh-key-refused"] });
    expect((await room.rekey(["undo", "--yes"], { cwd: "site" })).code).toBe(0);
    expect(room.exists(".ssh/known_hosts")).toBe(false);
  });

  test("a block that was no help goes again", async () => {
    await using room = await checkout();
    await crowd(room);
    for (const { sshKeys } of room.emulator.world.accounts.values()) sshKeys.length = 0;
    const before = files(room);
    const { stderr, code } = await room.rekey(["fix", "--yes", "--accept", "ssh-too-many-keys"], {
      cwd: "site",
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/Permission denied.*everything was put back as it was/s);
    expect(files(room)).toEqual(before);
  });
});

test("a stranger's host key is never written down, whatever is agreed to", async () => {
  await using room = await checkout();
  room.addAccountKey("ana", await room.makeKey());
  const strange: HostKey[] = makeHostKeys();
  room.ssh.changeHostKeys(strange);
  await room.trustHost({ keys: strange });
  const before = files(room);
  // ssh lets it in, because somebody has said so before.
  expect((await lsRemote(room)).code).toBe(0);
  const { code, faults, first } = await doctor(room);
  expect({ code, faults }).toEqual({ code: 1, faults: ["ssh-host-key-changed"] });
  expect(first?.what).toContain("is not Bitbucket");
  const fixed = await room.rekey(["fix", "--yes", "--accept", "ssh-host-key-changed"], { cwd: "site" });
  expect(fixed.code).not.toBe(0);
  expect(files(room)).toEqual(before);
});

test("where known_hosts is another file, no fix is promised", async () => {
  await using room = await checkout();
  room.addAccountKey("ana", await room.makeKey());
  room.write(".ssh/config", "UserKnownHostsFile ~/hosts\n", 0o600);
  const { first } = await doctor(room);
  expect(first?.id).toBe("ssh-host-key-unknown");
  expect(first?.next).toContain(room.path("hosts"));
  expect(first?.next).not.toContain("git rekey fix");
});

test("a program that only the repository names is not said to be no OpenSSH", async () => {
  await using room = await checkout();
  await signedIn(room);
  await room.git(["-C", "site", "config", "core.sshCommand", "ssh -F ./config"]);
  expect(await doctor(room)).toMatchObject({ faults: ["untrusted-repository-setting"], notes: [] });
});

describe("an access key", () => {
  test("is a remark where only fetching is wanted, and a fault with --push", async () => {
    await using room = await checkout();
    await room.trustHost();
    room.addAccessKey("acme/site", await room.makeKey());
    expect(await doctor(room)).toMatchObject({ code: 0, faults: [], notes: ["ssh-key-read-only"] });
    expect(await doctor(room, "--push")).toMatchObject({ code: 1, faults: ["ssh-key-read-only"] });
  });

  test("is a fault where the push alone goes over SSH", async () => {
    await using room = await checkout();
    await room.trustHost();
    room.addAccessKey("acme/site", await room.makeKey());
    await room.git(["-C", "site", "remote", "set-url", "origin", "/srv/mirror"]);
    await room.git(["-C", "site", "remote", "set-url", "--push", "origin", SITE]);
    expect(await doctor(room)).toMatchObject({ code: 1, faults: ["ssh-key-read-only"] });
  });
});

describe("nothing is said where it works", () => {
  test("with one key", async () => {
    await using room = await checkout();
    await signedIn(room);
    expect(await doctor(room, "--push")).toMatchObject({ code: 0, faults: [], notes: [] });
  });

  test("by an alias, by the other port, and with known_hosts hashed", async () => {
    await using room = await checkout();
    room.addAccountKey("ana", await room.makeKey(".ssh/work"));
    await room.trustHost({ hashed: true });
    mkdirSync(room.path(".ssh"), { recursive: true });
    const block =
      "Host bb\n\tHostName altssh.bitbucket.org\n\tPort 443\n\tUser git\n\tIdentityFile ~/.ssh/work\n\tIdentitiesOnly yes\n";
    room.write(".ssh/config", block, 0o600);
    await room.git(["-C", "site", "remote", "set-url", "origin", "bb:acme/site.git"]);
    expect((await room.git(["-C", "site", "ls-remote", "origin"])).code).toBe(0);
    expect(await doctor(room)).toMatchObject({ code: 0, faults: [], notes: [] });
  });
});
