/** What of ssh's files a fix counts on without changing it. Pure. */
import { GIT_HOST, SSH_ALT_HOST } from "./bitbucket.ts";
import type { PlannedStep, SshChoice } from "./plan.ts";
import type { SshView } from "./ssh.ts";

/** Files that an earlier fix may have written, and that its undo must then leave: key, host keys, `Host` block. */
export function filesReliedOn(
  { choice, steps }: { choice: SshChoice; steps: readonly PlannedStep[] },
  { destinations, home }: Pick<SshView, "destinations" | "home">,
): string[] {
  const { key, host } = choice;
  const addsBlock = steps.some(({ step }) => step.kind === "add-ssh-host");
  const isAlias = host !== GIT_HOST && host !== SSH_ALT_HOST;
  const pinned = destinations
    .filter(({ isBitbucket }) => isBitbucket)
    .flatMap(({ knownHosts }) => knownHosts)
    .filter(({ marker, is }) => marker === null && is === "current");
  const files = [
    ...(key.kind === "there" && key.file !== null ? [key.file] : []),
    ...(isAlias && !addsBlock && home !== null ? [`${home}/.ssh/config`] : []),
    ...pinned.map(({ file }) => file),
  ];
  return [...new Set(files)];
}
