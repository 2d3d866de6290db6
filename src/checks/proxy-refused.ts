import { GIT_HOST, SSH_ALT_HOST, SSH_ALT_PORT } from "../core/bitbucket.ts";
import { defineCheck, type Found } from "../core/check.ts";
import type { Observation } from "../core/finding.ts";
import type { ConfigEntry, Environment, Intent } from "../core/setup.ts";
import type { SshAttempt, SshView } from "../core/ssh.ts";
import { entryLocation, fromEntry } from "./evidence.ts";
import {
  answer,
  configEntry,
  environment,
  healthy,
  ssh,
  sshAttempt,
  sshDestination,
  sshOutcome,
} from "./example.ts";
import { lineWith, seenFault, stopped } from "./host-unreachable.ts";
import { foundPerDestination } from "./ssh-evidence.ts";

interface Args {
  status: string | null;
  /** How ssh gets there, where that is what fails: a command, or a machine to jump by. */
  via: string | null;
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

/** What ssh is told to go through. Its own settings are meant for other hosts too, so nobody changes them here. */
function overSsh(view: SshView, intent: Intent): Found<Args>[] {
  return foundPerDestination(view, intent, ["proxy-failed"], ({ destination }) => ({
    args: { status: null, via: destination.resolved.via?.text ?? "ProxyCommand" },
    evidence: [
      {
        what: `ssh goes there by \`${destination.resolved.via?.text ?? "ProxyCommand"}\``,
        source: { kind: "command", command: `ssh -G ${destination.name}` },
      },
    ],
  }));
}

/** For examples: a way by another machine, and what came of it. */
function jumping(attempt: SshAttempt): SshView {
  const via = { kind: "proxy-jump", text: "bastion.acme.example" } as const;
  const resolved = { ...sshDestination().resolved, via };
  const outcome = sshOutcome({ state: attempt.saying === null ? "ok" : "unknown", saying: attempt.saying });
  return ssh({ destinations: [sshDestination({ resolved, attempt })], outcomes: [outcome] });
}

function sshWords(via: string) {
  return {
    what: `ssh does not get to \`${GIT_HOST}\` by the way it is told to take: \`${via}\``,
    why: "the command or machine in between ended before Bitbucket was reached, so no key was looked at",
    next: `run it by itself and see what it says; ask who runs it whether \`${GIT_HOST}:22\` is allowed, or \`${SSH_ALT_HOST}:${SSH_ALT_PORT}\`, by which Bitbucket takes SSH as well`,
  };
}

export const proxyRefused = defineCheck<
  "network" | "outcomes" | "config" | "environment" | "intent",
  Args,
  "ssh"
>({
  id: "proxy-refused",
  title: "The proxy refuses to connect to Bitbucket",
  needs: ["network", "outcomes", "config", "environment", "intent"],
  uses: ["ssh"],
  find: ({ network, outcomes, config, environment, intent, ssh }): Found<Args>[] => {
    const seen = seenFault(network, outcomes, ["proxy-refused"]);
    const fromSsh = ssh === undefined ? [] : overSsh(ssh, intent);
    if (seen === null) return fromSsh;
    const entries = proxyEntries(config);
    return [
      {
        args: { status: /\b[1-5]\d\d\b/.exec(seen.detail)?.[0] ?? null, via: null },
        severity: "error",
        confidence: "certain",
        cause: true,
        location: entryLocation(entries.at(-1) ?? null),
        evidence: [...seen.evidence, ...namesOfProxy(entries, environment)],
      },
      ...fromSsh,
    ];
  },
  explain: ({ status, via }) => {
    if (via !== null) return sshWords(via);
    return {
      what: `the proxy answers${status === null ? "" : ` ${status}`} instead of connecting to \`${GIT_HOST}:443\``,
      why:
        status === "407"
          ? "407 means that the proxy wants a user name and a password of its own; Bitbucket was never asked, so your Bitbucket credential is not involved"
          : "Bitbucket was never asked, so your Bitbucket credential is not involved; where `http.proxy` is set Git obeys it, else the variable `https_proxy`",
      next:
        status === "407"
          ? "give Git the proxy's own user name: `git config --global http.proxy http://USER@PROXY:PORT`, and Git asks for its password"
          : `ask who runs the proxy to allow \`${GIT_HOST}:443\`; where none is needed, run \`git config --global http.https://${GIT_HOST}.proxy ""\``,
    };
  },
  typical: { status: "403", via: null },
  examples: () => ({
    broken: [
      {
        network: lineWith(answer(401)),
        outcomes: [],
        config: [],
        environment: environment(),
        intent: { push: false },
        ssh: jumping(sshAttempt({ state: "unknown", saying: "proxy-failed" })),
      },
      {
        network: lineWith(stopped("proxy-refused", "ERR_PROXY_TUNNEL 407"), { proxy: "proxy" }),
        outcomes: [],
        config: [configEntry("http.proxy", "http://proxy.acme.example:3128")],
        intent: { push: false },
        environment: environment(),
      },
      {
        network: lineWith(stopped("proxy-refused"), { proxy: "proxy" }),
        outcomes: [],
        config: [],
        intent: { push: false },
        environment: environment({
          variables: [{ name: "https_proxy", value: "http://proxy.acme.example:3128" }],
        }),
      },
    ],
    healthy: [
      {
        network: lineWith(answer(401)),
        outcomes: [],
        config: [],
        environment: environment(),
        intent: { push: false },
        ssh: jumping(sshAttempt()),
      },
      {
        network: lineWith(answer(401), { proxy: "proxy" }),
        outcomes: [healthy()],
        config: [configEntry("http.proxy", "http://proxy.acme.example:3128")],
        intent: { push: false },
        environment: environment(),
      },
    ],
  }),
});
