/** What a plan may name of SSH: Bitbucket's hosts by their own names or an alias of ours, and files in `.ssh`. Pure. */
import { GIT_HOST, SSH_ALT_HOST, SSH_ALT_PORT, SSH_USER } from "../core/bitbucket.ts";
import type { SshHostBlock, Step } from "../core/plan.ts";

const ALT = `[${SSH_ALT_HOST}]:${SSH_ALT_PORT}`;

/** `bitbucket.org-…`: what ssh is told by a `Host` block, and no name that anybody could own. */
function isAlias(host: string): boolean {
  return /^bitbucket\.org-[\w.-]{1,200}$/.test(host);
}

const isName = (host: string) => host === GIT_HOST || isAlias(host);

const PATH = "[\\w~][\\w.~%+-]*(?:/[\\w~][\\w.~%+-]*)+/?";
const SCP = new RegExp(`^${SSH_USER}@([a-z][\\w.-]*):${PATH}$`);
const WITH_SCHEME = new RegExp(`^ssh://${SSH_USER}@([a-z][\\w.-]*)(?::(\\d+))?/${PATH}$`);

/** The forms in which a fix writes a URL over SSH. */
export function isSshUrl(url: string): boolean {
  const [, scp] = SCP.exec(url) ?? [];
  if (scp !== undefined) return isName(scp);
  const [, host = "", port] = WITH_SCHEME.exec(url) ?? [];
  return host === SSH_ALT_HOST ? port === String(SSH_ALT_PORT) : isName(host) && port === undefined;
}

/** What stands in `.ssh` for another purpose, some of it a program. */
const RESERVED = /^(?:config|known_hosts.*|authorized_keys.*|environment|rc)$/i;

/** The file's name, where it is in a folder `.ssh`. */
function nameInSsh(file: string): string | null {
  return /[\\/]\.ssh[\\/]([\w@+-][\w.@+-]*)$/.exec(file)?.[1] ?? null;
}

function isKeyFile(file: string, half: "private" | "public"): boolean {
  const name = nameInSsh(file);
  return name !== null && !RESERVED.test(name) && name.endsWith(".pub") === (half === "public");
}

const isKnownHosts = (file: string) => /^known_hosts[\w.-]*$/.test(nameInSsh(file) ?? "");

const isKnownName = (host: string) => host === ALT || host === SSH_ALT_HOST || isName(host);

function isBlock({ host, hostname, port, user, identityFile, hostKeyAlias }: SshHostBlock): boolean {
  return (
    isName(host) &&
    (hostname === null || hostname === GIT_HOST || hostname === SSH_ALT_HOST) &&
    (port === null || port === 22 || port === SSH_ALT_PORT) &&
    (user === null || user === SSH_USER) &&
    (hostKeyAlias === null || hostKeyAlias === GIT_HOST) &&
    (identityFile === null || /^(?:\/|[A-Za-z]:[\\/])(?!.*(?:^|[\\/])\.\.(?:[\\/]|$))/.test(identityFile))
  );
}

const SLUG = /^(?!\.{1,2}$)[\w.{}-]{1,200}$/;

type SshStep = Extract<
  Step,
  { kind: "put-ssh-key" | "add-known-hosts" | "drop-known-host" | "add-ssh-host" | "register-key" }
>;

/** What such a step may not say, as the rest of a sentence; null where all is well. */
export function whyNotSsh(step: SshStep): string | null {
  switch (step.kind) {
    case "put-ssh-key":
      return isKeyFile(step.file, step.half) ? null : "names a file that is no place for an SSH key";
    case "add-known-hosts":
      if (!isKnownHosts(step.file)) return "names another file as ssh's list of hosts";
      return isKnownName(step.host) ? null : `names a host other than ${GIT_HOST}`;
    case "drop-known-host":
      if (!isKnownHosts(step.file)) return "names another file as ssh's list of hosts";
      return isKnownName(step.entry.host) ? null : `names a host other than ${GIT_HOST}`;
    case "add-ssh-host":
      if (nameInSsh(step.file) !== "config") return "names another file as ssh's configuration";
      return isBlock(step.block) ? null : "says of a host what git-rekey would not";
    case "register-key": {
      const { workspace, repository } = step.repository;
      if (!isKeyFile(step.publicKey, "public")) return "names a file that is no public SSH key";
      return SLUG.test(workspace) && SLUG.test(repository) ? null : "names no repository of Bitbucket's";
    }
  }
}
