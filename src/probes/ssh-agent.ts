import type { SshAgent } from "../core/ssh.ts";
import { readPublicKey } from "../formats/ssh-key-file.ts";
import { keyOf } from "./ssh-identities.ts";
import type { Eyes } from "./world.ts";

/** Milliseconds: an agent that waits for a person does not answer in time, and needs not. */
const PATIENCE = 3000;

/** What `ssh-add` ends with where the agent has no keys. */
const EMPTY = 1;

/** The keys in an agent, by their public halves. `socket`: null where ssh asks none. */
export async function readAgent(eyes: Eyes, socket: string | null): Promise<SshAgent> {
  if (socket === null) return { state: "none", keys: [] };
  const env = { SSH_AUTH_SOCK: socket };
  const told = await eyes.ssh({ argv: ["ssh-add", "-L"], cwd: "/", env, timeout: PATIENCE });
  if (told?.code !== 0) return { state: told?.code === EMPTY ? "answers" : "closed", keys: [] };
  const keys = told.stdout.split("\n").flatMap((line) => {
    const key = readPublicKey(line);
    return key === null ? [] : [keyOf(key)];
  });
  return { state: "answers", keys };
}
