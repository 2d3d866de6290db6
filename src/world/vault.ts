import { MASK } from "../core/secret.ts";
import { shapeOfToken } from "../core/token.ts";
import { mask } from "../core/url.ts";
import { keyedHash, randomBytes } from "./hash.ts";
import type { Vault } from "./ports.ts";

/** Shorter texts are too likely to stand somewhere by chance: masking them would only garble the output. */
const SHORTEST_MASKED = 6;

/** The forms in which one secret may turn up in somebody's output. */
function spellings(secret: string, users: Iterable<string>): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const pairs = [...users].map((user) => Buffer.from(`${user}:${secret}`).toString("base64"));
  return [secret, encodeURIComponent(secret), json, Buffer.from(secret).toString("base64"), ...pairs];
}

/** Makes a vault for one run. The salt lives and dies with it, so a fingerprint means nothing elsewhere. */
export function openVault(): Vault & { noteUser(user: string): void } {
  const salt = randomBytes(16);
  const byRef = new Map<string, string>();
  const users = new Set<string>();

  const refOf = (secret: string): string => {
    const digest = keyedHash(salt, secret);
    for (let length = 4; ; length += 2) {
      const ref = digest.slice(0, length);
      const taken = byRef.get(ref);
      if (taken === undefined || taken === secret) return ref;
    }
  };

  return {
    keep(secret) {
      const ref = refOf(secret);
      byRef.set(ref, secret);
      return { ref, ...shapeOfToken(secret) };
    },
    reveal(shape) {
      const secret = byRef.get(shape.ref);
      if (secret === undefined) throw new Error("a secret was asked for that this run has not seen");
      return secret;
    },
    mask(text) {
      let masked = text;
      for (const secret of byRef.values()) {
        if (secret.length < SHORTEST_MASKED) continue;
        for (const spelling of spellings(secret, users)) masked = masked.replaceAll(spelling, MASK);
      }
      return mask(masked);
    },
    noteUser(user) {
      users.add(user);
    },
  };
}
