/** How ssh gets to Bitbucket for a remote, and as whom. Pure. */
import type { Route } from "./setup.ts";
import { destinationOf, presentOutcomes, type SshDestination, type SshView } from "./ssh.ts";

export interface ReportedSsh {
  /** As the URL names it: `bitbucket.org`, or an alias of ssh's configuration. */
  name: string;
  host: string;
  port: number;
  /** The command or the hosts between, masked; null for none. */
  via: string | null;
  /** Whose key signs in; null where none does, or where that is not known. */
  as: "person" | "access-key" | null;
  /** Its fingerprint. */
  key: string | null;
  /** Its comment. */
  comment: string | null;
  /** What stops it, in ssh's words, Bitbucket's or ours; null where nothing does, or nothing but that a key only reads. */
  said: string | null;
}

function reportDestination({ name, resolved, attempt }: SshDestination): Omit<ReportedSsh, "said"> {
  const { hostname, port, via } = resolved;
  const isIn = attempt?.state === "signed-in";
  return {
    name,
    host: hostname,
    port,
    via: via?.text ?? null,
    as: isIn ? attempt.as : null,
    key: isIn ? (attempt.accepted?.fingerprint ?? null) : null,
    comment: isIn ? (attempt.accepted?.comment ?? null) : null,
  };
}

/** Nobody where nobody was asked: the words are our own. */
function speaker({ attempt }: SshDestination): string {
  if (attempt === null) return "";
  return attempt.state === "signed-in" ? "Bitbucket says: " : "ssh says: ";
}

/** How these routes of one remote lead over SSH to Bitbucket; null where none does. */
export function reportSsh(routes: readonly Route[], ssh: SshView | null): ReportedSsh | null {
  if (ssh === null) return null;
  const outcomes = presentOutcomes(ssh).filter(({ route }) => routes.includes(route));
  const [first] = outcomes;
  const destination = first && destinationOf(ssh, first.route);
  if (!destination) return null;
  const stopped = outcomes.find(({ state, saying }) => state !== "ok" && saying !== "read-only-key");
  const [words] = stopped?.text.split("\n") ?? [];
  return { ...reportDestination(destination), said: words ? `${speaker(destination)}${words}` : null };
}
