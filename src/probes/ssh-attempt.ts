/** What one connection came to, from what ssh and the server said. */
import type { HostKey } from "../core/bitbucket.ts";
import { greetingIn } from "../core/bitbucket-says-ssh.ts";
import type { IdentityFile, SshAttempt, SshDestination, SshKey, SshSaying } from "../core/ssh.ts";
import { mask } from "../core/url.ts";
import type { SshResult } from "../world/ports.ts";
import { type Account, type NamedKey, readAccount } from "./ssh-debug.ts";
import { standingOf } from "./ssh-known-hosts.ts";
import { sshSays } from "./ssh-says.ts";
import type { Eyes } from "./world.ts";

/** What is known of the place that was asked. */
export interface Around {
  resolved: SshDestination["resolved"];
  identities: readonly IdentityFile[];
  /** By fingerprint: those of the files and of the agent. */
  keys: ReadonlyMap<string, SshKey>;
  published: readonly HostKey[];
  /** A person works here, whom ssh would ask for a passphrase. */
  mayAsk: boolean;
}

/** One connection, however it ended. */
export interface Heard {
  state: SshAttempt["state"];
  saying: SshSaying | null;
  account: Account;
  /** Masked; the first lines. */
  text: string;
}

/** What nobody can know from here, rather than what is refused. */
const UNDETERMINED: ReadonlySet<SshSaying> = new Set([
  "port-blocked",
  "name-not-found",
  "cut-off",
  "proxy-failed",
]);

/** As many lines as a person reads. */
const LINES = 12;

/** Frames, and sentences that say of every such failure the same. */
const NOISE =
  /^\s*$|^@|^(?:IT IS POSSIBLE|Someone could be|It is also possible|It is required that|Please contact your|The fingerprint for the)/;

/** What git says after whatever went wrong is not among them, because no git was run. */
function lastWords({ vault }: Eyes, words: string): string {
  const lines = words.split(/\r?\n/).filter((line) => !NOISE.test(line));
  return mask(vault.mask(lines.slice(0, LINES).join("\n"))).slice(0, 2000);
}

/** The key the server said yes to is in a file that wants a passphrase. */
function isLocked({ accepted }: Account, identities: readonly IdentityFile[]): boolean {
  if (accepted === null) return false;
  const file = identities.find(({ file }) => file === accepted.name);
  return file?.locked === true;
}

/** Where a program makes the connection, its failure and a server's look the same but for who spoke. */
function narrow(saying: SshSaying | null, account: Account, around: Around): SshSaying | null {
  // By such a way ssh itself looks for no Bitbucket: what is not found or not reached is another.
  if (saying === null || UNDETERMINED.has(saying)) {
    if (around.resolved.via !== null && !account.spoke) return "proxy-failed";
    return saying;
  }
  if (saying !== "key-refused") return saying;
  if (isLocked(account, around.identities)) return "key-locked";
  const isMute = account.mute > 0 && account.mute >= account.offered.length;
  return isMute ? "no-common-algorithm" : saying;
}

/** Nothing was said in time. */
function whySilent(account: Account, { resolved }: Around): SshSaying {
  if (resolved.via !== null) return account.spoke ? "cut-off" : "proxy-failed";
  return account.connected ? "cut-off" : "port-blocked";
}

function stateOf(saying: SshSaying | null, { mayAsk }: Around): Heard["state"] {
  if (saying === null || UNDETERMINED.has(saying)) return "unknown";
  return saying === "key-locked" && mayAsk ? "unknown" : "refused";
}

/** Reads what was said about signing in. */
export function hear(eyes: Eyes, { stdout, stderr, timedOut }: SshResult, around: Around): Heard {
  const account = readAccount(stderr);
  const text = lastWords(eyes, `${account.words}\n${stdout}`);
  if (account.signedIn || greetingIn(stdout) !== null)
    return { state: "signed-in", saying: null, account, text };
  const said = narrow(sshSays(account.words), account, around);
  const saying = said ?? (timedOut ? whySilent(account, around) : null);
  return { state: stateOf(saying, around), saying, account, text };
}

const TYPES: Readonly<Record<string, string>> = {
  ED25519: "ssh-ed25519",
  RSA: "ssh-rsa",
  DSA: "ssh-dss",
  ECDSA: "ecdsa-sha2-nistp256",
  "ED25519-SK": "sk-ssh-ed25519@openssh.com",
  "ECDSA-SK": "sk-ecdsa-sha2-nistp256@openssh.com",
};

/** A key as the rest of git-rekey knows it; null where its fingerprint is not known by any means. */
function keyNamed({ name, fingerprint, word }: NamedKey, { identities, keys }: Around): SshKey | null {
  if (fingerprint === null) {
    const byFile = identities.find(({ file }) => file === name)?.key;
    return byFile ?? [...keys.values()].find(({ comment }) => comment === name) ?? null;
  }
  const type = TYPES[word ?? ""] ?? word?.toLowerCase() ?? "";
  return keys.get(fingerprint) ?? { type, fingerprint, comment: null };
}

/** The attempt behind a connection that was about nothing but signing in. */
export function attemptOf(heard: Heard, stdout: string, around: Around): SshAttempt {
  const { state, saying, account, text } = heard;
  const { serverKey, accepted } = account;
  const greeting = greetingIn(stdout);
  const isFile = (name: string) => around.identities.some(({ file }) => file === name);
  return {
    state,
    saying,
    serverKey: serverKey && {
      ...serverKey,
      comment: null,
      is: standingOf(serverKey.fingerprint, around.published),
    },
    offered: account.offered.flatMap((named) => {
      const key = keyNamed(named, around);
      const from = named.fromAgent || !isFile(named.name) ? "agent" : "file";
      return key === null ? [] : [{ ...key, from } as const];
    }),
    accepted: accepted && keyNamed(accepted, around),
    as: greeting?.as ?? null,
    repositories: greeting?.repositories ?? [],
    text,
  };
}
