import { GIT_HOST, PAGES } from "../core/bitbucket.ts";
import { defineCheck, type Found } from "../core/check.ts";
import type { Observation } from "../core/finding.ts";
import type { Answer, Network, NetworkFault, Outcome } from "../core/setup.ts";
import { commandOf } from "./evidence.ts";
import { answer, healthy, outcome, source } from "./example.ts";
import { hostUnreachableOverSsh } from "./host-unreachable-ssh.ts";

/** A network fault, wherever it was met, with everything that shows it. */
interface SeenFault {
  fault: NetworkFault;
  detail: string;
  evidence: Observation[];
}

const WORDS: Readonly<Record<NetworkFault, string>> = {
  "name-not-found": "the name was not found",
  "not-reached": "no connection came about",
  "timed-out": "no answer came in time",
  "cut-off": "the connection was cut off",
  "proxy-refused": "the proxy refused to connect",
  "tls-untrusted": "the certificate is not trusted",
  "tls-wrong-host": "the certificate is for another name",
  "tls-date": "the certificate is outside its dates",
  "not-asked": "not asked",
};

/** The same fault met by several requests is one thing to mend, so it is gathered into one. */
export function seenFault(
  { anonymous }: Network,
  outcomes: readonly Outcome[],
  wanted: readonly NetworkFault[],
): SeenFault | null {
  const asked: [string, string, Answer | undefined][] = [
    ["a request without a credential", "/", anonymous],
    ...outcomes.map(({ route, last }): [string, string, Answer | undefined] => [
      `\`${commandOf(route)}\``,
      route.url.path,
      last?.answer,
    ]),
  ];
  let seen: SeenFault | null = null;
  for (const [who, path, given] of asked) {
    if (given?.kind !== "none" || !wanted.includes(given.fault)) continue;
    seen ??= { fault: given.fault, detail: given.detail, evidence: [] };
    seen.evidence.push({
      what: `${who}: ${WORDS[given.fault]}${given.detail === "" ? "" : ` (${given.detail})`}`,
      source: { kind: "http", request: `GET https://${GIT_HOST}${path}`, status: null },
    });
  }
  return seen;
}

/** True where no request was answered: then what Bitbucket would have said is unknown, not ruled out. */
export function isUnanswered(outcomes: readonly Outcome[]): boolean {
  return outcomes.length > 0 && outcomes.every(({ last }) => last?.answer.kind !== "http");
}

export const UNANSWERED = { cannotTell: "no answer came from Bitbucket" } as const;

/** For examples: a line on which this is what a request without a credential gets. */
export function lineWith(anonymous: Answer, more: Partial<Network> = {}): Network {
  return { anonymous, clockSkew: anonymous.kind === "http" ? 0 : null, proxy: null, took: null, ...more };
}

/** For examples: a request that this fault stopped. */
export function stopped(fault: NetworkFault, detail = ""): Answer {
  return { kind: "none", fault, detail };
}

interface Args {
  fault: NetworkFault;
  proxied: boolean;
}

const NEXT: Partial<Record<NetworkFault, string>> = {
  "name-not-found": `see whether this machine resolves names: \`getent hosts ${GIT_HOST}\`; without an answer, look at \`/etc/resolv.conf\`, the VPN, or the proxy that Git should be told`,
  "cut-off": `try \`curl -sSI https://${GIT_HOST}/\`; where it is cut off too, a firewall or a VPN between here and Bitbucket closes the connection`,
};

export const hostUnreachable = defineCheck<"network" | "outcomes", Args>({
  id: "host-unreachable",
  title: "Bitbucket cannot be reached from here",
  needs: ["network", "outcomes"],
  find: ({ network, outcomes }): Found<Args>[] => {
    const seen = seenFault(network, outcomes, ["name-not-found", "not-reached", "timed-out", "cut-off"]);
    if (seen === null) return [];
    const args = { fault: seen.fault, proxied: network.proxy !== null };
    const { evidence } = seen;
    return [{ args, severity: "error", confidence: "certain", cause: true, location: null, evidence }];
  },
  explain: ({ fault, proxied }) => ({
    what: `a request to \`${GIT_HOST}\`${proxied ? " through the proxy" : ""} got no answer: ${WORDS[fault]}`,
    why: "no credential was looked at, so nothing is known about it; Git fails the same way with a right one",
    next: proxied
      ? `see whether the proxy runs and is spelled right (\`git config --get-all http.proxy\`, or the variable \`https_proxy\`), then try \`curl -sSI https://${GIT_HOST}/\``
      : (NEXT[fault] ??
        `try \`curl -sSI https://${GIT_HOST}/\`; where it fails too, ask who runs the network whether port 443 is open, and see ${PAGES.status}`),
  }),
  also: [hostUnreachableOverSsh],
  typical: { fault: "not-reached", proxied: false },
  examples: () => ({
    broken: [
      { network: lineWith(stopped("name-not-found", "ENOTFOUND")), outcomes: [] },
      {
        network: lineWith(stopped("timed-out"), { proxy: "proxy" }),
        outcomes: [outcome(source("helper"), stopped("timed-out"))],
      },
      { network: lineWith(answer(401)), outcomes: [outcome(source("helper"), stopped("cut-off"))] },
    ],
    healthy: [
      { network: lineWith(answer(401)), outcomes: [healthy()] },
      { network: lineWith(stopped("proxy-refused", "407")), outcomes: [] },
      { network: lineWith(stopped("tls-untrusted")), outcomes: [] },
    ],
  }),
});
