/** What is particular about carrying out a plan that sets up SSH. */
import type { HostKey } from "../core/bitbucket.ts";
import type { RegisterStep } from "../core/plan.ts";
import type { SecretShape } from "../core/secret.ts";
import { Unavailable } from "../core/setup.ts";
import { readHostKeys } from "../probes/ssh-host-keys.ts";
import type { FreshSsh } from "../steps/preview.ts";
import type { SshRoom } from "../steps/prove-ssh.ts";
import type { Rest } from "../steps/register-key.ts";
import type { Transaction } from "../steps/transaction.ts";
import { EXIT } from "./exit.ts";
import { cancelledHalt, Halt } from "./halt.ts";
import type { Shell } from "./shell.ts";

/** What a plan that sets up SSH is carried out with. */
export interface SshMeans extends SshRoom {
  /** The new key, where one is made; its private half as the vault has it. */
  key: { private: SecretShape; public: string } | null;
  /** By which Bitbucket shows itself today. */
  hostKeys?: readonly HostKey[];
  /** Files that are as they are wanted, and that an earlier fix may have written. */
  reliesOn?: readonly string[];
  /** For steps that tell Bitbucket of the key. */
  rest: Rest | null;
  /**
   * Called when all is changed and nothing is proved yet, where a person must register the key by hand: why they have
   * not, or null. `cancelled` is aborted by Ctrl-C, after which everything is put back without waiting for it.
   */
  registered?(cancelled: AbortSignal): Promise<string | null>;
}

/** For a plan that makes no key: what mends SSH in its files alone. */
export function withoutKey(shell: Shell, flags: { yes: boolean; trustRepository: boolean }): SshMeans {
  const mayAsk = shell.hasTerminal && !flags.yes;
  return { key: null, rest: null, mayAsk, trustsRepository: flags.trustRepository };
}

/** What steps on files of ssh need to know. */
export function freshSsh(shell: Shell, ssh: SshMeans | undefined): FreshSsh {
  const sshKey = ssh?.key ? { private: shell.vault.reveal(ssh.key.private), public: ssh.key.public } : null;
  const published = readHostKeys(shell);
  // Without any, the step that adds them says so and changes nothing.
  const known = published instanceof Unavailable ? [] : published;
  return { sshKey, hostKeys: ssh?.hostKeys ?? known };
}

/** Adds the key at Bitbucket. */
export async function register(
  tx: Transaction,
  step: RegisterStep,
  ssh: SshMeans | undefined,
): Promise<void> {
  if (!ssh?.rest)
    throw new Halt("there is no credential to add the key at Bitbucket with", EXIT.personNeeded);
  await tx.register(step, ssh.rest);
}

/** Waits for the person who registers the key, or for Ctrl-C. Throws a `Halt` where it is not to go on. */
export async function awaitRegistered(ssh: SshMeans | undefined, cancelled: AbortSignal): Promise<void> {
  if (cancelled.aborted) throw cancelledHalt();
  const stopped = new Promise<null>((done) => {
    cancelled.addEventListener("abort", () => done(null), { once: true });
  });
  const asked = ssh?.registered?.(cancelled);
  if (asked === undefined) return;
  // Whatever it says after Ctrl-C, nobody listens any more.
  asked.catch(() => {});
  const against = await Promise.race([asked, stopped]);
  if (cancelled.aborted) throw cancelledHalt();
  if (against !== null) throw new Halt(against, EXIT.personNeeded);
}
