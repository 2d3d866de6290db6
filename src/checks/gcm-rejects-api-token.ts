import { GIT_HOST } from "../core/bitbucket.ts";
import { defineCheck, type Found } from "../core/check.ts";
import type { EvidenceSource } from "../core/finding.ts";
import { windowOf } from "../core/forget-advice.ts";
import { isTrue } from "../core/git-rules.ts";
import type { PlannedStep } from "../core/plan.ts";
import { cleanUrl } from "../core/remote-url.ts";
import type { ConfigEntry, Environment, Outcome, Route, Source } from "../core/setup.ts";
import { labelOf } from "../core/source-label.ts";
import { answerEvidence, entryLocation, fromEntry, severityOf } from "./evidence.ts";
import { answer, configEntry, environment, healthy, outcome, source } from "./example.ts";
import { standsAt } from "./in-words.ts";
import { isWithoutCredential } from "./no-credential.ts";
import { planned } from "./steps.ts";

interface Args {
  label: string;
  at: string;
  /** It was asked and gave nothing, and Git was refused for that: on this way. */
  failing: Route | null;
  /** Nothing else is without a credential, so that this one may be all that is wrong. */
  alone: boolean;
  /** The person's own configuration, where the setting would go; null where nothing tells. */
  file: string | null;
  platform: string;
}

const ID = "gcm-rejects-api-token";

const NAME = "bitbucketValidateStoredCredentials";

const SETTING = `credential.${NAME}`;

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

/** Beside the helper where that is the person's own; else where Git would write what is for all repositories. */
function ownFile(helper: Source, config: readonly ConfigEntry[], around: Environment): string | null {
  const isOwn = (entry: ConfigEntry | null) => entry?.scope === "global" && !entry.foreign;
  if (helper.entry?.file && isOwn(helper.entry)) return helper.entry.file;
  const chosen = around.variables.find(({ name }) => name === "GIT_CONFIG_GLOBAL")?.value;
  const known = config.find(isOwn)?.file;
  return chosen || known || (around.home === null ? null : `${around.home}/.gitconfig`);
}

/** The setting, with real git to say whether it was enough; and what stays in the manager, which nobody can see. */
function steps({ file, failing, platform }: Args): PlannedStep[] {
  const setting = planned("change", "ask", ID, {
    kind: "add-config",
    file: file ?? "",
    section: "credential",
    subsection: `https://${GIT_HOST}`,
    lines: [{ name: NAME, value: "false" }],
  });
  if (failing === null) return file === null ? [] : [setting];
  const { remote, direction, url, entry } = failing;
  const clean = cleanUrl(url, entry === null ? null : url.user);
  const verify = { kind: "verify", direction, remote, url: clean, source: null } as const;
  const where = windowOf("manager", platform);
  const what = `what Git Credential Manager keeps for ${GIT_HOST} stays in it, and may be an app password: to remove that, open ${where ?? "its store"}`;
  return [
    ...(file === null ? [] : [setting, planned("verify", "ask", ID, verify)]),
    planned("verify", "safe", ID, { kind: "person", what, command: null }),
  ];
}

export const gcmRejectsApiToken = defineCheck<"outcomes" | "intent" | "config" | "environment", Args>({
  id: ID,
  title: "Git Credential Manager does not give back a stored API token",
  needs: ["outcomes", "intent", "config", "environment"],
  find: ({ outcomes, intent, config, environment }): Found<Args>[] => {
    const asked = outcomes.filter((one) => managerOf(one) !== null);
    const helper = asked[0] === undefined ? null : managerOf(asked[0]);
    if (helper === null || isSwitchedOff(config)) return [];
    const without = asked.filter(isWithoutCredential);
    const failing = without[0]?.route ?? null;
    const location = entryLocation(helper.entry) ?? helper.configured;
    const what = `${labelOf(helper)} is set up, and \`${SETTING}\` is not \`false\``;
    const source: EvidenceSource =
      helper.entry === null
        ? { kind: "command", command: "git config --get-all credential.helper" }
        : fromEntry(helper.entry);
    return [
      {
        args: {
          label: labelOf(helper),
          at: standsAt(location),
          failing,
          alone: without.length > 0 && without.length === outcomes.filter(isWithoutCredential).length,
          file: ownFile(helper, config, environment),
          platform: environment.platform,
        },
        severity: failing === null ? "note" : severityOf(without, intent),
        confidence: "likely",
        cause: failing !== null,
        location,
        evidence: [...without.flatMap(answerEvidence), { what, source }],
      },
    ];
  },
  explain: ({ label, at, failing }) => ({
    what: `${label}${at === "" ? "" : ` (${at})`} ${failing !== null ? "gives Git no credential for Bitbucket" : "asks for an API token again each time, if one is given to it"}`,
    why: "before it answers, Git Credential Manager tries the stored credential on Bitbucket's REST; an API token stored under a user name that Git can use is refused there, so it is never given back",
    next: `let \`git rekey fix --with helper\` answer for ${GIT_HOST} instead; or switch that off: \`git rekey fix --run-helpers --accept ${ID}\` does, as does \`git config --global credential.https://${GIT_HOST}.${NAME} false\``,
  }),
  typical: {
    label: "the helper `manager`",
    at: "",
    failing: null,
    alone: false,
    file: null,
    platform: "linux",
  },
  remedy: (args) => ({
    safety: "ask",
    summary: `tell Git Credential Manager not to try what it keeps for ${GIT_HOST} on REST first`,
    needsToken: false,
    frees: args.alone ? ["no-credential"] : [],
    // Another helper in its place makes the setting pointless, and where it only has to forget there is none to keep.
    steps: ({ with: way }) =>
      steps(args).filter(({ step }) => step.kind === "person" || !(way === "helper" || way === "forget")),
  }),
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
    const around = environment();
    return {
      broken: [
        {
          environment: around,
          intent: { push: false },
          config: [],
          outcomes: [outcome(null, answer(401), { sources: [{ ...manager, state: "silent" }] })],
        },
        {
          environment: around,
          intent: { push: false },
          config: [],
          outcomes: [outcome(null, answer(401), { state: "unknown", sources: [manager] })],
        },
        {
          environment: around,
          intent: { push: false },
          config: [configEntry("credential.bitbucketvalidatestoredcredentials", "true")],
          outcomes: [{ ...healthy(), sources: [...healthy().sources, manager] }],
        },
      ],
      healthy: [
        { environment: around, intent: { push: false }, config: [], outcomes: [healthy()] },
        {
          environment: around,
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
