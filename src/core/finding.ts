import type { CheckId } from "./ids.ts";
import type { Choices, PlannedStep, Safety } from "./plan.ts";
import type { Location, Scope } from "./setup.ts";
import type { Certainty, Credential } from "./spot.ts";

/** The gravest first. */
export const SEVERITIES = ["error", "warning", "note"] as const;

export type Severity = (typeof SEVERITIES)[number];

/** How sure a claim is. `possible` is one of several explanations of the same facts. */
export type Confidence = "certain" | "likely" | "possible";

/** How we know something. */
export type EvidenceSource =
  | { kind: "config"; file: string; line: number | null; scope: Scope | null }
  | { kind: "file"; file: string; line: number | null }
  | { kind: "http"; request: string; status: number | null }
  | { kind: "command"; command: string }
  | { kind: "variable"; name: string }
  | { kind: "pasted"; line: number };

/** A fact and how we know it. */
export interface Observation {
  what: string;
  source: EvidenceSource;
}

/** What would be changed: how safe it is, a sentence, and the steps that follow from what a person chose. */
export interface Remedy {
  safety: Safety;
  summary: string;
  /** True where the fault is only mended by another token. */
  needsToken: boolean;
  /** Findings that need no token either once its changes are made, because a good one is only kept from Git. */
  frees?: readonly CheckId[];
  steps(choices: Choices): readonly PlannedStep[];
}

/** A check's claim with what proves it. */
export interface Finding {
  id: CheckId;
  severity: Severity;
  confidence: Confidence;
  /** True when it explains a refusal; false for a risk or a remark beside it. */
  cause: boolean;
  title: string;
  what: string;
  why: string;
  next: string;
  location: Location | null;
  evidence: readonly Observation[];
  remedy: Remedy | null;
  /** Of a credential in a file. */
  certainty?: Certainty;
  credential?: Credential;
}

export interface Diagnosis {
  /** Causes first, most certain first. */
  findings: readonly Finding[];
  ruledOut: readonly CheckId[];
  notLooked: readonly { id: CheckId; reason: string }[];
}
