/**
 * Every sentence of Bitbucket's SSH host, to the letter. Marks: [seen] in users' transcripts, [doc] Atlassian's
 * documentation, [inferred] neither. All as of 2026-11-23. That they end in a line feed, and which stream they are
 * written to, is [inferred] throughout.
 */

import type { AccessKeyHolder } from "./ssh-holders.ts";
import type { HostKey } from "./ssh-host-keys.ts";
import type { Switches } from "./switches.ts";
import { fullNameOf } from "./world.ts";

/** What the server calls itself, behind `SSH-2.0-`: `conker_` and two hashes. The form is [seen 2019-2023]. */
export const SOFTWARE = "conker_3aee7f2e9e d387e8eb814e";

/** [doc]; with an access key the older `git or hg` is all that was [seen], and its like today is [inferred]. */
const NO_SHELL = "You can use git to connect to Bitbucket. Shell access is disabled\n";

/** `ssh -T` with a key of an account. [doc] */
export const WELCOME = `authenticated via ssh key.\n\n${NO_SHELL}`;

/** `ssh -T` with an access key: which repositories it opens. [seen] */
export function accessKeyWelcome(holders: readonly AccessKeyHolder[]): string {
  const lines = holders.map(
    ({ repository, key }) => `${fullNameOf(repository)}: ${key.label} -- ${key.comment ?? ""}\n`,
  );
  const list = `This deploy key has read access to the following repositories:\n\n${lines.join("")}`;
  return `authenticated via a deploy key.\n\n\n${NO_SHELL}\n${list}`;
}

/** A command that is none of Git's. [inferred] */
export const NO_SUCH_COMMAND = NO_SHELL;

/** A push with an access key. [seen] */
const READ_ONLY = "repository access denied. access via a deployment key is read-only.\n";

/** An access key of other repositories; also where the repository does not exist, which is [inferred]. [seen] */
const NOT_ASSOCIATED =
  "repository access denied. deployment key is not associated with the requested repository.\n";

/** Why a command about a repository is refused. */
export type SshRefusal = "denied" | "missing" | "read-only" | "not-associated";

/**
 * What the git client is told. Of an account that may not, and of a repository that does not exist, only sentences
 * that begin with `conq: ` are [seen], in old transcripts. The prefix has since gone from other sentences; that it
 * went from these is [inferred].
 */
export function sshRefusal(refusal: SshRefusal, { sshRefusalPrefix }: Switches): string {
  if (refusal === "read-only") return READ_ONLY;
  if (refusal === "not-associated") return NOT_ASSOCIATED;
  const sentence = refusal === "denied" ? "repository access denied." : "repository does not exist.";
  return `${sshRefusalPrefix}${sentence}\n`;
}

/** The answer to `host_key_info`. [seen 2023, with an ed25519 key] */
export function hostKeyInfo(key: HostKey): string {
  return (
    `You are using host key with fingerprint:\n${key.type} ${key.fingerprint}\n\n` +
    "See https://bitbucket.org/blog/ssh-host-key-changes for more details.\n"
  );
}

/** Why a connection with too many refused keys is closed, in OpenSSH's words. [doc] */
export const TOO_MANY_KEYS = "Too many authentication failures";
/** After how many. That of OpenSSH's server. [inferred] */
export const MOST_REFUSED_KEYS = 6;
