/** A keychain of a sandbox's own: gnome-keyring behind a private D-Bus, unlocked or locked, gone with the sandbox. */
import { join } from "node:path";
import { endTree } from "../../src/world/process-tree.ts";
import type { Sandbox } from "../sandbox.ts";

export interface Keyring extends AsyncDisposable {
  /** An item of git-rekey's; null where there is none. */
  get(name: string): Promise<string | null>;
  set(name: string, secret: string): Promise<void>;
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const part of stream) {
    text += Buffer.from(part).toString();
    if (text.includes("\n")) break;
  }
  return text.split("\n")[0] ?? "";
}

/** One call of the keychain, in a process of the sandbox. The secret goes through stdin. */
async function inBun(box: Sandbox, call: "get" | "set", item: { name: string; value?: string }) {
  const code = `const item = { service: "git-rekey", ...(await Bun.stdin.json()) };
    console.log(JSON.stringify((await Bun.secrets.${call}(item)) ?? null));`;
  const argv = [process.execPath, "--no-env-file", "-e", code];
  const { code: exit, stdout, stderr } = await box.run(argv, { stdin: JSON.stringify(item) });
  if (exit !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as string | null;
}

/** Starts a bus without a keychain on it; what is asked for one is started by the bus, if it can. */
export async function openBus(box: Sandbox): Promise<AsyncDisposable> {
  const bus = Bun.spawn(["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"], {
    env: box.env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
  });
  box.env.DBUS_SESSION_BUS_ADDRESS = await firstLine(bus.stdout);
  return {
    async [Symbol.asyncDispose]() {
      delete box.env.DBUS_SESSION_BUS_ADDRESS;
      endTree(bus.pid);
      await bus.exited;
    },
  };
}

/** Starts both daemons and lets the sandbox's children find them. `locked`: nobody has given its password. */
export async function openKeyring(box: Sandbox, locked = false): Promise<Keyring> {
  const bus = await openBus(box);
  const unlock = locked ? [] : ["--unlock"];
  // It goes to the background when it is ready, and ends with its bus.
  const started = await box.run(["gnome-keyring-daemon", ...unlock, "--components=secrets", "--daemonize"], {
    stdin: locked ? "" : "password of the keyring",
  });
  if (started.code !== 0) throw new Error(`gnome-keyring did not start: ${started.stderr}`);
  return {
    get: (name) => inBun(box, "get", { name }),
    set: async (name, value) => void (await inBun(box, "set", { name, value })),
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
  };
}

const SOURCE = "/usr/share/doc/git/contrib/credential/libsecret/git-credential-libsecret.c";

/** Git's own libsecret helper, which Debian ships as source only. Gives the folder it is in, for PATH. */
export async function buildLibsecretHelper(box: Sandbox): Promise<string> {
  const folder = join(box.root, "libsecret");
  const script = `mkdir -p "$1" && gcc -O1 -o "$1/git-credential-libsecret" "${SOURCE}" $(pkg-config --cflags --libs libsecret-1)`;
  const built = await box.run(["sh", "-c", script, "sh", folder], { timeout: 60_000 });
  if (built.code !== 0) throw new Error(built.stderr);
  return folder;
}
