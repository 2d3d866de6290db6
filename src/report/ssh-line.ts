import type { ReportedSsh } from "../core/report-ssh.ts";

const WHOSE = {
  person: "a person's key",
  "access-key": "an access key, which reads and cannot push",
} as const;

function place({ name, host, port }: ReportedSsh): string[] {
  const at = port === 22 ? host : `${host} on port ${port}`;
  if (name !== host) return [`\`${name}\` is ${at}`];
  return port === 22 ? [] : [at];
}

function key({ as, key, comment }: ReportedSsh): string[] {
  if (as === null) return [];
  const named = key === null ? "" : `: ${key}${comment === null ? "" : ` (${comment})`}`;
  return [`signs in with ${WHOSE[as]}${named}`];
}

/** One line for people: where ssh goes, by which way, and who it is there; empty where that tells nothing new. */
export function sshText(ssh: ReportedSsh, isExplained: boolean): string {
  const said = ssh.said === null || isExplained ? [] : [ssh.said];
  const via = ssh.via === null ? [] : [`goes through \`${ssh.via}\``];
  return [...place(ssh), ...via, ...key(ssh), ...said].join("; ");
}
