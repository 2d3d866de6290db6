import { defineCheck, type Found } from "../core/check.ts";
import type { Intent, Location, Outcome, Source } from "../core/setup.ts";
import { answerEvidence, fromEntry, severityOf } from "./evidence.ts";
import { answer, configEntry, healthy, outcome, source } from "./example.ts";
import { standsAt } from "./in-words.ts";
import { isWithoutCredential } from "./no-credential.ts";
import { dropEntryStep } from "./steps.ts";

interface Args {
  label: string;
  /** As configured. */
  helper: string;
  location: Location | null;
  source: Source | null;
  cause: boolean;
}

/** One finding for each missing program, with every route that would have asked it. */
function byHelper(outcomes: readonly Outcome[]): [Source, Outcome[]][] {
  const groups = new Map<string, [Source, Outcome[]]>();
  for (const one of outcomes) {
    for (const source of one.sources) {
      if (source.kind !== "helper" || source.state !== "missing") continue;
      const key = `${source.helper} ${standsAt(source.configured)}`;
      groups.set(key, [source, [...(groups.get(key)?.[1] ?? []), one]]);
    }
  }
  return [...groups.values()];
}

function foundFor(source: Source, outcomes: readonly Outcome[], intent: Intent): Found<Args> {
  const failing = outcomes.filter(isWithoutCredential);
  const cause = failing.length > 0;
  const location = source.configured;
  const what = `\`${source.helper ?? source.label}\` is configured, and Git cannot find the program`;
  const evidence =
    source.entry !== null
      ? [{ what, source: fromEntry(source.entry) }]
      : [{ what, source: { kind: "command", command: "git credential fill" } as const }];
  return {
    args: { label: source.label, helper: source.helper ?? source.label, location, source, cause },
    severity: cause ? severityOf(failing, intent) : "note",
    confidence: cause ? "likely" : "certain",
    cause,
    location,
    evidence: [...failing.flatMap(answerEvidence), ...evidence],
  };
}

export const helperMissing = defineCheck<"outcomes" | "intent", Args>({
  id: "helper-missing",
  title: "Git is told to ask a credential helper that is not there",
  needs: ["outcomes", "intent"],
  find: ({ outcomes, intent }): Found<Args>[] =>
    byHelper(outcomes).map(([source, group]) => foundFor(source, group, intent)),
  explain: ({ label, helper, location, cause }) => {
    const program = helper.startsWith("/") ? helper.split(/\s/, 1)[0] : `git-credential-${label}`;
    return {
      what: `${location === null ? "the configuration" : standsAt(location)} names the helper \`${helper}\`, and there is no program \`${program}\``,
      why: `Git passes over a helper it cannot find, with one line of warning, and goes on to the next${cause ? "; here nothing else has a credential" : ""}`,
      next: `install it if it belongs to this machine, or take the entry out (it often comes from another system's configuration): \`git rekey fix\` asks before it does`,
    };
  },
  typical: { label: "osxkeychain", helper: "osxkeychain", location: null, source: null, cause: true },
  remedy: ({ source }) =>
    source?.entry?.file == null
      ? null
      : {
          safety: "ask",
          summary: `take the missing helper out of ${standsAt(source.configured) || `\`${source.entry.file}\``}`,
          needsToken: false,
          steps: () => dropEntryStep("helper-missing", "ask", source.entry),
        },
  examples: () => {
    const gone = source("helper", {
      state: "missing",
      label: "osxkeychain",
      helper: "osxkeychain",
      entry: configEntry("credential.helper", "osxkeychain"),
      user: null,
      secret: null,
      stored: null,
    });
    return {
      broken: [
        { intent: { push: false }, outcomes: [outcome(null, answer(401), { sources: [gone] })] },
        { intent: { push: false }, outcomes: [{ ...healthy(), sources: [gone, ...healthy().sources] }] },
      ],
      healthy: [{ intent: { push: false }, outcomes: [healthy()] }],
    };
  },
});
