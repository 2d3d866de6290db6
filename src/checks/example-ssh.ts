/** Set-ups of SSH to write examples with. */
import type { Route } from "../core/setup.ts";
import type { SshAttempt, SshDestination, SshOutcome, SshView } from "../core/ssh.ts";
import { remoteUrl, route } from "./example.ts";

/** `ssh -T` with a person's key that Bitbucket takes. */
export function sshAttempt(more: Partial<SshAttempt> = {}): SshAttempt {
  const key = { type: "ssh-ed25519", fingerprint: `SHA256:${"x".repeat(43)}`, comment: "ana@laptop" };
  return {
    state: "signed-in",
    saying: null,
    serverKey: {
      type: "ssh-ed25519",
      fingerprint: "SHA256:ybgmFkzwOSotHTHLJgHO0QN8L0xErw6vd0VhFA9m3SM",
      comment: null,
      is: "current",
    },
    offered: [{ ...key, from: "file" }],
    accepted: key,
    as: "person",
    repositories: [],
    text: "authenticated via ssh key.",
    ...more,
  };
}

/** `git@bitbucket.org`, as ssh takes it without any configuration. */
export function sshResolved(more: Partial<SshDestination["resolved"]> = {}): SshDestination["resolved"] {
  return {
    hostname: "bitbucket.org",
    user: "git",
    port: 22,
    hostKeyAlias: null,
    via: null,
    identitiesOnly: false,
    agent: null,
    knownHostsFiles: ["/home/ana/.ssh/known_hosts"],
    ...more,
  };
}

/** `git@bitbucket.org` without any configuration, with one key that works. */
export function sshDestination(more: Partial<SshDestination> = {}): SshDestination {
  const attempt = sshAttempt();
  return {
    name: "bitbucket.org",
    user: "git",
    port: null,
    resolved: sshResolved(),
    isBitbucket: true,
    identities: [
      {
        file: "/home/ana/.ssh/id_ed25519",
        state: "there",
        mode: 0o600,
        own: true,
        key: attempt.accepted,
        locked: false,
      },
    ],
    knownHosts: [
      {
        file: "/home/ana/.ssh/known_hosts",
        line: 3,
        hashed: false,
        marker: null,
        key: { type: "ssh-ed25519", fingerprint: attempt.serverKey?.fingerprint ?? "", comment: null },
        is: "current",
      },
    ],
    attempt,
    pinned: null,
    ...more,
  };
}

/** A route over SSH, as `origin`. */
export function sshRoute(more: Partial<Route> = {}): Route {
  return route({
    url: {
      ...remoteUrl("git"),
      text: "git@bitbucket.org:acme/site.git",
      transport: "ssh",
    },
    ...more,
  });
}

/** The same by another name: the alias of a `Host` block, or Bitbucket's other host. */
export function sshRouteTo(host: string, more: Partial<Route> = {}): Route {
  const { url } = sshRoute();
  return sshRoute({ url: { ...url, host, text: `git@${host}:acme/site.git`, isBitbucket: false }, ...more });
}

export function sshOutcome(more: Partial<SshOutcome> = {}): SshOutcome {
  return { route: sshRoute(), destination: "bitbucket.org", state: "ok", saying: null, text: "", ...more };
}

/** One remote over SSH that works. */
export function ssh(more: Partial<SshView> = {}): SshView {
  return {
    client: {
      command: "ssh",
      from: "PATH",
      entry: null,
      text: "OpenSSH_9.2p1 Debian-2+deb12u6, OpenSSL 3.0.19",
      unasked: null,
      version: [9, 2],
    },
    forbidden: null,
    home: "/home/ana",
    agent: { state: "none", keys: [] },
    destinations: [sshDestination()],
    outcomes: [sshOutcome()],
    ...more,
  };
}
