import { REST_HOST } from "../core/bitbucket.ts";
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
 * Asks REST about each token Git sent. An API token needs the account's e-mail; an access token speaks for itself.
 * A token that Git accepts and whose scopes nobody asked for is left in peace.
 */
export async function readRest(
  outcomes: readonly Outcome[],
  asker: Asker,
  email: string | null,
): Promise<RestView[]> {
  const views: Promise<RestView>[] = [];
  for (const { secret, outcome } of tokensSent(outcomes)) {
    const repository = outcome.route.url.repository;
    const path = repository ? `repositories/${repository.workspace}/${repository.repository}` : "user";
    const url = `https://${REST_HOST}/2.0/${path}`;
    const as = secret.kind === "api-token" ? "basic" : "bearer";
    const asksNothing =
      secret.kind === "api-token" ? email === null : secret.kind !== "access-token" || outcome.state === "ok";
    if (asksNothing) continue;
    const user = as === "basic" ? (email ?? "") : "";
    views.push(asker.ask(url, { scheme: as, user, secret }).then((answer) => ({ secret, user, answer, as })));
  }
  return Promise.all(views);
}
