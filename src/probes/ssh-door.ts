/** Signing in at a destination, with a key of the server's that ssh knows, lets in, or may come to know. */
import type { SshAttempt, SshDestination } from "../core/ssh.ts";
import type { SshAsker } from "./ssh-asker.ts";
import type { RawDestination } from "./ssh-destinations.ts";

/** A destination, with the attempt that counts and how it was made. */
export interface Door {
  destination: SshDestination;
  /** Null where nobody was asked. */
  attempt: SshAttempt | null;
  /** The host was let in, whoever it is. */
  letIn: boolean;
}

/** Whether ssh would let the host in without a word, so that Git is not stopped by a key nobody knows. */
function isLetIn({ lets, destination }: RawDestination): boolean {
  if (destination.knownHosts.some(({ marker }) => marker === "revoked")) return false;
  return lets === "all" || (lets === "new" && destination.knownHosts.length === 0);
}

/** Whether today's keys would mend it: Bitbucket showed one of them, and ssh did not know it. */
function lacksOnlyTheKey(attempt: SshAttempt | null): boolean {
  const isAboutKey = attempt?.saying === "host-key-unknown" || attempt?.saying === "host-key-changed";
  return isAboutKey && attempt.serverKey?.is === "current";
}

/** Asks to sign in; where `wanted`, also past a host key that is only not known here yet. */
export async function openDoor(asker: SshAsker | null, raw: RawDestination, wanted: boolean): Promise<Door> {
  const { destination } = raw;
  const letIn = isLetIn(raw);
  if (asker === null || !destination.isBitbucket) return { destination, attempt: null, letIn };
  const attempt = await asker.signIn(destination, letIn);
  if (!wanted || !lacksOnlyTheKey(attempt))
    return { destination: { ...destination, attempt }, attempt, letIn };
  const again = await asker.signIn(destination, true);
  // Who answered this time is known only now.
  const pinned = again?.serverKey?.is === "current" ? again : null;
  return { destination: { ...destination, attempt, pinned }, attempt, letIn };
}

/** The same door, as it will be once Bitbucket's keys are known here. */
export function pinnedDoor(door: Door): Door {
  const { pinned } = door.destination;
  return pinned === null ? door : { ...door, attempt: pinned, letIn: true };
}
