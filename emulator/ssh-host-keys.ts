/** The keys by which a client knows the server. Made anew for every emulator: nobody but Bitbucket has Bitbucket's. */
import { createHash } from "node:crypto";
import ssh2 from "ssh2";

export type HostKeyType = "ssh-ed25519" | "ecdsa-sha2-nistp256" | "ssh-rsa";

export interface HostKey {
  /** As in a `known_hosts` file. */
  readonly type: HostKeyType;
  /** The public key, as in a `known_hosts` file. */
  readonly base64: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
  /** In OpenSSH's form. */
  readonly privateKey: string;
}

/** The types Bitbucket has, in the order its page lists them from the newest. [doc] */
const HOST_KEY_TYPES: readonly HostKeyType[] = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"];

/** `SHA256:…` of a public key, as OpenSSH writes it. */
export function fingerprintOf(publicKey: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(publicKey).digest("base64").replace(/=+$/, "")}`;
}

/** What a type is called on the wire when signing is not meant: `rsa-sha2-512` is a way to sign with `ssh-rsa`. */
export function typeOfAlgorithm(algorithm: string): string {
  return algorithm.startsWith("rsa-sha2-") ? "ssh-rsa" : algorithm;
}

function generate(type: HostKeyType): { private: string; public: string } {
  if (type === "ssh-ed25519") return ssh2.utils.generateKeyPairSync("ed25519");
  if (type === "ecdsa-sha2-nistp256") return ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });
  // As small as OpenSSH and Bitbucket allow: larger ones take a second to find.
  return ssh2.utils.generateKeyPairSync("rsa", { bits: 2048 });
}

/** Of 256 ed25519 keys, ssh2 writes one that it cannot read itself: a number in it begins with a zero that gets lost. */
function generateReadable(type: HostKeyType): { private: string; public: string } {
  for (;;) {
    const pair = generate(type);
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}

/** Keys nobody has seen before. */
export function makeHostKeys(types: readonly HostKeyType[] = HOST_KEY_TYPES): HostKey[] {
  return types.map((type) => {
    const pair = generateReadable(type);
    const [, base64 = ""] = pair.public.split(" ");
    const fingerprint = fingerprintOf(Buffer.from(base64, "base64"));
    return { type, base64, fingerprint, privateKey: pair.private };
  });
}
