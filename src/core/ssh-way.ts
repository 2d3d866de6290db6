/** Whether ssh gets through to Bitbucket from here, and by which port. Pure. */
import { GIT_HOST, SSH_ALT_HOST, SSH_USER } from "./bitbucket.ts";
import { escapePath } from "./escape-path.ts";
import { isShut, type SshDestination, type SshSaying, type SshView } from "./ssh.ts";

/** Why SSH cannot be set up, and what a person can do instead. */
export interface NoSsh {
  noSsh: string;
  hint: string | null;
}

export function noSsh(reason: string, hint: string | null = null): NoSsh {
  return { noSsh: reason, hint };
}

/** How ssh gets there: by Bitbucket's own name, or by the host that listens on another port. */
export interface Way {
  byAlt: boolean;
  /** ssh's configuration says so already. */
  isTold: boolean;
}

/** What is known of a host by this name: as Bitbucket is to be asked for it, else as some URL asks. */
export function destinationNamed({ destinations }: SshView, name: string): SshDestination | null {
  const named = destinations.filter((one) => one.name === name);
  return named.find(({ user }) => user === SSH_USER) ?? named[0] ?? null;
}

const HTTPS_WAYS = "`git rekey fix --with helper` and `--with access-token` stay with HTTPS";

/** What stands in the way of any key; other words are mended by a key, or by a host key. */
const IN_THE_WAY: Readonly<Partial<Record<SshSaying, readonly [reason: string, hint: string | null]>>> = {
  "name-not-found": ["the name `bitbucket.org` was not found by ssh", HTTPS_WAYS],
  "proxy-failed": ["the proxy that ssh is told to use let nothing through to bitbucket.org", HTTPS_WAYS],
  "config-unreadable": ["ssh cannot read its own configuration", "`ssh -G bitbucket.org` says where"],
  "permissions-too-open": [
    "others may write ssh's configuration, or it belongs to them, so ssh refuses to use it",
    "`chmod go-w ~/.ssh ~/.ssh/config` closes it to them",
  ],
  "no-common-algorithm": [
    "this ssh is too old to agree with Bitbucket on how to encrypt: a newer OpenSSH is needed",
    HTTPS_WAYS,
  ],
};

/** What comes of signing in once today's host keys are known here. */
export const heardAt = (destination: SshDestination | null) =>
  destination?.pinned ?? destination?.attempt ?? null;

/** Whoever answers in Bitbucket's place is not to be given a place in known_hosts. */
function stranger({ attempt }: SshDestination): NoSsh | null {
  const shown = attempt?.serverKey;
  if (!shown || shown.is === "current") return null;
  const whose =
    shown.is === "retired" ? "the one that Bitbucket retired in June 2023" : "none of Bitbucket's";
  return noSsh(
    `whoever answers as bitbucket.org shows a host key that is ${whose} (\`${shown.fingerprint}\`): it is not Bitbucket`,
    HTTPS_WAYS,
  );
}

/** A key that others may read is none for ssh. A key for one repository alone does without it. */
function openKey(view: SshView, takesOwnKey: boolean): NoSsh | "none" | "not-needed" {
  const open = destinationNamed(view, GIT_HOST)?.identities.find(({ mode }) => ((mode ?? 0) & 0o077) !== 0);
  if (open === undefined) return "none";
  if (!takesOwnKey) return "not-needed";
  return noSsh(
    `others may read \`${open.file}\`, so ssh does not use this key`,
    `\`chmod 600 ${escapePath(open.file)}\` closes it to them`,
  );
}

/** Finds the way. `takesOwnKey`: a key that ssh finds by itself is to be used, which must then be usable. */
export function wayThrough(view: SshView, takesOwnKey: boolean): Way | NoSsh {
  const main = destinationNamed(view, GIT_HOST);
  const strange = main === null ? null : stranger(main);
  if (strange !== null) return strange;
  const heard = heardAt(main)?.saying ?? null;
  const open = heard === "permissions-too-open" ? openKey(view, takesOwnKey) : "none";
  if (typeof open === "object") return open;
  const saying = open === "not-needed" ? null : heard;
  const isTold = main?.resolved.hostname === SSH_ALT_HOST;
  if (!isShut(saying)) {
    const [reason, hint] = (saying === null ? undefined : IN_THE_WAY[saying]) ?? [];
    return reason === undefined ? { byAlt: isTold, isTold } : noSsh(reason, hint ?? null);
  }
  const alt = destinationNamed(view, SSH_ALT_HOST);
  const byAlt = alt?.attempt?.saying;
  if (!isTold && byAlt !== undefined && !isShut(byAlt) && byAlt !== "name-not-found")
    return (alt && stranger(alt)) ?? { byAlt: true, isTold: false };
  return noSsh("SSH does not get through to Bitbucket from here, neither on port 22 nor on 443", HTTPS_WAYS);
}

/** Null where SSH can be had here at all. */
export function whyNoSsh({ forbidden, client, home }: SshView): NoSsh | null {
  if (forbidden !== null) return noSsh(`Git may not use SSH here: ${forbidden}`, HTTPS_WAYS);
  if (client === null) return noSsh("there is no ssh here that Git could run", HTTPS_WAYS);
  if (client.unasked !== null) return noSsh(client.unasked);
  if (client.text === "")
    return noSsh(`Git runs \`${client.command}\` for SSH, which is no OpenSSH: set it up by its own means`);
  if (home === null) return noSsh("there is no home folder for ssh to keep a key in");
  return null;
}
