import { type CannotTell, defineCheck, type Found } from "../core/check.ts";
import type { HostKeyStanding, SshDestination, SshKey } from "../core/ssh.ts";
import { severityOf } from "./evidence.ts";
import { environment } from "./example.ts";
import { ssh, sshAttempt, sshDestination, sshOutcome } from "./example-ssh.ts";
import { faultsOf, knownName, orUnknown, ownKnownHosts, sshEvidence } from "./ssh-evidence.ts";
import {
  addKeySteps,
  hostKeyEvidence,
  KEYS_PAGE,
  RETIRED_KEY,
  STRANGE_KEY,
  stranger,
} from "./ssh-host-keys.ts";

const ID = "ssh-host-key-unknown";

interface Args {
  destination: SshDestination;
  shown: (SshKey & { is: HostKeyStanding }) | null;
  /** Somebody can be asked whether the key is right. */
  asks: boolean;
  /** The file that would know it, where a fix may write to it. */
  file: string | null;
}

/** For examples: `ssh -T` that ends before anybody signed in. */
function unknownTo(shown: Args["shown"]) {
  const attempt = sshAttempt({
    state: "refused",
    saying: "host-key-unknown",
    serverKey: shown,
    offered: [],
    accepted: null,
    as: null,
    text: "No ED25519 host key is known for bitbucket.org and you have requested strict checking.\nHost key verification failed.",
  });
  const outcomes = [sshOutcome({ state: "refused", saying: "host-key-unknown" })];
  return ssh({ destinations: [sshDestination({ knownHosts: [], attempt })], outcomes });
}

export const sshHostKeyUnknown = defineCheck<"ssh" | "intent" | "environment", Args>({
  id: ID,
  title: "ssh does not know Bitbucket's host key yet",
  needs: ["ssh", "intent", "environment"],
  find: ({ ssh, intent, environment }): readonly Found<Args>[] | CannotTell => {
    const found = faultsOf(ssh, ["host-key-unknown"]).map((fault): Found<Args> => {
      const { destination, outcomes } = fault;
      const shown = destination.attempt?.serverKey ?? null;
      const isStranger = shown !== null && shown.is !== "current";
      const refused = severityOf(outcomes, intent);
      // At a terminal ssh asks, and a yes mends it.
      const mild = environment.hasTerminal && refused === "error" ? "warning" : refused;
      return {
        args: { destination, shown, asks: environment.hasTerminal, file: ownKnownHosts(destination) },
        severity: isStranger ? "error" : mild,
        confidence: "certain",
        cause: true,
        location: null,
        evidence: [...sshEvidence(fault), ...hostKeyEvidence(destination)],
      };
    });
    return orUnknown(found, ssh);
  },
  explain: ({ destination, shown, asks, file }) => {
    if (shown !== null && shown.is !== "current") return stranger(destination.name, shown);
    const [other] = destination.resolved.knownHostsFiles;
    const into = file ?? other;
    const by = into === undefined ? "into a known_hosts file that ssh reads" : `into \`${into}\``;
    const isMended = addKeySteps(ID, destination).length > 0;
    const line = `, each as \`${knownName(destination)} TYPE KEY\``;
    return {
      what: `no known_hosts file has a key of \`${knownName(destination)}\``,
      why: asks
        ? "ssh asks at the first connection whether the key is right, and goes on after a yes; from cron, a service or an editor nobody can answer, and Git fails"
        : "ssh would ask whether the key is right, and here is nobody to answer, so it goes no further",
      next: `put the keys that Bitbucket publishes (${KEYS_PAGE}) ${by}${isMended ? ", which `git rekey fix` does for you" : line}; do not switch the check off, or anybody on the way can pose as Bitbucket`,
    };
  },
  typical: { destination: sshDestination(), shown: null, asks: false, file: "~/.ssh/known_hosts" },
  remedy: ({ destination, shown }) => {
    const steps = addKeySteps(ID, destination);
    if ((shown !== null && shown.is !== "current") || steps.length === 0) return null;
    return {
      safety: "safe",
      summary: "let ssh know the host keys that Bitbucket publishes",
      needsToken: false,
      steps: () => steps,
    };
  },
  examples: () => {
    const intent = { push: false };
    const current = sshAttempt().serverKey;
    return {
      broken: [
        { intent, environment: environment(), ssh: unknownTo(current) },
        { intent, environment: environment({ hasTerminal: false }), ssh: unknownTo(null) },
        { intent, environment: environment(), ssh: unknownTo({ ...STRANGE_KEY, is: "other" }) },
        { intent, environment: environment(), ssh: unknownTo({ ...RETIRED_KEY, is: "retired" }) },
      ],
      healthy: [{ intent, environment: environment(), ssh: ssh() }],
    };
  },
});
