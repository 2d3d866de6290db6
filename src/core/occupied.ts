/** Whether the new token would take the place of one that another repository needs. Pure. */
import type { Finding } from "./finding.ts";
import type { CheckId } from "./ids.ts";
import { type NoPlace, noPlace, type Placement, type TakenEntry } from "./placement-parts.ts";
import type { Outcome, Source, StoreFile } from "./setup.ts";

/** The path of an entry for one repository that Git drops when one for the whole host comes under the same name. */
function keptByPath(taken: readonly TakenEntry[], stores: readonly StoreFile[]): string | null {
  for (const { file, username, path } of taken) {
    if (path !== null) continue;
    const entries = stores.find((store) => store.file === file)?.entries ?? [];
    const bound = entries.find((entry) => entry.user === username && entry.path !== null);
    if (bound) return bound.path;
  }
  return null;
}

type Fits = (id: CheckId) => boolean;

/** Bitbucket knows the credential, and refuses it for this repository alone. */
const isAlive: Fits = (id) => id === "token-for-other-repository" || id === "repository-not-accessible";

/** Nobody can say whether it is dead. */
const isUnclear: Fits = (id) => id === "token-refused";

/** Whether the new token takes the place of what this source gives, for all repositories. */
function isTaken({ kind, user, path, stored, helper, entry }: Source, taken: readonly TakenEntry[]): boolean {
  // A file or helper that only this repository names serves no other.
  if (path !== null || entry?.fromRepository) return false;
  if (kind === "netrc") return taken.some(({ file }) => file === stored?.file);
  return taken.some((one) => {
    const isSame = one.file === null ? one.helper === helper : one.file === stored?.file;
    return kind === "helper" && isSame && one.username === user && one.path === null;
  });
}

function isAbout({ location }: Finding, { stored, configured }: Source): boolean {
  const place = stored ?? configured;
  return place !== null && location?.file === place.file && location.line === place.line;
}

/** What is known of the machine and of its credentials. */
interface Known {
  stores: readonly StoreFile[];
  outcomes: readonly Outcome[];
  diagnosis: { findings: readonly Finding[] };
}

/** The refused sources whose place is taken and about which such a finding speaks. */
function displacedBy({ taken }: Placement, { outcomes, diagnosis }: Known, fits: Fits): Source[] {
  const findings = diagnosis.findings.filter(({ id }) => fits(id));
  const refused = outcomes.flatMap(({ state, used }) => (state === "refused" && used ? [used] : []));
  return refused.filter(
    (source) => isTaken(source, taken) && findings.some((finding) => isAbout(finding, source)),
  );
}

const WAY_OUT = "`--with access-token` keeps one for this repository alone";

/** Refuses a place that is another repository's. */
export function occupied(placement: Placement, known: Known): NoPlace | null {
  const name = placement.taken[0]?.username ?? "";
  const refuse = (by: string) => noPlace(`the place of \`${name}\` is taken by ${by}; ${WAY_OUT}`, false);
  const other = keptByPath(placement.taken, known.stores);
  if (other !== null) return refuse(`a token for \`${other}\`, which would be lost`);
  // netrc goes before all else, so there is no other place: `displaced` says what it costs.
  const isKept = displacedBy(placement, known, isAlive).some(({ kind }) => kind !== "netrc");
  return isKept ? refuse("a token that is refused for one repository alone, and others may need it") : null;
}

/** What to say of the token that the new one replaces; null where nobody could miss that one. */
export function displaced(placement: Placement, known: Known): string | null {
  if (displacedBy(placement, known, isAlive).length > 0)
    return "It takes the place of a token that is refused for this repository alone: others may need that one, and `git rekey undo` brings it back.";
  if (displacedBy(placement, known, isUnclear).length > 0)
    return `It takes the place of the one that is refused here. If that one still opens other repositories, ${WAY_OUT}.`;
  return null;
}
