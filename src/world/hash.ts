/** Bun's own hashing: `node:crypto` takes two milliseconds to load, which every call of the tool would pay. */

/** SHA-256 in lower-case hex. */
export function sha256(bytes: Uint8Array | string): string {
  return new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
}

/** HMAC-SHA-256 in lower-case hex: a hash nobody can compute without the key. */
export function keyedHash(key: Uint8Array, text: string): string {
  return new Bun.CryptoHasher("sha256", key).update(text).digest("hex");
}

/** HMAC-SHA-1 with a salt in base64, in base64: how ssh hides the names in its list of hosts. */
export function saltedHash(salt: string, text: string): string {
  return new Bun.CryptoHasher("sha1", Buffer.from(salt, "base64")).update(text).digest("base64");
}

/** The fingerprint of a public key, given in base64, as ssh prints it. */
export function fingerprint(key: string): string {
  const digest = new Bun.CryptoHasher("sha256").update(Buffer.from(key, "base64")).digest("base64");
  return `SHA256:${digest.replace(/=+$/, "")}`;
}

export function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** Eight hex digits that nobody can foretell, for names nobody else may have. */
export function randomName(): string {
  return Buffer.from(randomBytes(4)).toString("hex");
}
