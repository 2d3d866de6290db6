import { GIT_HOST } from "../core/bitbucket.ts";
import { defineCheck, type Found } from "../core/check.ts";
import type { Observation } from "../core/finding.ts";
import type { ConfigEntry, Environment } from "../core/setup.ts";
import { entryLocation, fromEntry } from "./evidence.ts";
import { answer, configEntry, environment, healthy } from "./example.ts";
import { lineWith, seenFault, stopped } from "./host-unreachable.ts";
import { proxyRefusedOverSsh } from "./proxy-refused-ssh.ts";

interface Args {
  status: string | null;
}

const VARIABLES = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

function proxyEntries(config: readonly ConfigEntry[]): ConfigEntry[] {
  return config.filter(({ section, name, value }) => {
    return name === "proxy" && (section === "http" || section === "remote") && Boolean(value);
  });
}

function namesOfProxy(entries: readonly ConfigEntry[], { variables }: Environment): Observation[] {
  return [
    ...entries.map((entry) => ({
      what: `\`${entry.key}\` is \`${entry.value ?? ""}\``,
      source: fromEntry(entry),
    })),
    ...variables
      .filter(({ name, value }) => VARIABLES.includes(name) && value !== "")
      .map(
        ({ name, value }): Observation => ({
          what: `\`${name}\` is \`${value}\``,
          source: { kind: "variable", name },
        }),
      ),
  ];
}

export const proxyRefused = defineCheck<"network" | "outcomes" | "config" | "environment", Args>({
  id: "proxy-refused",
  title: "The proxy refuses to connect to Bitbucket",
  needs: ["network", "outcomes", "config", "environment"],
  find: ({ network, outcomes, config, environment }): Found<Args>[] => {
    const seen = seenFault(network, outcomes, ["proxy-refused"]);
    if (seen === null) return [];
    const entries = proxyEntries(config);
    return [
      {
        args: { status: /\b[1-5]\d\d\b/.exec(seen.detail)?.[0] ?? null },
        severity: "error",
        confidence: "certain",
        cause: true,
        location: entryLocation(entries.at(-1) ?? null),
        evidence: [...seen.evidence, ...namesOfProxy(entries, environment)],
      },
    ];
  },
  explain: ({ status }) => ({
    what: `the proxy answers${status === null ? "" : ` ${status}`} instead of connecting to \`${GIT_HOST}:443\``,
    why:
      status === "407"
        ? "407 means that the proxy wants a user name and a password of its own; Bitbucket was never asked, so your Bitbucket credential is not involved"
        : "Bitbucket was never asked, so your Bitbucket credential is not involved; where `http.proxy` is set Git obeys it, else the variable `https_proxy`",
    next:
      status === "407"
        ? "give Git the proxy's own user name: `git config --global http.proxy http://USER@PROXY:PORT`, and Git asks for its password"
        : `ask who runs the proxy to allow \`${GIT_HOST}:443\`; where none is needed, run \`git config --global http.https://${GIT_HOST}.proxy ""\``,
  }),
  also: [proxyRefusedOverSsh],
  typical: { status: "403" },
  examples: () => ({
    broken: [
      {
        network: lineWith(stopped("proxy-refused", "ERR_PROXY_TUNNEL 407"), { proxy: "proxy" }),
        outcomes: [],
        config: [configEntry("http.proxy", "http://proxy.acme.example:3128")],
        environment: environment(),
      },
      {
        network: lineWith(stopped("proxy-refused"), { proxy: "proxy" }),
        outcomes: [],
        config: [],
        environment: environment({
          variables: [{ name: "https_proxy", value: "http://proxy.acme.example:3128" }],
        }),
      },
    ],
    healthy: [
      {
        network: lineWith(answer(401), { proxy: "proxy" }),
        outcomes: [healthy()],
        config: [configEntry("http.proxy", "http://proxy.acme.example:3128")],
        environment: environment(),
      },
    ],
  }),
});
