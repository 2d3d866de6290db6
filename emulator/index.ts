/**
 * A Bitbucket Cloud of one's own, on this machine, that real git believes in: HTTPS for `bitbucket.org` and
 * `api.bitbucket.org` behind a CONNECT proxy, so that URLs and configuration stay exactly as users have them.
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GIT_HOST, REST_HOST } from "../src/core/bitbucket.ts";
import { type Authority, type Certificate, makeAuthority } from "./certificates.ts";
import { makeChildren } from "./children.ts";
import { defaultWorld } from "./default-world.ts";
import { answerPlain, plainHost, WWW_HOST } from "./detours.ts";
import type { Emulated } from "./emulated.ts";
import { type TunnelFault, tunnelFault } from "./faults.ts";
import { type Issue, issue, mint } from "./issue.ts";
import type { LogEntry } from "./log.ts";
import { type Route, startProxy, type Tunnel } from "./proxy.ts";
import { serve } from "./server.ts";
import { makeStorage } from "./storage.ts";
import { defaultSwitches, type Switches } from "./switches.ts";
import type { CommitContent, Credential, CredentialKind, World } from "./world.ts";

export { makeAccount, makeRepository, makeWorkspace } from "./default-world.ts";
export type { Fault } from "./faults.ts";
export type { Issue } from "./issue.ts";
export type { LogEntry, Service } from "./log.ts";
export type { Tunnel } from "./proxy.ts";
export type { Switches } from "./switches.ts";
export type { Account, Credential, Repository, Workspace, World } from "./world.ts";

export interface EmulatorOptions {
  /** Default: `defaultWorld`. */
  world?: World;
  switches?: Partial<Switches>;
  /** The clock by which tokens expire and brownouts come. Default: the machine's. */
  now?: () => Date;
}

export interface Emulator {
  /** `http://127.0.0.1:PORT`: the CONNECT proxy. */
  readonly proxyUrl: string;
  /** PEM of the authority to trust, in the emulator's own folder. */
  readonly caFile: string;
  /** For the environment of a git that shall believe. */
  readonly env: Readonly<Record<string, string>>;
  /** Every HTTP request, oldest first. Without secrets. */
  readonly log: readonly LogEntry[];
  /** Every CONNECT, oldest first. */
  readonly tunnels: readonly Tunnel[];
  /** May be changed at any time. */
  readonly world: World;
  /** May be changed at any time. */
  readonly switches: Switches;
  /** Whether the credential of this label has arrived since the log was cleared. */
  sawSecret(label: string): boolean;
  clearLog(): void;
  /** Makes a new credential. */
  issue(wanted: Issue): Credential;
  /** Makes a well-formed secret without issuing it: Bitbucket does not know it. */
  mint(kind: CredentialKind): string;
  /** The credential of that label; throws if there is none. */
  credential(label: string): Credential;
  /** Its secret. */
  secret(label: string): string;
  /** Adds a commit to `workspace/slug`, as if another had pushed it; its hash. */
  pushCommit(repository: string, content?: CommitContent): Promise<string>;
  /** What the services of a running emulator share, for one that is started beside these. */
  readonly emulated: Emulated;
  /** Ends all children, closes all connections and removes the folder. May be called again. */
  stop(): Promise<void>;
}

type TlsProblem = Extract<TunnelFault, { kind: "tls" }>["problem"];

const HOSTS = [GIT_HOST, REST_HOST, WWW_HOST];

/** The certificate that a client must not accept. */
function badCertificate(authority: Authority, problem: TlsProblem): Certificate {
  if (problem === "expired") return authority.issue(HOSTS, -2);
  if (problem === "wrong-host") return authority.issue(["wrong.example"]);
  return makeAuthority("Nobody Knows This Authority").issue(HOSTS);
}

/** Starts an emulator in a new temporary folder, on free ports of 127.0.0.1. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { now = () => new Date() } = options;
  const folder = mkdtempSync(join(tmpdir(), "bitbucket-emulator-"));
  const home = join(folder, "home");
  // Git reads every certificate of the machine's own folder at each request, which takes longer than the request.
  const noAuthorities = join(folder, "no-authorities");
  await Promise.all([mkdir(home), mkdir(noAuthorities)]);
  const authority = makeAuthority("Bitbucket Emulator");
  const caFile = join(folder, "ca.pem");
  writeFileSync(caFile, authority.certificate, { mode: 0o600 });

  const children = makeChildren(home);
  const emulated: Emulated = {
    world: options.world ?? defaultWorld(now()),
    switches: { ...defaultSwitches(), ...options.switches },
    now,
    storage: makeStorage(folder, children),
    children,
    lfsFolder: join(folder, "lfs"),
    lfsKeys: new Map(),
  };
  const { world, switches } = emulated;
  const log: LogEntry[] = [];
  const servers = new Map<TlsProblem | "good", Bun.Server<undefined>>();

  function serverFor(problem: TlsProblem | "good"): Bun.Server<undefined> {
    const running = servers.get(problem);
    if (running) return running;
    const { certificate, key } =
      problem === "good" ? authority.issue(HOSTS) : badCertificate(authority, problem);
    const server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      idleTimeout: 0,
      maxRequestBodySize: 2 ** 40,
      tls: { cert: certificate, key },
      fetch: (request, own) =>
        serve(
          emulated,
          { log: (entry) => log.push(entry), cut: (each) => proxy.cut(own.requestIP(each)?.port ?? 0) },
          request,
        ),
    });
    servers.set(problem, server);
    return server;
  }

  function route(name: string): Route {
    const host = plainHost(name);
    if (!HOSTS.includes(host)) return { refuse: 403 };
    const fault = tunnelFault(switches.faults, host);
    if (fault?.kind === "connect-refused") return { refuse: fault.status };
    if (fault?.kind === "unreachable") return { close: true };
    return { to: serverFor(fault?.problem ?? "good").port ?? 0 };
  }

  serverFor("good");
  const proxy = await startProxy(route, (head) => answerPlain(world, head, (entry) => log.push(entry)));
  const proxyUrl = `http://127.0.0.1:${proxy.port}`;

  function credential(label: string): Credential {
    const found = world.credentials.find((each) => each.label === label);
    if (!found) throw new Error(`no credential is labelled ${label}`);
    return found;
  }

  async function end(): Promise<void> {
    await Promise.all([proxy.stop(), ...[...servers.values()].map((server) => server.stop(true))]);
    await children.stop();
    await rm(folder, { recursive: true, force: true });
  }
  let ended: Promise<void> | null = null;

  return {
    proxyUrl,
    caFile,
    env: {
      HTTPS_PROXY: proxyUrl,
      https_proxy: proxyUrl,
      NO_PROXY: "",
      no_proxy: "",
      GIT_SSL_CAINFO: caFile,
      GIT_SSL_CAPATH: noAuthorities,
    },
    log,
    tunnels: proxy.tunnels,
    world,
    switches,
    sawSecret: (label) => log.some((entry) => entry.credential === label),
    clearLog: () => {
      log.length = 0;
      proxy.tunnels.length = 0;
    },
    issue: (wanted) => issue(world, wanted, now()),
    mint,
    credential,
    secret: (label) => credential(label).secret,
    async pushCommit(name, content = { files: { [`file-${crypto.randomUUID()}.txt`]: "new\n" } }) {
      const repository = world.repositories.get(name);
      if (!repository) throw new Error(`there is no repository ${name}`);
      return emulated.storage.commit(repository, content);
    },
    emulated,
    stop() {
      ended ??= end();
      return ended;
    },
  };
}
