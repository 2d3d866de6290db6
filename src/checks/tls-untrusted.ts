import { GIT_HOST } from "../core/bitbucket.ts";
import { defineCheck, type Found } from "../core/check.ts";
import type { NetworkFault } from "../core/setup.ts";
import { answer, healthy, outcome, source } from "./example.ts";
import { lineWith, seenFault, stopped } from "./host-unreachable.ts";

interface Args {
  fault: NetworkFault;
}

const CERTIFICATE: Partial<Record<NetworkFault, { what: string; why: string; next: string }>> = {
  "tls-untrusted": {
    what: `the certificate shown for \`${GIT_HOST}\` is signed by nobody this machine trusts`,
    why: "either a company's proxy opens the connection and signs for itself, or this machine's list of authorities is old; Git sends no credential over such a connection",
    next: `ask who runs the network for its authority's certificate and name it to Git alone: \`git config --global http.https://${GIT_HOST}.sslCAInfo /path/to/authority.pem\`; where there is no such proxy, update the package \`ca-certificates\`. Leave \`http.sslVerify\` on: without it anybody in between can read the token`,
  },
  "tls-wrong-host": {
    what: `the certificate shown for \`${GIT_HOST}\` is for another name`,
    why: "another machine answers in Bitbucket's place: a sign-in page of the network, a proxy, or an entry in the hosts file; Git sends no credential to it",
    next: `see what the name leads to: \`getent hosts ${GIT_HOST}\` and \`grep -i bitbucket /etc/hosts\`; in a guest network, open a page in a browser first`,
  },
  "tls-date": {
    what: `the certificate shown for \`${GIT_HOST}\` is outside its dates`,
    why: "a certificate is good between two dates by the clock of this machine: either the clock is wrong, or what answers here shows an old certificate",
    next: "compare `date -u` with the real time and set the clock where it is wrong; where it is right, ask who runs the network which proxy answers here",
  },
};

export const tlsUntrusted = defineCheck<"network" | "outcomes", Args>({
  id: "tls-untrusted",
  title: "The certificate that answers for Bitbucket is not accepted",
  needs: ["network", "outcomes"],
  find: ({ network, outcomes }): Found<Args>[] => {
    const seen = seenFault(network, outcomes, ["tls-untrusted", "tls-wrong-host", "tls-date"]);
    if (seen === null) return [];
    const { fault, evidence } = seen;
    return [
      { args: { fault }, severity: "error", confidence: "certain", cause: true, location: null, evidence },
    ];
  },
  explain: ({ fault }) => CERTIFICATE[fault] ?? { what: "", why: "", next: "" },
  typical: { fault: "tls-untrusted" },
  examples: () => ({
    broken: [
      { network: lineWith(stopped("tls-untrusted", "SELF_SIGNED_CERT_IN_CHAIN")), outcomes: [] },
      { network: lineWith(stopped("tls-date", "CERT_HAS_EXPIRED")), outcomes: [] },
      {
        network: lineWith(answer(401)),
        outcomes: [outcome(source("helper"), stopped("tls-wrong-host", "ERR_TLS_CERT_ALTNAME_INVALID"))],
      },
    ],
    healthy: [
      { network: lineWith(answer(401)), outcomes: [healthy()] },
      { network: lineWith(stopped("not-reached")), outcomes: [] },
    ],
  }),
});
