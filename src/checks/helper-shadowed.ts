import { defineCheck, type Found } from "../core/check.ts";
import type { Attempt, Outcome, Source } from "../core/setup.ts";
import { labelOf } from "../core/source-label.ts";
import { foundPerCredential, locationOf, sourceEvidence, statusOf } from "./evidence.ts";
import { answer, healthy, outcome, secret, source } from "./example.ts";
import { isRefusedForCredential } from "./extra-header-shadows.ts";
import { standsAt } from "./in-words.ts";
import { removalSteps } from "./steps.ts";

interface Args {
  outcome: Outcome | null;
  used: Source | null;
  good: Source | null;
  status: number | null;
}

function goodHelper({ unreached }: Outcome): Attempt | null {
  return (
    unreached.find(({ source, answer }) => source?.kind === "helper" && statusOf(answer) === 200) ?? null
  );
}

/** A header and netrc stand in front of everything and have checks of their own. */
function isShadowed(one: Outcome): boolean {
  const front = one.used?.kind === "url" || one.used?.kind === "helper";
  return front && isRefusedForCredential(one) && goodHelper(one) !== null;
}

export const helperShadowed = defineCheck<"outcomes" | "intent", Args>({
  id: "helper-shadowed",
  title: "A helper holds a good credential that Git never gets to",
  needs: ["outcomes", "intent"],
  find: ({ outcomes, intent }): Found<Args>[] => {
    const shadowed = outcomes.filter(isShadowed);
    const found = foundPerCredential(shadowed, intent, "certain", (one) => ({
      outcome: one,
      used: one.used,
      good: goodHelper(one)?.source ?? null,
      status: statusOf(one.last?.answer),
    }));
    return found.map((one) => {
      const hidden = one.args.outcome === null ? null : goodHelper(one.args.outcome);
      return { ...one, evidence: [...one.evidence, ...(hidden === null ? [] : sourceEvidence(hidden))] };
    });
  },
  explain: ({ used, good, status }) => {
    const front = used === null ? "an earlier helper" : labelOf(used);
    const hidden = good === null ? "a later helper" : labelOf(good);
    const at = standsAt(locationOf(used));
    return {
      what: `Git sends what ${front} gives${at === "" ? "" : ` (${at})`} and is refused, while ${hidden} holds a credential that Bitbucket accepts`,
      why:
        used?.kind === "url"
          ? "a password in the URL is used as it is, and no helper is asked at all"
          : `Git takes the first helper that answers, in the order of its configuration, and does not try the next one after a refusal${status === 401 ? "; on this 401 it tells all helpers to erase what it sent" : ", nor does it erase anything"}`,
      next: `take the refused credential away from ${front}: \`git rekey fix\` does it, and no new token is needed`,
    };
  },
  typical: { outcome: null, used: null, good: null, status: 410 },
  remedy: ({ outcome, used }) =>
    outcome === null || used === null
      ? null
      : {
          safety: used.helper?.startsWith("!") ? "ask" : "safe",
          summary: `take the refused credential out of ${labelOf(used)}`,
          needsToken: false,
          steps: (choices) => removalSteps("helper-shadowed", used, choices, outcome.route.url),
        },
  examples: () => {
    const good = source("helper", {
      label: "libsecret",
      helper: "libsecret",
      user: "x-bitbucket-api-token-auth",
      secret: secret("api-token"),
      stored: null,
      configured: { file: "/home/ana/.gitconfig", line: 9, scope: "global" },
    });
    const behind = (status: number): Attempt[] => [
      { source: good, user: good.user, secret: good.secret, answer: answer(status) },
    ];
    return {
      broken: [
        {
          intent: { push: false },
          outcomes: [outcome(source("helper"), answer(410), { unreached: behind(200) })],
        },
        {
          intent: { push: false },
          outcomes: [outcome(source("url"), answer(401), { unreached: behind(200) })],
        },
      ],
      healthy: [
        { intent: { push: false }, outcomes: [{ ...healthy(), unreached: behind(200) }] },
        {
          intent: { push: false },
          outcomes: [outcome(source("helper"), answer(410), { unreached: behind(401) })],
        },
        {
          intent: { push: false },
          outcomes: [outcome(source("header"), answer(410), { unreached: behind(200) })],
        },
      ],
    };
  },
});
