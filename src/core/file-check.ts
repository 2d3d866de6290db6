import type { NonEmpty, Words } from "./check.ts";
import type { Finding, Observation } from "./finding.ts";
import type { CheckId } from "./ids.ts";
import type { Credential, Spot } from "./spot.ts";
import { verdictOf } from "./spot-verdict.ts";

/**
 * The words for one fault that shows in files. Which fault a place is, `verdictOf` tells: each place is exactly one, so
 * that a scan's report has one finding for each credential.
 */
export interface FileCheck {
  id: CheckId;
  title: string;
  explain(spot: Spot): Words;
  /** Places that are this fault; the first is the one it is described by. */
  examples(): NonEmpty<Spot>;
}

/** A check without a machine, for `git rekey explain ID`. */
export interface DescribedFileCheck extends FileCheck {
  describe(): Words;
}

export function defineFileCheck(check: FileCheck): DescribedFileCheck {
  return { ...check, describe: () => check.explain(check.examples()[0]) };
}

function credentialOf({ secret, kind }: Spot): Credential {
  return { kind, length: secret?.length ?? null, fingerprint: secret?.ref ?? null };
}

const ALIVE_WORDS = {
  alive: "Bitbucket accepts it",
  dead: "Bitbucket refuses it",
  unknown: "it is not known whether Bitbucket takes it",
} as const;

function evidenceOf(spot: Spot): Observation[] {
  const { file, line } = spot;
  const source = { kind: "file", file, line } as const;
  const facts = [
    spot.member === null ? null : `it is in \`${spot.member}\` of the archive`,
    spot.encoding === null
      ? null
      : `it is written in ${spot.encoding === "percent" ? "percent signs" : spot.encoding}`,
    spot.tracked === true ? "Git tracks the file" : null,
    spot.readers === "everyone" ? "everybody on this machine may read the file" : null,
    spot.readers === "group" ? "its group may read the file" : null,
    spot.alive === null ? null : ALIVE_WORDS[spot.alive],
    ...historyFacts(spot),
  ];
  return facts.flatMap((what) => (what === null ? [] : [{ what, source }]));
}

function historyFacts({ history }: Spot): (string | null)[] {
  if (history === null) return [];
  const { object, commits, commitCount, reachable, pushed } = history;
  const more = commitCount > commits.length ? ` and ${commitCount - commits.length} more` : "";
  const short = commits.map((commit) => commit.slice(0, 12)).join(", ");
  return [
    `object ${object.slice(0, 12)}${commits.length === 0 ? "" : `, brought by ${short}${more}`}`,
    reachable ? "a branch or tag leads to it" : "no branch or tag leads to it any more",
    pushed ? "a remote has it" : null,
  ];
}

/** The finding that a place is. Null where no check has words for it, which a test rules out. */
export function findingOf(spot: Spot, checks: readonly FileCheck[]): Finding | null {
  const { id, severity, confidence } = verdictOf(spot);
  const check = checks.find((one) => one.id === id);
  if (check === undefined) return null;
  return {
    id,
    severity,
    confidence,
    cause: false,
    title: check.title,
    ...check.explain(spot),
    location: { file: spot.file, line: spot.line, scope: null },
    evidence: evidenceOf(spot),
    remedy: null,
    certainty: spot.certainty,
    credential: credentialOf(spot),
  };
}
