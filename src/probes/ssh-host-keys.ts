/** By which keys Bitbucket shows itself: as published, or as whoever runs us says. */
import { type HostKey, SSH_HOST_KEYS } from "../core/bitbucket.ts";
import { Unavailable } from "../core/setup.ts";
import { readKnownHosts } from "../formats/known-hosts.ts";
import { fingerprint } from "../world/hash.ts";
import type { Eyes } from "./world.ts";
import { passingOverClosed } from "./world.ts";

/** Names a file in the form of known_hosts whose keys count instead. Never set by a repository. */
const VARIABLE = "GIT_REKEY_SSH_HOST_KEYS";

/** The keys that count; `Unavailable` where a file was named that has none. */
export function readHostKeys({
  self,
  files,
}: Pick<Eyes, "self" | "files">): readonly HostKey[] | Unavailable {
  const file = self.env[VARIABLE];
  if (!file) return SSH_HOST_KEYS;
  const bytes = passingOverClosed(files).read(file);
  if (bytes === null) return new Unavailable(`\`${file}\`, which \`${VARIABLE}\` names, cannot be read`);
  const lines = readKnownHosts(bytes).filter(({ marker }) => marker === null);
  if (lines.length === 0)
    return new Unavailable(`\`${file}\`, which \`${VARIABLE}\` names, holds no host key`);
  return lines.map(({ type, key }) => ({ type, key, fingerprint: fingerprint(key) }));
}
