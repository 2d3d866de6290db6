import { fatalAnywhere, fatalFor } from "../core/fatal-values.ts";
import type { Outcome } from "../core/setup.ts";
import { isWanted } from "../core/wanted.ts";
import type { ConfigTrouble, RawEntry } from "./config.ts";
import { askedUrl, type RawRoute, ruleEntries } from "./routes.ts";

/** Whether Git looks for a credential on this way: where everybody may read, or a header goes with it, it never does. */
function looksForCredential({ state, used }: Outcome): boolean {
  return state !== "ok" || (used !== null && used.kind !== "header");
}

function troubleAt({ of: { entry }, reason }: { of: RawEntry; reason: string }): ConfigTrouble {
  return { file: entry.file, line: entry.line, reason: `\`${entry.key}\` ${reason}` };
}

/** The values at which every command ends, also those that only look for the repository. */
export function deadEndsAnywhere(config: readonly RawEntry[]): ConfigTrouble[] {
  return fatalAnywhere(ruleEntries(config)).map(troubleAt);
}

/** The values at which Git ends on the ways that are wanted. */
export function deadEnds(
  config: readonly RawEntry[],
  ours: readonly RawRoute[],
  outcomes: readonly Outcome[],
  push: boolean,
): ConfigTrouble[] {
  const rules = ruleEntries(config);
  const wanted = ours.filter(({ route }) => isWanted(route, { push }));
  const met = wanted.flatMap((raw) => {
    const outcome = outcomes.find((one) => one.route === raw.route);
    const reads = outcome === undefined || looksForCredential(outcome);
    return fatalFor(rules, raw.rawUrl, askedUrl(raw)).filter(({ need }) => need !== "credential" || reads);
  });
  const distinct = met.filter(({ of }, index) => met.findIndex((one) => one.of === of) === index);
  return [...deadEndsAnywhere(config), ...distinct.map(troubleAt)];
}
