import { PAGES } from "../core/bitbucket.ts";
import { defineCheck, type Found } from "../core/check.ts";
import type { Observation } from "../core/finding.ts";
import type { Answer, Network, Outcome } from "../core/setup.ts";
import { answerEvidence } from "./evidence.ts";
import { answer, healthy, outcome, source } from "./example.ts";
import { lineWith, stopped } from "./host-unreachable.ts";

interface Args {
  status: number;
  /** False when the answer is not Bitbucket's own. */
  theirs: boolean;
}

type HttpAnswer = Answer & { kind: "http" };

function isTrouble(answer: Answer | undefined): answer is HttpAnswer {
  return answer?.kind === "http" && (answer.status >= 500 || !answer.fromBitbucket);
}

function anonymousEvidence({ anonymous }: Network): Observation[] {
  if (!isTrouble(anonymous)) return [];
  const { status } = anonymous;
  return [
    {
      what: `a request without a credential is answered ${status}`,
      source: { kind: "http", request: "GET info/refs?service=git-upload-pack", status },
    },
  ];
}

/** An answer of Bitbucket's host is quoted as its own words; a stranger's page is not. */
function outcomeEvidence(one: Outcome): Observation[] {
  const given = one.last?.answer;
  const observed = answerEvidence(one);
  return given?.kind === "http" && !given.fromBitbucket ? observed.slice(0, 1) : observed;
}

export const serviceUnavailable = defineCheck<"network" | "outcomes", Args>({
  id: "service-unavailable",
  title: "No usable answer comes from Bitbucket",
  needs: ["network", "outcomes"],
  find: ({ network, outcomes }): Found<Args>[] => {
    const troubled = outcomes.filter(({ last }) => isTrouble(last?.answer));
    const answers = [network.anonymous, ...troubled.map(({ last }) => last?.answer)].filter(isTrouble);
    const first = answers.find(({ fromBitbucket }) => !fromBitbucket) ?? answers[0];
    if (first === undefined) return [];
    return [
      {
        args: { status: first.status, theirs: first.fromBitbucket },
        severity: "error",
        confidence: first.fromBitbucket ? "certain" : "likely",
        cause: true,
        location: null,
        evidence: [...anonymousEvidence(network), ...troubled.flatMap(outcomeEvidence)],
      },
    ];
  },
  explain: ({ status, theirs }) =>
    theirs
      ? {
          what: `Bitbucket answers ${status}`,
          why: "an answer from 500 on is a failure on Bitbucket's side and says nothing about the credential; Git erases nothing on it",
          next: `wait and try again; ${PAGES.status} shows whether others have it too`,
        }
      : {
          what: `something between you and Bitbucket answered, with ${status}`,
          why: "Bitbucket answers Git in Git's own format; a page or a redirection comes from a network's sign-in page, a filter or a proxy",
          next: "open any page in a browser and sign in to the network where it asks; in a company, ask who runs the proxy to let `bitbucket.org` through unchanged",
        },
  typical: { status: 503, theirs: true },
  examples: () => ({
    broken: [
      { network: lineWith(answer(503)), outcomes: [] },
      { network: lineWith(answer(401)), outcomes: [outcome(source("helper"), answer(502))] },
      {
        network: lineWith({ ...answer(200), fromBitbucket: false } as Answer),
        outcomes: [outcome(null, answer(200))],
      },
    ],
    healthy: [
      { network: lineWith(answer(401)), outcomes: [healthy()] },
      { network: lineWith(stopped("timed-out")), outcomes: [] },
      { network: lineWith(answer(401)), outcomes: [outcome(source("helper"), answer(429))] },
    ],
  }),
});
