import { GIT_HOST, SSH_ALT_HOST, SSH_ALT_PORT } from "../core/bitbucket.ts";
import { type CannotTell, defineCheck, type Found } from "../core/check.ts";
import type { SshAttempt, SshView } from "../core/ssh.ts";
import { ssh, sshAttempt, sshDestination, sshOutcome } from "./example-ssh.ts";
import { foundPerDestination, orUnknown } from "./ssh-evidence.ts";

interface Args {
  /** The command or the machine between. */
  via: string;
}

/** For examples: a way by another machine, and what came of it. */
function jumping(attempt: SshAttempt): SshView {
  const via = { kind: "proxy-jump", text: "bastion.acme.example" } as const;
  const resolved = { ...sshDestination().resolved, via };
  const { saying, text } = attempt;
  const outcome = sshOutcome({ state: saying === null ? "ok" : "unknown", saying, text });
  return ssh({ destinations: [sshDestination({ resolved, attempt })], outcomes: [outcome] });
}

/** What ssh is told to go through. Its settings are meant for other hosts too, so nobody changes them here. */
export const proxyRefusedOverSsh = defineCheck<"ssh" | "intent", Args>({
  id: "proxy-refused",
  title: "ssh does not get through to Bitbucket by the way it is told",
  needs: ["ssh", "intent"],
  find: ({ ssh, intent }): readonly Found<Args>[] | CannotTell => {
    const found = foundPerDestination<Args>(ssh, intent, ["proxy-failed"], ({ destination }) => {
      const via = destination.resolved.via?.text ?? "ProxyCommand";
      const source = { kind: "command", command: `ssh -G ${destination.name}` } as const;
      return { args: { via }, evidence: [{ what: `ssh goes there by \`${via}\``, source }] };
    });
    return orUnknown(found, ssh);
  },
  explain: ({ via }) => ({
    what: `ssh does not get to \`${GIT_HOST}\` by the way it is told to take: \`${via}\``,
    why: "the command or machine in between ended before Bitbucket was reached, so no key was looked at",
    next: `run it by itself and see what it says; ask who runs it whether \`${GIT_HOST}:22\` is allowed, or \`${SSH_ALT_HOST}:${SSH_ALT_PORT}\`, by which Bitbucket takes SSH as well`,
  }),
  typical: { via: "ProxyCommand" },
  examples: () => {
    const intent = { push: false };
    const text = "Connection closed by UNKNOWN port 65535";
    const failed = sshAttempt({ state: "unknown", saying: "proxy-failed", serverKey: null, text });
    return {
      broken: [{ intent, ssh: jumping(failed) }],
      healthy: [
        { intent, ssh: ssh() },
        { intent, ssh: jumping(sshAttempt()) },
      ],
    };
  },
});
