/** What the two checks of host keys share: whose key was shown, what is kept, and how it is put right. Pure. */
import {
  GIT_HOST,
  SSH_ALT_HOST,
  SSH_ALT_PORT,
  SSH_HOST_KEYS,
  SSH_RETIRED_HOST_KEY,
} from "../core/bitbucket.ts";
import type { Observation } from "../core/finding.ts";
import type { CheckId } from "../core/ids.ts";
import type { PlannedStep, Safety } from "../core/plan.ts";
import type { KnownHost, SshDestination } from "../core/ssh.ts";
import { knownName, ownKnownHosts, sshCommand } from "./ssh-evidence.ts";
import { planned } from "./steps.ts";

export const RETIRED = "the RSA key that Bitbucket gave up on 2023-06-20";

/** Bitbucket's page of fingerprints; for people who compare. */
export const KEYS_PAGE = "https://bitbucket.org/site/ssh";

/** Lines that say which key a host has, and not who may vouch for it. */
export function plainLines({ knownHosts }: SshDestination, is: KnownHost["is"]): KnownHost[] {
  return knownHosts.filter((one) => one.marker === null && one.is === is);
}

/** `~/.ssh/known_hosts:3`, in backticks. */
export function lineOf({ file, line }: KnownHost): string {
  return `\`${file}:${line}\``;
}

function judged(is: KnownHost["is"]): string {
  if (is === "current") return "one of Bitbucket's";
  return is === "retired" ? RETIRED : "none of Bitbucket's";
}

/** The key that was shown, and the lines about this host, each with its fingerprint and whose it is. */
export function hostKeyEvidence(destination: SshDestination): Observation[] {
  const shown = destination.attempt?.serverKey ?? null;
  const seen: Observation[] =
    shown === null
      ? []
      : [
          {
            what: `the server shows the ${shown.type} key ${shown.fingerprint}, ${judged(shown.is)}`,
            source: { kind: "command", command: sshCommand(destination) },
          },
        ];
  const kept = destination.knownHosts.map(
    ({ file, line, key, is, marker }): Observation => ({
      what: `${marker === null ? "" : `@${marker}: `}the ${key.type} key ${key.fingerprint}, ${judged(is)}`,
      source: { kind: "file", file, line },
    }),
  );
  return [...seen, ...kept];
}

/** Whether lines of this file are the person's own to change. */
function isOwn({ resolved }: SshDestination, file: string): boolean {
  return resolved.knownHostsFiles.includes(file) && /[\\/]\.ssh[\\/]known_hosts[\w.-]*$/.test(file);
}

/** Names that are Bitbucket's, or an alias that git-rekey gives: for no other a line is written or taken out. */
function isOurName(host: string): boolean {
  const alt = [SSH_ALT_HOST, `[${SSH_ALT_HOST}]:${SSH_ALT_PORT}`];
  return host === GIT_HOST || host.startsWith(`${GIT_HOST}-`) || alt.includes(host);
}

/** Adds Bitbucket's published keys where ssh looks for this destination's. */
export function addKeySteps(
  id: CheckId,
  destination: SshDestination,
  safety: Safety = "safe",
): PlannedStep[] {
  const file = ownKnownHosts(destination);
  const host = knownName(destination);
  if (file === null || !isOurName(host)) return [];
  return [planned("change", safety, id, { kind: "add-known-hosts", file, host })];
}

/** Takes out the lines of a key that is not Bitbucket's today. */
export function dropKeySteps(
  id: CheckId,
  safety: Safety,
  destination: SshDestination,
  lines: readonly KnownHost[],
): PlannedStep[] {
  const host = knownName(destination);
  return lines
    .filter(({ file }) => isOwn(destination, file) && isOurName(host))
    .map(({ file, line, key }) => {
      const isBefore = (one: KnownHost) =>
        one.file === file && one.line < line && one.key.fingerprint === key.fingerprint;
      const occurrence = destination.knownHosts.filter(isBefore).length;
      const entry = { host, fingerprint: key.fingerprint, occurrence };
      return planned("change", safety, id, { kind: "drop-known-host", file, entry });
    });
}

/** The words for a server that is not Bitbucket, however ssh came to know: nothing here is to be changed. */
export function stranger(host: string, shown: { type: string; fingerprint: string; is: KnownHost["is"] }) {
  return {
    what: `what answers as \`${host}\` is not Bitbucket: it shows the ${shown.type} key ${shown.fingerprint}${shown.is === "retired" ? `, ${RETIRED}` : ""}`,
    why:
      shown.is === "retired"
        ? "that key may have been seen by others, so who has it can pose as Bitbucket; somebody between this machine and Bitbucket reads and changes all that passes, or the name leads to another machine"
        : "it is none of the keys that Bitbucket publishes: somebody between this machine and Bitbucket reads and changes all that passes (an attacker, or a company's proxy that opens SSH), or the name leads to another machine",
    next: `do not accept this key and leave known_hosts as it is; compare with ${KEYS_PAGE} from another network, and tell who runs this one; git-rekey changes nothing while such a key is shown`,
  };
}

/** For examples: a key that nobody publishes. */
export const STRANGE_KEY = { type: "ssh-ed25519", fingerprint: `SHA256:${"z".repeat(43)}`, comment: null };

export const RETIRED_KEY = {
  type: SSH_RETIRED_HOST_KEY.type,
  fingerprint: SSH_RETIRED_HOST_KEY.fingerprint,
  comment: null,
};

/** For examples: a line of known_hosts. */
export function knownHost(is: KnownHost["is"], more: Partial<KnownHost> = {}): KnownHost {
  const [current] = SSH_HOST_KEYS;
  const published = { type: current?.type ?? "", fingerprint: current?.fingerprint ?? "", comment: null };
  const key = { current: published, retired: RETIRED_KEY, other: STRANGE_KEY }[is];
  return { file: "/home/ana/.ssh/known_hosts", line: 3, hashed: false, marker: null, key, is, ...more };
}
