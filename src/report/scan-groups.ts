/** A scan's findings by what is to be done. Pure. */
import { KIND_WORDS, type SecretKind } from "../core/bitbucket.ts";
import { SEVERITIES, type Severity } from "../core/finding.ts";
import type { CheckId } from "../core/ids.ts";
import type { PublishedFinding } from "../core/report.ts";

export interface ScanGroup {
  id: CheckId;
  severity: Severity;
  findings: readonly PublishedFinding[];
}

/** One group for each fault, the worst first; a group is as bad as its worst place, which stands first in it. */
export function groupsOf(findings: readonly PublishedFinding[]): ScanGroup[] {
  const rank = ({ severity }: { severity: Severity }) => SEVERITIES.indexOf(severity);
  const groups = new Map<CheckId, PublishedFinding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.id);
    if (group === undefined) groups.set(finding.id, [finding]);
    else group.push(finding);
  }
  return [...groups]
    .map(([id, members]): ScanGroup => {
      const sorted = members.sort((a, b) => rank(a) - rank(b));
      return { id, severity: sorted[0]?.severity ?? "note", findings: sorted };
    })
    .sort((a, b) => rank(a) - rank(b));
}

/** `app password`: the kind without its article, for a column. */
function kindText(kind: SecretKind): string {
  return KIND_WORDS[kind].replace(/^an? /, "");
}

/** `kind ‹fingerprint›`, as far as it is known. */
export function credentialText({ credential }: PublishedFinding): string {
  if (credential === undefined) return "";
  const kind = kindText(credential.kind);
  return credential.fingerprint === null ? kind : `${kind} ‹${credential.fingerprint}›`;
}

/** What a scan did not read, in words. Reasons that are new here are said as they are. */
const REASONS: Readonly<Record<string, string>> = {
  "broken-repository": "looks like a repository that Git cannot use",
  "history-cancelled": "git-rekey was stopped in its history",
  "history-corrupt": "Git cannot read all of its history",
  "history-git-failed": "Git cannot read its history",
  "history-look-failed": "git-rekey failed on its history",
  "history-partial-clone": "a partial clone has not all of its history",
  "history-shallow": "a shallow clone has not all of its history",
  "io-error": "the disk failed",
  "look-failed": "git-rekey failed on it",
  "name-too-long": "name too long",
  "network-mount": "on the network",
  "no-permission": "no permission",
  "other-mount": "another file system",
  "special-file": "socket, pipe or device",
  "too-big": "only its beginning was read",
  "too-many-open-files": "too many open files",
  vanished: "vanished meanwhile",
  "worker-ended": "a worker ended before its time",
};

export function reasonText(why: string): string {
  return REASONS[why] ?? why;
}

/** Of bytes, as people say it. */
export function sizeText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let [size, unit] = [bytes, 0];
  while (size >= 1000 && unit < units.length - 1) [size, unit] = [size / 1000, unit + 1];
  return `${unit > 0 && size < 10 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
