/** What OpenSSH has, does and hears on the way to Bitbucket. Public halves of keys only; no private key is ever read in. */
import type { RepositoryName } from "./bitbucket.ts";
import type { ConfigEntry, Route } from "./setup.ts";

/** A public key, as ssh names it. */
export interface SshKey {
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa` … */
  type: string;
  /** `SHA256:` and 43 characters of base64. */
  fingerprint: string;
  /** What stands behind it in its file or agent: most often a person and a machine. */
  comment: string | null;
}

/** A key file that ssh would take for a destination. */
export interface IdentityFile {
  /** The private half's path, `~` resolved. */
  file: string;
  state: "there" | "missing" | "unreadable";
  /** Null where it is not there. */
  mode: number | null;
  /** Whether it belongs to the user ssh runs as; null where it is not there. */
  own: boolean | null;
  /** From its `.pub`, or from the open part of the private half; null where neither tells. */
  key: SshKey | null;
  /** Whether it wants a passphrase; null where that is not known. */
  locked: boolean | null;
}

/** A host key, judged by Bitbucket's published keys: one of today's, the RSA key retired in June 2023, or neither. */
export type HostKeyStanding = "current" | "retired" | "other";

/** A line of a known_hosts file that speaks of a destination. */
export interface KnownHost {
  file: string;
  /** From 1. */
  line: number;
  hashed: boolean;
  marker: "cert-authority" | "revoked" | null;
  key: SshKey;
  is: HostKeyStanding;
}

/** What one connection of ssh came to. Messages of OpenSSH and of Bitbucket. */
export type SshSaying =
  | "key-refused"
  /** Bitbucket knows the key, and ssh cannot use it without a passphrase or the agent's consent. */
  | "key-locked"
  /** The server gave up after six keys: the right one may not have had its turn. */
  | "too-many-keys"
  | "host-key-changed"
  | "host-key-unknown"
  | "host-key-revoked"
  /** No connection to that port: refused, timed out, no route. */
  | "port-blocked"
  | "name-not-found"
  /** Connected, and cut off or silent before a key was asked for: a firewall that lets no SSH through. */
  | "cut-off"
  | "proxy-failed"
  | "config-unreadable"
  /** OpenSSH uses neither a configuration nor a key that others may write or read. */
  | "permissions-too-open"
  | "read-only-key"
  | "key-of-other-repository"
  | "repository-not-accessible"
  | "no-common-algorithm";

/** Whether nothing of SSH gets through there: another way, by another port, may. */
export function isShut(saying: SshSaying | null | undefined): boolean {
  return saying === "port-blocked" || saying === "cut-off";
}

/** One `ssh -T` as this destination is configured, changing nothing. */
export interface SshAttempt {
  state: "signed-in" | "refused" | "unknown";
  saying: SshSaying | null;
  /** The key by which the server showed itself; null where it did not come to that. */
  serverKey: (SshKey & { is: HostKeyStanding }) | null;
  /** In ssh's order. */
  offered: readonly (SshKey & { from: "agent" | "file" })[];
  accepted: SshKey | null;
  /** Whose key it is: a person's, or an access key of repositories. */
  as: "person" | "access-key" | null;
  /** What Bitbucket lists for an access key. */
  repositories: readonly RepositoryName[];
  /** Its last words, masked. */
  text: string;
}

/** Where a URL over SSH leads, as ssh's own configuration has it (`ssh -G`). */
export interface SshDestination {
  /** As a URL names it: `bitbucket.org`, or the alias of a `Host` block. */
  name: string;
  /** As the URL has them; null where it has none. */
  user: string | null;
  port: number | null;
  /** What ssh makes of it. */
  resolved: {
    hostname: string;
    user: string;
    port: number;
    hostKeyAlias: string | null;
    /** How it gets there, where not directly; the command masked. */
    via: { kind: "proxy-command" | "proxy-jump"; text: string } | null;
    identitiesOnly: boolean;
    /** The socket of the agent it asks; null where none. */
    agent: string | null;
    knownHostsFiles: readonly string[];
  };
  /** bitbucket.org or altssh.bitbucket.org, by whatever name. */
  isBitbucket: boolean;
  identities: readonly IdentityFile[];
  knownHosts: readonly KnownHost[];
  /** Null where nobody was asked: offline, or another host. */
  attempt: SshAttempt | null;
  /**
   * What came of it once the host was let in, where ssh does not let it in and it is Bitbucket by its key: how it will
   * be when today's keys are known here. Asked for only where SSH may be wanted.
   */
  pinned: SshAttempt | null;
}

/** What a fetch or a push over SSH would meet. */
export interface SshOutcome {
  /** Over HTTPS: what the same repository would say to `git@bitbucket.org`, where SSH may be wanted. */
  route: Route;
  /** The `name` of its destination. */
  destination: string;
  state: "ok" | "refused" | "unknown";
  saying: SshSaying | null;
  /** Masked. */
  text: string;
}

/** The program Git runs for SSH. */
export interface SshClient {
  /** The command, masked. */
  command: string;
  from: "PATH" | "GIT_SSH" | "GIT_SSH_COMMAND" | "core.sshCommand";
  /** The entry behind `core.sshCommand`. */
  entry: ConfigEntry | null;
  /** As `ssh -V` prints it; empty where it is no OpenSSH, whose configuration and messages are not known. */
  text: string;
  /** Why it was not even asked what it is, so that nobody knows; null where it was. */
  unasked: string | null;
  version: readonly [number, number] | null;
}

export interface SshAgent {
  /** `closed`: there is a socket, and nobody answers. */
  state: "none" | "closed" | "answers";
  keys: readonly SshKey[];
}

export interface SshView {
  /** Null where there is none. */
  client: SshClient | null;
  /** Why Git may not use SSH here (`GIT_ALLOW_PROTOCOL`, `protocol.ssh.allow`); null where it may. */
  forbidden: string | null;
  /** The home folder OpenSSH uses: the one in the password database, whatever `HOME` says; null where it is not known. */
  home: string | null;
  agent: SshAgent;
  /** One for each place that a URL over SSH names. */
  destinations: readonly SshDestination[];
  /** One for each route over SSH to Bitbucket, whatever name leads there; of Git LFS there is none. */
  outcomes: readonly SshOutcome[];
}

/** Where a route over SSH leads; null for another route, and where its URL names nothing that ssh may be given. */
export function destinationOf(
  { destinations }: Pick<SshView, "destinations">,
  { url }: Route,
): SshDestination | null {
  const { transport, host, user, port } = url;
  const its = (one: SshDestination) => one.name === host && one.user === user && one.port === port;
  return transport === "ssh" ? (destinations.find(its) ?? null) : null;
}

/** Those of the ways that Git takes now, not those that might be. */
export function presentOutcomes({ outcomes }: Pick<SshView, "outcomes">): SshOutcome[] {
  return outcomes.filter(({ route }) => route.url.transport === "ssh");
}
