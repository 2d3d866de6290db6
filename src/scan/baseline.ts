/** What a scan found before, and which of its findings are new. Pure. */
import { relative, sep } from "node:path";
import type { Baseline, BaselineEntry } from "../core/baseline.ts";
import { SECRET_KINDS } from "../core/bitbucket.ts";
import { isCheckId } from "../core/ids.ts";
import type { PublishedFinding } from "../core/report.ts";
import type { Credential } from "../core/spot.ts";
import { mask } from "../core/url.ts";

type Place = Omit<BaselineEntry, "count">;

/** The shortest that Bitbucket makes: its oldest app passwords. */
const SHORTEST = 20;

/** What a person chose can be guessed, and a file that many people have would tell who guessed right. */
function fingerprintOf(credential: Credential | undefined): string | null {
  if (credential === undefined || credential.kind === "unknown") return null;
  return (credential.length ?? 0) < SHORTEST ? null : credential.fingerprint;
}

/** A file's name may hold a token, and a baseline is committed. */
function placeOf({ id, location, credential }: PublishedFinding, folder: string): Place {
  const path = location === null ? "" : mask(relative(folder, location.file).split(sep).join("/"));
  const kind = credential?.kind ?? null;
  return { id, path, kind, length: credential?.length ?? null, fingerprint: fingerprintOf(credential) };
}

function keyOf({ id, path, kind, length, fingerprint }: Place): string {
  return JSON.stringify([id, path, kind, length, fingerprint]);
}

/** Of findings whose fingerprints were made with this salt. */
export function baselineOf(
  findings: readonly PublishedFinding[],
  folder: string,
  salt: Uint8Array,
): Baseline {
  const entries = new Map<string, BaselineEntry>();
  for (const finding of findings) {
    const place = placeOf(finding, folder);
    const key = keyOf(place);
    entries.set(key, { ...place, count: (entries.get(key)?.count ?? 0) + 1 });
  }
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  return { schema: "git-rekey/baseline@1", salt: Buffer.from(salt).toString("hex"), entries: sorted };
}

/** Leaves out what the baseline has. Of several alike in one file as many as it has: one more is a new one. */
export function dropKnown(
  findings: readonly PublishedFinding[],
  baseline: Baseline,
  folder: string,
): { findings: PublishedFinding[]; known: number } {
  const left = new Map(baseline.entries.map((entry) => [keyOf(entry), entry.count]));
  const fresh = findings.filter((finding) => {
    const key = keyOf(placeOf(finding, folder));
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
  return { findings: fresh, known: findings.length - fresh.length };
}

export function baselineText(baseline: Baseline): string {
  return `${JSON.stringify(baseline, null, 2)}\n`;
}

/** To be given to the scan whose findings are compared. */
export function saltOf({ salt }: Baseline): Uint8Array {
  return Uint8Array.from(Buffer.from(salt, "hex"));
}

const isText = (value: unknown): value is string => typeof value === "string";

const isCount = (value: unknown, least: number): boolean =>
  Number.isSafeInteger(value) && Number(value) >= least;

function isEntry(value: unknown): value is BaselineEntry {
  if (typeof value !== "object" || value === null) return false;
  const { id, path, kind, length, fingerprint, count } = value as Record<string, unknown>;
  return (
    isText(id) &&
    isCheckId(id) &&
    isText(path) &&
    (kind === null || (SECRET_KINDS as readonly unknown[]).includes(kind)) &&
    (length === null || isCount(length, 0)) &&
    (fingerprint === null || (isText(fingerprint) && /^[0-9a-f]+$/.test(fingerprint))) &&
    isCount(count, 1)
  );
}

/** Null for what is none: half a baseline would hide what nobody wanted hidden, or tell of everything again. */
export function readBaseline(text: string): Baseline | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const { schema, salt, entries } = value as Record<string, unknown>;
  if (schema !== "git-rekey/baseline@1" || !isText(salt) || !/^(?:[0-9a-f]{2}){16,}$/.test(salt)) return null;
  return Array.isArray(entries) && entries.every(isEntry) ? { schema, salt, entries } : null;
}
