import type { AnyCheck } from "./check.ts";
import { type Confidence, type Diagnosis, type Finding, SEVERITIES } from "./finding.ts";
import type { CheckId } from "./ids.ts";
import { type Gathered, type Setup, Unavailable } from "./setup.ts";
import { whyUnasked } from "./unasked.ts";

const CONFIDENCE: readonly Confidence[] = ["certain", "likely", "possible"];

type Verdict = { findings: readonly Finding[] } | { cannotTell: string };

/** The parts a check declared, or why one of them is missing. */
function takeParts(check: AnyCheck, gathered: Gathered): Setup | Unavailable {
  const parts: Record<string, unknown> = {};
  for (const key of check.needs) {
    const part = gathered[key];
    if (part instanceof Unavailable) return part;
    parts[key] = part;
  }
  return parts as unknown as Setup;
}

/** What is read from the line and from the URLs is known whatever Git sends. */
const KNOWN_ANYWAY: readonly (keyof Setup)[] = ["network", "routes"];

const NEVER_THERE =
  "Git does not get to bitbucket.org by a URL here, so what it would meet there was not looked at";

/** Where it is not known what Git would send, nothing about it is ruled out. */
function whyNotRuledOut({ needs }: AnyCheck, { outcomes, routes }: Gathered): string | null {
  const isAboutSent = needs.includes("outcomes") && !KNOWN_ANYWAY.some((key) => needs.includes(key));
  if (!isAboutSent || outcomes instanceof Unavailable || routes instanceof Unavailable) return null;
  const isLost = routes.some(({ detour }) => detour !== null && !detour.arrives);
  return whyUnasked(outcomes) ?? (isLost ? NEVER_THERE : null);
}

/** A check that throws is a result of its own: the others go on, and its crash is shown as "not looked". */
function judgeOne(check: AnyCheck, gathered: Gathered): Verdict {
  const parts = takeParts(check, gathered);
  if (parts instanceof Unavailable) return { cannotTell: parts.reason };
  try {
    const result = check.run(parts);
    if ("cannotTell" in result) return result;
    const unknown = result.length === 0 ? whyNotRuledOut(check, gathered) : null;
    return unknown === null ? { findings: result } : { cannotTell: unknown };
  } catch (error) {
    return { cannotTell: `the check itself failed (${error instanceof Error ? error.message : "unknown"})` };
  }
}

/** A fault is found wherever it shows, and ruled out only where all have looked. */
function judge(check: AnyCheck, gathered: Gathered): Verdict {
  const verdicts = [check, ...check.also].map((one) => judgeOne(one, gathered));
  const findings = verdicts.flatMap((one) => ("findings" in one ? one.findings : []));
  const untold = verdicts.find((one) => "cannotTell" in one);
  return findings.length > 0 || untold === undefined ? { findings } : untold;
}

function byImportance(order: ReadonlyMap<CheckId, number>) {
  return (a: Finding, b: Finding): number =>
    Number(b.cause) - Number(a.cause) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    CONFIDENCE.indexOf(a.confidence) - CONFIDENCE.indexOf(b.confidence) ||
    (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0);
}

/** Runs every check over what was gathered. Pure; the registry's order breaks ties. */
export function diagnose(checks: readonly AnyCheck[], gathered: Gathered): Diagnosis {
  const findings: Finding[] = [];
  const ruledOut: CheckId[] = [];
  const notLooked: { id: CheckId; reason: string }[] = [];
  for (const check of checks) {
    const verdict = judge(check, gathered);
    if ("cannotTell" in verdict) notLooked.push({ id: check.id, reason: verdict.cannotTell });
    else if (verdict.findings.length === 0) ruledOut.push(check.id);
    else findings.push(...verdict.findings);
  }
  const order = new Map(checks.map((check, index) => [check.id, index]));
  return { findings: findings.sort(byImportance(order)), ruledOut, notLooked };
}
