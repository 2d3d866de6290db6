/** The SSH host as a library's client sees it. `test/system/ssh-*.test.ts` have real OpenSSH and git. */
import { afterAll, expect, test } from "bun:test";
import ssh2, { type ConnectConfig } from "ssh2";
import { makeRepository, startEmulator } from "../../emulator/index.ts";
import { fingerprintOf, startSsh } from "../../emulator/ssh.ts";
import { makeHostKeys } from "../../emulator/ssh-host-keys.ts";

const emulator = await startEmulator();
const server = await startSsh(emulator);
const port = server.endpoints[0]?.port ?? 0;
afterAll(async () => {
  await server.stop();
  await emulator.stop();
});

interface Pair {
  privateKey: string;
  publicKey: string;
  fingerprint: string;
}

function makePair(): Pair {
  const { private: privateKey, public: publicKey } = ssh2.utils.generateKeyPairSync("ed25519");
  const bytes = Buffer.from(publicKey.split(" ")[1] ?? "", "base64");
  return { privateKey, publicKey, fingerprint: fingerprintOf(bytes) };
}

let lastId = 0;

/** A pair whose public half is registered: with the account of that name, or as access key of the repository. */
function registered(where: string): Pair {
  const pair = makePair();
  lastId += 1;
  const key = { id: lastId, label: "a key", key: pair.publicKey.trim() };
  const { accounts, repositories } = emulator.world;
  (accounts.get(where)?.sshKeys ?? repositories.get(where)?.deployKeys)?.push(key);
  return pair;
}

function connect(config: ConnectConfig): Promise<ssh2.Client> {
  const client = new ssh2.Client();
  const { promise, resolve, reject } = Promise.withResolvers<ssh2.Client>();
  client.on("ready", () => resolve(client)).on("error", reject);
  client.connect({ host: "127.0.0.1", port, username: "git", ...config });
  return promise;
}

/** What a command says and ends with. */
async function run(
  pair: Pair,
  command: string,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const client = await connect({ privateKey: pair.privateKey });
  const { promise, resolve, reject } = Promise.withResolvers<{
    code: number | null;
    stdout: string;
    stderr: string;
  }>();
  client.exec(command, (error, channel) => {
    if (error) return reject(error);
    const told = { code: null as number | null, stdout: "", stderr: "" };
    channel.on("data", (chunk: Buffer) => {
      told.stdout += chunk.toString("latin1");
    });
    channel.stderr.on("data", (chunk: Buffer) => {
      told.stderr += chunk.toString("latin1");
    });
    channel.on("exit", (code: number | null) => {
      told.code = code;
    });
    // What is fetched is not wanted.
    channel.on("close", () => resolve(told)).end("0000");
  });
  const told = await promise;
  client.end();
  return told;
}

test("a repository is named in many ways, quoted or not", async () => {
  emulator.world.repositories.set("acme/many", makeRepository("acme/many"));
  const pair = registered("acme/many");
  const arguments_ = ["'acme/many.git'", "'/acme/many.git'", "'acme/many'", "acme/many", "'/acme/many/'"];
  for (const each of arguments_) {
    const told = await run(pair, `git-upload-pack ${each}`);
    expect(told, each).toMatchObject({ code: 0, stderr: "" });
    expect(told.stdout).toContain("refs/heads/main");
  }
  expect((await run(pair, "git upload-pack 'acme/many.git'")).code).toBe(0);
  for (const each of ["'acme'", "'acme/many/more'", "'../acme/many'", "''"])
    expect(await run(pair, `git-upload-pack ${each}`), each).toEqual({
      code: 1,
      stdout: "",
      stderr: "repository access denied. deployment key is not associated with the requested repository.\n",
    });
});

test("who may what", async () => {
  const cases: [string, string, string, string][] = [
    ["ana", "upload-pack", "acme/site", ""],
    ["ana", "receive-pack", "acme/site", ""],
    ["ana", "receive-pack", "other/tools", ""],
    ["bob", "upload-pack", "acme/site", ""],
    ["bob", "receive-pack", "acme/site", "repository access denied.\n"],
    ["bob", "receive-pack", "acme/docs", ""],
    ["bob", "upload-pack", "other/tools", "repository access denied.\n"],
    ["eve", "upload-pack", "acme/site", "repository access denied.\n"],
    ["eve", "upload-pack", "acme/docs", ""],
    ["eve", "upload-pack", "acme/gone", "repository does not exist.\n"],
    ["acme/site", "upload-pack", "acme/site", ""],
    [
      "acme/site",
      "receive-pack",
      "acme/site",
      "repository access denied. access via a deployment key is read-only.\n",
    ],
    [
      "acme/site",
      "receive-pack",
      "acme/docs",
      "repository access denied. deployment key is not associated with the requested repository.\n",
    ],
  ];
  for (const [holder, service, repository, stderr] of cases) {
    const told = await run(registered(holder), `git-${service} '${repository}.git'`);
    expect(told.stderr, `${holder} ${service} ${repository}`).toBe(stderr);
    expect(told.code).toBe(stderr === "" ? 0 : 1);
  }
});

test("a key is worth nothing without its private half", async () => {
  const [known, own] = [registered("ana"), makePair()];
  const parsed = ssh2.utils.parseKey(own.privateKey);
  if (parsed instanceof Error) throw parsed;
  class Liar extends ssh2.BaseAgent {
    override getIdentities(done: (error: undefined, keys: string[]) => void): void {
      done(undefined, [known.publicKey]);
    }
    override sign(_key: unknown, data: Buffer, options: unknown, done?: unknown): void {
      const tell = (done ?? options) as (error: undefined, signature: Buffer) => void;
      if (!(parsed instanceof Error)) tell(undefined, parsed.sign(data));
    }
  }
  server.clearLog();
  await expect(connect({ agent: new Liar() as never })).rejects.toThrow("authentication");
  expect(server.log).toMatchObject([{ offered: [known.fingerprint], accepted: null, commands: [] }]);
});

test("no password, no other user, no unknown key", async () => {
  const { privateKey } = registered("ana");
  await expect(connect({ password: "open sesame" })).rejects.toThrow("authentication");
  await expect(connect({ username: "ana", privateKey })).rejects.toThrow("authentication");
  await expect(connect({ privateKey: makePair().privateKey })).rejects.toThrow("authentication");
});

test("the host key is new in every emulator, and can change while it runs", async () => {
  const { privateKey } = registered("ana");
  async function seen(): Promise<string> {
    let fingerprint = "";
    const hostVerifier = (key: Buffer): boolean => {
      fingerprint = fingerprintOf(key);
      return true;
    };
    (await connect({ privateKey, hostVerifier })).end();
    return fingerprint;
  }
  const before = server.hostKeys.map(({ fingerprint }) => fingerprint);
  expect(before).toContain(await seen());
  server.changeHostKeys();
  const after = server.hostKeys.map(({ fingerprint }) => fingerprint);
  expect(after).toContain(await seen());
  expect(after.filter((each) => before.includes(each))).toEqual([]);
});

test("nobody there, nothing said, closed at once", async () => {
  const { privateKey } = registered("ana");
  const tell = () => connect({ privateKey, readyTimeout: 200 });
  await server.reach("bitbucket.org", "refused");
  await expect(tell()).rejects.toThrow(/ECONNREFUSED|connect/i);
  await server.reach("bitbucket.org", "silent");
  await expect(tell()).rejects.toThrow("Timed out");
  await server.reach("bitbucket.org", "cut");
  await expect(tell()).rejects.toThrow();
  await server.reach("bitbucket.org", "open");
  (await connect({ privateKey })).end();
});

test("every host key can be read again, that begins with a zero, too", () => {
  // One of 256 does.
  for (let left = 1500; left > 0; left -= 1) {
    const [key] = makeHostKeys(["ssh-ed25519"]);
    expect(ssh2.utils.parseKey(key?.privateKey ?? "")).not.toBeInstanceOf(Error);
  }
});
