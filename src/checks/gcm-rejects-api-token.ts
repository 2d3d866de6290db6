import { GIT_HOST } from "../core/bitbucket.ts";
import { defineCheck, type Found } from "../core/check.ts";
import type { EvidenceSource } from "../core/finding.ts";
import { isTrue } from "../core/git-rules.ts";
import type { ConfigEntry, Outcome, Source } from "../core/setup.ts";
import { labelOf } from "../core/source-label.ts";
import { standsAt } from "./config-unreadable.ts";
import { answerEvidence, entryLocation, fromEntry, severityOf } from "./evidence.ts";
import { answer, configEntry, healthy, outcome, source } from "./example.ts";
import { isWithoutCredential } from "./no-credential.ts";

interface Args {
  label: string;
  at: string;
  /** It was asked and gave nothing, and Git was refused for that. */
  failing: boolean;
}

const SETTING = "credential.bitbucketValidateStoredCredentials";

/** Git Credential Manager by any of its names: on PATH, by its path, or started through a shell. */
function isManager({ kind, label, helper, state }: Source): boolean {
  if (kind !== "helper" || state === "missing") return false;
  return /^manager(-core)?$/.test(label) || /git-credential-manager(-core)?(\.exe)?\b/.test(helper ?? "");
}

/** The last word on the setting, for all hosts or for Bitbucket. */
function isSwitchedOff(config: readonly ConfigEntry[]): boolean {
  const setting = config.findLast(
    ({ section, subsection, name }) =>
      section === "credential" &&
      name === "bitbucketvalidatestoredcredentials" &&
      (subsection === null || subsection.includes(GIT_HOST)),
  );
  return setting !== undefined && !isTrue(setting.value);
}

function managerOf({ sources }: Outcome): Source | null {
  return sources.find(isManager) ?? null;
}

export const gcmRejectsApiToken = defineCheck<"outcomes" | "intent" | "config", Args>({
  id: "gcm-rejects-api-token",
  title: "Git Credential Manager does not give back a stored API token",
  needs: ["outcomes", "intent", "config"],
  find: ({ outcomes, intent, config }): Found<Args>[] => {
    const asked = outcomes.filter((one) => managerOf(one) !== null);
    const helper = asked[0] === undefined ? null : managerOf(asked[0]);
    if (helper === null || isSwitchedOff(config)) return [];
    const without = asked.filter(isWithoutCredential);
    const failing = without.length > 0;
    const location = entryLocation(helper.entry) ?? helper.configured;
    const what = `${labelOf(helper)} is set up, and \`${SETTING}\` is not \`false\``;
    const source: EvidenceSource =
      helper.entry === null
        ? { kind: "command", command: "git config --get-all credential.helper" }
        : fromEntry(helper.entry);
    return [
      {
        args: { label: labelOf(helper), at: standsAt(location), failing },
        severity: failing ? severityOf(without, intent) : "note",
        confidence: "likely",
        cause: failing,
        location,
        evidence: [...without.flatMap(answerEvidence), { what, source }],
      },
    ];
  },
  explain: ({ label, at, failing }) => ({
    what: `${label}${at === "" ? "" : ` (${at})`} ${failing ? "gives Git no credential for Bitbucket" : "asks for an API token again each time, if one is given to it"}`,
    why: "before it answers, Git Credential Manager tries the stored credential on Bitbucket's REST; an API token stored under a user name that Git can use is refused there, so it is never given back",
    next: `\`git config --global credential.https://${GIT_HOST}.bitbucketValidateStoredCredentials false\` switches that off; or let \`git rekey fix\` keep the token elsewhere`,
  }),
  typical: { label: "the helper `manager`", at: "", failing: false },
  examples: () => {
    const manager = source("helper", {
      state: "not-asked",
      label: "manager",
      helper: "manager",
      entry: configEntry("credential.helper", "manager"),
      user: null,
      secret: null,
      stored: null,
    });
    return {
      broken: [
        {
          intent: { push: false },
          config: [],
          outcomes: [outcome(null, answer(401), { sources: [{ ...manager, state: "silent" }] })],
        },
        {
          intent: { push: false },
          config: [],
          outcomes: [outcome(null, answer(401), { state: "unknown", sources: [manager] })],
        },
        {
          intent: { push: false },
          config: [configEntry("credential.bitbucketvalidatestoredcredentials", "true")],
          outcomes: [{ ...healthy(), sources: [...healthy().sources, manager] }],
        },
      ],
      healthy: [
        { intent: { push: false }, config: [], outcomes: [healthy()] },
        {
          intent: { push: false },
          config: [
            configEntry("credential.https://bitbucket.org.bitbucketvalidatestoredcredentials", "false"),
          ],
          outcomes: [outcome(null, answer(401), { sources: [{ ...manager, state: "silent" }] })],
        },
      ],
    };
  },
});
