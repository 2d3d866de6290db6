/** Which ways a person wants to work. Pure. */
import type { Outcome, Route } from "./setup.ts";

/** Whether this way is wanted: fetching always, pushing where it was asked for or set up for itself. */
export function isWanted({ direction, pushOnly }: Route, asked: { push: boolean }): boolean {
  return direction === "fetch" || pushOnly || asked.push;
}

/** Everything that is refused now and that the person wants. */
export function brokenOutcomes(outcomes: readonly Outcome[], asked: { push: boolean }): Outcome[] {
  return outcomes.filter(({ state, route }) => state === "refused" && isWanted(route, asked));
}
