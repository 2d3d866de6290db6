import type { Confidence, Diagnosis, Finding, Observation, Severity } from "./finding.ts";
import type { CheckId } from "./ids.ts";
import type { FoundRepository, SignsIn } from "./inventory.ts";
import type { AccountAnswer } from "./known-account.ts";
import type { Safety } from "./plan.ts";
import { type ReportedAccessToken, reportAccessToken } from "./report-access-token.ts";
import { type ReportedSsh, reportSsh } from "./report-ssh.ts";
import { type ReportedToken, reportToken } from "./report-token.ts";
import type { Location, Outcome, RestView, Route } from "./setup.ts";
import type { Certainty, Credential } from "./spot.ts";
import { presentOutcomes, type SshOutcome, type SshView } from "./ssh.ts";
import { isWanted } from "./wanted.ts";

export type RouteState = "ok" | "refused" | "unknown";

/** A finding as it is published: its steps stay inside. */
export interface PublishedFinding {
  id: CheckId;
  severity: Severity;
  confidence: Confidence;
  title: string;
  what: string;
  why: string;
  next: string;
  location: Location | null;
  evidence: readonly Observation[];
  remedy: { safety: Safety; summary: string } | null;
  /** Of what a scan found in a file: how sure it is that it is a credential. */
  certainty?: Certainty;
  credential?: Credential;
}

export interface ReportedRemote {
  name: string | null;
  url: string;
  fetch: RouteState;
  push: RouteState;
  /** What git-rekey's own helper has for it. */
  token: ReportedToken | null;
  /** What Git sends for it, where that is an access token. */
  accessToken: ReportedAccessToken | null;
  /** Null where it does not lead over SSH to Bitbucket. */
  ssh: ReportedSsh | null;
  /** How its URL lets a user sign in; only of a scan. */
  signsIn?: SignsIn;
}

export interface ReportedRepository {
  path: string;
  remotes: readonly ReportedRemote[];
  /** Only of a scan. */
  kind?: FoundRepository["kind"];
  /** Folders of its submodules, checked out or not; only of a scan. */
  submodules?: readonly string[];
}

/** Something that was met and not looked at, or not wholly. */
export interface Unlooked {
  why: string;
  count: number;
  example: string;
}

/** How far a scan came. */
export interface Scanned {
  /** What was to be looked at, absolute. */
  roots: readonly string[];
  files: number;
  folders: number;
  bytes: number;
  /** Long files that are no text: only their beginning was looked at. */
  binary: number;
  seconds: number;
  unread: readonly Unlooked[];
  /** False where it was ended before it had seen all. */
  complete: boolean;
  /** Passed over because their line says `rekey:allow`. */
  allowed: number;
  /** Passed over because of a `.rekeyignore`. */
  ignored: number;
  /** Passed over because they are in the baseline. */
  known: number;
}

/** Schema `git-rekey/report@1`. */
export interface Report {
  schema: "git-rekey/report@1";
  tool: { name: "git-rekey"; version: string };
  at: string;
  host: string;
  user: string;
  repositories: readonly ReportedRepository[];
  findings: readonly PublishedFinding[];
  ruledOut: readonly CheckId[];
  notLooked: readonly { id: CheckId; reason: string }[];
  /** Null where nothing was scanned. */
  scanned: Scanned | null;
}

/** Schema `git-rekey/explanation@1`. */
export interface Explanation {
  schema: "git-rekey/explanation@1";
  tool: { name: "git-rekey"; version: string };
  findings: readonly PublishedFinding[];
}

export function publish({ cause: _, remedy, ...finding }: Finding): PublishedFinding {
  return { ...finding, remedy: remedy === null ? null : { safety: remedy.safety, summary: remedy.summary } };
}

/** Worst first: a remote with several push URLs is refused when one of them is. */
const WORST: readonly RouteState[] = ["refused", "unknown", "ok"];

function worst(states: readonly RouteState[]): RouteState {
  return WORST.find((state) => states.includes(state)) ?? "unknown";
}

/** What else is known of the ways to a remote. */
export interface Beside {
  answers: readonly AccountAnswer[];
  rest: readonly RestView[];
  /** Null where it could not be looked at. */
  ssh: SshView | null;
}

/** One line per remote, with what its fetch and its push would meet. Routes that are not ours to judge are unknown. */
export function reportRemotes(
  routes: readonly Route[],
  outcomes: readonly Outcome[],
  { answers, rest, ssh }: Beside,
): ReportedRemote[] {
  const overSsh = ssh === null ? [] : presentOutcomes(ssh);
  const remotes = new Map<string, Route[]>();
  for (const route of routes) {
    if (route.purpose === "lfs") continue;
    const name = `${route.purpose}\0${route.remote ?? route.url.text}`;
    remotes.set(name, [...(remotes.get(name) ?? []), route]);
  }
  return [...remotes.values()].map((members) => {
    const its = outcomes.filter(({ route }) => members.includes(route));
    const stateOf = (direction: "fetch" | "push") =>
      worst(
        [...its, ...overSsh]
          .filter(({ route }) => route.direction === direction && members.includes(route))
          .map(({ state }) => state),
      );
    const first = members.find(({ direction }) => direction === "fetch") ?? members[0];
    return {
      name: first?.remote ?? null,
      url: first?.url.text ?? "",
      fetch: stateOf("fetch"),
      push: stateOf("push"),
      token: reportToken(members, answers),
      accessToken: reportAccessToken(its, rest),
      ssh: reportSsh(members, ssh),
    };
  });
}

/** The exit code that a diagnosis stands for, in every format: 0 healthy, 1 findings, 3 could not be determined. */
export function exitCodeOf(
  diagnosis: Pick<Diagnosis, "findings">,
  outcomes: readonly Outcome[],
  overSsh: readonly SshOutcome[],
): 0 | 1 | 3 {
  const faults = diagnosis.findings.filter(({ severity }) => severity !== "note");
  if (faults.length > 0) return faults.every(isUndetermined) ? 3 : 1;
  // A refusal that no check explains is still one.
  const wanted = [...outcomes, ...overSsh].filter(({ route }) => isWanted(route, { push: false }));
  const isSsh = ({ url }: Route) => url.transport === "ssh";
  if (wanted.some(({ state, route }) => state === "refused" && (route.entry !== null || isSsh(route))))
    return 1;
  return wanted.some(({ state }) => state === "unknown") ? 3 : 0;
}

/** Findings that say why nobody can know, rather than what is wrong with the set-up. */
const UNDETERMINED: ReadonlySet<CheckId> = new Set([
  "service-unavailable",
  "host-unreachable",
  "proxy-refused",
  "rate-limited",
  "tls-untrusted",
]);

/** A closed port is a fault where a way around it is known; else nobody knows what is behind it. */
function isUndetermined({ id, remedy }: Finding): boolean {
  return UNDETERMINED.has(id) || (id === "ssh-port-blocked" && remedy === null);
}
