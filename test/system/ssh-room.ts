/**
 * A room in which the machine's own OpenSSH and git reach the emulator as `git@bitbucket.org`, with no word of
 * configuration. Nothing of ssh is faked: libnss-wrapper tells every program of the room where the home folder is,
 * which OpenSSH takes from the password database and not from `$HOME`, and where Bitbucket's names lead. Needs the
 * right to listen on ports 22 and 443.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { EmulatorOptions } from "../../emulator/index.ts";
import { type Endpoint, fingerprintOf, type HostKey, type SshServer, startSsh } from "../../emulator/ssh.ts";
import type { SshKey } from "../../emulator/world.ts";
import { type EmulatedSandbox, type Ran, type RunOptions, type Sandbox, withEmulator } from "../sandbox.ts";

/** A key pair of the room. */
export interface KeyPair {
  /** Of the private half. */
  readonly file: string;
  /** Type, key and comment. */
  readonly publicKey: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
}

export interface KeyOptions {
  /** Default: `ed25519`. */
  type?: "ed25519" | "ecdsa" | "rsa";
  passphrase?: string;
  comment?: string;
}

export interface KnownHostsOptions {
  /** Default: those the server has now. */
  keys?: readonly HostKey[];
  /** Default: bitbucket.org and altssh.bitbucket.org, as OpenSSH names them. */
  names?: readonly string[];
  /** As Debian's OpenSSH writes them. */
  hashed?: boolean;
}

export interface Agent {
  readonly socket: string;
  add(...keys: readonly KeyPair[]): Promise<void>;
  /** Fingerprints, in the order they are offered in. */
  list(): Promise<string[]>;
}

export interface SshRoom extends EmulatedSandbox {
  readonly ssh: SshServer;
  /** The machine's ssh. It has no terminal, so it asks nobody. */
  runSsh(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Makes a key pair below the home folder. Default: `.ssh/id_ed25519`, which ssh finds by itself. */
  makeKey(file?: string, options?: KeyOptions): Promise<KeyPair>;
  /** Registers a key with an account, by its user name. */
  addAccountKey(username: string, key: KeyPair, label?: string): void;
  /** Registers a key as access key of `workspace/slug`. */
  addAccessKey(repository: string, key: KeyPair, label?: string): void;
  /** Writes `~/.ssh/known_hosts`. */
  trustHost(options?: KnownHostsOptions): Promise<void>;
  /** Starts an agent of the room's own, which its programs then find. It ends with the room. */
  startAgent(): Promise<Agent>;
}

const LIBRARY = [...new Bun.Glob("/usr/lib/*/libnss_wrapper.so").scanSync()][0] ?? "libnss_wrapper.so";

const BITBUCKET = "bitbucket.org";
const ALTSSH = "altssh.bitbucket.org";

/** What OpenSSH calls the two in a `known_hosts` file. */
const NAMES = [BITBUCKET, `[${ALTSSH}]:443`];

/** An address of this machine that most likely nobody else listens on. */
function someLoopback(): string {
  const part = (): number => 1 + Math.floor(Math.random() * 254);
  return `127.${part()}.${part()}.${part()}`;
}

/** Two addresses of the room's own: rooms are made in parallel, and every one needs ports 22 and 443. */
async function startOnLoopback(box: EmulatedSandbox): Promise<SshServer> {
  for (let left = 5; ; left -= 1) {
    const endpoints: Endpoint[] = [
      { host: BITBUCKET, address: someLoopback(), port: 22 },
      { host: ALTSSH, address: someLoopback(), port: 443 },
    ];
    try {
      return await startSsh(box.emulator, endpoints);
    } catch (error) {
      if (left === 0 || (error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
}

/** Puts the names and the home folder of the room into the environment of its programs. */
function wrapNames(box: Sandbox, endpoints: readonly Endpoint[]): void {
  const folder = join(box.root, "nss");
  mkdirSync(folder, { mode: 0o700 });
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  const files = {
    PASSWD: `ana:x:${uid}:${gid}:Ana:${box.home}:/bin/sh\n`,
    GROUP: `ana:x:${gid}:\n`,
    HOSTS: `127.0.0.1 localhost\n${endpoints.map(({ address, host }) => `${address} ${host}\n`).join("")}`,
  };
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name.toLowerCase());
    writeFileSync(file, text);
    box.env[`NSS_WRAPPER_${name}`] = file;
  }
  box.env.LD_PRELOAD = LIBRARY;
  delete box.env.GIT_ALLOW_PROTOCOL;
}

function must(ran: Ran, what: string): Ran {
  if (ran.code !== 0) throw new Error(`${what}: ${ran.stderr}`);
  return ran;
}

async function makeKey(box: Sandbox, file: string, options: KeyOptions): Promise<KeyPair> {
  const { type = "ed25519", passphrase = "", comment = "ana@laptop" } = options;
  const path = box.path(file);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const argv = ["ssh-keygen", "-q", "-t", type, "-N", passphrase, "-C", comment, "-f", path];
  must(await box.run(type === "rsa" ? [...argv, "-b", "2048"] : argv), "ssh-keygen");
  const publicKey = box.read(`${file}.pub`).trim();
  const fingerprint = fingerprintOf(Buffer.from(publicKey.split(" ")[1] ?? "", "base64"));
  return { file: path, publicKey, fingerprint };
}

let lastId = 0;

function registered({ publicKey }: KeyPair, label: string): SshKey {
  const [type = "", base64 = "", ...comment] = publicKey.split(" ");
  lastId += 1;
  return { id: lastId, label, key: `${type} ${base64}`, comment: comment.join(" ") };
}

async function trustHost(box: Sandbox, ssh: SshServer, options: KnownHostsOptions): Promise<void> {
  const { keys = ssh.hostKeys, names = NAMES, hashed = false } = options;
  mkdirSync(box.path(".ssh"), { recursive: true, mode: 0o700 });
  const lines = names.flatMap((name) => keys.map(({ type, base64 }) => `${name} ${type} ${base64}\n`));
  const file = box.write(".ssh/known_hosts", lines.join(""), 0o600);
  if (!hashed) return;
  must(await box.run(["ssh-keygen", "-q", "-H", "-f", file]), "ssh-keygen -H");
  await box.run(["rm", `${file}.old`]);
}

/** `cat` waits for us, and so the agent ends with this process, however that ends. */
const AGENT = 'ssh-agent -D -a "$1" & cat; kill $!; wait';

async function startAgent(box: Sandbox, ending: (() => Promise<void>)[]): Promise<Agent> {
  const socket = join(box.root, "run", `agent-${ending.length}`);
  // Debian's is set-group-ID, and loads nothing that LD_PRELOAD names.
  const { LD_PRELOAD, ...env } = box.env;
  const child = Bun.spawn(["sh", "-c", AGENT, "sh", socket], {
    env,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
  });
  ending.push(async () => {
    await child.stdin.end();
    await child.exited;
  });
  // It names its socket when that is there.
  const reader = child.stdout.getReader();
  await reader.read();
  reader.releaseLock();
  box.env.SSH_AUTH_SOCK = socket;
  return {
    socket,
    async add(...keys) {
      for (const { file } of keys) must(await box.run(["ssh-add", "-q", file]), "ssh-add");
    },
    async list() {
      const { stdout } = await box.run(["ssh-add", "-l"]);
      return stdout.match(/SHA256:\S+/g) ?? [];
    },
  };
}

/** A room with an emulator that also serves SSH. All of it goes together. */
export async function withSsh(options: EmulatorOptions = {}): Promise<SshRoom> {
  const box = await withEmulator(options);
  const ending: (() => Promise<void>)[] = [];
  const ssh = await startOnLoopback(box).catch(async (error: unknown) => {
    await box.remove();
    throw error;
  });
  wrapNames(box, ssh.endpoints);

  async function remove(): Promise<void> {
    await Promise.all(ending.splice(0).map((end) => end()));
    await ssh.stop();
    await box.remove();
  }

  return {
    ...box,
    ssh,
    runSsh: (args, given) => box.run(["ssh", ...args], given),
    makeKey: (file = ".ssh/id_ed25519", given = {}) => makeKey(box, file, given),
    addAccountKey(username, key, label = "laptop") {
      const account = box.emulator.world.accounts.get(username);
      if (!account) throw new Error(`there is no account ${username}`);
      account.sshKeys.push(registered(key, label));
    },
    addAccessKey(name, key, label = "server") {
      const repository = box.emulator.world.repositories.get(name);
      if (!repository) throw new Error(`there is no repository ${name}`);
      repository.deployKeys.push(registered(key, label));
    },
    trustHost: (given = {}) => trustHost(box, ssh, given),
    startAgent: () => startAgent(box, ending),
    remove,
    [Symbol.asyncDispose]: remove,
  };
}
