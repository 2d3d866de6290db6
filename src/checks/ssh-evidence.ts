/** Sentences and selections that the checks of SSH share. Pure. */
import { GIT_HOST, type RepositoryName } from "../core/bitbucket.ts";
import type { CannotTell, Found, NonEmpty } from "../core/check.ts";
import type { Observation } from "../core/finding.ts";
import type { Intent, Route } from "../core/setup.ts";
import {
  destinationOf,
  type IdentityFile,
  presentOutcomes,
  type SshDestination,
  type SshKey,
  type SshOutcome,
  type SshSaying,
  type SshView,
} from "../core/ssh.ts";
import { commandOf, repositoryName, severityOf } from "./evidence.ts";

/** Ways over SSH to Bitbucket; names of `Host` blocks are known only where ssh has been asked. */
export function sshRoutes(routes: readonly Route[], ssh: SshView): Route[] {
  const known = presentOutcomes(ssh).map((one) => one.route);
  const named = routes.filter(
    ({ url }) =>
      url.transport === "ssh" && url.isBitbucket && !known.some((one) => one.url.text === url.text),
  );
  return [...known, ...named];
}

/** The ways that lead to a destination now. */
export function waysTo(ssh: SshView, destination: SshDestination): SshOutcome[] {
  return presentOutcomes(ssh).filter(({ route }) => destinationOf(ssh, route) === destination);
}

/** Ways over SSH that lead to one destination and end alike. */
export interface SshFault {
  destination: SshDestination;
  outcomes: NonEmpty<SshOutcome>;
  saying: SshSaying;
}

/** What a way came to: its own words, else those of the sign-in before it. */
function sayingOf({ state, saying }: SshOutcome, { attempt }: SshDestination): SshSaying | null {
  return state === "ok" ? null : (saying ?? attempt?.saying ?? null);
}

/** The destinations at which ways of this person end with one of these sayings. */
export function faultsOf(ssh: SshView, sayings: readonly SshSaying[]): SshFault[] {
  return ssh.destinations.flatMap((destination) =>
    sayings.flatMap((saying): SshFault[] => {
      const [first, ...more] = waysTo(ssh, destination).filter(
        (one) => sayingOf(one, destination) === saying,
      );
      return first === undefined ? [] : [{ destination, outcomes: [first, ...more], saying }];
    }),
  );
}

/** `git@bitbucket.org`: what ssh is told, as a person would type it. */
export function sshCommand({ name, user, port }: Pick<SshDestination, "name" | "user" | "port">): string {
  return `ssh -T ${port === null ? "" : `-p ${port} `}${user === null ? "" : `${user}@`}${name}`;
}

/** What ssh or Bitbucket said, without rulers and what Git adds to everything. */
function wordsIn(text: string): string | null {
  const lines = text.split("\n").map((line) => line.replace(/^@+|@+$/g, "").trim());
  return lines.find((line) => /[a-z]/i.test(line) && !/^(?:fatal|debug\d): /.test(line)) ?? null;
}

/** "`git fetch origin` over SSH is refused", and the words that go with it. */
export function sshEvidence({
  destination,
  outcomes,
}: Pick<SshFault, "destination" | "outcomes">): Observation[] {
  const command = sshCommand(destination);
  const commands = new Set(outcomes.map(({ route }) => commandOf(route)));
  const words = wordsIn(outcomes[0].text) ?? wordsIn(destination.attempt?.text ?? "");
  return [
    ...[...commands].map((one) => ({
      what: `\`${one}\` over SSH comes to nothing`,
      source: { kind: "command", command } as const,
    })),
    ...(words === null ? [] : [{ what: `it says: ${words}`, source: { kind: "command", command } as const }]),
  ];
}

/** One finding for each destination at which ways end like this; `tell` has its own words on it, and what else proves it. */
export function foundPerDestination<A>(
  ssh: SshView,
  intent: Intent,
  sayings: readonly SshSaying[],
  tell: (fault: SshFault) => Pick<Found<A>, "args"> & Partial<Found<A>>,
): Found<A>[] {
  return faultsOf(ssh, sayings).map((fault) => {
    const { evidence = [], ...told } = tell(fault);
    return {
      severity: severityOf(fault.outcomes, intent),
      confidence: "certain",
      cause: true,
      location: null,
      ...told,
      evidence: [...sshEvidence(fault), ...evidence],
    };
  });
}

/** Why nobody knows what a way over SSH would meet; null where all of them are known. */
function whyUnknown(ssh: SshView): string | null {
  const { client } = ssh;
  const open = presentOutcomes(ssh).find((one) => {
    const destination = destinationOf(ssh, one.route);
    return one.state === "unknown" && (destination === null || sayingOf(one, destination) === null);
  });
  if (open === undefined) return null;
  if (client?.unasked) return client.unasked;
  if (client?.text === "") return `Git runs \`${client.command}\` for SSH, which is no OpenSSH`;
  const words = wordsIn(open.text);
  if (words === null) return "Bitbucket was not asked over SSH";
  // Where nobody was asked, the words are the reason.
  const attempt = destinationOf(ssh, open.route)?.attempt ?? null;
  return attempt === null ? words : `ssh came to nothing: ${words}`;
}

/** The findings; or, where there are none and ways are left open, that nobody can tell. */
export function orUnknown<A>(found: readonly Found<A>[], ssh: SshView): readonly Found<A>[] | CannotTell {
  const unknown = found.length > 0 ? null : whyUnknown(ssh);
  return unknown === null ? found : { cannotTell: unknown };
}

/** `acme/site`, and others: what a person wants to reach there. */
export function repositoriesIn(outcomes: readonly SshOutcome[]): string[] {
  return [...new Set(outcomes.map(({ route }) => repositoryName(route)))];
}

/** The first repository that is named there. */
export function firstRepository(outcomes: readonly SshOutcome[]): RepositoryName | null {
  return outcomes.map(({ route }) => route.url.repository).find((one) => one !== null) ?? null;
}

/** How a key is called: by its file, else by what stands behind it in the agent. */
export function keyLabel(key: SshKey, identities: readonly IdentityFile[]): string {
  const file = identities.find((one) => one.key?.fingerprint === key.fingerprint)?.file;
  if (file !== undefined) return `\`${file}\``;
  return key.comment ? `\`${key.comment}\`` : `a key ${key.fingerprint}`;
}

/** "`a`, `b` and 3 more": of a long list as much as a person reads. */
export function listed(words: readonly string[], most = 4): string {
  if (words.length <= most) return words.join(", ");
  return `${words.slice(0, most - 1).join(", ")} and ${words.length - most + 1} more`;
}

/** What a known_hosts file calls a destination, as ssh looks for it. */
export function knownName({ resolved }: SshDestination): string {
  const { hostKeyAlias, hostname, port } = resolved;
  return hostKeyAlias ?? (port === 22 ? hostname : `[${hostname}]:${port}`);
}

/** The known_hosts file that is the person's own, and whose lines a fix may change. */
export function ownKnownHosts({ resolved }: SshDestination): string | null {
  return resolved.knownHostsFiles.find((file) => /[\\/]\.ssh[\\/]known_hosts[\w.-]*$/.test(file)) ?? null;
}

/** Whether the name is Bitbucket's own or one that git-rekey gives, whose `Host` block a fix may write. */
export function isOwnName({ name }: SshDestination): boolean {
  return name === GIT_HOST || name.startsWith(`${GIT_HOST}-`);
}
