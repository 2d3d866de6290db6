import type { Account, TokenDigest } from "../core/account.ts";
import { keyedHash, randomBytes } from "../world/hash.ts";

function hashWith(salt: string, token: string): string {
  return keyedHash(Buffer.from(salt, "hex"), token);
}

export function digestOf(token: string): TokenDigest {
  const salt = Buffer.from(randomBytes(16)).toString("hex");
  return { salt, hash: hashWith(salt, token) };
}

/** Whether this is the token of the account. Compares keyed hashes, so how long it takes tells nothing of the token. */
export function isTokenOf({ digest }: Pick<Account, "digest">, token: string): boolean {
  return digest !== null && digest.hash === hashWith(digest.salt, token);
}
