import { GIT_HOST, type RepositoryName, SSH_ALT_HOST, SSH_ALT_PORT, SSH_USER } from "../core/bitbucket.ts";
import { type CannotTell, defineCheck, type Found } from "../core/check.ts";
import type { PlannedStep } from "../core/plan.ts";
import type { SshDestination, SshView } from "../core/ssh.ts";
import { ssh, sshAttempt, sshDestination, sshOutcome, sshRouteTo } from "./example-ssh.ts";
import { firstRepository, foundPerDestination, isOwnName, orUnknown } from "./ssh-evidence.ts";
import { addKeySteps, plainLines } from "./ssh-host-keys.ts";
import { planned } from "./steps.ts";

const ID = "ssh-port-blocked";

interface Args {
  destination: SshDestination;
  /** Connected, and then nothing. */
  cutOff: boolean;
  /** Of the first way that ends there. */
  repository: RepositoryName | null;
  /** Whether port 443 of the other host answers; null where nobody asked. */
  alternative: boolean | null;
  /** ssh's configuration, where a `Host` block goes; null where nobody knows it. */
  config: string | null;
}

const isAlternative = ({ resolved }: SshDestination) =>
  resolved.hostname === SSH_ALT_HOST && resolved.port === SSH_ALT_PORT;

/** What became of altssh, if anything here leads there. Whoever showed a key of Bitbucket's is there. */
function alternative({ destinations }: SshView): boolean | null {
  const attempt = destinations.find(isAlternative)?.attempt;
  return attempt == null ? null : attempt.serverKey?.is === "current";
}

/** Whether the detour can help: only what goes straight to bitbucket.org is not on one yet. */
function canMove({ destination, alternative }: Args): boolean {
  const { resolved } = destination;
  return resolved.hostname === GIT_HOST && resolved.via === null && alternative !== false;
}

/** As far as it is known. */
function httpsUrl({ repository }: Args): string {
  const { workspace, repository: slug } = repository ?? { workspace: "WORKSPACE", repository: "REPOSITORY" };
  return `https://${GIT_HOST}/${workspace}/${slug}.git`;
}

/** Whether a fix may write the block: only for names that are Bitbucket's. */
function isMended(args: Args): boolean {
  return args.config !== null && canMove(args) && isOwnName(args.destination);
}

function nextFor(args: Args): string {
  const { destination, alternative } = args;
  const { name, resolved } = destination;
  if (resolved.via !== null)
    return `the way goes through \`${resolved.via.text}\`; try that by itself, and ask who runs it whether \`${resolved.hostname}:${resolved.port}\` is allowed`;
  if (!canMove(args))
    return `ask who runs the network to let SSH through to \`${GIT_HOST}:22\` or \`${SSH_ALT_HOST}:${SSH_ALT_PORT}\`; HTTPS is the other way: \`git remote set-url origin ${httpsUrl(args)}\`, then \`git rekey fix\``;
  const tried = alternative
    ? "which answers from here"
    : `try it: \`ssh -T -p ${SSH_ALT_PORT} ${SSH_USER}@${SSH_ALT_HOST}\``;
  return `Bitbucket takes SSH on port ${SSH_ALT_PORT} as well (${tried}): in \`~/.ssh/config\`, under \`Host ${name}\`, the lines \`HostName ${SSH_ALT_HOST}\`, \`Port ${SSH_ALT_PORT}\` and \`HostKeyAlias ${GIT_HOST}\`${isMended(args) ? `, which \`git rekey fix${alternative ? "" : ` --accept ${ID}`}\` does for you` : ""}`;
}

function stepsOf({ destination, alternative }: Args, config: string): PlannedStep[] {
  const block = {
    host: destination.name,
    hostname: SSH_ALT_HOST,
    port: SSH_ALT_PORT,
    user: SSH_USER,
    identityFile: null,
    hostKeyAlias: GIT_HOST,
  };
  const moved = planned("change", alternative ? "safe" : "ask", ID, {
    kind: "add-ssh-host",
    file: config,
    block,
  });
  const knows = plainLines(destination, "current").length > 0;
  const aliased = { ...destination, resolved: { ...destination.resolved, hostKeyAlias: GIT_HOST } };
  return [moved, ...(knows ? [] : addKeySteps(ID, aliased))];
}

export const sshPortBlocked = defineCheck<"ssh" | "intent", Args>({
  id: ID,
  title: "No SSH connection to Bitbucket comes about",
  needs: ["ssh", "intent"],
  find: ({ ssh, intent }): readonly Found<Args>[] | CannotTell => {
    const found = foundPerDestination<Args>(ssh, intent, ["port-blocked", "cut-off"], (fault) => ({
      args: {
        destination: fault.destination,
        cutOff: fault.saying === "cut-off",
        repository: firstRepository(fault.outcomes),
        alternative: alternative(ssh),
        config: ssh.home?.startsWith("/") ? `${ssh.home}/.ssh/config` : null,
      },
    }));
    return orUnknown(found, ssh);
  },
  explain: (args) => {
    const { hostname, port } = args.destination.resolved;
    return {
      what: args.cutOff
        ? `\`${hostname}:${port}\` is reached, and the connection ends before a key was asked for`
        : `\`${hostname}:${port}\` is not reached from here`,
      why: `many networks let no SSH out${port === 22 ? ", and close port 22" : ""}; no key was looked at, so nothing is known about yours`,
      next: nextFor(args),
    };
  },
  typical: {
    destination: sshDestination(),
    cutOff: false,
    repository: null,
    alternative: null,
    config: null,
  },
  remedy: (args) => {
    const { config, alternative } = args;
    if (config === null || !isMended(args)) return null;
    return {
      safety: alternative ? "safe" : "ask",
      summary: `go to Bitbucket by \`${SSH_ALT_HOST}:${SSH_ALT_PORT}\``,
      needsToken: false,
      steps: () => stepsOf(args, config),
    };
  },
  examples: () => {
    const text = "ssh: connect to host bitbucket.org port 22: Connection timed out";
    const unreached = (saying: "port-blocked" | "cut-off") =>
      sshAttempt({ state: "unknown", saying, serverKey: null, offered: [], accepted: null, as: null, text });
    const outcomes = [sshOutcome({ state: "unknown", saying: "port-blocked", text })];
    const attempt = unreached("port-blocked");
    const { resolved } = sshDestination();
    const other = (more: Partial<SshDestination>) =>
      sshDestination({
        name: SSH_ALT_HOST,
        resolved: { ...resolved, hostname: SSH_ALT_HOST, port: SSH_ALT_PORT },
        ...more,
      });
    const via = { kind: "proxy-command", text: "corkscrew proxy 8080 %h %p" } as const;
    const intent = { push: false };
    const blocked = sshDestination({ attempt });
    return {
      broken: [
        { intent, ssh: ssh({ destinations: [blocked], outcomes }) },
        { intent, ssh: ssh({ destinations: [blocked, other({})], outcomes }) },
        { intent, ssh: ssh({ destinations: [blocked, other({ attempt })], outcomes }) },
        { intent, ssh: ssh({ destinations: [{ ...blocked, resolved: { ...resolved, via } }], outcomes }) },
        {
          intent,
          ssh: ssh({
            destinations: [sshDestination({ attempt: unreached("cut-off"), knownHosts: [] })],
            outcomes: [sshOutcome({ state: "unknown", saying: "cut-off" })],
          }),
        },
      ],
      healthy: [
        { intent, ssh: ssh() },
        // A company's proxy, and port 443: set up by somebody, and they work.
        { intent, ssh: ssh({ destinations: [sshDestination({ resolved: { ...resolved, via } })] }) },
        {
          intent,
          ssh: ssh({
            destinations: [other({})],
            outcomes: [sshOutcome({ route: sshRouteTo(SSH_ALT_HOST) })],
          }),
        },
      ],
    };
  },
});
