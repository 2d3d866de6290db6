import { ACCESS_TOKEN_USER, API_TOKEN_USER } from "../core/bitbucket.ts";
import { type CannotTell, defineCheck, type Found } from "../core/check.ts";
import { type Environment, type Intent, type Outcome, OWN_HELPER, type Source } from "../core/setup.ts";
import { labelOf } from "../core/source-label.ts";
import { whyUnasked } from "../core/unasked.ts";
import { answerEvidence, repositoryName, severityOf, statusOf } from "./evidence.ts";
import { answer, environment, healthy, outcome, remoteUrl, route, source } from "./example.ts";
import { isDead } from "./stale-stored-credential.ts";
import { isEmail } from "./why-refused.ts";

interface Args {
  repository: string;
  /** Git asks a person each time, as a set-up without a kept credential has it. */
  prompts: boolean;
  inVain: readonly string[];
  asks: string | null;
  /** Our own helper has a token for it, and has said why it cannot give it. */
  ownFails: boolean;
}

/** Nothing was sent, because nothing answers; a public repository would still have let Git in. */
export function isWithoutCredential(one: Outcome): boolean {
  const silent = !one.sources.some(({ state }) => state === "answers" || state === "not-asked");
  return silent && one.used === null && statusOf(one.last?.answer) === 401;
}

/** Why nobody knows: nobody asked Bitbucket, or nobody asked the helper that decides. */
function whyUnknown(one: Outcome): string | null {
  if (one.used !== null) return null;
  const unasked = whyUnasked([one]);
  return unasked ?? (one.last?.answer.kind === "none" ? "no answer came from Bitbucket" : null);
}

/** The user name for tokens in the URL and a person to ask: the set-up in which nothing is to be kept. */
export function isPromptSetup({ route, sources }: Outcome, { hasTerminal }: Environment): boolean {
  const { user } = route.url;
  const fixed = user === API_TOKEN_USER || user === ACCESS_TOKEN_USER;
  return fixed && hasTerminal && sources.some(({ state }) => state === "asks");
}

/** User names under which `store` holds what Bitbucket accepts (or, offline, might), where the URL's own has nothing. */
export function otherUsers({ elsewhere, used }: Outcome): string[] {
  if (used !== null) return [];
  const usable = elsewhere.filter(({ secret, answer }) => {
    const tried = answer.kind === "http" ? answer.status === 200 : answer.fault === "not-asked";
    return tried && secret !== null && !isDead(secret);
  });
  return [...new Set(usable.flatMap(({ user }) => user ?? []).filter((name) => !isEmail(name)))];
}

/** Our own helper says why it does not answer. */
function ownReason({ label, reason }: Source): string {
  return label === OWN_HELPER && reason !== null ? ` (which says: ${reason})` : "";
}

function foundFor(group: readonly Outcome[], prompts: boolean, intent: Intent): Found<Args>[] {
  const [first] = group;
  if (first === undefined) return [];
  const labels = (wanted: (source: Source) => boolean) => first.sources.filter(wanted).map(labelOf);
  const inVain = first.sources
    .filter(({ kind, state }) => kind === "helper" && state !== "asks")
    .map((source) => `${labelOf(source)}${ownReason(source)}`);
  const args = {
    repository: repositoryName(first.route),
    prompts,
    inVain,
    asks: labels(({ state }) => state === "asks")[0] ?? null,
    ownFails: first.sources.some((source) => ownReason(source) !== ""),
  };
  return [
    {
      args,
      severity: prompts ? "note" : severityOf(group, intent),
      confidence: "certain",
      cause: !prompts,
      location: null,
      evidence: group.flatMap(answerEvidence),
    },
  ];
}

export const noCredential = defineCheck<"outcomes" | "intent" | "environment", Args>({
  id: "no-credential",
  title: "Git has no credential for Bitbucket",
  needs: ["outcomes", "intent", "environment"],
  find: ({ outcomes, intent, environment }): Found<Args>[] | CannotTell => {
    // A credential under another name is a fault of the URL: `username-pinned-in-url`.
    const without = outcomes.filter((one) => isWithoutCredential(one) && otherUsers(one).length === 0);
    const unknown = outcomes.map(whyUnknown).find((reason) => reason !== null);
    if (without.length === 0 && unknown !== undefined) return { cannotTell: unknown };
    const prompting = without.filter((one) => isPromptSetup(one, environment));
    const failing = without.filter((one) => !isPromptSetup(one, environment));
    return [...foundFor(failing, false, intent), ...foundFor(prompting, true, intent)];
  },
  explain: ({ repository, prompts, inVain, asks, ownFails }) => {
    if (prompts) {
      return {
        what: `nothing keeps a token for \`${repository}\`, so Git asks ${asks === null ? "" : `through ${asks} `}each time`,
        why: "the URL names the user for tokens and no helper answers: a set-up in which the token stays with a person",
        next: "nothing has to be done; to be asked no more, `git rekey fix --store git-store` keeps a token",
      };
    }
    const asked =
      inVain.length === 0
        ? "no credential helper is set up for it"
        : `Git asks ${inVain.join(", ")} and gets no answer`;
    return {
      what: `Bitbucket wants a credential for \`${repository}\`, and Git has none to send`,
      why: `${asked}; ${asks === null ? "there is also nobody to ask, so Git fails" : `so Git asks a person through ${asks}, and fails where nobody answers`}`,
      next: ownFails
        ? "put right what the helper says, and Git works again with the token that is kept; if the token is lost, `git rekey fix` puts a new one in its place"
        : "`git rekey fix` stores a token where Git finds it; if the URL is misspelt Bitbucket answers the same, so look at it first: `git remote -v`",
    };
  },
  typical: { repository: "WORKSPACE/REPOSITORY", prompts: false, inVain: [], asks: null, ownFails: false },
  remedy: ({ prompts }) =>
    prompts
      ? null
      : { safety: "safe", summary: "store a token where Git finds it", needsToken: true, steps: () => [] },
  examples: () => {
    const pinned = route({ url: remoteUrl(API_TOKEN_USER) });
    const terminal = source("terminal", { state: "asks", label: "the terminal", user: null, secret: null });
    const silent = source("helper", { state: "silent", user: null, secret: null, stored: null });
    const unasked = source("helper", { ...silent, state: "not-asked", label: "manager", helper: "manager" });
    return {
      broken: [
        {
          intent: { push: false },
          environment: environment({ hasTerminal: false }),
          outcomes: [outcome(null, answer(401), { sources: [silent] })],
        },
        {
          intent: { push: false },
          environment: environment(),
          outcomes: [outcome(null, answer(401), { route: pinned, sources: [silent, terminal] })],
        },
      ],
      healthy: [
        { intent: { push: false }, environment: environment(), outcomes: [healthy()] },
        {
          intent: { push: false },
          environment: environment(),
          outcomes: [outcome(null, answer(401), { state: "unknown", sources: [unasked] })],
        },
        {
          intent: { push: false },
          environment: environment(),
          outcomes: [outcome(source("helper"), answer(410))],
        },
      ],
    };
  },
});
