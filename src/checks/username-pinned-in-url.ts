import { ACCESS_TOKEN_USER, API_TOKEN_USER } from "../core/bitbucket.ts";
import { defineCheck, type Found } from "../core/check.ts";
import { type Choices, type PlannedStep, userOfWay } from "../core/plan.ts";
import type { Attempt, Outcome, Route } from "../core/setup.ts";
import { isWanted } from "../core/wanted.ts";
import { answerEvidence, entryLocation, labelOfRoute, severityOf } from "./evidence.ts";
import { answer, healthy, outcome, remoteUrl, route, secret, source } from "./example.ts";
import { isRefusedForCredential } from "./extra-header-shadows.ts";
import { standsAt } from "./in-words.ts";
import { isWithoutCredential, otherUsers } from "./no-credential.ts";
import { pinSteps } from "./steps.ts";

interface Args {
  user: string;
  route: Route | null;
  /** Where the name is written. */
  at: string;
  /** Names under which `store` holds something; empty where one was sent and refused. */
  others: readonly string[];
}

/** Where the name comes from: a rewriting puts its own in. */
function writerOf({ rewrittenBy, entry }: Route) {
  return entryLocation(rewrittenBy ?? entry);
}

function pinnedUser({ route: { url } }: Outcome): string | null {
  return url.password === null && url.userSecret === null && url.user !== "" ? url.user : null;
}

function argsOf(one: Outcome, others: readonly string[]): Args {
  return { user: pinnedUser(one) ?? "", route: one.route, at: standsAt(writerOf(one.route)), others };
}

/** One finding for each place that names the user. */
function byPlace(outcomes: readonly Outcome[]): [Outcome, ...Outcome[]][] {
  const groups = new Map<string, [Outcome, ...Outcome[]]>();
  for (const one of outcomes) {
    const key = `${standsAt(writerOf(one.route))} ${one.route.url.text}`;
    const known = groups.get(key);
    if (known) known.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()];
}

/** Git asks helpers only for the user the URL names, and the right one is under another name. */
function isPassedBy(one: Outcome): boolean {
  return pinnedUser(one) !== null && isWithoutCredential(one) && otherUsers(one).length > 0;
}

function isRefusedWithIt(one: Outcome): boolean {
  const user = pinnedUser(one);
  if (user === null || user === API_TOKEN_USER || user === ACCESS_TOKEN_USER) return false;
  return isRefusedForCredential(one) && one.used?.kind !== "header";
}

function stepsFor({ route, others }: Args, choices: Choices): PlannedStep[] {
  if (route === null || choices.with === "forget") return [];
  if (choices.with === "helper" && others.length === 0) return [];
  const usual = userOfWay(choices);
  const user = others.length === 0 || others.includes(usual) ? usual : (others[0] ?? usual);
  return pinSteps("username-pinned-in-url", route, user);
}

function placed(
  group: readonly [Outcome, ...Outcome[]],
  found: Omit<Found<Args>, "location" | "evidence">,
): Found<Args> {
  const location = writerOf(group[0].route);
  const { user, at } = found.args;
  const named = { what: `the URL names the user \`${user}\`` };
  const where: Found<Args>["evidence"][number]["source"] =
    location === null
      ? { kind: "command", command: "git remote -v" }
      : { kind: "config", file: location.file, line: location.line, scope: location.scope };
  const evidence = [...group.flatMap(answerEvidence), ...(at === "" ? [] : [{ ...named, source: where }])];
  return { ...found, location, evidence };
}

export const usernamePinnedInUrl = defineCheck<"outcomes" | "intent", Args>({
  id: "username-pinned-in-url",
  title: "The URL names a user, so Git takes no other user's credential",
  needs: ["outcomes", "intent"],
  find: ({ outcomes, intent }): Found<Args>[] => {
    const causes = byPlace(outcomes.filter(isPassedBy)).map((group) => {
      const args = argsOf(group[0], otherUsers(group[0]));
      return placed(group, { args, severity: severityOf(group, intent), confidence: "certain", cause: true });
    });
    // A name that serves for all that is wanted may stay: a read-only account is no fault.
    const minded = outcomes.filter(({ route }) => isWanted(route, intent));
    const remarks = byPlace(minded.filter(isRefusedWithIt)).map((group) => {
      const args = argsOf(group[0], []);
      return placed(group, { args, severity: "note", confidence: "certain", cause: false });
    });
    return [...causes, ...remarks];
  },
  explain: ({ user, route, at, others }) => {
    const where = at === "" ? "" : ` (${at})`;
    const label = labelOfRoute(route);
    const why = `a user name in the URL is part of the question Git asks its helpers; an entry under another name, such as \`${API_TOKEN_USER}\`, is no answer to it`;
    return others.length > 0
      ? {
          what: `${label}${where} names \`${user}\`, and the stored credential is under ${others.map((name) => `\`${name}\``).join(", ")}`,
          why,
          next: `name \`${others[0]}\` in the URL: \`git rekey fix\` does it, and no new token is needed`,
        }
      : {
          what: `${label}${where} names the user${user === "" ? "" : ` \`${user}\``}`,
          why,
          next: `when a token is stored, let the URL name its user (\`${API_TOKEN_USER}\` for an API token): \`git rekey fix\` changes both`,
        };
  },
  typical: { user: "", route: null, at: "", others: [] },
  remedy: (args) =>
    args.route?.entry?.file == null
      ? null
      : {
          safety: "safe",
          summary: `name the token's user in the URL of ${labelOfRoute(args.route)}`,
          needsToken: false,
          steps: (choices) => stepsFor(args, choices),
        },
  examples: () => {
    const pinned = route({ url: remoteUrl("ana") });
    const silent = source("helper", { state: "silent", user: null, secret: null, stored: null });
    const kept = (kind: "api-token" | "app-password", status: number): Attempt => ({
      source: null,
      user: API_TOKEN_USER,
      secret: secret(kind),
      answer: answer(status),
    });
    const passed = (elsewhere: Attempt) =>
      outcome(null, answer(401), { route: pinned, sources: [silent], elsewhere: [elsewhere] });
    return {
      broken: [
        {
          intent: { push: false },
          outcomes: [passed(kept("api-token", 200))],
        },
        {
          intent: { push: false },
          outcomes: [outcome(source("helper"), answer(410), { route: pinned })],
        },
      ],
      healthy: [
        { intent: { push: false }, outcomes: [healthy()] },
        { intent: { push: false }, outcomes: [passed(kept("app-password", 410))] },
        { intent: { push: false }, outcomes: [passed(kept("api-token", 401))] },
        {
          intent: { push: false },
          outcomes: [
            outcome(source("helper"), answer(401), { route: route({ url: remoteUrl(API_TOKEN_USER) }) }),
          ],
        },
      ],
    };
  },
});
