/** The access token that Git sends, and what it was made for. Pure. */
import { accessTokenOf } from "./bitbucket.ts";
import type { Outcome, RestView } from "./setup.ts";
import { labelOf } from "./source-label.ts";

export interface ReportedAccessToken {
  /** What REST says that it was made in; null where it does not say. */
  of: "repository" | "project" | "workspace" | null;
  /** Where Git has it from, in words. */
  from: string;
}

/** Null where Git ends on something else. */
export function reportAccessToken(
  outcomes: readonly Outcome[],
  rest: readonly RestView[],
): ReportedAccessToken | null {
  const sent = outcomes.find(({ last }) => last?.secret?.kind === "access-token");
  if (sent?.used == null) return null;
  const view = rest.find(({ as, secret }) => as === "bearer" && secret.ref === sent.last?.secret?.ref);
  const type = view?.answer.kind === "http" ? view.answer.credentialType : null;
  return { of: accessTokenOf(type), from: labelOf(sent.used) };
}
