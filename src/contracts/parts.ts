/** What several contracts have in common. */
import * as v from "valibot";
import { SECRET_KINDS } from "../core/bitbucket.ts";
import { type EvidenceSource, type Observation, SEVERITIES } from "../core/finding.ts";
import { ALL_IDS } from "../core/ids.ts";
import type { PublishedFinding } from "../core/report.ts";
import type { Location, Scope } from "../core/setup.ts";
import { CERTAINTIES, type Credential } from "../core/spot.ts";
import { contract } from "./contract.ts";

export const count = v.pipe(v.number(), v.integer(), v.minValue(0));
export const numberFromOne = v.pipe(v.number(), v.integer(), v.minValue(1));
export const when = v.pipe(v.string(), v.isoTimestamp());

export const tool = v.strictObject({ name: v.literal("git-rekey"), version: v.string() });

export const checkId = v.picklist(ALL_IDS);

export const safety = v.picklist(["safe", "ask"]);

const scope = contract<Scope>()(v.picklist(["system", "global", "local", "worktree", "command", "unknown"]));

const line = v.nullable(numberFromOne);

const location = contract<Location>()(v.strictObject({ file: v.string(), line, scope: v.nullable(scope) }));

const source = contract<EvidenceSource>()(
  v.variant("kind", [
    v.strictObject({ kind: v.literal("config"), file: v.string(), line, scope: v.nullable(scope) }),
    v.strictObject({ kind: v.literal("file"), file: v.string(), line }),
    v.strictObject({ kind: v.literal("http"), request: v.string(), status: v.nullable(count) }),
    v.strictObject({ kind: v.literal("command"), command: v.string() }),
    v.strictObject({ kind: v.literal("variable"), name: v.string() }),
    v.strictObject({ kind: v.literal("pasted"), line: numberFromOne }),
  ]),
);

const observation = contract<Observation>()(v.strictObject({ what: v.string(), source }));

const credential = contract<Credential>()(
  v.strictObject({
    kind: v.picklist(SECRET_KINDS),
    length: v.nullable(count),
    fingerprint: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{4,64}$/))),
  }),
);

export const finding = contract<PublishedFinding>()(
  v.strictObject({
    id: checkId,
    severity: v.picklist(SEVERITIES),
    confidence: v.picklist(["certain", "likely", "possible"]),
    title: v.string(),
    what: v.string(),
    why: v.string(),
    next: v.string(),
    location: v.nullable(location),
    evidence: v.array(observation),
    remedy: v.nullable(v.strictObject({ safety, summary: v.string() })),
    certainty: v.exactOptional(v.picklist(CERTAINTIES)),
    credential: v.exactOptional(credential),
  }),
);
