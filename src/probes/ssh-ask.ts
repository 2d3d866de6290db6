/** One question over SSH, as Git would ask it, changing nothing. */
import type { Direction } from "../core/plan.ts";
import { quoteForShell } from "../core/shell-word.ts";
import { CAREFUL_OPTIONS } from "../core/ssh-command.ts";
import type { SshResult } from "../world/ports.ts";
import type { SshProgram } from "./ssh-client.ts";
import type { Eyes } from "./world.ts";

/** Seconds for a connection, and milliseconds for all of it: as much as a person waits for a doctor. */
const CONNECT = 7;
const PATIENCE = 8000;

/** Nobody is asked, and no key goes into an agent. */
const CAREFUL = [
  ...CAREFUL_OPTIONS,
  "BatchMode=yes",
  `ConnectTimeout=${CONNECT}`,
  "ConnectionAttempts=1",
  "AddKeysToAgent=no",
];

const STRICT = ["StrictHostKeyChecking=yes"];
/** No file is read, so no host is known, and the file it would be written to is none. */
const LETTING_IN = [
  "StrictHostKeyChecking=no",
  "UserKnownHostsFile=/dev/null",
  "GlobalKnownHostsFile=/dev/null",
];

/** Where to, as a URL names it. */
export interface Target {
  name: string;
  user: string | null;
  port: number | null;
}

export interface Question {
  to: Target;
  /** Null: nothing but to sign in. */
  about: { path: string; direction: Direction } | null;
  /** Any host is let in, and known to nobody afterwards: for those who look at its key themselves. */
  letIn: boolean;
}

/** The arguments as Git gives them: a port, the host, perhaps a command. */
export function targetArgs({ name, user, port }: Target): string[] {
  return [...(port === null ? [] : ["-p", String(port)]), user === null ? name : `${user}@${name}`];
}

/** Git's own words for one direction. */
function commandFor({ path, direction }: NonNullable<Question["about"]>): string {
  return `git-${direction === "push" ? "receive" : "upload"}-pack ${quoteForShell(path)}`;
}

/** Goodbye, in Git's protocol: the server has listed its refs by then, and nothing was asked of it. */
const FLUSH = "0000";

/** The answer; null where the program cannot be run. */
export async function askOverSsh(
  eyes: Eyes,
  program: SshProgram,
  { to, about, letIn }: Question,
  cwd: string,
): Promise<SshResult | null> {
  if (program.argv === null) return null;
  const options = [...CAREFUL, ...(letIn ? LETTING_IN : STRICT)].flatMap((option) => ["-o", option]);
  // The newer protocol lists what the server can do, and not all its refs.
  const send = about?.direction === "fetch" ? ["-o", "SendEnv=GIT_PROTOCOL"] : [];
  const command = about === null ? [] : [commandFor(about)];
  const argv = program.argv([...options, ...send, "-T"], [...targetArgs(to), ...command]);
  const env = about?.direction === "fetch" ? { GIT_PROTOCOL: "version=2" } : {};
  return eyes.ssh({ argv, cwd, env, stdin: about === null ? "" : FLUSH, timeout: PATIENCE });
}
