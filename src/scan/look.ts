/** One text looked at by every format that knows it. Here secrets become shapes. */
import { fullNameOf } from "../core/bitbucket.ts";
import { MASK, type SecretShape } from "../core/secret.ts";
import type { Certainty, Seen } from "../core/spot.ts";
import { kindByPrefix, shapeOfToken } from "../core/token.ts";
import { mask } from "../core/url.ts";
import type { Format } from "../formats/format.ts";
import { FORMATS } from "../formats/index.ts";
import { sightingsIn } from "../formats/recognise/text.ts";
import { isLegacyForm } from "../formats/shapes/tokens.ts";
import type { Sighting } from "../formats/sighting.ts";
import { keyedHash } from "../world/hash.ts";
import { readText } from "./text.ts";

/** What was seen in one text. */
export interface Look {
  seen: Seen[];
  /** How many were passed over because their line says `rekey:allow`. */
  allowed: number;
}

/** Turns a secret into its shape; the only thing that is kept of it. */
export type Keep = (secret: string) => SecretShape;

interface Named {
  sighting: Sighting;
  format: string;
}

/** Which formats know a file by its path. */
export function formatsOf(path: string): Format[] {
  const plain = path.replaceAll("\\", "/");
  return FORMATS.filter((format) => format.claims(plain));
}

type Range = Pick<Sighting, "start" | "end">;

const overlap = (a: Range, b: Range): boolean => a.start < b.end && b.start < a.end;

/** What any text may hold, with what the formats of this file know of it. */
function generalSightings(formats: readonly Format[], text: string, path: string): Named[] {
  const advising = formats.find(({ advice }) => advice !== undefined);
  const advice = advising?.advice?.(path) ?? null;
  const foreign = formats.flatMap((one) => one.foreign?.(text, path) ?? []);
  const isForeign = (sighting: Sighting): boolean =>
    kindByPrefix(sighting.secret ?? "") === null && foreign.some((range) => overlap(range, sighting));
  return sightingsIn(text)
    .filter((sighting) => !isForeign(sighting))
    .map((sighting) => ({
      sighting: sighting.secret === null ? sighting : { ...sighting, advice: sighting.advice ?? advice },
      format: advising?.id ?? "text",
    }));
}

function allSightings(text: string, path: string): Named[] {
  const plain = path.replaceAll("\\", "/");
  const formats = formatsOf(path);
  const named = formats.flatMap((format) =>
    format.find(text, plain).map((sighting) => ({ sighting, format: format.id })),
  );
  return [...named, ...generalSightings(formats, text, plain)];
}

/** One for each place: what a format says counts before what any text says, a secret before a name. */
function oneForEachPlace(named: readonly Named[]): Named[] {
  const taken: Named[] = [];
  const bySecret = [...named].sort(
    (a, b) => Number(a.sighting.secret === null) - Number(b.sighting.secret === null),
  );
  const sorted = new Sorted();
  for (const one of bySecret) if (sorted.take(one.sighting)) taken.push(one);
  return taken.sort((a, b) => a.sighting.start - b.sighting.start);
}

/** Ranges that do not overlap, for texts with thousands of them. */
class Sorted {
  private readonly ranges: Sighting[] = [];

  /** Whether the range is free; then it is taken. */
  take(range: Sighting): boolean {
    let [low, high] = [0, this.ranges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ranges[middle]?.start ?? 0) < range.start) low = middle + 1;
      else high = middle;
    }
    const [before, after] = [this.ranges[low - 1], this.ranges[low]];
    if ((before && overlap(before, range)) || (after && overlap(after, range))) return false;
    this.ranges.splice(low, 0, range);
    return true;
  }
}

function certaintyOf(sighting: Sighting, shape: SecretShape | null): Certainty {
  if (shape === null) return sighting.certainty ?? "variable-named";
  if (shape.checksum === "ok") return "literal-verified";
  return shape.kind === "unknown" ? "legacy-by-shape" : "literal-shaped";
}

function shapeOf({ secret, kind }: Sighting, keep: Keep): SecretShape | null {
  if (secret === null) return null;
  const shape = keep(secret);
  // By its text alone it could be any password; that it stands where Bitbucket's does is known here.
  const isLegacy = shape.kind === "unknown" && isLegacyForm(secret);
  return isLegacy || (shape.kind === "unknown" && kind === "legacy-app-password")
    ? { ...shape, kind: "legacy-app-password" }
    : shape;
}

/** Counts lines up to offsets that only grow. */
class Lines {
  private line = 1;
  private at = 0;
  constructor(private readonly text: string) {}

  of(offset: number): number {
    for (;;) {
      const next = this.text.indexOf("\n", this.at);
      if (next < 0 || next >= offset) return this.line;
      this.line++;
      this.at = next + 1;
    }
  }

  /** The text of the line that was asked for last. */
  current(): string {
    const end = this.text.indexOf("\n", this.at);
    return this.text.slice(this.at, Math.min(end < 0 ? this.text.length : end, this.at + 4000));
  }
}

const ALLOW = /\brekey:allow\b/;

/** Shorter texts stand in a name by chance, as in vault.ts. */
const SHORTEST_HIDDEN = 6;

/**
 * What stands beside a secret, to be shown. People repeat the secret there, and as what has no prefix is known for one
 * only here, nothing later can hide it.
 */
function beside(text: string, secret: string | null): string {
  const masked = mask(text);
  return secret === null || secret.length < SHORTEST_HIDDEN ? masked : masked.replaceAll(secret, MASK);
}

function cut(text: string | null, secret: string | null): string | null {
  return text === null ? null : beside(text, secret).slice(0, 120);
}

function seenOf(
  { sighting, format }: Named,
  file: string,
  line: number,
  encoding: Seen["encoding"],
  keep: Keep,
): Seen {
  const secret = shapeOf(sighting, keep);
  const { repository, use, place, trouble, advice, name } = sighting;
  const hidden = sighting.secret;
  return {
    file,
    line,
    member: null,
    format,
    certainty: certaintyOf(sighting, secret),
    secret,
    kind: secret !== null && secret.kind !== "unknown" ? secret.kind : (sighting.kind ?? "unknown"),
    name: cut(name, hidden),
    user: cut(sighting.user || null, hidden),
    use,
    encoding: sighting.encoding ?? encoding,
    place: beside(place, hidden),
    repository: repository === null ? null : beside(fullNameOf(repository), hidden),
    trouble,
    advice,
  };
}

/** Looks at the bytes of one file, whose path tells its formats. Never throws for what bytes can be. Keeps none of the
 * bytes: they are overwritten by the next file. */
export function lookAtText(bytes: Uint8Array, path: string, keep: Keep): Look {
  const { text, encoding } = readText(bytes);
  const lines = new Lines(text);
  const look: Look = { seen: [], allowed: 0 };
  for (const one of oneForEachPlace(allSightings(text, path))) {
    const line = lines.of(one.sighting.start);
    if (ALLOW.test(lines.current())) look.allowed++;
    else look.seen.push(seenOf(one, path, line, encoding, keep));
  }
  return look;
}

/** Shapes with a fingerprint that nobody can compute without the salt: alike for one secret in one scan. */
export function keepShapes(salt: Uint8Array): Keep {
  return (secret) => ({ ref: keyedHash(salt, secret).slice(0, 12), ...shapeOfToken(secret) });
}
