import { type Direction, type HookStep, OS_KEYCHAIN, type Step, type TimerStep } from "./plan.ts";

/** `undone` receipts keep their own number; the undo that took them back is a receipt of its own. */
export type ReceiptState = "applied" | "rolled-back" | "incomplete" | "undone";

/** What became of one file. Hashes are SHA-256 in hex; null: the file was not there. */
export interface FileChange {
  file: string;
  before: string | null;
  after: string | null;
  /** One sentence without secrets. */
  what: string;
  state: "changed" | "restored" | "restored-entries" | "already-as-before" | "left-alone";
  /** Why it was left alone. */
  reason: string | null;
}

/** What became of something that lives in a helper. */
export interface HelperChange {
  helper: string;
  what: string;
  state: "stored" | "erased" | "restored" | "not-restored";
  reason: string | null;
}

export interface Proof {
  direction: Direction;
  remote: string | null;
  url: string;
  how: "prove" | "verify";
  result: "succeeded" | "failed" | "not-run";
  /** What git said when it failed, or why it was not run; no secrets. */
  detail: string | null;
  /** Whose git it was, where it was not the person's own. */
  through?: "sourcetree";
}

/** Schema `git-rekey/receipt@1`: what was changed, proven, erased, left, and by whom to be finished. */
export interface Receipt {
  schema: "git-rekey/receipt@1";
  tool: { name: "git-rekey"; version: string };
  /** Counts up from 1 for each user; what `git rekey undo ID` takes. Null when nothing was done. */
  id: number | null;
  action: "fix" | "apply" | "undo" | "token" | "hook";
  /** For an undo: the receipt it took back. */
  undoes: number | null;
  at: string;
  state: ReceiptState;
  target: string;
  changed: readonly FileChange[];
  helpers: readonly HelperChange[];
  proven: readonly Proof[];
  /** Left as it was on purpose, with the reason. */
  left: readonly { what: string; reason: string }[];
  /** What a person must still do. */
  todo: readonly { what: string; command: string | null }[];
}

/** A step in the past tense, for receipts. */
export function describeStep(step: Step | HookStep | TimerStep): string {
  switch (step.kind) {
    case "put-hook":
      return "put the search for credentials into it";
    case "drop-hook":
      return "took the search for credentials out of it";
    case "put-timer":
      return "wrote the timer into it";
    case "drop-timer":
      return "removed it, with the timer in it";
    case "set-config":
      return `set \`${step.entry.key}\` to \`${step.to}\``;
    case "unset-config":
      return `removed \`${step.entry.key}\``;
    case "add-config":
      return `added a \`[${step.section}${step.subsection === null ? "" : ` "${step.subsection}"`}]\` section`;
    case "set-netrc":
      return `put the new token into the entry for \`${step.entry.machine ?? "default"}\``;
    case "drop-netrc":
      return `removed the entry for \`${step.entry.machine ?? "default"}\``;
    case "put-stored":
      return `stored the new token for \`${step.username}\` at \`${step.host}\``;
    case "drop-stored":
      return `removed the stored entry of \`${step.entry.username}\` for \`${step.entry.host}\``;
    case "put-account":
      return `put the account \`${step.account.name}\` into the list`;
    case "drop-account":
      return `took the account \`${step.name}\` out of the list`;
    case "put-unrevoked":
      return `noted that \`${step.revoke.name}\` is left to revoke`;
    case "drop-unrevoked":
      return `ticked off \`${step.name}\` as revoked`;
    case "put-token":
      return "wrote the new token into it";
    case "drop-token":
      return "removed it, with the token in it";
    case "put-ssh-key":
      return `wrote the ${step.half} half of the new SSH key into it`;
    case "add-known-hosts":
      return `added Bitbucket's host keys for \`${step.host}\``;
    case "drop-known-host":
      return `removed a host key of \`${step.entry.host}\` (${step.entry.fingerprint})`;
    case "add-ssh-host":
      return `added a \`Host ${step.block.host}\` block`;
    case "register-key":
      return `added the new SSH key to \`${step.repository.workspace}/${step.repository.repository}\` as the access key \`${step.label}\``;
    case "set-mode":
      return `set its mode to ${step.mode.toString(8).padStart(4, "0")}`;
    case "helper-store":
      if (step.helper === OS_KEYCHAIN) return `put the new token into the keychain, as \`${step.username}\``;
      return `gave the new token for \`${step.username}\` to \`${step.helper}\``;
    case "helper-erase":
      if (step.helper === OS_KEYCHAIN) return `removed \`${step.username}\` from the keychain`;
      return `made \`${step.helper}\` forget \`${step.username}\` at \`${step.host}\``;
    case "prove":
    case "verify":
      return `ran ${step.through === "sourcetree" ? "Sourcetree's git" : "git"} for ${step.direction} of \`${step.remote ?? step.url}\``;
    case "person":
      return step.what;
  }
}
