import { defineCheck, type Found } from "../core/check.ts";
import type { Location, Outcome, Source } from "../core/setup.ts";
import { labelOf } from "../core/source-label.ts";
import {
  byCredential,
  entryLocation,
  foundPerCredential,
  locationOf,
  refusalEvidence,
  statusOf,
} from "./evidence.ts";
import { answer, configEntry, healthy, outcome, route, secret, source } from "./example.ts";
import { standsAt } from "./in-words.ts";
import { dropEntryStep } from "./steps.ts";
import { sayingOf } from "./why-refused.ts";

interface Args {
  used: Source | null;
  location: Location | null;
  refused: boolean;
  /** A source behind it whose credential Bitbucket accepts. */
  good: string | null;
}

/** Refused for what was sent; not for where the machine stands or what the account has not done. */
export function isRefusedForCredential(one: Outcome): boolean {
  const saying = sayingOf(one);
  if (saying === "ip-not-allowed" || saying === "two-step-required") return false;
  return one.state === "refused" && one.last?.secret != null;
}

/** What Git never gets to although Bitbucket accepts it. */
export function goodBehind({ unreached }: Outcome): Source | null {
  return unreached.find(({ answer }) => statusOf(answer) === 200)?.source ?? null;
}

/** A header that a variable or `-c` brings is a matter for `env-config-shadows`: no file holds it. */
function isHeaderOfFile({ used }: Outcome): boolean {
  return used?.kind === "header" && used.entry?.scope !== "command";
}

function argsOf(one: Outcome, refused: boolean): Args {
  const good = goodBehind(one);
  const location = locationOf(one.used);
  return { used: one.used, location, refused, good: good === null ? null : labelOf(good) };
}

function remarks(outcomes: readonly Outcome[]): Found<Args>[] {
  return byCredential(outcomes).flatMap((group): Found<Args>[] => {
    const [first] = group;
    if (first === undefined) return [];
    return [
      {
        args: argsOf(first, false),
        severity: "note",
        confidence: "certain",
        cause: false,
        location: locationOf(first.used),
        evidence: refusalEvidence(group),
      },
    ];
  });
}

/** What stands in front is the cause only where something good stands behind; else what it sends is. */
export function causeIfGoodBehind<A extends { good: string | null }>(found: Found<A>): Found<A> {
  return { ...found, cause: found.args.good !== null };
}

export const extraHeaderShadows = defineCheck<"outcomes" | "intent", Args>({
  id: "extra-header-shadows",
  title: "A header in Git's configuration replaces every other credential",
  needs: ["outcomes", "intent"],
  find: ({ outcomes, intent }): Found<Args>[] => {
    const headers = outcomes.filter(isHeaderOfFile);
    const refused = headers.filter(isRefusedForCredential);
    const keys = new Set(refused.map(({ used }) => standsAt(locationOf(used))));
    // One that fails for push and works for fetch is told once, as the failure.
    const fine = headers.filter(({ state, used }) => state === "ok" && !keys.has(standsAt(locationOf(used))));
    const found = foundPerCredential(refused, intent, "certain", (one) => argsOf(one, true));
    return [...found.map(causeIfGoodBehind), ...remarks(fine)];
  },
  explain: ({ used, location, refused, good }) => {
    const name = used === null ? "`http.extraHeader`" : labelOf(used);
    const at = location === null ? "" : ` in ${standsAt(location)}`;
    if (!refused) {
      return {
        what: `${name}${at} holds a credential, which Git sends with every request`,
        why: "such a header goes before every other credential; when its token ends, Git is refused and, on a 401, tells every helper to erase the good one it holds",
        next: "nothing has to be done now; where a tool wrote it for one job, take it out afterwards, because whoever reads the file has the token",
      };
    }
    return {
      what: `${name}${at} sends a credential that is refused${good === null ? "" : `, and ${good} has a good one that Git never sends`}`,
      why: "Git puts such a header on every request, so nothing that a helper, netrc or the URL offers reaches Bitbucket; on a 401 Git then tells every helper to erase the good credential it was asked for",
      next: `take the header out before a new token is stored${at === "" ? "" : ` (it stands${at})`}: \`git rekey fix\` does it in this order`,
    };
  },
  typical: { used: null, location: null, refused: true, good: null },
  remedy: ({ used, refused, good }) =>
    used?.entry?.file == null || !refused
      ? null
      : {
          safety: used.entry.scope === "system" ? "ask" : "safe",
          summary: `take \`${used.entry.key}\` out of \`${used.entry.file}\``,
          needsToken: good === null,
          steps: ({ with: way }) =>
            way === "forget"
              ? []
              : dropEntryStep(
                  "extra-header-shadows",
                  used.entry?.scope === "system" ? "ask" : "safe",
                  used.entry,
                ),
        },
  examples: () => {
    const entry = configEntry("http.https://bitbucket.org.extraheader", "Authorization: Basic ‹secret›", {
      scope: "local",
      file: "/srv/site/.git/config",
      line: 12,
    });
    const at = entryLocation(entry);
    const header = source("header", { label: entry.key, entry, configured: at });
    const live = source("header", { ...header, secret: secret("access-token") });
    return {
      broken: [
        { intent: { push: false }, outcomes: [outcome(header, answer(410))] },
        {
          intent: { push: false },
          outcomes: [
            outcome(header, answer(401)),
            outcome(header, answer(401), { route: route({ direction: "push" }) }),
          ],
        },
        { intent: { push: false }, outcomes: [outcome(live, answer(200))] },
      ],
      healthy: [
        { intent: { push: false }, outcomes: [healthy()] },
        {
          intent: { push: false },
          outcomes: [outcome(header, answer(403, { kind: "ip-not-allowed" }))],
        },
        {
          intent: { push: false },
          outcomes: [outcome({ ...header, entry: { ...entry, scope: "command", file: null } }, answer(401))],
        },
      ],
    };
  },
});
