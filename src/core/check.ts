import type { Confidence, Finding, Observation, Remedy, Severity } from "./finding.ts";
import type { CheckId } from "./ids.ts";
import type { Location, Setup } from "./setup.ts";

export type NonEmpty<T> = readonly [T, ...T[]];

/** One place where the fault is so, with what proves it. `args` is all that the words need. */
export interface Found<A> {
  args: A;
  severity: Severity;
  confidence: Confidence;
  cause: boolean;
  location: Location | null;
  evidence: readonly Observation[];
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
 * A pure recogniser of one fault. It reads only what it declares in `needs` and `uses`, prints nothing, does nothing. Its
 * examples are its tests and its documentation; a run of the tool never makes them.
 */
export interface Check<K extends keyof Setup, A, U extends keyof Setup = never> {
  id: CheckId;
  title: string;
  needs: readonly K[];
  /** What it reads as well where that could be looked at; without it the check says what it can. */
  uses?: readonly U[];
  find(setup: Pick<Setup, K> & Partial<Pick<Setup, U>>): readonly Found<A>[] | CannotTell;
  explain(args: A): Words;
  /** The arguments for `git rekey explain ID`, where no machine is looked at. */
  typical: A;
  remedy?(args: A): Remedy | null;
  examples(): Examples<Pick<Setup, K> & Partial<Pick<Setup, U>>>;
}

/** A check with its argument type hidden, so that checks of all kinds fit into one registry. */
export interface AnyCheck {
  id: CheckId;
  title: string;
  needs: readonly (keyof Setup)[];
  uses: readonly (keyof Setup)[];
  run(setup: Setup): readonly Finding[] | CannotTell;
  /** Its words without a machine. */
  describe(): Words;
  examples(): Examples<Setup>;
}

/** Seals a check for the registry: from here on it takes a set-up and gives findings. */
export function defineCheck<K extends keyof Setup, A, U extends keyof Setup = never>(
  check: Check<K, A, U>,
): AnyCheck {
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
    }));
  };
  return {
    id: check.id,
    title: check.title,
    needs: check.needs,
    uses: check.uses ?? [],
    run,
    describe: () => check.explain(check.typical),
    // The runner hands over only what `needs` and `uses` name, so a Pick is all an example has to be.
    examples: check.examples as unknown as AnyCheck["examples"],
  };
}
