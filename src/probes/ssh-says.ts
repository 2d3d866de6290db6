/**
 * The wording of OpenSSH's client, 7.4 to 10, when a connection comes to nothing; it is never translated. What
 * Bitbucket itself says over SSH is in `core/bitbucket-says-ssh.ts`.
 */

import { loose } from "../core/bitbucket-says.ts";
import { bitbucketSaysOverSsh } from "../core/bitbucket-says-ssh.ts";
import type { SshSaying } from "../core/ssh.ts";

export interface SshRow {
  saying: SshSaying;
  /** A word every match contains, lower case, without a blank; looked for first, because that is cheap. */
  key: string;
  /** The group `host`, where it has one, catches the host as it was asked for. */
  pattern: RegExp;
  /** It only follows from what another line says: that one is the better answer. */
  follows: boolean;
}

const HOST = "(?<host>[A-Za-z0-9][A-Za-z0-9.-]{0,252})";

function row(saying: SshSaying, key: string, pattern: string, options = { follows: false }): SshRow {
  return { saying, key, pattern: loose(new RegExp(pattern)), ...options };
}

const FOLLOWS = { follows: true };

/** From narrow to wide: of the rows that fit, the first one that does not follow from others decides. */
export const SSH_ROWS: readonly SshRow[] = [
  // readconf.c: the configuration stops everything else
  row("permissions-too-open", "owner", "Bad owner or permissions on \\S"),
  row("config-unreadable", "terminating,", "terminating, \\d+ bad configuration options"),
  row("config-unreadable", "configuration", "line \\d+: Bad configuration option: "),
  row(
    "config-unreadable",
    "line",
    "\\S: line \\d+: (?:keyword|no argument after keyword|garbage at end of line)",
  ),
  row(
    "config-unreadable",
    "line",
    "\\S line \\d+: (?:Missing|missing|Bad|Unsupported|unsupported|Invalid|invalid|keyword|no argument) ",
  ),

  // ssh.c, sshconnect.c
  row("name-not-found", "resolve", `Could not resolve hostname ${HOST}: `),
  row("port-blocked", "connect", `connect to host ${HOST} port \\d{1,5}: `),
  row("port-blocked", "connect", "connect to address [0-9a-fA-F.:]{3,45} port \\d{1,5}: ", FOLLOWS),

  // The other side's key
  row("host-key-revoked", "revoked", "WARNING: REVOKED HOST KEY DETECTED"),
  row("host-key-revoked", "revoked", `host key for ${HOST} is marked as revoked`),
  row("host-key-changed", "identification", "REMOTE HOST IDENTIFICATION HAS CHANGED"),
  row(
    "host-key-changed",
    "changed",
    `host key for ${HOST} has changed and you have requested strict checking`,
  ),
  row(
    "host-key-unknown",
    "known",
    `No \\S{1,40} host key is known for \\[?${HOST}\\]?(?::\\d{1,5})? and you have requested strict`,
  ),
  row(
    "host-key-unknown",
    "authenticity",
    `The authenticity of host '\\[?${HOST}\\]?.{0,80}' can't be established`,
  ),
  row("host-key-unknown", "verification", "Host key verification failed", FOLLOWS),

  // kex.c, packet.c
  row("no-common-algorithm", "negotiate", "Unable to negotiate with .{1,80}: no matching "),

  // Keys, from why ssh does not use one to what the server says at the end
  row("permissions-too-open", "unprotected", "WARNING: UNPROTECTED PRIVATE KEY FILE"),
  row("permissions-too-open", "permissions", "Permissions 0\\d{3} for .{1,400} are too open"),
  row("permissions-too-open", "permissions", "Load key .{1,400}: bad permissions"),
  row(
    "key-locked",
    "signing",
    "signing failed for .{1,400}: (?:agent refused operation|device not found|requested feature not supported|incorrect passphrase)",
  ),
  row("key-locked", "agent", "agent refused operation"),
  row("too-many-keys", "authentication", "Too many authentication failures"),
  row(
    "key-refused",
    "permission",
    `(?:\\S{1,200}@${HOST}: )?Permission denied \\([a-z,-]{0,100}publickey[a-z,-]{0,100}\\)`,
    FOLLOWS,
  ),
  row(
    "key-refused",
    "authentication",
    "No more authentication methods to (?:try|use)|No supported authentication methods",
    FOLLOWS,
  ),

  // Said of one key; others may have been asked about
  row("no-common-algorithm", "mutual", "no mutual signature (?:algorithm|supported)", FOLLOWS),

  // Without a port: the other end is a program (`ProxyCommand`, `ProxyJump`)
  row("proxy-failed", "unknown", "Connection (?:closed|reset) by UNKNOWN port 65535"),
  row("proxy-failed", "stdio", "stdio forwarding failed"),
  row("proxy-failed", "unknown", "Connection to UNKNOWN port (?:65535|-1)"),
  // Before a key was asked for; ssh_exchange_identification until 7.9
  row("cut-off", "_exchange_identification", "(?:kex|ssh)_exchange_identification: "),
  row("cut-off", "banner", "banner exchange: Connection to |timed out during banner exchange"),
  row("cut-off", "connection", "Connection (?:closed|reset) by (?:remote host|[0-9a-fA-F.:]{3,45})", FOLLOWS),
  row("cut-off", "ssh_dispatch_run_fatal", "ssh_dispatch_run_fatal: Connection to ", FOLLOWS),
  row("cut-off", "responding", `Timeout, server ${HOST} not responding`, FOLLOWS),
];

/** The rows that fit one line, in the order of the table. */
function sshRowsIn(line: string): readonly SshRow[] {
  const lower = line.toLowerCase();
  return SSH_ROWS.filter(({ key, pattern }) => lower.includes(key) && pattern.test(line));
}

/** What a whole connection came to, by all that was said in it; null where that is nothing known. */
export function sshSays(text: string): SshSaying | null {
  const bitbucket = bitbucketSaysOverSsh(text);
  if (bitbucket !== null) return bitbucket;
  const found = new Set(text.split("\n").flatMap(sshRowsIn));
  const fitting = SSH_ROWS.filter((one) => found.has(one));
  return (fitting.find(({ follows }) => !follows) ?? fitting[0])?.saying ?? null;
}
