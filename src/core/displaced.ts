/** A living token that the new one takes the place of, from wherever Git had it. Pure. */

import { revokeByHand, unrevoked } from "./account-steps.ts";
import type { Finding } from "./finding.ts";
import type { CheckId } from "./ids.ts";
import { change } from "./placement-parts.ts";
import type { PlannedAccount, PlannedStep, PlannedUnrevoked, Step } from "./plan.ts";
import { type Outcome, OWN_HELPER } from "./setup.ts";

/** Findings that only a token has which lives. One that is refused without a word may be dead already. */
const LIVES: ReadonlySet<CheckId> = new Set(["token-unscoped", "read-scope-missing", "write-scope-missing"]);

function displaced(
  broken: readonly Outcome[],
  findings: readonly Pick<Finding, "id">[],
  { name }: Pick<PlannedAccount, "name">,
): PlannedUnrevoked | null {
  if (!findings.some(({ id }) => LIVES.has(id))) return null;
  for (const { used, route } of broken) {
    const kind = used?.secret?.kind;
    // What our own helper gave is listed where its account gets another.
    if (used?.label === OWN_HELPER || (kind !== "api-token" && kind !== "access-token")) continue;
    return unrevoked({ name, kind, reach: route.url.repository });
  }
  return null;
}

/** Puts it on the list of what is left to revoke, and tells the person. */
export function revokeDisplaced(
  broken: readonly Outcome[],
  findings: readonly Pick<Finding, "id">[],
  account: Pick<PlannedAccount, "name">,
  file: string,
): PlannedStep[] {
  const revoke = displaced(broken, findings, account);
  if (revoke === null) return [];
  const put: Step = { kind: "put-unrevoked", file, revoke };
  return [change(put), { ...change(revokeByHand(revoke)), phase: "verify" }];
}
