/**
 * What Git and its relatives print when a remote over SSH fails, for pasted text. OpenSSH's own wording is in
 * `ssh-says.ts`, Bitbucket's in `core/bitbucket-says-ssh.ts`; here is what follows from them, and how others say it:
 * JGit (JSch, Apache MINA), go-git, libgit2, cargo and PuTTY, as they are [seen] in public logs.
 */
import { loose } from "../core/bitbucket-says.ts";
import { SSH_SENTENCES } from "../core/bitbucket-says-ssh.ts";
import type { SshSaying } from "../core/ssh.ts";
import type { About, Claim, GitRow } from "./git-says.ts";
import { SSH_ROWS, type SshRow } from "./ssh-says.ts";

const CLAIMS: Readonly<Record<SshSaying, readonly Claim[]>> = {
  "key-refused": [["ssh-key-refused", "certain"]],
  "key-locked": [["ssh-key-refused", "likely"]],
  "too-many-keys": [["ssh-too-many-keys", "certain"]],
  "host-key-changed": [["ssh-host-key-changed", "certain"]],
  "host-key-unknown": [["ssh-host-key-unknown", "certain"]],
  "host-key-revoked": [["ssh-host-key-changed", "certain"]],
  "port-blocked": [["ssh-port-blocked", "certain"]],
  "name-not-found": [["host-unreachable", "certain"]],
  // Also what a server says that is too busy, or does not like an address.
  "cut-off": [["ssh-port-blocked", "likely"]],
  "proxy-failed": [["proxy-refused", "certain"]],
  "config-unreadable": [["config-unreadable", "certain"]],
  "permissions-too-open": [["ssh-permissions-too-open", "certain"]],
  "read-only-key": [["ssh-key-read-only", "certain"]],
  "key-of-other-repository": [["ssh-key-for-other-repository", "certain"]],
  "repository-not-accessible": [["repository-not-accessible", "certain"]],
  "no-common-algorithm": [["ssh-client-missing", "likely"]],
};

/** About access keys: nobody else says it like this. */
function ofAccessKeys(): GitRow[] {
  const own = SSH_SENTENCES.filter(({ saying }) => saying !== "repository-not-accessible");
  return own.map(({ saying, key, pattern }) => {
    return { key, pattern, about: "local", claims: CLAIMS[saying], follows: false, ssh: true };
  });
}

/** Whose a message of OpenSSH's is. */
function aboutOf({ saying, pattern, follows }: SshRow): About {
  const { source } = pattern;
  if (saying === "config-unreadable" || source.startsWith("Bad")) return "local";
  // Where the host is not always named, those around it are asked.
  if (source.includes("(?<host>") && saying !== "key-refused") return "named";
  return saying === "cut-off" && follows ? "beside" : "near";
}

/** The rows whose first word is in every second line of a log say nothing that another row does not. */
const VAGUE = new Set(["line"]);

function ofOpenSsh(): GitRow[] {
  return SSH_ROWS.filter(({ key }) => !VAGUE.has(key)).map((row) => ({
    key: row.key,
    pattern: row.pattern,
    about: aboutOf(row),
    claims: CLAIMS[row.saying],
    follows: row.follows,
    ssh: true,
  }));
}

const HOST = "(?<host>[A-Za-z0-9][A-Za-z0-9.-]{0,252})";

function row(key: string, pattern: string, about: About, claims: readonly Claim[], follows = false): GitRow {
  return { key, pattern: loose(new RegExp(pattern)), about, claims, follows, ssh: true };
}

const REFUSED: readonly Claim[] = [["ssh-key-refused", "certain"]];
const PERHAPS_REFUSED: readonly Claim[] = [["ssh-key-refused", "likely"]];
const CHANGED: readonly Claim[] = [["ssh-host-key-changed", "certain"]];
const UNKNOWN: readonly Claim[] = [["ssh-host-key-unknown", "certain"]];
const NO_CLIENT: readonly Claim[] = [["ssh-client-missing", "certain"]];
const NOT_ACCESSIBLE = CLAIMS["repository-not-accessible"];
const BLOCKED: readonly Claim[] = [["ssh-port-blocked", "certain"]];

const GONE = "repository (?:access denied|does not exist)";

const OTHERS: readonly GitRow[] = [
  // Bitbucket, with the name its server had in old transcripts, which says enough; without it, alone in a line
  row("conq:", `conq: ${GONE}(?!\\. (?:access via|deployment key))`, "local", NOT_ACCESSIBLE),
  row("repository", `^${GONE}\\.?$`, "near", NOT_ACCESSIBLE),
  // transport.c and run-command.c; a shell where the command is GIT_SSH_COMMAND
  row("transport", "transport ['\"]ssh['\"] not allowed", "local", [["ssh-not-allowed", "certain"]]),
  row("cannot", "cannot (?:run|exec|spawn) ['\"]?ssh['\"]?: ", "local", NO_CLIENT),
  row("ssh:", "(?:^|: )ssh: (?:command )?not found", "local", NO_CLIENT),
  // JGit with JSch: "git@bitbucket.org:ws/r.git: Auth fail"
  row(
    "auth",
    `(?:git@|ssh://(?:[^@/\\s]{1,100}@)?)${HOST}[^\\s]{0,300}: Auth (?:fail|cancel)`,
    "named",
    REFUSED,
  ),
  row("hostkey", `(?:reject HostKey|UnknownHostKey): ${HOST}`, "named", UNKNOWN),
  row("hostkey", `HostKey has been changed: ${HOST}`, "named", CHANGED),
  // JGit with Apache MINA
  row("cannot", `git@${HOST}[^\\s]{0,300}: Cannot log in at `, "named", REFUSED),
  row("cannot", `Cannot log in at ${HOST}:\\d`, "named", REFUSED),
  // go-git; it names the host, if at all, in words of the program around it
  row("handshake", "knownhosts: key mismatch", "near", CHANGED),
  row("handshake", "knownhosts: key is unknown", "near", UNKNOWN),
  row("handshake", "ssh: unable to authenticate, attempted methods \\[[a-z -]{0,100}\\]", "near", REFUSED),
  row("ssh_auth_sock", "SSH agent requested but SSH_AUTH_SOCK not-specified", "near", PERHAPS_REFUSED),
  row("dial", "dial tcp [0-9a-f.:\\[\\]]{3,45}:22: (?:connect: |i/o timeout)", "beside", BLOCKED),
  // libgit2 and cargo
  row("authenticate", "Failed to authenticate SSH session: ", "near", REFUSED),
  row("publickey", "Username/PublicKey combination invalid", "near", REFUSED),
  row("usernames", "attempted ssh-agent authentication, but no usernames succeeded", "near", REFUSED),
  row("changed", `SSH host key has changed for [\`'\\[]{0,2}${HOST}`, "named", CHANGED),
  row("known", `The SSH host key for [\`'\\[]{0,2}${HOST}.{0,12} is not known`, "named", UNKNOWN),
  // PuTTY's plink, TortoiseGit
  row("cached", "host key is not cached", "near", UNKNOWN),
  row("breach", "WARNING - POTENTIAL SECURITY BREACH", "near", CHANGED),
  // While a key is added. Nobody says where it is registered; most often at another repository.
  row("registered", "Someone has already registered (?:this as a deploy key|that SSH key)", "local", [
    ["ssh-key-for-other-repository", "likely"],
  ]),
];

/** Everything about SSH. Bitbucket's own words first: they say more than what Git and ssh add. */
export const SSH_GIT_ROWS: readonly GitRow[] = [...ofAccessKeys(), ...OTHERS, ...ofOpenSsh()];
