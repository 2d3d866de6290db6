/** The key files that ssh would take, as far as they are open to everybody who may see them. */
import type { IdentityFile, SshKey } from "../core/ssh.ts";
import { type PublicKey, readOpenPart, readPublicKey } from "../formats/ssh-key-file.ts";
import { fingerprint } from "../world/hash.ts";
import { FileError } from "../world/ports.ts";
import type { Eyes } from "./world.ts";

/** A key by its fingerprint. */
export function keyOf({ type, key, comment }: PublicKey): SshKey {
  return { type, fingerprint: fingerprint(key), comment };
}

function publicKeyIn({ files }: Eyes, file: string): PublicKey | null {
  try {
    const bytes = files.read(file);
    return bytes === null ? null : readPublicKey(Buffer.from(bytes).toString("utf8").split("\n")[0] ?? "");
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

/** Of the two halves' words the private half's count, as for ssh; a comment stands only in the other. */
function keyIn(eyes: Eyes, file: string, open: PublicKey | null): SshKey | null {
  const beside = publicKeyIn(eyes, `${file}.pub`);
  const same = open === null || beside?.key === open.key;
  const known = same ? beside : open;
  return known === null ? null : keyOf(known);
}

const MISSING = { state: "missing", mode: null, own: null, key: null, locked: null } as const;

function factsOf({ files, self }: Eyes, file: string): Pick<IdentityFile, "mode" | "own"> | null {
  const facts = files.facts(files.resolve(file) ?? file);
  return facts && { mode: facts.mode, own: self.uid === null || facts.uid === self.uid };
}

function readIdentity(eyes: Eyes, file: string): IdentityFile {
  const start = (length: number) => Buffer.from(eyes.files.readStart(file, length) ?? []).toString("latin1");
  try {
    const facts = factsOf(eyes, file);
    // The private half may live in an agent or on a token, and the file name the public one.
    if (facts === null) return { file, ...MISSING, key: keyIn(eyes, file, null) };
    const begin = start(8);
    if (!begin.startsWith("-----")) {
      const named = publicKeyIn(eyes, file);
      return { file, state: "there", ...facts, key: named && keyOf(named), locked: null };
    }
    const { locked, key } = readOpenPart(start);
    return { file, state: "there", ...facts, key: keyIn(eyes, file, key), locked };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const facts = error.code === "EACCES" ? seenFromOutside(eyes, file) : null;
    return { file, ...MISSING, state: "unreadable", ...facts, key: keyIn(eyes, file, null) };
  }
}

function seenFromOutside(eyes: Eyes, file: string): Pick<IdentityFile, "mode" | "own"> | null {
  try {
    return factsOf(eyes, file);
  } catch {
    return null;
  }
}

/** Milliseconds; it reads one file. */
const PATIENCE = 3000;

/** Forms older than OpenSSH's own have the public half only within the private one, which ssh-keygen may read. */
async function withPublicHalf(eyes: Eyes, identity: IdentityFile): Promise<IdentityFile> {
  if (identity.state !== "there" || identity.key !== null || identity.locked !== false) return identity;
  const argv = ["ssh-keygen", "-y", "-P", "", "-f", identity.file];
  const told = await eyes.ssh({ argv, cwd: "/", timeout: PATIENCE });
  const key = told?.code === 0 ? readPublicKey(told.stdout.trim()) : null;
  return { ...identity, key: key && keyOf(key) };
}

/** In ssh's order. */
export function readIdentities(eyes: Eyes, files: readonly string[]): Promise<IdentityFile[]> {
  return Promise.all([...new Set(files)].map((file) => withPublicHalf(eyes, readIdentity(eyes, file))));
}
