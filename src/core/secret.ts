import type { TokenShape } from "./token.ts";

/**
 * All that `core`, the checks and the reports ever know of a secret. `ref` is how a person tells two
 * secrets of one run apart: four hex digits of a hash salted anew in every run.
 */
export interface SecretShape extends TokenShape {
  ref: string;
}

/** `secret ‹6f1c›`: how a secret is written wherever one is talked about. */
export function nameOf(secret: SecretShape): string {
  return `‹${secret.ref}›`;
}

/** What stands for a secret in a URL or a value that is shown. */
export const MASK = "‹secret›";
