import type { Confidence, Finding, Observation, Remedy, Severity } from "./finding.ts";
import type { CheckId } from "./ids.ts";
import type { Location, Setup } from "./setup.ts";
import type { Certainty, Credential } from "./spot.ts";

export type NonEmpty<T> = readonly [T, ...T[]];

/** One place where the fault is so, with what proves it. `args` is all that the words need. */
export interface Found<A> {
  args: A;
  severity: Severity;
  confidence: Confidence;
  cause: boolean;
  location: Location | null;
  evidence: readonly Observation[];
  /** Of a credential in a file. */
  certainty?: Certainty;
  credential?: Credential;
}

/** A check that had its input and still cannot say. */
export interface CannotTell {
  cannotTell: string;
}

/** What, why, next: in this order, as every message has them. */
export interface Words {
  what: string;
  why: string;
  next: string;
}

/** Set-ups that a check must find itself in, and such that it must find nothing in. */
export interface Examples<S> {
  broken: NonEmpty<S>;
  healthy: NonEmpty<S>;
}

/**
 * A pure recogniser of one fault. It reads only what it declares in `needs`, prints nothing, does nothing. Its
 * examples are its tests and its documentation; a run of the tool never makes them.
 */
export interface Check<K extends keyof Setup, A> {
  id: CheckId;
  title: string;
  needs: readonly K[];
  find(setup: Pick<Setup, K>): readonly Found<A>[] | CannotTell;
  explain(args: A): Words;
  /** The arguments for `git rekey explain ID`, where no machine is looked at. */
  typical: A;
  remedy?(args: A): Remedy | null;
  examples(): Examples<Pick<Setup, K>>;
  /** The same fault where it shows in other parts of a set-up: checks with the same id, and words of their own. */
  also?: readonly AnyCheck[];
}

/** A check with its argument type hidden, so that checks of all kinds fit into one registry. */
export interface AnyCheck {
  id: CheckId;
  title: string;
  needs: readonly (keyof Setup)[];
  run(setup: Setup): readonly Finding[] | CannotTell;
  /** Its words without a machine. */
  describe(): Words;
  examples(): Examples<Setup>;
  also: readonly AnyCheck[];
}

/** Seals a check for the registry: from here on it takes a set-up and gives findings. */
export function defineCheck<K extends keyof Setup, A>(check: Check<K, A>): AnyCheck {
  const run = (setup: Setup): readonly Finding[] | CannotTell => {
    const found = check.find(setup);
    if ("cannotTell" in found) return found;
    return found.map((one) => ({
      id: check.id,
      severity: one.severity,
      confidence: one.confidence,
      cause: one.cause,
      title: check.title,
      ...check.explain(one.args),
      location: one.location,
      evidence: one.evidence,
      remedy: check.remedy?.(one.args) ?? null,
      ...(one.certainty === undefined ? {} : { certainty: one.certainty }),
      ...(one.credential === undefined ? {} : { credential: one.credential }),
    }));
  };
  return {
    id: check.id,
    title: check.title,
    needs: check.needs,
    run,
    describe: () => check.explain(check.typical),
    // The runner hands over only what `needs` names, so a Pick is all an example has to be.
    examples: check.examples as unknown as AnyCheck["examples"],
    also: check.also ?? [],
  };
}
