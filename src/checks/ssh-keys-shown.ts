/** Which keys ssh showed at a destination, which it had and did not show, and why. Pure. */
import type { Observation } from "../core/finding.ts";
import type { IdentityFile, SshAgent, SshDestination } from "../core/ssh.ts";
import { keyLabel, sshCommand } from "./ssh-evidence.ts";

/** The names ssh tries by itself; a file of any other name is one that somebody configured. */
const DEFAULT_NAME = /[\\/]\.ssh[\\/]id_(?:rsa|dsa|ecdsa|ecdsa_sk|ed25519|ed25519_sk|xmss)$/;

export function isConfigured({ file }: IdentityFile): boolean {
  return !DEFAULT_NAME.test(file);
}

/** Modes mean nothing to ssh on Windows, and nothing for a file of somebody else's. */
export function isTooOpen({ file, mode, own }: IdentityFile): boolean {
  return file.startsWith("/") && own === true && mode !== null && (mode & 0o077) !== 0;
}

/** Keys as a person would look for them. */
export interface KeysShown {
  /** Keys that Bitbucket was shown, in ssh's order. */
  offered: readonly string[];
  /** Of those: private halves that are files, whose public half can be registered. */
  files: readonly string[];
  /** Keys that ssh might have shown and did not, each with the reason. */
  notOffered: readonly string[];
}

function whyNot(identity: IdentityFile): string | null {
  const { file, state, locked } = identity;
  if (state === "missing") return isConfigured(identity) ? `\`${file}\` is configured and not there` : null;
  if (state === "unreadable") return `\`${file}\` cannot be read`;
  if (isTooOpen(identity)) return `\`${file}\` is open to others, and ssh passes such a key over`;
  if (locked) return `\`${file}\` wants a passphrase, and no agent holds it`;
  return null;
}

/** What the agent holds and IdentitiesOnly keeps ssh from showing. */
function keptBack({ attempt, resolved }: SshDestination, agent: SshAgent): string | null {
  const shown = new Set(attempt?.offered.map(({ fingerprint }) => fingerprint));
  const kept = agent.keys.filter(({ fingerprint }) => !shown.has(fingerprint));
  if (!resolved.identitiesOnly || kept.length === 0) return null;
  const keys = kept.length === 1 ? "a key" : `${kept.length} keys`;
  return `the agent holds ${keys} that \`IdentitiesOnly\` keeps ssh from showing`;
}

export function keysShown(destination: SshDestination, agent: SshAgent): KeysShown {
  const { identities, attempt } = destination;
  const offered = attempt?.offered ?? [];
  const shown = new Set(offered.map(({ fingerprint }) => fingerprint));
  const isShown = ({ key }: IdentityFile) => key !== null && shown.has(key.fingerprint);
  const closed =
    agent.state === "closed"
      ? "the agent that `SSH_AUTH_SOCK` or `IdentityAgent` names does not answer"
      : null;
  const reasons = identities.filter((one) => !isShown(one)).map(whyNot);
  const notOffered = [...reasons, keptBack(destination, agent), closed].filter((one) => one !== null);
  return {
    offered: offered.map((key) => keyLabel(key, identities)),
    files: identities.filter((one) => one.state === "there" && isShown(one)).map(({ file }) => file),
    notOffered,
  };
}

/** Each key with its fingerprint, by which Bitbucket lists it, and what was left out. */
export function keyEvidence(destination: SshDestination, agent: SshAgent): Observation[] {
  const source = { kind: "command", command: sshCommand(destination) } as const;
  const shown = (destination.attempt?.offered ?? []).map((key) => ({
    what: `shown to Bitbucket: ${keyLabel(key, destination.identities)}, ${key.type} ${key.fingerprint} (${key.from === "agent" ? "from the agent" : "from a file"})`,
    source,
  }));
  return [...shown, ...keysShown(destination, agent).notOffered.map((what) => ({ what, source }))];
}
