/** Findings that were there before and are not to be told again. No secret is in here. */
import type { SecretKind } from "./bitbucket.ts";
import type { CheckId } from "./ids.ts";

export interface BaselineEntry {
  id: CheckId;
  /** Relative to the baseline's folder, with `/`. Lines are left out: they move. */
  path: string;
  kind: SecretKind | null;
  length: number | null;
  /** Hex digits of a hash with the baseline's salt; null for what could be guessed, which passwords can. */
  fingerprint: string | null;
  /** How many alike there are in the file. */
  count: number;
}

/** Schema `git-rekey/baseline@1`. */
export interface Baseline {
  schema: "git-rekey/baseline@1";
  /** Hex digits. A scan that is compared with the baseline makes its fingerprints with it. */
  salt: string;
  entries: readonly BaselineEntry[];
}
