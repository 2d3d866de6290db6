import { REST_HOST, type SecretKind } from "../core/bitbucket.ts";
import type { SecretShape } from "../core/secret.ts";
import type { Outcome, RestView } from "../core/setup.ts";
import type { Asker } from "./answers.ts";

/** Distinct tokens that were sent, with a repository each was sent for. */
function tokensSent(outcomes: readonly Outcome[]) {
  const found = new Map<string, { secret: SecretShape; outcome: Outcome }>();
  for (const outcome of outcomes) {
    const secret = outcome.last?.secret;
    if (secret && !found.has(secret.ref)) found.set(secret.ref, { secret, outcome });
  }
  return [...found.values()];
}

/**
 * How one token is shown to REST. An access token needs nothing else, and REST alone tells what it is for. An API token
 * wants the account's e-mail; as Bearer it tells at least how it is refused.
 */
function shownAs(kind: SecretKind, state: Outcome["state"], email: string | null): RestView["as"][] {
  const refused = state === "refused";
  if (kind === "access-token") return ["bearer"];
  if (kind !== "api-token") return [];
  return [...(email === null ? [] : (["basic"] as const)), ...(refused ? (["bearer"] as const) : [])];
}

/** Asks REST about each token Git sent: those that are refused, and as far as it tells them the others for their scopes. */
export async function readRest(
  outcomes: readonly Outcome[],
  asker: Asker,
  email: string | null,
): Promise<RestView[]> {
  const views: Promise<RestView>[] = [];
  for (const { secret, outcome } of tokensSent(outcomes)) {
    const { repository } = outcome.route.url;
    const path = repository ? `repositories/${repository.workspace}/${repository.repository}` : "user";
    for (const as of shownAs(secret.kind, outcome.state, email)) {
      const user = as === "basic" ? (email ?? "") : "";
      const answer = asker.ask(`https://${REST_HOST}/2.0/${path}`, { scheme: as, user, secret });
      views.push(answer.then((given) => ({ secret, user, answer: given, as })));
    }
  }
  return Promise.all(views);
}
