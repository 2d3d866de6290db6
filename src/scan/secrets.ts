/** Of what is seen in a text only what can leak: a variable's name in an old version is nothing to act upon. */
import type { Seen } from "../core/spot.ts";
import { keepShapes, lookAtText } from "./look.ts";

export function secretsIn(bytes: Buffer, path: string, salt: Uint8Array, linesBefore: number): Seen[] {
  return lookAtText(bytes, path, keepShapes(salt))
    .seen.filter(({ secret }) => secret !== null)
    .map((seen) => ({ ...seen, line: seen.line === null ? null : seen.line + linesBefore }));
}

/** The part of a commit or a tag that a person wrote: what is before it names people, and holds signatures. */
export function messageIn(bytes: Buffer): Buffer {
  const at = bytes.indexOf("\n\n");
  return at < 0 ? bytes.subarray(bytes.length) : bytes.subarray(at + 2);
}
