/** The host keys that ssh knows, and what they are worth. */
import { type HostKey, SSH_RETIRED_HOST_KEY } from "../core/bitbucket.ts";
import type { HostKeyStanding, KnownHost, SshDestination } from "../core/ssh.ts";
import { type HostHashes, linesOfHost } from "../formats/known-hosts.ts";
import { fingerprint, saltedHash } from "../world/hash.ts";
import { keyOf } from "./ssh-identities.ts";
import { type Eyes, passingOverClosed } from "./world.ts";

const HASHES: HostHashes = { hmacSha1: saltedHash, fingerprint };

/** What a key is by which a server shows itself as Bitbucket. */
export function standingOf(fingerprint: string, published: readonly HostKey[]): HostKeyStanding {
  if (published.some((key) => key.fingerprint === fingerprint)) return "current";
  return fingerprint === SSH_RETIRED_HOST_KEY.fingerprint ? "retired" : "other";
}

/** Under which names ssh looks: with another port than 22 also without it, where there is no alias. */
function namesOf({ hostname, port, hostKeyAlias }: SshDestination["resolved"]): string[] {
  if (hostKeyAlias !== null) return [hostKeyAlias];
  return port === 22 ? [hostname] : [`[${hostname}]:${port}`, hostname];
}

/** Every line about a destination, file by file in ssh's order. */
export function readKnownHostLines(
  eyes: Eyes,
  resolved: SshDestination["resolved"],
  published: readonly HostKey[],
): KnownHost[] {
  const calm = passingOverClosed(eyes.files);
  return [...new Set(resolved.knownHostsFiles)].flatMap((file) => {
    const bytes = calm.read(file);
    if (bytes === null) return [];
    const lines = namesOf(resolved).flatMap((name) => linesOfHost(bytes, name, HASHES));
    const distinct = lines.filter(({ line }, at) => lines.findIndex((one) => one.line === line) === at);
    return distinct
      .sort((a, b) => a.line - b.line)
      .map(({ line, names, marker, type, key }): KnownHost => {
        const known = keyOf({ type, key, comment: null });
        const is = standingOf(known.fingerprint, published);
        return { file, line, hashed: names.startsWith("|"), marker, key: known, is };
      });
  });
}
