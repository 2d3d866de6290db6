import { defineCheck, type Found } from "../core/check.ts";
import type { Observation } from "../core/finding.ts";
import type { Environment, Outcome, Source } from "../core/setup.ts";
import { labelOf } from "../core/source-label.ts";
import { foundPerCredential } from "./evidence.ts";
import { answer, configEntry, environment, healthy, outcome, source } from "./example.ts";
import { causeIfGoodBehind, goodBehind, isRefusedForCredential } from "./extra-header-shadows.ts";

interface Args {
  used: Source | null;
  /** Variables to unset; empty where it came by `git -c`. */
  names: readonly string[];
  good: string | null;
}

/** More pairs than anybody sets by hand; a longer list would hide the line it stands in. */
const MOST_PAIRS = 20;

function variableIn({ variables }: Environment, name: string): string | null {
  return variables.find((one) => one.name === name)?.value ?? null;
}

/** The variables that carry configuration entries. The pairs go too: their values hold the credential. */
function carriers(environment: Environment): string[] {
  const count = Number(variableIn(environment, "GIT_CONFIG_COUNT") ?? 0);
  const pairs = Array.from({ length: Math.min(Number.isInteger(count) ? count : 0, MOST_PAIRS) }, (_, n) => [
    `GIT_CONFIG_KEY_${n}`,
    `GIT_CONFIG_VALUE_${n}`,
  ]).flat();
  const heads = ["GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS"];
  return [...heads.filter((name) => variableIn(environment, name) !== null), ...pairs];
}

/** A variable that makes Git read this file instead of the usual one. */
function fileVariable(environment: Environment, used: Source | null): string | null {
  const file = used?.configured?.file;
  const names = ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"];
  return (file && names.find((name) => variableIn(environment, name) === file)) || null;
}

/** The variables that brought the source in use; null where it stands in a usual file. */
function broughtBy({ used }: Outcome, environment: Environment): string[] | null {
  if (used?.entry?.scope === "command" && used.entry.file === null) return carriers(environment);
  const variable = fileVariable(environment, used);
  return variable === null ? null : [variable];
}

export const envConfigShadows = defineCheck<"outcomes" | "intent" | "environment", Args>({
  id: "env-config-shadows",
  title: "A variable of this shell makes Git send a refused credential",
  needs: ["outcomes", "intent", "environment"],
  find: ({ outcomes, intent, environment }): Found<Args>[] => {
    const refused = outcomes.filter((one) => {
      return isRefusedForCredential(one) && broughtBy(one, environment) !== null;
    });
    const found = foundPerCredential(refused, intent, "certain", (one): Args => {
      const good = goodBehind(one);
      const names = broughtBy(one, environment) ?? [];
      return { used: one.used, names, good: good === null ? null : labelOf(good) };
    });
    return found.map(causeIfGoodBehind).map((one) => {
      const [name] = one.args.names;
      const set: Observation[] =
        name === undefined ? [] : [{ what: `\`${name}\` is set`, source: { kind: "variable", name } }];
      return { ...one, evidence: [...one.evidence, ...set] };
    });
  },
  explain: ({ used, names, good }) => ({
    what: `${names.length === 0 ? "an option `git -c`" : `the variable \`${names[0]}\``} gives Git ${used === null ? "a credential" : labelOf(used)}, and what that sends is refused${good === null ? "" : `, while ${good} has a good one`}`,
    why: "Git obeys entries from variables and `-c` above every file, so what the files say about the same key is not used; git-rekey cannot change the shell it was started from",
    next:
      names.length === 0
        ? "leave the option out, in the alias or the script that gives it"
        : `run \`unset ${names.join(" ")}\` in this shell, then take the variable out of where it is set: \`grep -n ${names[0]} ~/.profile ~/.bashrc ~/.zshrc ~/.config/environment.d/*\`, the service, or the CI job`,
  }),
  typical: {
    used: null,
    names: ["GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_0"],
    good: null,
  },
  examples: () => {
    const fromVariable = configEntry("http.extraheader", "Authorization: Basic ‹secret›", {
      scope: "command",
      file: null,
      line: null,
    });
    const header = source("header", { label: fromVariable.key, entry: fromVariable, configured: null });
    const counted = environment({ variables: [{ name: "GIT_CONFIG_COUNT", value: "1" }] });
    return {
      broken: [
        { intent: { push: false }, environment: counted, outcomes: [outcome(header, answer(410))] },
        { intent: { push: false }, environment: environment(), outcomes: [outcome(header, answer(401))] },
        {
          intent: { push: false },
          environment: environment({
            variables: [{ name: "GIT_CONFIG_GLOBAL", value: "/opt/ci/gitconfig" }],
          }),
          outcomes: [
            outcome(
              source("helper", { configured: { file: "/opt/ci/gitconfig", line: 2, scope: "global" } }),
              answer(410),
            ),
          ],
        },
      ],
      healthy: [
        { intent: { push: false }, environment: counted, outcomes: [healthy()] },
        { intent: { push: false }, environment: counted, outcomes: [outcome(source("helper"), answer(410))] },
        { intent: { push: false }, environment: counted, outcomes: [outcome(header, answer(200))] },
      ],
    };
  },
});
