import type { RepositoryName, SecretKind } from "../core/bitbucket.ts";
import type { Certainty, Encoding, Trouble, Use } from "../core/spot.ts";

/**
 * A credential, or what stands for one, in one text. It may hold the secret itself, so it never leaves the scan: there
 * it becomes a `Seen` with a shape.
 */
export interface Sighting {
  /** Offsets into the text of what is meant: the secret as written, or the name that stands for it. */
  start: number;
  end: number;
  /** The secret, decoded. Null for variables, references and what is missing. */
  secret: string | null;
  /** Only where there is no secret; with one its text decides. */
  certainty: Certainty | null;
  /** What its name or surroundings say that it is; null where they say nothing. */
  kind: SecretKind | null;
  /** The name of a variable or reference, as written. */
  name: string | null;
  /** Decoded; a variable as it is written. */
  user: string | null;
  use: Use;
  encoding: Encoding | null;
  /** Where it stands, in words of its format. */
  place: string;
  repository: RepositoryName | null;
  trouble: Trouble | null;
  advice: string | null;
}

type Needed = Pick<Sighting, "start" | "end" | "place">;

/** A sighting of a secret as it stands there. */
export function secretAt(secret: string, rest: Needed & Partial<Sighting>): Sighting {
  return { ...NOTHING, ...rest, secret, certainty: null };
}

/** A sighting of a name that stands for a secret. */
export function nameAt(name: string, certainty: Certainty, rest: Needed & Partial<Sighting>): Sighting {
  return { ...NOTHING, ...rest, secret: null, name, certainty };
}

const NOTHING = {
  kind: null,
  name: null,
  user: null,
  use: "unknown",
  encoding: null,
  repository: null,
  trouble: null,
  advice: null,
} as const;
