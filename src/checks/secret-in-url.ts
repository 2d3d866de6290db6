/** What the four checks for secrets in URLs have in common. Pure. */
import { KIND_WORDS } from "../core/bitbucket.ts";
import { type AnyCheck, defineCheck, type Found, type NonEmpty } from "../core/check.ts";
import type { CheckId } from "../core/ids.ts";
import { type PlannedStep, userInUrl } from "../core/plan.ts";
import { nameOf } from "../core/secret.ts";
import type { ConfigEntry, Outcome, Route, Setup } from "../core/setup.ts";
import { entryLocation, fromEntry, labelOfRoute, severityOf } from "./evidence.ts";
import { answer, healthy, outcome, remoteUrl, route, secret, source } from "./example.ts";
import { cleanUrlStep, dropEntryStep, safetyOf } from "./steps.ts";

interface Args {
  entry: ConfigEntry | null;
  route: Route | null;
  /** Git signs in with it; where the repository is open to all, it only lies there. */
  inUse: boolean;
}

interface Kind {
  id: CheckId;
  title: string;
  /** Where the secret stands, for the sentence "… stands in WHERE". */
  where: string;
  /** The entry that holds the secret, or null where this kind is not meant. */
  entryOf(route: Route): ConfigEntry | null;
  /** An example of the fault. */
  example(): Route;
}

type Parts = Pick<Setup, "routes" | "outcomes" | "intent">;

/** A secret in the URL decides when Git ends on it and is refused; otherwise it is only in the wrong place. */
function refusedBy(outcomes: readonly Outcome[], group: readonly Route[]): Outcome[] {
  return outcomes.filter(
    (one) => one.used?.kind === "url" && one.state === "refused" && group.includes(one.route),
  );
}

function group(routes: readonly Route[], entryOf: Kind["entryOf"]): [ConfigEntry, Route[]][] {
  const groups = new Map<string, [ConfigEntry, Route[]]>();
  for (const one of routes) {
    const entry = one.url.isBitbucket ? entryOf(one) : null;
    if (entry === null || (one.url.password === null && one.url.userSecret === null)) continue;
    const key = `${entry.file}\0${entry.key}\0${entry.occurrence}`;
    const known = groups.get(key);
    if (known) known[1].push(one);
    else groups.set(key, [entry, [one]]);
  }
  return [...groups.values()];
}

function stepsFor(id: CheckId, { entry, route: one }: Args, user: string | null): PlannedStep[] {
  const safety = safetyOf(entry);
  if (entry === null || one === null) return [];
  return entry.section === "url"
    ? dropEntryStep(id, safety, entry)
    : cleanUrlStep(id, safety, entry, one.url, user);
}

export function secretInUrl(kind: Kind): AnyCheck {
  return defineCheck<"routes" | "outcomes" | "intent", Args>({
    id: kind.id,
    title: kind.title,
    needs: ["routes", "outcomes", "intent"],
    find: ({ routes, outcomes, intent }): Found<Args>[] =>
      group(routes, kind.entryOf).map(([entry, members]) => {
        const refused = refusedBy(outcomes, members);
        const first = members[0] ?? null;
        const held = first?.url.password ?? first?.url.userSecret ?? null;
        return {
          args: {
            entry,
            route: first,
            inUse: outcomes.some((one) => one.used?.kind === "url" && members.includes(one.route)),
          },
          severity: refused.length > 0 ? severityOf(refused, intent) : "warning",
          confidence: "certain",
          // Where it stands is a fault of its own; why it is refused is what another check says.
          cause: false,
          location: entryLocation(entry),
          evidence: [
            {
              what: `${labelOfRoute(first)} carries ${held ? `${KIND_WORDS[held.kind]} ${nameOf(held)}` : "a secret"} in \`${entry.key}\``,
              source: fromEntry(entry),
            },
          ],
        };
      }),
    explain: ({ entry }) => ({
      what: `a secret stands in ${kind.where}${entry ? ` (\`${entry.key}\`)` : ""}`,
      why: "Git uses a password in the URL before any helper, shows it to other processes, and copies of the file carry it on",
      next: "take it out of the URL and let a helper keep the token: `git rekey fix`",
    }),
    typical: { entry: null, route: null, inUse: true },
    remedy: (args) =>
      args.entry === null
        ? null
        : {
            safety: safetyOf(args.entry),
            summary:
              args.entry.section === "url" ? "take the rewriting rule out" : "put the clean URL in its place",
            needsToken: args.inUse,
            steps: (choices) =>
              choices.with === "forget" ? [] : stepsFor(kind.id, args, userInUrl(choices)),
          },
    examples: () => {
      const example = kind.example();
      const used = outcome(source("url"), answer(401), { route: example });
      const broken: NonEmpty<Parts> = [
        { intent: { push: false }, routes: [example], outcomes: [used] },
        { intent: { push: false }, routes: [example], outcomes: [] },
      ];
      return { broken, healthy: [{ intent: { push: false }, routes: [route()], outcomes: [healthy()] }] };
    },
  });
}

/** A route whose URL carries an app password, for the examples. */
export function exampleRoute(more: Partial<Route>): Route {
  return route({ url: remoteUrl("ana", secret("app-password")), ...more });
}
