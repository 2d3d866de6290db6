/** How real git is run where a proof leads over SSH. */
import type { ProofStep } from "../core/plan.ts";
import { quoteForShell } from "../core/shell-word.ts";
import { CAREFUL_OPTIONS } from "../core/ssh-command.ts";
import { sshValue } from "../formats/ssh-config.ts";
import type { Git } from "../world/ports.ts";

/** What a proof over SSH may do. */
export interface SshRoom {
  /** A person is there whom ssh may ask for the passphrase of the key. */
  mayAsk: boolean;
  /** The person trusts what only the repository sets: `core.sshCommand` is a program. */
  trustsRepository: boolean;
  /** More of ssh's options, each `Name=value`, that go before all others: for a trial while nothing is set up yet. */
  options?: readonly string[];
}

const NOBODY: SshRoom = { mayAsk: false, trustsRepository: false };

/** What is run: variables for git, or why it is not run at all, and whether that is a failure. */
export type SshRun =
  | { env: Record<string, string | undefined> }
  | { reason: string; result: "failed" | "not-run" };

/** No unknown host is let in, and a key is the only way. */
const CAREFUL = [
  ...CAREFUL_OPTIONS,
  "PreferredAuthentications=publickey",
  "StrictHostKeyChecking=yes",
  "ConnectTimeout=15",
];

/** One key as an option and not with `-i`, which is passed over where a name holds a `%`. */
function commandFor(key: string | null, { mayAsk, options: first = [] }: SshRoom): string {
  const alone =
    key === null ? [] : [`IdentityFile=${sshValue(key)}`, "IdentitiesOnly=yes", "IdentityAgent=none"];
  const options = [...first, ...alone, ...CAREFUL, ...(mayAsk ? [] : ["BatchMode=yes"])];
  return ["ssh", ...options.flatMap((option) => ["-o", quoteForShell(option)])].join(" ");
}

/** Whether the repository itself names the program for SSH, which Git would run. */
async function isBrought(git: Git, cwd: string): Promise<boolean> {
  for (const scope of ["--local", "--worktree"]) {
    const args = ["config", scope, "--includes", "--get", "core.sshCommand"];
    const { code, stdout } = await git.run({ args, cwd });
    if (code === 0 && stdout.length > 0) return true;
  }
  return false;
}

/** For `prove` one key alone; for `verify` exactly what the person has. */
export async function sshRun(
  { git, cwd, ssh = NOBODY }: { git: Git; cwd: string; ssh?: SshRoom },
  { kind, source }: ProofStep,
  env: Readonly<Record<string, string | undefined>>,
): Promise<SshRun> {
  // Ours would let through what the person has closed.
  if (env.GIT_ALLOW_PROTOCOL !== undefined && !env.GIT_ALLOW_PROTOCOL.split(":").includes("ssh"))
    return { reason: "`GIT_ALLOW_PROTOCOL` lets Git use no SSH", result: "failed" };
  if (kind === "prove") {
    const key = source?.kind === "ssh" ? source.key : null;
    return {
      env: {
        GIT_ALLOW_PROTOCOL: "ssh",
        GIT_SSH_COMMAND: commandFor(key, ssh),
        GIT_SSH_VARIANT: "ssh",
        SSH_ASKPASS_REQUIRE: "never",
      },
    };
  }
  const isOwn = ssh.trustsRepository || env.GIT_SSH_COMMAND !== undefined;
  if (!isOwn && (await isBrought(git, cwd))) {
    const reason = "only this repository sets `core.sshCommand`, and a program of its own is not run";
    return { reason, result: "not-run" };
  }
  return { env: { GIT_ALLOW_PROTOCOL: "https:ssh" } };
}

/** OpenSSH's account of itself, and what git says after whatever went wrong. */
const CHATTER =
  /^(?:debug\d: |OpenSSH_|Authenticated to |Transferred: |Bytes per second|Connection to \S+ closed)/;
const AFTER_ALL =
  /^(?:fatal: Could not read from remote|Please make sure you have the|and the repository exists)/;

/** What is left of it that says why; all of git's words where nobody else has any. */
export function withoutChatter(stderr: string): string {
  const lines = stderr.split(/\r?\n/).filter((line) => line.trim() !== "" && !CHATTER.test(line));
  const telling = lines.filter((line) => !AFTER_ALL.test(line));
  return (telling.length > 0 ? telling : lines).join("\n");
}

/** ssh prints every byte that is not ASCII in three octal digits. */
function printed(text: string): string {
  const bytes = text.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** Whether Bitbucket said yes to the public half, and only the passphrase of the private one was missing. */
export function isLocked(stderr: string, key: string | null): boolean {
  return key !== null && keyTaken(stderr) === key && /Permission denied \(publickey/.test(stderr);
}

/** The file of the key that was taken in the end; null where ssh does not tell. */
export function keyTaken(stderr: string): string | null {
  const taken = [...stderr.matchAll(/^debug1: Server accepts key: (.+) [A-Z0-9-]+ SHA256:\S+/gm)].at(-1)?.[1];
  return taken === undefined ? null : printed(taken);
}
