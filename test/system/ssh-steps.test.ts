// Needs: openssh-client, libnss-wrapper, low-ports
/** A plan that sets up SSH, carried out and taken back with the machine's own OpenSSH and git. */
import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CarriedOut, carryOutWork } from "../../src/cli/carry-out.ts";
import { EXIT } from "../../src/cli/exit.ts";
import { openShell } from "../../src/cli/shell.ts";
import type { SshMeans } from "../../src/cli/ssh-means.ts";
import type { PlannedStep, SshHostBlock, Step } from "../../src/core/plan.ts";
import { undo } from "../../src/steps/undo.ts";
import { readSelf } from "../../src/world/self.ts";
import { Cancelled } from "../../src/world/terminal.ts";
import type { Snapshot } from "../sandbox.ts";
import { type SshRoom, withSsh } from "./ssh-room.ts";

const HTTPS = "https://bitbucket.org/acme/site.git";
const ALIAS = "bitbucket.org-acme-site";
const URL = `git@${ALIAS}:acme/site.git`;
const PAGE = "https://bitbucket.org/acme/site/admin/access-keys/";

/** A server with a clone over HTTPS, whose token is refused by now. */
class Server implements AsyncDisposable {
  readonly shell;
  readonly said: string[] = [];

  private constructor(readonly room: SshRoom) {
    this.shell = openShell({ ...readSelf(), env: room.env, home: room.home, cwd: room.path("site") });
  }

  static async open(): Promise<Server> {
    const room = await withSsh();
    await room.git(["init", "--quiet", "--initial-branch=main", "site"]);
    await room.git(["-C", "site", "remote", "add", "origin", HTTPS]);
    await room.git(["-C", "site", "commit", "--quiet", "--allow-empty", "--message", "One"]);
    return new Server(room);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.room.remove();
  }

  ssh(name: string): string {
    return this.room.path(".ssh", name);
  }

  /** A pair as the command makes it: beside everything, read and removed. */
  async makePair() {
    const pair = await this.room.makeKey("made/key", { comment: "ana@server" });
    const [secret, open] = [readFileSync(pair.file, "utf8"), readFileSync(`${pair.file}.pub`, "utf8")];
    rmSync(this.room.path("made"), { recursive: true });
    return { ...pair, private: secret, key: { private: this.shell.vault.keep(secret), public: open } };
  }

  means(ssh: Partial<SshMeans>): SshMeans {
    const { emulator } = this.room;
    const secret = this.shell.vault.keep(emulator.secret("api-token-keys"));
    return {
      key: null,
      hostKeys: this.room.ssh.hostKeys.map(({ type, base64: key, fingerprint }) => ({
        type,
        key,
        fingerprint,
      })),
      rest: {
        http: this.shell.http,
        credential: { scheme: "basic", user: "ana@acme.example", secret },
        proxy: emulator.proxyUrl,
        ca: readFileSync(emulator.caFile, "utf8"),
      },
      mayAsk: false,
      trustsRepository: false,
      ...ssh,
    };
  }

  carryOut(steps: readonly PlannedStep[], ssh: SshMeans): Promise<CarriedOut> {
    const cwd = this.room.path("site");
    const progress = (text: string) => void this.said.push(text);
    const work = { steps, target: cwd, mustForget: false };
    return carryOutWork(this.shell, work, { cwd, token: null, ssh, action: "fix", progress });
  }

  /** All but receipts, and what a fetch brings. */
  get files(): Snapshot {
    const others = /^\.local|^\.cache|^site\/\.git\/(?:objects|refs|logs|FETCH_HEAD)/;
    return this.room.snapshot(".", (path) => others.test(path));
  }
}

const safe = (phase: PlannedStep["phase"], ...steps: Step[]): PlannedStep[] =>
  steps.map((step) => ({ phase, safety: "safe", answers: null, step }));

/** What `fix --with ssh` would plan for a server that only pulls. */
function planFor(
  server: Server,
  { register = true, file = "bitbucket_acme_site", ...block }: PlanOptions = {},
) {
  const key = server.ssh(file);
  const known = server.ssh("known_hosts");
  const repository = { workspace: "acme", repository: "site" };
  const publicKey = `${key}.pub`;
  const host: SshHostBlock = {
    host: ALIAS,
    hostname: "bitbucket.org",
    port: null,
    user: "git",
    identityFile: key,
    hostKeyAlias: "bitbucket.org",
    ...block,
  };
  return [
    ...safe(
      "change",
      { kind: "put-ssh-key", file: key, half: "private" },
      { kind: "put-ssh-key", file: publicKey, half: "public" },
      { kind: "add-known-hosts", file: known, host: "bitbucket.org" },
      { kind: "add-ssh-host", file: server.ssh("config"), block: host },
    ),
    ...(register
      ? safe("change", { kind: "register-key", repository, label: "ana at server", publicKey })
      : []),
    ...safe("prove", {
      kind: "prove",
      direction: "fetch",
      remote: "origin",
      url: URL,
      source: { kind: "ssh", key },
    }),
    ...safe("cleanUp", {
      kind: "set-config",
      file: server.room.path("site/.git/config"),
      entry: { key: "remote.origin.url", occurrence: 0 },
      to: URL,
    }),
    ...safe("verify", { kind: "verify", direction: "fetch", remote: "origin", url: URL, source: null }),
  ];
}

type PlanOptions = Partial<SshHostBlock> & { register?: boolean; file?: string };

test("from nothing to a server that pulls, and back, byte for byte", async () => {
  await using server = await Server.open();
  const { room } = server;
  const agent = await room.startAgent();
  await agent.add(await room.makeKey("elsewhere/agents"));
  const before = server.files;
  const inAgent = await agent.list();
  const pair = await server.makePair();

  const { receipt, failed } = await server.carryOut(planFor(server), server.means({ key: pair.key }));
  expect(failed).toBeNull();
  expect(receipt.proven.map(({ how, result }) => [how, result])).toEqual([
    ["prove", "succeeded"],
    ["verify", "succeeded"],
  ]);
  // The new key alone was offered, both times; nothing of the agent's.
  expect(room.ssh.log.map(({ offered }) => offered)).toEqual([[pair.fingerprint], [pair.fingerprint]]);
  expect((await room.git(["-C", "site", "fetch", "--quiet", "origin"])).code).toBe(0);
  const push = await room.git(["-C", "site", "push", "origin", "HEAD:refs/heads/x"]);
  expect(push.stderr).toContain("access via a deployment key is read-only");

  const undone = await undo(server.shell, receipt.id, "0.0.0");
  expect(undone.left).toEqual([
    { what: "the access key `ana at server` of `acme/site`", reason: `it is taken away at ${PAGE}` },
  ]);
  expect(server.files).toEqual(before);
  expect(await agent.list()).toEqual(inAgent);
});

test.each<[string, PlanOptions]>([
  ["by port 443, where 22 is closed", { hostname: "altssh.bitbucket.org", port: 443 }],
  ["with a key whose name is no plain word", { file: "50% of 'my' key é #1" }],
])("%s", async (_, options) => {
  await using server = await Server.open();
  if (options.port === 443) await server.room.ssh.reach("bitbucket.org", "refused");
  const { key } = await server.makePair();
  const { failed } = await server.carryOut(planFor(server, options), server.means({ key }));
  expect(failed).toBeNull();
});

describe("everything is put back", () => {
  const expectBack = async (
    server: Server,
    run: () => Promise<CarriedOut>,
    code: number,
    reason: RegExp,
  ): Promise<void> => {
    const before = server.files;
    const { receipt, failed } = await run();
    expect(failed?.reason).toMatch(reason);
    expect(failed?.code).toBe(code);
    expect(receipt.state).toBe("rolled-back");
    expect(server.files).toEqual(before);
    expect(server.room.emulator.world.repositories.get("acme/site")?.deployKeys).toEqual([]);
  };

  test("when the server is not the one whose keys were added", async () => {
    await using server = await Server.open();
    const { key } = await server.makePair();
    const means = server.means({ key });
    server.room.ssh.changeHostKeys();
    await expectBack(
      server,
      () => server.carryOut(planFor(server), means),
      EXIT.findings,
      /^git did not sign in with the SSH key alone \(fetch: .*(?:HOST IDENTIFICATION|Host key verification)/,
    );
  });

  test("when another key than the new one opened the door", async () => {
    await using server = await Server.open();
    const { room } = server;
    const old = await room.makeKey(".ssh/old");
    room.addAccountKey("ana", old);
    room.write(".ssh/config", `Host *\n\tIdentityFile ${old.file}\n`, 0o600);
    const { key } = await server.makePair();
    const plan = planFor(server, { register: false });
    await expectBack(
      server,
      () => server.carryOut(plan, server.means({ key })),
      EXIT.findings,
      /Bitbucket took another key, `.*\/\.ssh\/old`/,
    );
  });

  test("when the key is registered nowhere, with what Bitbucket said and nothing else", async () => {
    await using server = await Server.open();
    const { key } = await server.makePair();
    const plan = planFor(server, { register: false });
    const run = () => server.carryOut(plan, server.means({ key }));
    await expectBack(
      server,
      run,
      EXIT.findings,
      /\(fetch: git@bitbucket.org: Permission denied \(publickey\)/,
    );
    const { failed } = await run();
    expect(failed?.reason).not.toMatch(/debug1|OpenSSH_/);
  });

  test("when the last step fails, the key at Bitbucket too", async () => {
    await using server = await Server.open();
    const { key } = await server.makePair();
    const plan = planFor(server);
    const last: Step = {
      kind: "verify",
      direction: "fetch",
      remote: null,
      url: "git@bitbucket.org:acme/missing.git",
      source: null,
    };
    await expectBack(
      server,
      () => server.carryOut([...plan, ...safe("verify", last)], server.means({ key })),
      EXIT.findings,
      /^git still does not sign in/,
    );
  });

  test("when the credential may not add keys", async () => {
    await using server = await Server.open();
    const { key } = await server.makePair();
    const { rest } = server.means({});
    const secret = server.shell.vault.keep(server.room.emulator.secret("api-token"));
    const poor = rest && { ...rest, credential: { ...rest.credential, secret } };
    await expectBack(
      server,
      () => server.carryOut(planFor(server), server.means({ key, rest: poor })),
      EXIT.personNeeded,
      /`admin:repository:bitbucket`.*by hand: https:\/\/bitbucket\.org\/acme\/site\/admin\/access-keys\/$/,
    );
  });

  test.each<[string, SshMeans["registered"], number, RegExp]>([
    [
      "when a person will not register it",
      async () => "the key is not registered yet",
      EXIT.personNeeded,
      /not registered yet/,
    ],
    [
      "when a person presses Ctrl-C at the question",
      () => Promise.reject(new Cancelled()),
      EXIT.cancelled,
      /cancelled/,
    ],
    [
      "when a signal comes meanwhile, without waiting for the person",
      () => {
        process.emit("SIGTERM");
        return new Promise(() => {});
      },
      EXIT.cancelled,
      /cancelled/,
    ],
  ])("%s", async (_, registered, code, reason) => {
    await using server = await Server.open();
    const { key } = await server.makePair();
    const plan = planFor(server, { register: false });
    const means = server.means({ key, ...(registered ? { registered } : {}) });
    await expectBack(server, () => server.carryOut(plan, means), code, reason);
  });
});

test("a person registers it while everything waits", async () => {
  await using server = await Server.open();
  const pair = await server.makePair();
  const registered = async () => {
    expect(server.room.exists(".ssh/bitbucket_acme_site.pub")).toBe(true);
    expect(server.room.read("site/.git/config")).toContain(HTTPS);
    server.room.addAccessKey("acme/site", pair);
    return null;
  };
  const means = server.means({ key: pair.key, rest: null, registered });
  expect((await server.carryOut(planFor(server, { register: false }), means)).failed).toBeNull();
});

test("no program of the repository's own is run", async () => {
  await using server = await Server.open();
  const { room } = server;
  await room.git(["-C", "site", "config", "core.sshCommand", `touch ${room.path("ran")}; ssh`]);
  await room.git(["-C", "site", "config", "ssh.variant", "simple"]);
  const { key } = await server.makePair();
  const first = await server.carryOut(planFor(server), server.means({ key }));
  expect(first.failed).toBeNull();
  expect(first.receipt.proven).toMatchObject([
    { how: "prove", result: "succeeded" },
    {
      how: "verify",
      result: "not-run",
      detail: expect.stringContaining("only this repository sets `core.sshCommand`"),
    },
  ]);
  expect(room.exists("ran")).toBe(false);
  await undo(server.shell, first.receipt.id, "0.0.0");
  room.emulator.world.repositories.get("acme/site")?.deployKeys.splice(0);
  await room.git(["-C", "site", "config", "--unset", "ssh.variant"]);
  const trusted = await server.carryOut(planFor(server), server.means({ key, trustsRepository: true }));
  expect(trusted.receipt.proven.map(({ result }) => result)).toEqual(["succeeded", "succeeded"]);
  expect(room.exists("ran")).toBe(true);
});

test("where Git may use no SSH, none is run", async () => {
  await using server = await Server.open();
  const before = server.files;
  server.room.env.GIT_ALLOW_PROTOCOL = "file:https";
  const { key } = await server.makePair();
  const { failed } = await server.carryOut(planFor(server), server.means({ key }));
  expect(failed?.reason).toContain("`GIT_ALLOW_PROTOCOL` lets Git use no SSH");
  expect(server.room.ssh.log).toEqual([]);
  expect(server.files).toEqual(before);
});

/** Notes what it was started with, then is the real one. */
function record(room: SshRoom, program: string, folder: string): void {
  const real = Bun.which(program, { PATH: room.env.PATH ?? "" });
  const text = `#!/bin/sh\n{ printf '<%s>' "$@"; cat /proc/self/environ | tr '\\0' '\\n'; } > '${folder}'/${program}-$$\nexec '${real}' "$@"\n`;
  writeFileSync(join(folder, "..", "first", program), text);
  chmodSync(join(folder, "..", "first", program), 0o755);
}

test("the private half is seen by nobody: no child, no word, no journal, no receipt", async () => {
  await using server = await Server.open();
  const { room } = server;
  const [first, children] = [join(room.root, "first"), join(room.root, "children")];
  for (const folder of [first, children]) mkdirSync(folder);
  for (const program of ["git", "ssh"]) record(room, program, children);
  room.env.PATH = `${first}:${room.env.PATH}`;
  const { key, private: secret } = await server.makePair();
  const good = await server.carryOut(planFor(server), server.means({ key }));
  await undo(server.shell, good.receipt.id, "0.0.0");
  const bad = await server.carryOut(planFor(server, { register: false }), server.means({ key, rest: null }));
  const receipts = room.path(".local/state/git-rekey/receipts");
  const kept = readdirSync(receipts, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:ndjson|json)$/.test(name))
    .map((name) => readFileSync(join(receipts, name), "utf8"));
  const seen = readdirSync(children).map((name) => readFileSync(join(children, name), "latin1"));
  expect(seen.length).toBeGreaterThan(4);
  expect(kept.length).toBeGreaterThan(4);
  const texts = [...seen, ...kept, ...server.said, JSON.stringify([good, bad, planFor(server)])];
  // The first lines are the same in every key; the rest is in no other place than this one.
  const lines = secret.split("\n").slice(3, -2).join("");
  const pieces = Array.from({ length: lines.length - 11 }, (_, at) => lines.slice(at, at + 12));
  expect(pieces.length).toBeGreaterThan(100);
  // In the private half the public one is repeated.
  for (const piece of pieces.filter((one) => !key.public.includes(one)))
    for (const text of texts) expect(text.includes(piece)).toBe(false);
  // Whatever is said goes through the vault.
  const masked = server.shell.vault.mask(`x ${secret.split("\n")[3]} ${JSON.stringify(secret)} y`);
  for (const piece of pieces) expect(masked.includes(piece)).toBe(false);
});
