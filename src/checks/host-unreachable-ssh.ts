import { type CannotTell, defineCheck, type Found } from "../core/check.ts";
import { ssh, sshAttempt, sshDestination, sshOutcome } from "./example-ssh.ts";
import { foundPerDestination, orUnknown } from "./ssh-evidence.ts";

interface Args {
  hostname: string;
}

/** A name that nobody resolves. A closed port has a way round it, and a check of its own: `ssh-port-blocked`. */
export const hostUnreachableOverSsh = defineCheck<"ssh" | "intent", Args>({
  id: "host-unreachable",
  title: "ssh does not find Bitbucket by its name",
  needs: ["ssh", "intent"],
  find: ({ ssh, intent }): readonly Found<Args>[] | CannotTell => {
    const found = foundPerDestination<Args>(ssh, intent, ["name-not-found"], ({ destination }) => ({
      args: { hostname: destination.resolved.hostname },
    }));
    return orUnknown(found, ssh);
  },
  explain: ({ hostname }) => ({
    what: `ssh asks where \`${hostname}\` is, and nobody knows the name`,
    why: "no connection came about and no key was looked at, so nothing is known about yours",
    next: `see whether this machine resolves names: \`getent hosts ${hostname}\`; without an answer, look at \`/etc/resolv.conf\` and the VPN; a proxy for HTTPS does nothing for ssh, which wants a \`ProxyCommand\` of its own`,
  }),
  typical: { hostname: "bitbucket.org" },
  examples: () => {
    const saying = "name-not-found";
    const text = "ssh: Could not resolve hostname bitbucket.org: Name or service not known";
    const attempt = sshAttempt({ state: "unknown", saying, serverKey: null, accepted: null, as: null, text });
    const lost = ssh({
      destinations: [sshDestination({ attempt })],
      outcomes: [sshOutcome({ state: "unknown", saying, text })],
    });
    const intent = { push: false };
    return { broken: [{ intent, ssh: lost }], healthy: [{ intent, ssh: ssh() }] };
  },
});
