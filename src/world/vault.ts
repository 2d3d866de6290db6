import { MASK } from "../core/secret.ts";
import { shapeOfToken } from "../core/token.ts";
import { mask } from "../core/url.ts";
import { keyedHash, randomBytes } from "./hash.ts";
import type { Vault } from "./ports.ts";

/** Shorter texts are too likely to stand somewhere by chance: masking them would only garble the output. */
const SHORTEST_MASKED = 6;

/** A private key is many lines, each of which tells a part of it; those around it tell nothing. */
function linesOf(secret: string): string[] {
  if (!secret.includes("\n")) return [];
  return secret.split(/\r?\n/).filter((line) => line.length >= SHORTEST_MASKED && !line.startsWith("-----"));
}

/** The forms in which one secret may turn up in somebody's output. */
function spellings(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const percent = encodeURIComponent(secret.toWellFormed());
  // Git's `store` encodes more, and in small letters.
  const strict = percent.replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  const small = [percent, strict].map((text) => text.replace(/%../g, (code) => code.toLowerCase()));
  return [secret, json, percent, strict, ...small, ...linesOf(secret)];
}

/** `dXNlcjpwYXNz`: alone or with any user before it, only decoding tells what is in it. */
const BASE64 = /[A-Za-z0-9+/_-]{8,}={0,2}/g;

/** Makes a vault for one run. The salt lives and dies with it, so a fingerprint means nothing elsewhere. */
export function openVault(): Vault {
  const salt = randomBytes(16);
  const byRef = new Map<string, string>();

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
      // The longest first: a secret may begin with another one.
      const secrets = [...byRef.values()]
        .filter((secret) => secret.length >= SHORTEST_MASKED)
        .sort((a, b) => b.length - a.length);
      let masked = text;
      for (const secret of secrets)
        for (const spelling of spellings(secret)) masked = masked.replaceAll(spelling, MASK);
      if (secrets.length > 0) {
        masked = masked.replace(BASE64, (word) => {
          const inside = Buffer.from(word, "base64").toString("utf8");
          return secrets.some((secret) => inside.includes(secret)) ? MASK : word;
        });
      }
      return mask(masked);
    },
  };
}
