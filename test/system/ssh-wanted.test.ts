// Needs: openssh-client, libnss-wrapper, low-ports
/** How it would be if the remotes led over SSH: what a fix and an advice want to know beforehand. */
import { describe, expect, test } from "bun:test";
import type { SshView } from "../../src/core/ssh.ts";
import { CHECKOUT } from "../sandbox.ts";
import { type KeyPair, type SshRoom, withSsh } from "./ssh-room.ts";

/** Looks as `fix --with ssh` does. In a process of the room's own, which is where its names and its home are. */
const LOOK = `
import { survey } from "${CHECKOUT}/src/probes/gather.ts";
import { openShell } from "${CHECKOUT}/src/cli/shell.ts";
const asked = { offline: false, email: null, runHelpers: false, trustRepository: false, hasTerminal: false, push: false };
const { gathered } = await survey(openShell(), { ...asked, target: "site", ownHelper: "rekey", ssh: "wanted" });
console.log(JSON.stringify(gathered.ssh));
process.exit(0);
`;

async function withHttps(): Promise<{ room: SshRoom; key: KeyPair } & AsyncDisposable> {
  const room = await withSsh();
  const lines = room.ssh.hostKeys.map(({ type, base64 }) => `bitbucket.org ${type} ${base64}\n`);
  room.env.GIT_REKEY_SSH_HOST_KEYS = room.write("published", lines.join(""));
  await room.git(["init", "--quiet", "site"]);
  await room.git(["-C", "site", "remote", "add", "origin", "https://bitbucket.org/acme/site.git"]);
  return { room, key: await room.makeKey(), [Symbol.asyncDispose]: room.remove };
}

async function look(room: SshRoom): Promise<SshView> {
  const before = room.snapshot();
  const argv = [process.execPath, "--no-env-file", "-e", LOOK];
  // What it keeps of our own sources would be the one thing that is new in the home folder.
  const { stdout, stderr } = await room.run(argv, { env: { BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0" } });
  expect(room.snapshot()).toEqual(before);
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

const states = ({ outcomes }: SshView) =>
  outcomes.map(({ route, destination, state }) => [route.url.transport, route.direction, destination, state]);

describe("a repository over HTTPS", () => {
  test("whose key works already", async () => {
    await using scene = await withHttps();
    const { room, key } = scene;
    await room.trustHost();
    room.addAccountKey("ana", key);
    const view = await look(room);
    expect(view.destinations).toMatchObject([{ name: "bitbucket.org", user: "git", pinned: null }]);
    expect(view.destinations[0]?.attempt).toMatchObject({ state: "signed-in", as: "person" });
    expect(states(view)).toEqual([
      ["https", "fetch", "bitbucket.org", "ok"],
      ["https", "push", "bitbucket.org", "ok"],
    ]);
  });

  test("whose key will work once the host is known, and whose access key only reads", async () => {
    await using scene = await withHttps();
    const { room, key } = scene;
    room.addAccessKey("acme/site", key);
    const view = await look(room);
    const [destination] = view.destinations;
    expect(destination?.attempt).toMatchObject({ state: "refused", saying: "host-key-unknown" });
    expect(destination?.pinned).toMatchObject({
      state: "signed-in",
      as: "access-key",
      repositories: [{ workspace: "acme", repository: "site" }],
    });
    expect(states(view).map((one) => one.at(-1))).toEqual(["ok", "refused"]);
    expect(room.exists(".ssh/known_hosts")).toBe(false);
  });

  test("whoever is not Bitbucket is shown no repository", async () => {
    await using scene = await withHttps();
    const { room, key } = scene;
    room.addAccountKey("ana", key);
    room.ssh.changeHostKeys();
    const view = await look(room);
    expect(view.destinations).toMatchObject([{ attempt: { serverKey: { is: "other" } }, pinned: null }]);
    expect(states(view).map((one) => one.at(-1))).toEqual(["refused", "refused"]);
    expect(room.ssh.log.flatMap(({ offered, commands }) => [...offered, ...commands])).toEqual([]);
  });

  test("where port 22 is shut", async () => {
    await using scene = await withHttps();
    const { room, key } = scene;
    room.addAccountKey("ana", key);
    await room.ssh.reach("bitbucket.org", "refused");
    const view = await look(room);
    expect(view.destinations.map(({ name, port, pinned }) => [name, port, pinned?.state ?? null])).toEqual([
      ["bitbucket.org", null, null],
      ["altssh.bitbucket.org", 443, "signed-in"],
    ]);
    expect(states(view)[0]).toEqual(["https", "fetch", "altssh.bitbucket.org", "ok"]);
  });

  test("where Git may not use SSH", async () => {
    await using scene = await withHttps();
    const { room } = scene;
    await room.git(["config", "--global", "protocol.ssh.allow", "never"]);
    const view = await look(room);
    expect(view).toMatchObject({ client: null, forbidden: expect.stringContaining("protocol.ssh.allow") });
    expect(room.ssh.log).toEqual([]);
  });
});
