/** A report as SARIF 2.1.0, which code hosts and editors show beside the lines. Pure. */
import type { PublishedFinding, Report, Scanned } from "../core/report.ts";
import { groupsOf, reasonText } from "./scan-groups.ts";

/** `file:///…`, whatever the name has in it. */
export function fileUri(path: string): string {
  // Half a character cannot be encoded, and a name can have one.
  const whole = path.replace(/\p{Surrogate}/gu, "\ufffd");
  const slashed = /^[A-Za-z]:\\|^\\\\/.test(whole) ? whole.replaceAll("\\", "/") : whole;
  const parts = slashed.split("/").map((part) => encodeURIComponent(part).replace(/^([A-Za-z])%3A$/, "$1:"));
  return `file://${slashed.startsWith("/") ? "" : "/"}${parts.join("/")}`;
}

function ruleOf({ id, severity, findings }: ReturnType<typeof groupsOf>[number]) {
  const [first] = findings;
  return {
    id,
    shortDescription: { text: first?.title ?? id },
    fullDescription: { text: first?.why ?? id },
    help: { text: first?.next ?? id },
    defaultConfiguration: { level: severity },
    properties: { tags: ["security"] },
  };
}

/** By the root it is under: a report of another clone of the same tree is to be recognised. */
function relativeTo(roots: readonly string[], file: string): string {
  const root = roots.find((one) => file.startsWith(`${one}/`));
  return root === undefined ? file : file.slice(root.length + 1);
}

/**
 * What makes a result the same one in the next run. Lines move, and fingerprints of secrets are salted anew, so it is
 * counted among its likes in the file.
 */
function placeKeys(findings: readonly PublishedFinding[], roots: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return findings.map(({ id, location, credential }) => {
    const path = location === null ? "" : fileUri(relativeTo(roots, location.file)).slice("file:///".length);
    const key = [id, path, credential?.kind ?? "", credential?.length ?? ""].join(":");
    const number = (seen.get(key) ?? 0) + 1;
    seen.set(key, number);
    return `${key}:${number}`;
  });
}

function locationsOf({ location }: PublishedFinding) {
  if (location === null) return [];
  const region = location.line === null ? {} : { region: { startLine: location.line } };
  return [{ physicalLocation: { artifactLocation: { uri: fileUri(location.file) }, ...region } }];
}

function invocationOf(at: string, scanned: Scanned | null) {
  const notices = (scanned?.unread ?? []).map(({ why, count, example }) => ({
    level: "warning",
    message: { text: `Not read: ${count}, ${reasonText(why)}` },
    locations: example === "" ? [] : [{ physicalLocation: { artifactLocation: { uri: fileUri(example) } } }],
  }));
  return {
    executionSuccessful: scanned?.complete ?? true,
    endTimeUtc: at,
    toolExecutionNotifications: notices,
  };
}

/** The whole document, with a line end behind it. */
export function sarifText(report: Report): string {
  const { tool, at, findings, scanned } = report;
  const groups = groupsOf(findings);
  const keys = placeKeys(findings, scanned?.roots ?? []);
  const results = findings.map((finding, index) => ({
    ruleId: finding.id,
    ruleIndex: groups.findIndex(({ id }) => id === finding.id),
    level: finding.severity,
    message: { text: `${finding.what}; next: ${finding.next}` },
    locations: locationsOf(finding),
    partialFingerprints: { "gitRekeyPlace/v1": keys[index] },
    properties: {
      confidence: finding.confidence,
      ...(finding.certainty === undefined ? {} : { certainty: finding.certainty }),
      ...(finding.credential === undefined ? {} : { credential: finding.credential }),
    },
  }));
  const run = {
    tool: { driver: { name: tool.name, semanticVersion: tool.version, rules: groups.map(ruleOf) } },
    invocations: [invocationOf(at, scanned)],
    columnKind: "utf16CodeUnits",
    results,
  };
  const $schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
  return `${JSON.stringify({ $schema, version: "2.1.0", runs: [run] }, null, 2)}\n`;
}
