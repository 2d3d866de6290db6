import { type CannotTell, defineCheck, type Found, type Words } from "../core/check.ts";
import type { Safety } from "../core/plan.ts";
import type { Intent } from "../core/setup.ts";
import type { HostKeyStanding, KnownHost, SshDestination, SshKey, SshSaying, SshView } from "../core/ssh.ts";
import { severityOf } from "./evidence.ts";
import { ssh, sshAttempt, sshDestination, sshOutcome } from "./example-ssh.ts";
import { faultsOf, listed, orUnknown, sshEvidence, waysTo } from "./ssh-evidence.ts";
import {
  addKeySteps,
  dropKeySteps,
  hostKeyEvidence,
  KEYS_PAGE,
  knownHost,
  lineOf,
  plainLines,
  RETIRED,
  RETIRED_KEY,
  STRANGE_KEY,
  stranger,
} from "./ssh-host-keys.ts";

const ID = "ssh-host-key-changed";

type Args =
  /** Somebody else answers. */
  | { kind: "stranger"; host: string; shown: SshKey & { is: HostKeyStanding } }
  /** Lines stand in the way of the right key; of `retired` or unknown keys. */
  | {
      kind: "stale";
      host: string;
      lines: readonly KnownHost[];
      refused: boolean;
      destination: SshDestination;
    }
  /** A published key is marked as revoked here. */
  | { kind: "revoked"; host: string; lines: readonly KnownHost[] };

const SAYINGS: readonly SshSaying[] = ["host-key-changed", "host-key-revoked"];

/** The lines that speak of a key that is not Bitbucket's today: those of the retired one first. */
function staleLines(destination: SshDestination): KnownHost[] {
  return [...plainLines(destination, "retired"), ...plainLines(destination, "other")];
}

function argsOf(destination: SshDestination, refused: boolean): Args | null {
  const { name: host, attempt, knownHosts } = destination;
  const shown = attempt?.serverKey ?? null;
  if (shown !== null && shown.is !== "current") return { kind: "stranger", host, shown };
  const revoked = knownHosts.filter(({ marker, is }) => marker === "revoked" && is === "current");
  if (refused && revoked.length > 0) return { kind: "revoked", host, lines: revoked };
  // Where all is well, only a key is a risk that somebody else may have.
  const lines = refused ? staleLines(destination) : plainLines(destination, "retired");
  if (lines.length === 0 && !refused) return null;
  return { kind: "stale", host, lines, refused, destination };
}

/** A refusal that comes of host keys. */
function refusals(view: SshView, intent: Intent): Found<Args>[] {
  return faultsOf(view, SAYINGS).flatMap((fault): Found<Args>[] => {
    const { destination, outcomes } = fault;
    const args = argsOf(destination, true);
    if (args === null) return [];
    return [
      {
        args,
        severity: args.kind === "stranger" ? "error" : severityOf(outcomes, intent),
        confidence: destination.attempt?.serverKey == null && args.kind === "stale" ? "likely" : "certain",
        cause: true,
        location: locationOf(args),
        evidence: [...sshEvidence(fault), ...hostKeyEvidence(destination)],
      },
    ];
  });
}

/** What ssh does not mind, because known_hosts says so: a stranger's key, or a key that a stranger may have. */
function risks(view: SshView): Found<Args>[] {
  const refusing = faultsOf(view, [...SAYINGS, "host-key-unknown"]).map(({ destination }) => destination);
  return view.destinations.flatMap((destination): Found<Args>[] => {
    const isUsed = waysTo(view, destination).length > 0;
    if (!destination.isBitbucket || !isUsed || refusing.includes(destination)) return [];
    const args = argsOf(destination, false);
    if (args === null) return [];
    const severity = args.kind === "stranger" ? "error" : "warning";
    const evidence = hostKeyEvidence(destination);
    return [{ args, severity, confidence: "certain", cause: false, location: locationOf(args), evidence }];
  });
}

function locationOf(args: Args): Found<Args>["location"] {
  const [line] = args.kind === "stranger" ? [] : args.lines;
  return line === undefined ? null : { file: line.file, line: line.line, scope: null };
}

/** A line with a key that nobody knows was written for some reason; the retired key is recognised as Bitbucket's. */
function safetyOf(lines: readonly KnownHost[]): Safety {
  return lines.every(({ is }) => is === "retired") ? "safe" : "ask";
}

/** The keys on these lines, in words. */
function keysOn(lines: readonly KnownHost[]): string {
  const at = listed(lines.map(lineOf));
  const isRetired = lines.every(({ is }) => is === "retired");
  return isRetired
    ? `${RETIRED} (${RETIRED_KEY.fingerprint}, ${at})`
    : `a key that is none of Bitbucket's (${at})`;
}

const ROTATED = "Bitbucket replaced its RSA key on that day because others may have seen it";

/** Lines without a server that was shown to be another: what they hold is what is out of date. */
function staleWords(args: Extract<Args, { kind: "stale" }>): Words {
  const { host, lines, refused, destination } = args;
  const byHand = `\`ssh-keygen -R ${host}\`, then add the lines of ${KEYS_PAGE}`;
  if (lines.length === 0)
    return {
      what: `ssh has another key for \`${host}\` than the server shows, and stops`,
      why: "ssh sends nothing to a server whose key has changed; Bitbucket's own keys last changed on 2023-06-20",
      next: `compare the fingerprint that ssh names with ${KEYS_PAGE}, and only where it is there run ${byHand}`,
    };
  const isMended = dropKeySteps(ID, "safe", destination, lines).length > 0;
  const next = isMended
    ? `\`git rekey fix${safetyOf(lines) === "safe" ? "" : ` --accept ${ID}`}\` takes ${lines.length > 1 ? "those lines" : "the line"} out and keeps the keys that Bitbucket publishes; by hand: ${byHand}`
    : `ask who keeps that file to take the line out and to add those of ${KEYS_PAGE}`;
  if (!refused)
    return {
      what: `ssh still trusts ${keysOn(lines)}`,
      why: `${ROTATED}: who has it can pose as Bitbucket on the way, and Bitbucket itself no longer shows it`,
      next,
    };
  return {
    what: `for \`${host}\` ssh keeps ${keysOn(lines)}, and so refuses the server`,
    why: lines.every(({ is }) => is === "retired")
      ? `${ROTATED}, and shows a new one since; the line is what is out of date`
      : "the line was written when something else answered by this name: a proxy, another server, or somebody in between",
    next,
  };
}

const EXAMPLE = { intent: { push: false } };

/** For examples: one destination at which ssh stops, or does not. */
function at(saying: SshSaying | null, shown: (SshKey & { is: HostKeyStanding }) | null, lines: KnownHost[]) {
  const attempt = sshAttempt({
    saying,
    state: saying === null ? "signed-in" : "refused",
    ...(shown === null ? {} : { serverKey: shown }),
    text: saying === null ? "authenticated via ssh key." : "Host key verification failed.",
  });
  const outcome = sshOutcome(saying === null ? {} : { state: "refused", saying });
  const destinations = [sshDestination({ attempt, knownHosts: lines })];
  return { ...EXAMPLE, ssh: ssh({ destinations, outcomes: [outcome] }) };
}

export const sshHostKeyChanged = defineCheck<"ssh" | "intent", Args>({
  id: ID,
  title: "A host key that was shown or is kept is not Bitbucket's",
  needs: ["ssh", "intent"],
  find: ({ ssh, intent }): readonly Found<Args>[] | CannotTell =>
    orUnknown([...refusals(ssh, intent), ...risks(ssh)], ssh),
  explain: (args) => {
    if (args.kind === "stranger") return stranger(args.host, args.shown);
    if (args.kind === "stale") return staleWords(args);
    return {
      what: `${listed(args.lines.map(lineOf))} marks a key that Bitbucket uses as revoked, so ssh refuses \`${args.host}\``,
      why: "somebody wrote that line on purpose; Bitbucket itself publishes this key today",
      next: `ask who keeps this machine's known_hosts why it is there; the keys that Bitbucket publishes are at ${KEYS_PAGE}`,
    };
  },
  typical: {
    kind: "stale",
    host: "bitbucket.org",
    lines: [knownHost("retired", { file: "~/.ssh/known_hosts" })],
    refused: true,
    destination: sshDestination(),
  },
  remedy: (args) => {
    if (args.kind !== "stale" || args.lines.length === 0) return null;
    const { destination, lines, refused } = args;
    const safety = safetyOf(lines);
    const drops = dropKeySteps(ID, safety, destination, lines);
    if (drops.length === 0) return null;
    return {
      safety,
      summary: `take ${refused ? "what stands in the way" : RETIRED} out of known_hosts and keep Bitbucket's published keys there`,
      needsToken: false,
      // Beside a key that is left, ssh would let in whoever has that one.
      steps: () => [...drops, ...addKeySteps(ID, destination, safety)],
    };
  },
  examples: () => ({
    broken: [
      at("host-key-changed", null, [knownHost("retired")]),
      at("host-key-changed", null, [knownHost("other")]),
      at("host-key-changed", { ...STRANGE_KEY, is: "other" }, [knownHost("current")]),
      at("host-key-changed", { ...RETIRED_KEY, is: "retired" }, [knownHost("current")]),
      at("host-key-revoked", null, [knownHost("current", { marker: "revoked" })]),
      at("host-key-changed", null, []),
      // Nobody is refused, and there is something to mend all the same.
      at(null, null, [knownHost("current"), knownHost("retired", { line: 4 })]),
      at(null, { ...STRANGE_KEY, is: "other" }, [knownHost("other")]),
    ],
    healthy: [
      { ...EXAMPLE, ssh: ssh() },
      at("host-key-unknown", null, []),
      at(null, null, [knownHost("current"), knownHost("other", { marker: "cert-authority" })]),
    ],
  }),
});
