/**
 * Bitbucket's SSH host, beside an emulator that runs: the same world and repositories, for real OpenSSH and real git.
 * Apart from `index.ts`, as only tests need it and the executable shall not bring it along.
 */
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import ssh2 from "ssh2";
import type { Emulator } from "./index.ts";
import { SOFTWARE } from "./ssh-answers.ts";
import { type HostKey, makeHostKeys } from "./ssh-host-keys.ts";
import { type OpenEntry, openEntry, type SshEntry } from "./ssh-log.ts";
import { serveConnection } from "./ssh-session.ts";

export { fingerprintOf, type HostKey, makeHostKeys } from "./ssh-host-keys.ts";
export type { SshEntry } from "./ssh-log.ts";

/** Where one of Bitbucket's names leads. */
export interface Endpoint {
  /** `bitbucket.org` or `altssh.bitbucket.org` */
  host: string;
  /** Where this machine listens for it. */
  address: string;
  /** 0: any free one. */
  port: number;
}

/**
 * What a connection meets. `refused`: nobody listens. `silent`: it is accepted, and nothing is ever said, as behind
 * some firewalls. `cut`: it is accepted and closed at once.
 */
export type Reach = "open" | "refused" | "silent" | "cut";

export interface SshServer extends AsyncDisposable {
  /** With the ports that were found. */
  readonly endpoints: readonly Endpoint[];
  /** The keys by which new connections know the server. */
  readonly hostKeys: readonly HostKey[];
  /** Every connection, oldest first. */
  readonly log: readonly SshEntry[];
  clearLog(): void;
  /** From now on, what clients meet there. */
  reach(host: string, reach: Reach): Promise<void>;
  /** From now on, and by default with keys nobody has seen before. */
  changeHostKeys(keys?: readonly HostKey[]): void;
  stop(): Promise<void>;
}

interface Listener {
  endpoint: Endpoint;
  reach: Reach;
  /** Null while nobody listens. */
  server: Server | null;
}

const ANYWHERE: readonly Endpoint[] = [{ host: "bitbucket.org", address: "127.0.0.1", port: 0 }];

async function listen(server: Server, { address, port }: Endpoint): Promise<number> {
  server.listen(port, address);
  await once(server, "listening");
  const bound = server.address();
  return typeof bound === "object" && bound ? bound.port : port;
}

/** Starts listening; throws where an endpoint cannot be had. */
export async function startSsh(
  emulator: Emulator,
  endpoints: readonly Endpoint[] = ANYWHERE,
): Promise<SshServer> {
  const log: OpenEntry[] = [];
  const sockets = new Set<Socket>();
  let hostKeys: readonly HostKey[] = makeHostKeys();

  function speak(socket: Socket, entry: OpenEntry): void {
    const served = hostKeys;
    const config = { hostKeys: served.map(({ privateKey }) => privateKey), ident: SOFTWARE };
    const server = new ssh2.Server(config, (connection, { header }) => {
      entry.client = header.versions.software;
      serveConnection(emulator.emulated, served, connection, entry);
    });
    server.on("error", () => socket.destroy());
    server.injectSocket(socket);
  }

  function meet(listener: Listener, socket: Socket): void {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    const { host, port } = listener.endpoint;
    const entry = openEntry(`${host}:${port}`);
    log.push(entry);
    if (listener.reach === "cut") socket.destroy();
    else if (listener.reach === "open") speak(socket, entry);
  }

  async function open(listener: Listener): Promise<void> {
    const server = createServer((socket) => meet(listener, socket));
    listener.endpoint.port = await listen(server, listener.endpoint);
    listener.server = server;
  }

  /** Connections that were made go on, as with a firewall. */
  function shut(listener: Listener): void {
    listener.server?.close();
    listener.server = null;
  }

  const listeners = endpoints.map(
    (endpoint): Listener => ({ endpoint: { ...endpoint }, reach: "open", server: null }),
  );

  async function stop(): Promise<void> {
    for (const listener of listeners) shut(listener);
    for (const socket of sockets) socket.destroy();
  }

  try {
    for (const listener of listeners) await open(listener);
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    endpoints: listeners.map(({ endpoint }) => endpoint),
    get hostKeys() {
      return hostKeys;
    },
    log,
    clearLog: () => {
      log.length = 0;
    },
    async reach(host, reach) {
      const listener = listeners.find(({ endpoint }) => endpoint.host === host);
      if (!listener) throw new Error(`nothing listens for ${host}`);
      listener.reach = reach;
      if (reach === "refused") shut(listener);
      else if (!listener.server) await open(listener);
    },
    changeHostKeys(keys = makeHostKeys()) {
      hostKeys = keys;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
