/** Which lines of known_hosts must go, and where Bitbucket's keys are pinned. Pure. */
import { GIT_HOST, SSH_ALT_HOST, SSH_ALT_PORT } from "./bitbucket.ts";
import { change } from "./placement-parts.ts";
import type { PlannedStep, SshChoice, SshHostBlock } from "./plan.ts";
import type { KnownHost, SshDestination, SshView } from "./ssh.ts";
import type { SshGround } from "./ssh-choice.ts";
import { destinationNamed, type NoSsh, noSsh } from "./ssh-way.ts";

/** How ssh looks a destination up in known_hosts. */
function lookedUp({ resolved }: SshDestination): string {
  const { hostKeyAlias, hostname, port } = resolved;
  return hostKeyAlias ?? (port === 22 ? hostname : `[${hostname}]:${port}`);
}

/** The name that counts once the plan is carried out. */
function nameAfter(choice: SshChoice, block: SshHostBlock | null, view: SshView): string {
  if (choice.host === SSH_ALT_HOST) return `[${SSH_ALT_HOST}]:${SSH_ALT_PORT}`;
  if (block?.hostKeyAlias) return block.hostKeyAlias;
  const main = destinationNamed(view, GIT_HOST);
  return main === null ? GIT_HOST : lookedUp(main);
}

/** A line is named by what is the same in several, and a number: all with that key count, whatever their marker. */
function occurrenceOf(line: KnownHost, all: readonly KnownHost[]): number {
  return all.filter(
    (one) => one.file === line.file && one.key.fingerprint === line.key.fingerprint && one.line < line.line,
  ).length;
}

const IN_SSH_FOLDER = /^(?:\/|[A-Za-z]:[\\/]).*[\\/]\.ssh[\\/]known_hosts[\w.-]*$/;

function wordsFor({ is }: KnownHost): string {
  return is === "retired" ? "the key that Bitbucket retired in June 2023" : "a key that is not Bitbucket's";
}

/** A line that is not the person's to change; with today's keys in a file of their own it does no harm. */
function leftTo(line: KnownHost): PlannedStep {
  const where = `\`${line.file}:${line.line}\``;
  const what = `${where} holds ${wordsFor(line)} and is not yours: its owner should take it out`;
  return change({ kind: "person", what, command: null });
}

/** Takes out what is not Bitbucket's any more, and pins today's keys where none of them is known. */
export function knownHostSteps(
  choice: SshChoice,
  block: SshHostBlock | null,
  view: SshView,
  { isOwn }: SshGround,
): PlannedStep[] | NoSsh {
  const host = nameAfter(choice, block, view);
  const its = view.destinations.find((one) => one.isBitbucket && lookedUp(one) === host);
  const lines = its?.knownHosts ?? [];
  const revoked = lines.find(({ marker, is }) => marker === "revoked" && is === "current");
  if (revoked !== undefined)
    return noSsh(
      `\`${revoked.file}:${revoked.line}\` marks a host key of Bitbucket's as revoked: take that line out first, if it is a mistake`,
    );
  const stale = lines.filter(({ marker, is }) => marker === null && is !== "current");
  const mine = stale.filter(({ file }) => isOwn(file) && IN_SSH_FOLDER.test(file));
  const drops = mine.map((line) =>
    change({
      kind: "drop-known-host",
      file: line.file,
      entry: { host, fingerprint: line.key.fingerprint, occurrence: occurrenceOf(line, lines) },
    }),
  );
  const others = stale.filter((line) => !mine.includes(line)).map(leftTo);
  const isKnown = lines.some(({ marker, is }) => marker === null && is === "current");
  if (isKnown && stale.length === 0) return [];
  const files =
    its?.resolved.knownHostsFiles ?? destinationNamed(view, GIT_HOST)?.resolved.knownHostsFiles ?? [];
  const usual = `${view.home}/.ssh/known_hosts`;
  // ssh parts paths by blanks, and a home folder may have one in its name.
  const isUsual = files.length === 0 || files.join(" ").includes(usual);
  const file = files.find((one) => IN_SSH_FOLDER.test(one) && isOwn(one)) ?? (isUsual ? usual : undefined);
  if (file === undefined)
    return noSsh(
      `ssh keeps host keys in \`${files[0]}\` here, which git-rekey does not write to`,
      "without `UserKnownHostsFile` in its configuration ssh keeps them in `~/.ssh/known_hosts`",
    );
  return [...drops, change({ kind: "add-known-hosts", file, host }), ...others];
}
