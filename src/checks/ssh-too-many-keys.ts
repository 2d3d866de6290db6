import { type CannotTell, defineCheck, type Found } from "../core/check.ts";
import type { SshDestination, SshView } from "../core/ssh.ts";
import { ssh, sshAttempt, sshDestination, sshOutcome, sshRouteTo } from "./example-ssh.ts";
import { foundPerDestination, isOwnName, orUnknown } from "./ssh-evidence.ts";
import { isConfigured, keyEvidence } from "./ssh-keys-shown.ts";
import { planned } from "./steps.ts";

const ID = "ssh-too-many-keys";

interface Args {
  destination: SshDestination;
  inAgent: number;
  offered: number;
  /** The key file that seems to be meant for Bitbucket. */
  file: string | null;
  /** Where a `Host` block is written: ssh's configuration, null where nobody knows it. */
  config: string | null;
}

/** The key that a person would mean: one that is configured, else the only one there is. */
function meantFor({ identities }: SshDestination): string | null {
  const there = identities.filter(({ state }) => state === "there");
  const named = there.filter((one) => isConfigured(one));
  const candidates = named.length > 0 ? named : there;
  return candidates.length === 1 ? (candidates[0]?.file ?? null) : null;
}

function argsOf(destination: SshDestination, { agent, home }: SshView): Args {
  return {
    destination,
    inAgent: agent.keys.length,
    offered: destination.attempt?.offered.length ?? 0,
    file: meantFor(destination),
    config: home?.startsWith("/") ? `${home}/.ssh/config` : null,
  };
}

export const sshTooManyKeys = defineCheck<"ssh" | "intent", Args>({
  id: ID,
  title: "ssh shows more keys than Bitbucket looks at",
  needs: ["ssh", "intent"],
  find: ({ ssh, intent }): readonly Found<Args>[] | CannotTell => {
    const found = foundPerDestination(ssh, intent, ["too-many-keys"], ({ destination }) => ({
      args: argsOf(destination, ssh),
      evidence: keyEvidence(destination, ssh.agent),
    }));
    return orUnknown(found, ssh);
  },
  explain: ({ destination, inAgent, offered, file, config }) => ({
    what: `Bitbucket ends the connection after ${offered === 0 ? "too many keys" : `${offered} keys`} that it does not know${inAgent > offered ? `; the agent holds ${inAgent}` : ""}`,
    why: "ssh shows the agent's keys one after the other, and the right one, if it is among them, has not had its turn",
    next: `name the one key for Bitbucket in \`~/.ssh/config\`: under \`Host ${destination.name}\` the lines \`IdentityFile ${file ?? "~/.ssh/YOUR-KEY"}\` and \`IdentitiesOnly yes\`${file === null ? "; its public half beside it is enough where the agent holds the key" : ""}${file !== null && config !== null && isOwnName(destination) ? `, which \`git rekey fix --accept ${ID}\` does for you` : ""}`,
  }),
  typical: {
    destination: sshDestination(),
    inAgent: 20,
    offered: 6,
    file: "~/.ssh/id_ed25519",
    config: null,
  },
  remedy: ({ destination, file, config }) => {
    if (file === null || config === null || !isOwnName(destination)) return null;
    const block = {
      host: destination.name,
      hostname: null,
      port: null,
      user: null,
      identityFile: file,
      hostKeyAlias: null,
    };
    return {
      // Which key is meant is a guess, if a good one.
      safety: "ask",
      summary: `show \`${destination.name}\` the key \`${file}\` alone`,
      needsToken: false,
      steps: () => [planned("change", "ask", ID, { kind: "add-ssh-host", file: config, block })],
    };
  },
  examples: () => {
    const keys = Array.from({ length: 20 }, (_, n) => ({
      type: "ssh-ed25519",
      fingerprint: `SHA256:${String.fromCharCode(97 + n).repeat(43)}`,
      comment: `key-${n}`,
    }));
    const offered = keys.slice(0, 6).map((key) => ({ ...key, from: "agent" as const }));
    const text = "Received disconnect from 104.192.141.1 port 22:2: Too many authentication failures";
    const attempt = sshAttempt({
      state: "refused",
      saying: "too-many-keys",
      offered,
      accepted: null,
      as: null,
      text,
    });
    const outcomes = [sshOutcome({ state: "refused", saying: "too-many-keys", text })];
    const crowded = (destination: SshDestination) =>
      ssh({
        agent: { state: "answers", keys },
        destinations: [destination],
        outcomes: outcomes.map((one) => ({ ...one, route: sshRouteTo(destination.name) })),
      });
    const intent = { push: false };
    return {
      broken: [
        { intent, ssh: crowded(sshDestination({ attempt })) },
        { intent, ssh: crowded(sshDestination({ attempt, identities: [] })) },
        { intent, ssh: crowded(sshDestination({ attempt, name: "work" })) },
      ],
      healthy: [
        { intent, ssh: ssh() },
        { intent, ssh: ssh({ agent: { state: "answers", keys } }) },
      ],
    };
  },
});
