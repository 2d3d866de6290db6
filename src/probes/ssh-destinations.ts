/** Where URLs over SSH lead, by ssh's own configuration. */
import { GIT_HOST, type HostKey, SSH_ALT_HOST } from "../core/bitbucket.ts";
import type { RemoteUrl } from "../core/setup.ts";
import type { SshDestination } from "../core/ssh.ts";
import { type Target, targetArgs } from "./ssh-ask.ts";
import type { SshProgram } from "./ssh-client.ts";
import { readSettings, type SshSettings } from "./ssh-config.ts";
import { readIdentities } from "./ssh-identities.ts";
import { readKnownHostLines } from "./ssh-known-hosts.ts";
import type { Eyes } from "./world.ts";

/** A destination, with what only probes need. */
export interface RawDestination {
  destination: SshDestination;
  lets: SshSettings["lets"];
}

/** Hosts and users that mean nothing to a shell, which ssh's configuration may hand them to, and are no options. */
const PLAIN = /^[A-Za-z0-9_][\w.@+-]*$/;

/** Other services' own names, which nobody gives to Bitbucket: ssh need not be asked where they lead. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  "codeberg.org",
  "git.sr.ht",
  "github.com",
  "gitlab.com",
  "ssh.dev.azure.com",
  "ssh.github.com",
  "vs-ssh.visualstudio.com",
]);

/** What a URL names; null where no ssh should be given it. */
export function targetOf({ transport, host, user, port }: RemoteUrl): Target | null {
  if (ELSEWHERE.has(host.toLowerCase())) return null;
  if (transport !== "ssh" || !PLAIN.test(host) || (user !== null && !PLAIN.test(user))) return null;
  return { name: host, user, port };
}

export function isSameTarget(a: Target, b: Target): boolean {
  return a.name === b.name && a.user === b.user && a.port === b.port;
}

/** Where nothing can be asked of ssh, a URL is taken at its word. */
function unresolved({ name, user, port }: Target, self: Eyes["self"]): SshSettings {
  const nothing = { hostKeyAlias: null, via: null, identitiesOnly: false, agent: null, knownHostsFiles: [] };
  return {
    resolved: { hostname: name, user: user ?? self.user, port: port ?? 22, ...nothing },
    identityFiles: [],
    lets: "none",
  };
}

async function settingsFor(
  eyes: Eyes,
  program: SshProgram | null,
  target: Target,
  cwd: string,
): Promise<SshSettings | null> {
  const argv = program?.argv?.(["-G"], targetArgs(target));
  const told = argv === undefined ? null : await eyes.ssh({ argv, cwd, timeout: 5000 });
  // What ssh cannot read, it says again when it is asked to connect.
  return told?.code === 0 ? readSettings(told.stdout, eyes.self) : null;
}

const HOSTS: readonly string[] = [GIT_HOST, SSH_ALT_HOST];

/** Finds out about one destination; nobody is asked to sign in yet. */
export async function resolveTarget(
  eyes: Eyes,
  program: SshProgram | null,
  target: Target,
  { cwd, published }: { cwd: string; published: readonly HostKey[] },
): Promise<RawDestination> {
  const settings = (await settingsFor(eyes, program, target, cwd)) ?? unresolved(target, eyes.self);
  const { resolved, identityFiles, lets } = settings;
  const isBitbucket = HOSTS.includes(resolved.hostname);
  return {
    lets,
    destination: {
      ...target,
      resolved,
      isBitbucket,
      identities: isBitbucket ? await readIdentities(eyes, identityFiles) : [],
      knownHosts: isBitbucket ? readKnownHostLines(eyes, resolved, published) : [],
      attempt: null,
      pinned: null,
    },
  };
}
