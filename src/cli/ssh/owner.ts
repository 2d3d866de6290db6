/** Whose a key is, by what Bitbucket says when it is shown. */
import { GIT_HOST, SSH_ALT_HOST, SSH_ALT_PORT, SSH_USER } from "../../core/bitbucket.ts";
import { greetingIn } from "../../core/bitbucket-says-ssh.ts";
import type { SshChoice } from "../../core/plan.ts";
import { sshValue } from "../../formats/ssh-config.ts";
import { askOverSsh, type Target } from "../../probes/ssh-ask.ts";
import { findClient, type SshProgram } from "../../probes/ssh-client.ts";
import type { Diagnosed } from "../diagnosis.ts";
import type { Shell } from "../shell.ts";

const MAIN: Target = { name: GIT_HOST, user: SSH_USER, port: null };
const ALTERNATIVE: Target = { name: SSH_ALT_HOST, user: SSH_USER, port: SSH_ALT_PORT };

/** The same program, which shows this key and no other. Not by `-i`, which is passed over where a name holds a `%`. */
function withKeyAlone(program: SshProgram, file: string): SshProgram {
  const { argv } = program;
  const alone = [
    "-o",
    `IdentityFile=${sshValue(file)}`,
    "-o",
    "IdentitiesOnly=yes",
    "-o",
    "IdentityAgent=none",
  ];
  return { ...program, argv: argv && ((options, args) => argv([...alone, ...options], args)) };
}

/** Null where Bitbucket does not know the key, or nobody could ask. Whoever answers learns the public half at most. */
export async function ownerOf(
  shell: Shell,
  { survey }: Diagnosed,
  file: string,
  trusted: boolean,
): Promise<SshChoice["as"] | null> {
  const cwd = survey.stand?.cwd ?? shell.self.cwd;
  const program = await findClient(shell, survey.config, { cwd, trusted });
  if (program === null) return null;
  const alone = withKeyAlone(program, file);
  for (const to of [MAIN, ALTERNATIVE]) {
    const told = await askOverSsh(shell, alone, { to, about: null, letIn: true }, cwd);
    const greeting = greetingIn(told?.stdout ?? "");
    if (greeting !== null) return greeting.as;
  }
  return null;
}
