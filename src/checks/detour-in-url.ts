import { GIT_HOST } from "../core/bitbucket.ts";
import { defineCheck, type Found } from "../core/check.ts";
import { afterDetour } from "../core/detour.ts";
import type { PlannedStep } from "../core/plan.ts";
import { cleanUrl } from "../core/remote-url.ts";
import type { Detour, Intent, Outcome, RemoteUrl, Route } from "../core/setup.ts";
import { brokenOutcomes, isWanted } from "../core/wanted.ts";
import { entryLocation, fromEntry, labelOfRoute } from "./evidence.ts";
import { answer, healthy, outcome, remoteUrl, route, secret, source } from "./example.ts";
import { cleanUrlStep, planned, safetyOf } from "./steps.ts";

interface Args {
  route: Route | null;
  detour: Detour;
  plainUrl: string;
  /** Refused at the end: then the plan writes the URL, with the user of the new token in it. */
  refused: boolean;
}

/** One finding for each entry, which fetch and push have in common. */
function byEntry(routes: readonly Route[]): [Route, ...Route[]][] {
  const groups = new Map<string, [Route, ...Route[]]>();
  for (const one of routes) {
    if (one.detour === null) continue;
    const { entry, url } = one;
    const key = entry === null ? url.text : [entry.file, entry.key, entry.occurrence, url.text].join("\0");
    const known = groups.get(key);
    if (known) known.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()];
}

function foundFor(
  group: readonly [Route, ...Route[]],
  detour: Detour,
  outcomes: readonly Outcome[],
  intent: Intent,
): Found<Args> {
  const [first] = group;
  const refused = brokenOutcomes(outcomes, intent).some(({ route: one }) => group.includes(one));
  const isMinded = group.some((one) => isWanted(one, intent));
  const written = { what: `${labelOfRoute(first)} is \`${first.url.text}\`` };
  return {
    args: { route: first, detour, plainUrl: cleanUrl(afterDetour(first.url), null), refused },
    severity: !isMinded ? "note" : detour.arrives ? "warning" : "error",
    confidence: detour.arrives ? "likely" : "certain",
    cause: !detour.arrives,
    location: entryLocation(first.entry),
    evidence: [
      {
        ...written,
        source: first.entry ? fromEntry(first.entry) : { kind: "command", command: "git clone" },
      },
    ],
  };
}

const WHAT: Readonly<Record<Detour["kind"], string>> = {
  http: "begins `http://`",
  www: `names \`www.${GIT_HOST}\``,
  dot: "has a dot at the end of its host",
};

const WHY: Readonly<Record<Detour["kind"], string>> = {
  http: `the first request goes over the line unencrypted, and whoever stands there can answer it; Bitbucket redirects it to \`https://${GIT_HOST}\`, where Git looks for a credential, and the user that the URL names is forgotten`,
  www: `Bitbucket redirects it to \`https://${GIT_HOST}\`, where Git looks for a credential; sections of Git's configuration for that host are passed over, and the user that the URL names is forgotten`,
  dot: `for Git that is another host: nothing kept for \`${GIT_HOST}\` is offered to it, and some builds of Git refuse Bitbucket's certificate there`,
};

function whyOf({ kind, arrives }: Detour, url: RemoteUrl | undefined): string {
  if (kind === "dot" || arrives) return WHY[kind];
  if (url?.password != null)
    return "the password in the URL is for the host beside it; where Bitbucket's redirect leads Git does not send it, and asks for no other";
  return "Bitbucket answers with a redirect, and `http.followRedirects` tells Git to follow none, so it ends there";
}

function stepsFor({ route: one, refused }: Args): PlannedStep[] {
  if (one === null || refused) return [];
  const { direction, remote, entry } = one;
  const url = afterDetour(one.url);
  const name = one.purpose === "remote" ? remote : null;
  const step = { kind: "verify", direction, remote: name, url: cleanUrl(url, null), source: null } as const;
  return [
    ...cleanUrlStep("detour-in-url", safetyOf(entry), entry, url, null),
    planned("verify", "safe", "detour-in-url", step),
  ];
}

export const detourInUrl = defineCheck<"routes" | "outcomes" | "intent", Args>({
  id: "detour-in-url",
  title: "The URL is not Bitbucket's own and leads there by a detour",
  needs: ["routes", "outcomes", "intent"],
  find: ({ routes, outcomes, intent }): Found<Args>[] =>
    byEntry(routes).flatMap((group) => {
      const { detour } = group[0];
      return detour === null ? [] : [foundFor(group, detour, outcomes, intent)];
    }),
  explain: ({ route: one, detour, plainUrl }) => ({
    what: `the URL of ${one === null || one.purpose === "url" ? "the repository" : labelOfRoute(one)} ${WHAT[detour.kind]}${detour.arrives ? "" : ", and Git does not get there: what it would meet was not looked at"}`,
    why: whyOf(detour, one?.url),
    next: `write \`${plainUrl}\` in its place${one?.entry?.file == null ? "" : ": `git rekey fix` does it"}`,
  }),
  typical: {
    route: null,
    detour: { kind: "http", arrives: true },
    plainUrl: `https://${GIT_HOST}/WORKSPACE/REPOSITORY.git`,
    refused: false,
  },
  remedy: (args) =>
    args.route?.entry?.file == null
      ? null
      : {
          safety: safetyOf(args.route.entry),
          summary: `write Bitbucket's own URL for ${labelOfRoute(args.route)}`,
          needsToken: false,
          steps: ({ with: way }) => (way === "forget" ? [] : stepsFor(args)),
        },
  examples: () => {
    const over = (kind: Detour["kind"], more: Partial<RemoteUrl>, arrives = kind !== "dot"): Route =>
      route({ url: { ...remoteUrl(), ...more }, detour: { kind, arrives } });
    const plain = over("http", { text: "http://bitbucket.org/acme/site.git" });
    const www = over("www", { text: "https://www.bitbucket.org/acme/site.git" });
    const intent = { push: false };
    return {
      broken: [
        { intent, routes: [plain], outcomes: [outcome(healthy().used, answer(200), { route: plain })] },
        { intent, routes: [www], outcomes: [outcome(source("helper"), answer(410), { route: www })] },
        { intent, routes: [over("www", { isBitbucket: false }, false)], outcomes: [] },
        {
          intent,
          routes: [
            over("dot", { host: "bitbucket.org.", isBitbucket: false, password: secret("app-password") }),
          ],
          outcomes: [],
        },
      ],
      healthy: [{ intent, routes: [route()], outcomes: [healthy()] }],
    };
  },
});
