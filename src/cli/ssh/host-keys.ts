import type { HostKey } from "../../core/bitbucket.ts";
import { Unavailable } from "../../core/setup.ts";
import { readHostKeys } from "../../probes/ssh-host-keys.ts";
import { EXIT, Stop } from "../exit.ts";
import type { Shell } from "../shell.ts";

/** The keys that are pinned; misuse where a file was named for them that has none. */
export function hostKeysFor(shell: Shell): readonly HostKey[] {
  const keys = readHostKeys(shell);
  if (keys instanceof Unavailable) throw new Stop(EXIT.misuse, `${keys.reason}; nothing has been changed`);
  return keys;
}
