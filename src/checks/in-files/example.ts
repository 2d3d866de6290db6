/** Places to write examples with. Nothing here looks like a real secret. */
import type { SecretKind } from "../../core/bitbucket.ts";
import type { Spot } from "../../core/spot.ts";
import type { TokenFlaw } from "../../core/token.ts";
import { secret } from "../example.ts";

/** A place that holds a secret of some kind. */
export function spotOf(kind: SecretKind, rest: Partial<Spot> = {}, flaws: readonly TokenFlaw[] = []): Spot {
  return {
    file: "/srv/site/deploy.sh",
    line: 3,
    member: null,
    format: "text",
    certainty: kind === "unknown" ? "legacy-by-shape" : "literal-verified",
    secret: secret(kind, flaws),
    kind,
    name: null,
    user: null,
    use: "git",
    encoding: null,
    place: "text",
    repository: "acme/widgets",
    trouble: null,
    advice: null,
    role: "source",
    readers: "owner",
    tracked: false,
    history: null,
    alive: null,
    ...rest,
  };
}

/** A place that only names one. */
export function nameSpot(kind: SecretKind, rest: Partial<Spot> = {}): Spot {
  return spotOf(kind, {
    secret: null,
    certainty: "variable-named",
    name: "BITBUCKET_APP_PASSWORD",
    repository: null,
    ...rest,
  });
}
