import { attribute } from "../core/attribute.ts";
import type { Answer, Attempt, Network, Outcome, Route, Source, StoreFile } from "../core/setup.ts";
import type { Asker } from "./answers.ts";
import { doorOf } from "./answers.ts";
import type { RawRoute } from "./routes.ts";
import { readSources, type Surroundings } from "./sources.ts";
import type { Eyes } from "./world.ts";

const NOT_ASKED: Answer = { kind: "none", fault: "not-asked", detail: "" };

/** Follows one route to its end. `asker` is null offline: then sources are known and answers are not. */
export async function followRoute(
  eyes: Eyes,
  route: RawRoute,
  around: Surroundings,
  asker: Asker | null,
): Promise<Outcome> {
  const anonymously = asker?.askFor(route.route, null);
  const sources = await readSources(eyes, route, around);
  const answers = new Map<Source | null, Answer>();
  if (asker !== null) {
    // All at once: what stands behind a refused source tells whether removing that source is enough.
    const answering = sources.filter((source) => source.state === "answers" && source.secret !== null);
    const given = await Promise.all(answering.map((source) => asker.askFor(route.route, source)));
    for (const [index, source] of answering.entries()) answers.set(source, given[index] ?? NOT_ASKED);
    answers.set(null, (await anonymously) ?? NOT_ASKED);
  }
  const outcome = attribute(route.route, sources, (source) => answers.get(source) ?? NOT_ASKED);
  if (outcome.used !== null || route.route.url.user === null) return outcome;
  return { ...outcome, elsewhere: await readElsewhere(route.route, around.stores, asker) };
}

/** What `store` files hold for Bitbucket under other names, each tried: a dead one must not be recommended. */
function readElsewhere(route: Route, stores: readonly StoreFile[], asker: Asker | null): Promise<Attempt[]> {
  const others = stores.flatMap(({ entries }) => entries).filter(({ user }) => user !== route.url.user);
  return Promise.all(
    others.map(async ({ user, secret }) => {
      const credential = { scheme: "basic", user, secret } as const;
      const answer = (await asker?.ask(doorOf(route.url, route.direction), credential)) ?? NOT_ASKED;
      return { source: null, user, secret, answer };
    }),
  );
}

/** What the line itself is like, read from the anonymous request that every fetch begins with. */
export async function readNetwork(
  eyes: Eyes,
  route: RawRoute,
  asker: Asker,
  proxy: string | null,
): Promise<Network> {
  const url = doorOf(route.route.url, "fetch");
  const [reply, anonymous] = await Promise.all([asker.reply(url, null), asker.ask(url, null)]);
  const date = reply.kind === "answer" ? Date.parse(reply.headers.date ?? "") : Number.NaN;
  return {
    anonymous,
    clockSkew: Number.isNaN(date) ? null : Math.round((eyes.self.now() - date) / 1000),
    proxy,
    took: reply.kind === "answer" ? Math.round(reply.took) : null,
  };
}
