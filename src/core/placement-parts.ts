/** What a place for a new token is made of. Pure. */
import type { Account } from "./account.ts";
import type { OwnFiles } from "./account-steps.ts";
import type { PlannedStep, ProofSource, Step } from "./plan.ts";

/** What git-rekey's own helper is and knows. */
export interface OwnPlaces extends OwnFiles {
  /** As `credential.helper` takes it. */
  helper: string;
  known: readonly Account[];
  /** Those whose token Bitbucket accepts here, by name. */
  accepted: readonly string[];
}

/** Files that a plan may name besides those it found. */
export interface Places {
  /** The user's own configuration: where `git config --global` would write. */
  globalConfig: string;
  /** This repository's configuration; null for a URL. */
  localConfig: string | null;
  /** This work tree's own configuration, where the repository keeps one for each. */
  worktreeConfig: string | null;
  /** Where Git's `store` helper puts a new entry when it is not told a file. */
  storeFile: string;
  /** The user's home folder. */
  home: string;
  /** Or why the list of accounts cannot be used. */
  own: OwnPlaces | { trouble: string };
}

/** An entry the new token takes: in a file of `store`, or in another helper. */
export interface TakenEntry {
  file: string | null;
  helper: string | null;
  username: string;
  path: string | null;
}

export interface Placement {
  steps: readonly PlannedStep[];
  proof: ProofSource;
  /** What the new token takes, so that cleaning up does not take it away again. */
  taken: readonly TakenEntry[];
  /** True where the URL must name the user, or Git would ask for another one. */
  pinUser: boolean;
  /** True where the token is there already, and nobody has to supply one. */
  ready?: boolean;
  /** One phrase for people: "in Git's `store` file `~/.git-credentials`". */
  where: string;
}

/** No place to keep a token. `choosable`: another `--store` is the way out, and a person may be asked for it. */
export interface NoPlace {
  noPlace: string;
  choosable: boolean;
}

export function noPlace(reason: string, choosable: boolean): NoPlace {
  return { noPlace: reason, choosable };
}

/** A step of the plan itself, which answers no finding of its own. */
export function change(step: Step): PlannedStep {
  return { phase: "change", safety: "safe", answers: null, step };
}
