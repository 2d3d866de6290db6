/** A file with a secret has many versions that hold it: they are one place. Pure. */

import type { InHistory, Seen } from "../core/spot.ts";
import { type Dated, oldest } from "./commits.ts";

/** Whence an object is, under one path. */
export interface Origin {
  /** Absolute; of a message, the repository. */
  file: string;
  /** Null: where in the file is what was seen. */
  place: string | null;
  /** The oldest first. */
  commits: readonly Dated[];
  count: number;
  reachable: boolean;
  pushed: boolean;
}

export interface Found {
  seen: Seen;
  object: string;
  origin: Origin;
}

type SeenInHistory = Seen & { history: InHistory };

function keyOf({ seen, origin }: Found): string {
  const { format, secret, name, user, place } = seen;
  return JSON.stringify([origin.file, origin.place ?? place, format, secret?.ref, name, user]);
}

/** All versions of one place. */
class Place {
  readonly #objects = new Set<string>();
  #first: Found;
  #commits: Dated[] = [];
  #count = 0;
  #reachable = false;
  #pushed = false;

  constructor(first: Found) {
    this.#first = first;
  }

  add(found: Found): void {
    const { object, origin } = found;
    // Twice in one version is no second version.
    if (this.#objects.has(object)) return;
    this.#objects.add(object);
    this.#commits = oldest([...this.#commits, ...origin.commits]);
    this.#count += origin.count;
    this.#reachable ||= origin.reachable;
    this.#pushed ||= origin.pushed;
    const [first] = this.#commits;
    if (first !== undefined && origin.commits[0] === first) this.#first = found;
  }

  spot(repository: string): SeenInHistory {
    const { seen, object, origin } = this.#first;
    return {
      ...seen,
      file: origin.file,
      place: origin.place ?? seen.place,
      history: {
        repository,
        object,
        commits: this.#commits.map(({ id }) => id),
        commitCount: this.#count,
        reachable: this.#reachable,
        pushed: this.#pushed,
      },
    };
  }
}

/** One for each secret at one place of one file, in the order they are met. */
export function onePerSecret(repository: string, found: readonly Found[]): SeenInHistory[] {
  const places = new Map<string, Place>();
  for (const each of found) {
    const key = keyOf(each);
    const place = places.get(key) ?? new Place(each);
    places.set(key, place);
    place.add(each);
  }
  return [...places.values()].map((place) => place.spot(repository));
}
