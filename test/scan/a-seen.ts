import type { Seen } from "../../src/core/spot.ts";

/** A place in a file of which only what a test is about has to be said. */
export function aSeen(file: string, given: Partial<Seen> = {}): Seen {
  return {
    file,
    line: 1,
    member: null,
    format: "text",
    certainty: "variable-named",
    secret: null,
    kind: "unknown",
    name: null,
    user: null,
    use: "unknown",
    encoding: null,
    place: "text",
    repository: null,
    trouble: null,
    advice: null,
    ...given,
  };
}
