import { defineCheck, type Found } from "../core/check.ts";
import type { NetrcEntryName } from "../core/plan.ts";
import type { Location, NetrcFile, Outcome, Source } from "../core/setup.ts";
import { labelOf } from "../core/source-label.ts";
import { foundPerCredential, locationOf, sourceEvidence, statusOf } from "./evidence.ts";
import { answer, healthy, outcome, secret, source } from "./example.ts";
import { causeIfGoodBehind, goodBehind, isRefusedForCredential } from "./extra-header-shadows.ts";
import { standsAt } from "./in-words.ts";

interface Args {
  location: Location | null;
  /** The entry that netrc answers with, where it is found again. */
  name: NetrcEntryName | null;
  status: number | null;
  /** A source behind it that works. */
  good: string | null;
  /** True when Git went on to that source. */
  passed: boolean;
}

/** Git stops at netrc's answer unless it is 401: only then are helpers asked. */
function isStop(one: Outcome): boolean {
  const isNetrc = one.used?.kind === "netrc" && isRefusedForCredential(one);
  return isNetrc && statusOf(one.last?.answer) !== 401;
}

function nameIn(netrc: readonly NetrcFile[], at: Location | null): NetrcEntryName | null {
  const file = netrc.find((one) => one.file === at?.file);
  const entry = file?.entries.find(({ line }) => line === at?.line);
  return entry === undefined ? null : { machine: entry.machine, occurrence: entry.occurrence };
}

/** Tried, answered 401, and passed over for one that works. */
function passedOver(one: Outcome, netrc: readonly NetrcFile[]): Found<Args>[] {
  const tried = one.attempts.find(({ source }) => source?.kind === "netrc");
  if (tried === undefined || one.state !== "ok" || one.used === null || one.used.kind === "netrc") return [];
  const location = locationOf(tried.source);
  return [
    {
      args: { location, name: nameIn(netrc, location), status: 401, good: labelOf(one.used), passed: true },
      severity: "note",
      confidence: "certain",
      cause: false,
      location,
      evidence: sourceEvidence(tried),
    },
  ];
}

export const netrcShadows = defineCheck<"outcomes" | "intent" | "netrc", Args>({
  id: "netrc-shadows",
  title: "A refused credential in netrc goes before the helpers",
  needs: ["outcomes", "intent", "netrc"],
  find: ({ outcomes, intent, netrc }): Found<Args>[] => {
    const stops = foundPerCredential(outcomes.filter(isStop), intent, "certain", (one): Args => {
      const good = goodBehind(one);
      const location = locationOf(one.used);
      const status = statusOf(one.last?.answer);
      const name = nameIn(netrc, location);
      return { location, name, status, good: good === null ? null : labelOf(good), passed: false };
    });
    const [passed] = stops.length > 0 ? [] : outcomes.flatMap((one) => passedOver(one, netrc));
    return passed === undefined ? stops.map(causeIfGoodBehind) : [passed];
  },
  explain: ({ location, status, good, passed }) => {
    const at = location === null ? "netrc" : standsAt(location);
    if (passed) {
      return {
        what: `${at} holds a credential that is answered 401 before ${good ?? "the next one"} is asked`,
        why: "libcurl tries netrc before Git asks any helper; after a 401 Git goes on, so this works, with one refused request each time. After any other answer it would stop there",
        next: `take its entry out of ${at}, so that one change of Bitbucket's answer does not stop Git`,
      };
    }
    return {
      what: `the credential in ${at} is answered ${status ?? "with a refusal"}${good === null ? "" : `, and ${good} has a good one that Git never asks for`}`,
      why: `libcurl tries netrc before Git asks any helper, and Git goes on to the helpers only after a 401: after ${status ?? "any other answer"} it stops, whatever they hold`,
      next: `take its entry out of ${at}, or put the new token there: a token stored in a helper is not used while it stands`,
    };
  },
  typical: { location: null, name: null, status: 410, good: null, passed: false },
  remedy: (args) =>
    args.name === null || args.passed
      ? null
      : {
          safety: "safe",
          summary: `put the new token into ${standsAt(args.location)}, in place of the refused one`,
          needsToken: true,
          // Placing the token is the step: one that lives in netrc is replaced there.
          steps: () => [],
        },
  examples: () => {
    const netrcSource: Source = source("netrc", {
      configured: null,
      stored: { file: "/home/ana/.netrc", line: 3, scope: null },
    });
    const netrc: NetrcFile[] = [
      {
        file: "/home/ana/.netrc",
        mode: 0o600,
        entries: [
          { machine: "bitbucket.org", login: "ana", secret: secret("app-password"), line: 3, occurrence: 0 },
        ],
      },
    ];
    const [anonymous, accepted] = healthy().attempts;
    const refused = outcome(netrcSource, answer(401)).attempts[1];
    const attempts = [anonymous, refused, accepted].filter((one) => one !== undefined);
    return {
      broken: [
        { intent: { push: false }, netrc, outcomes: [outcome(netrcSource, answer(410))] },
        { intent: { push: false }, netrc, outcomes: [{ ...healthy(), attempts }] },
      ],
      healthy: [
        { intent: { push: false }, netrc, outcomes: [healthy()] },
        { intent: { push: false }, netrc, outcomes: [outcome(netrcSource, answer(401))] },
        {
          intent: { push: false },
          netrc,
          outcomes: [outcome({ ...netrcSource, secret: secret("api-token") }, answer(200))],
        },
      ],
    };
  },
});
