/** The way in: a proxy that leads Bitbucket's names to this machine and refuses all others. */

import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** One CONNECT and what it was answered; 0: the connection was closed instead. */
export interface Tunnel {
  readonly time: Date;
  /** `host:port` as asked. */
  readonly target: string;
  readonly status: number;
}

/** Where a CONNECT leads. */
export type Route = { to: number } | { refuse: 403 | 407 | 502 } | { close: true };

export interface Proxy {
  port: number;
  tunnels: Tunnel[];
  /** Closes the tunnel behind which the server sees this port. */
  cut(serverSidePort: number): void;
  stop(): Promise<void>;
}

const REASONS = {
  200: "Connection established",
  403: "Forbidden",
  407: "Proxy Authentication Required",
  502: "Bad Gateway",
};

function headOf(status: keyof typeof REASONS): string {
  const challenge = status === 407 ? 'Proxy-Authenticate: Basic realm="proxy"\r\n' : "";
  const rest = status === 200 ? "" : `${challenge}Content-Length: 0\r\nConnection: close\r\n`;
  return `HTTP/1.1 ${status} ${REASONS[status]}\r\n${rest}\r\n`;
}

/** The head of the request, and what came after it. Null if the client leaves first or talks on and on. */
function readHead(client: Socket): Promise<{ head: string; rest: Buffer } | null> {
  const { promise, resolve } = Promise.withResolvers<{ head: string; rest: Buffer } | null>();
  let got = Buffer.alloc(0);
  function take(chunk: Buffer): void {
    got = Buffer.concat([got, chunk]);
    const end = got.indexOf("\r\n\r\n");
    if (end < 0 && got.length < 65536) return;
    client.off("data", take);
    client.pause();
    resolve(end < 0 ? null : { head: got.toString("latin1", 0, end), rest: got.subarray(end + 4) });
  }
  client.on("data", take);
  client.once("close", () => resolve(null));
  return promise;
}

/** An answer without a body, as it goes over the wire. */
function written({ status, headers }: Response): string {
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `HTTP/1.1 ${status} \r\n${lines}Content-Length: 0\r\nConnection: close\r\n\r\n`;
}

/**
 * Starts the proxy on a free port of 127.0.0.1. `route` is asked for every CONNECT to port 443; `plain` is given the
 * head of a request over plain HTTP, and answers null for what is not its business.
 */
export async function startProxy(
  route: (host: string) => Route,
  plain: (head: string) => Response | null,
): Promise<Proxy> {
  const tunnels: Tunnel[] = [];
  const clients = new Set<Socket>();
  const byServerSidePort = new Map<number, Socket>();

  function destination(head: string): { target: string; route: Route } {
    const [, target = "-", host = "", port] = /^CONNECT (([^ ]*):(\d+)) HTTP/.exec(head) ?? [];
    return { target, route: port === "443" ? route(host.toLowerCase()) : { refuse: 403 } };
  }

  function tunnel(client: Socket, port: number, rest: Buffer): void {
    const server = connect({ host: "127.0.0.1", port });
    server.on("connect", () => {
      const own = server.localPort ?? 0;
      byServerSidePort.set(own, client);
      server.on("close", () => byServerSidePort.delete(own));
      client.write(headOf(200));
      if (rest.length > 0) server.write(rest);
      client.pipe(server);
      server.pipe(client);
    });
    server.on("error", () => client.destroy());
    server.on("close", () => client.destroy());
    client.on("close", () => server.destroy());
  }

  async function serve(client: Socket): Promise<void> {
    const request = await readHead(client);
    if (!request) {
      client.destroy();
      return;
    }
    const answer = plain(request.head);
    if (answer !== null) {
      client.end(written(answer));
      return;
    }
    const { target, route: chosen } = destination(request.head);
    const status = "to" in chosen ? 200 : "refuse" in chosen ? chosen.refuse : 0;
    tunnels.push({ time: new Date(), target, status });
    if ("to" in chosen) tunnel(client, chosen.to, request.rest);
    else if ("refuse" in chosen) client.end(headOf(chosen.refuse));
    else client.destroy();
  }

  const listener = createServer((client) => {
    clients.add(client);
    client.setNoDelay(true);
    client.on("error", () => client.destroy());
    client.on("close", () => clients.delete(client));
    serve(client).catch(() => client.destroy());
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();

  return {
    port: typeof address === "object" && address ? address.port : 0,
    tunnels,
    cut: (port) => byServerSidePort.get(port)?.destroy(),
    async stop() {
      const closed = once(listener, "close");
      listener.close();
      for (const client of clients) client.destroy();
      await closed;
    },
  };
}
