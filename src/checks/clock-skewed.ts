import { GIT_HOST } from "../core/bitbucket.ts";
import { type CannotTell, defineCheck, type Found } from "../core/check.ts";
import { answer, healthy, outcome, source } from "./example.ts";
import { lineWith, seenFault, stopped } from "./host-unreachable.ts";

interface Args {
  seconds: number;
  cause: boolean;
}

/** Seconds that no certificate and no token minds. */
const TOLERATED = 300;

function span(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  if (minutes < 120) return `${minutes} minutes`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 1440)} days`;
}

export const clockSkewed = defineCheck<"network" | "outcomes", Args>({
  id: "clock-skewed",
  title: "This machine's clock is wrong",
  needs: ["network", "outcomes"],
  find: ({ network, outcomes }): Found<Args>[] | CannotTell => {
    const skew = network.clockSkew;
    if (skew === null) return { cannotTell: "no answer came, so there was no clock to compare with" };
    if (Math.abs(skew) <= TOLERATED) return [];
    const dated = seenFault(network, outcomes, ["tls-date"]);
    const cause = dated !== null;
    return [
      {
        args: { seconds: skew, cause },
        severity: cause ? "error" : "warning",
        confidence: "certain",
        cause,
        location: null,
        evidence: [
          {
            what: `Bitbucket's clock and this machine's differ by ${Math.abs(skew)} seconds`,
            source: { kind: "http", request: `GET https://${GIT_HOST}/`, status: null },
          },
          ...(dated?.evidence ?? []),
        ],
      },
    ];
  },
  explain: ({ seconds, cause }) => ({
    what: `the clock is ${span(seconds)} ${seconds > 0 ? "fast" : "slow"}`,
    why: cause
      ? "a certificate is good between two dates by the clock of this machine, and now it seems outside them"
      : "certificates and tokens are good between two dates: further off, a good one is taken for expired or not yet valid",
    next: "let the machine set its clock: `timedatectl set-ntp true`, then compare `date -u`; in a container or a virtual machine, set the clock of its host",
  }),
  typical: { seconds: -7200, cause: false },
  examples: () => ({
    broken: [
      { network: lineWith(answer(401), { clockSkew: -7200 }), outcomes: [healthy()] },
      {
        network: lineWith(answer(401), { clockSkew: 400_000 }),
        outcomes: [outcome(source("helper"), stopped("tls-date"))],
      },
    ],
    healthy: [{ network: lineWith(answer(401), { clockSkew: 299 }), outcomes: [healthy()] }],
  }),
});
