import { createHash, randomBytes } from "node:crypto";

/** SHA-256 in lower-case hex. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Eight hex digits that nobody can foretell, for names nobody else may have. */
export function randomName(): string {
  return randomBytes(4).toString("hex");
}
