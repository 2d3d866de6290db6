import { GIT_HOST } from "../core/bitbucket.ts";
import { defineCheck, type Found } from "../core/check.ts";
import { isOverSsh } from "../core/remote-url.ts";
import type { ConfigEntry, Outcome, Route } from "../core/setup.ts";
import { splitUrl } from "../core/url.ts";
import { isWanted } from "../core/wanted.ts";
import { answerEvidence, commandOf, entryLocation, fromEntry } from "./evidence.ts";
import { answer, configEntry, healthy, outcome, route, source } from "./example.ts";
import { sshRoute } from "./example-ssh.ts";
import { standsAt } from "./in-words.ts";
import { dropEntryStep } from "./steps.ts";

const ID = "ssh-rewritten-to-https";

interface Args {
  rule: ConfigEntry;
  /** As somebody wrote it; null where only the rule tells. */
  written: string | null;
  becomes: string;
  refused: boolean;
}

/** What was written before a rule changed it, as far as it is known. */
function writtenAs({ entry, rewrittenBy }: Route): string {
  return entry?.value ?? rewrittenBy?.value ?? "";
}

/** `bb:acme/site` is a short name that a rule gives its meaning, and no place ssh would go to. */
function meansSsh(written: string): boolean {
  return isOverSsh(written) && (written.includes("://") || /^[^/:]*[@.]/.test(written));
}

/**
 * Routes on which Git goes by HTTPS although SSH was written, by the rule that does it. A `pushInsteadOf` says that
 * pushing is to go another way than fetching, and means it.
 */
function rewritten(routes: readonly Route[]): Map<ConfigEntry, Route[]> {
  const byRule = new Map<ConfigEntry, Route[]>();
  for (const one of routes) {
    const isTurned = one.url.transport === "https" && one.url.isBitbucket && meansSsh(writtenAs(one));
    if (one.rewrittenBy?.name !== "insteadof" || !isTurned) continue;
    byRule.set(one.rewrittenBy, [...(byRule.get(one.rewrittenBy) ?? []), one]);
  }
  return byRule;
}

function isRefusedOn(turned: readonly Route[], { route, state }: Outcome): boolean {
  const isSame = ({ url, direction }: Route) => url.text === route.url.text && direction === route.direction;
  return state === "refused" && turned.some(isSame);
}

export const sshRewrittenToHttps = defineCheck<"routes" | "outcomes" | "intent", Args>({
  id: ID,
  title: "A rule turns a URL over SSH into HTTPS",
  needs: ["routes", "outcomes", "intent"],
  find: ({ routes, outcomes, intent }) =>
    [...rewritten(routes)].map(([rule, turned]): Found<Args> => {
      const refused = outcomes.filter((one) => isRefusedOn(turned, one) && isWanted(one.route, intent));
      const [first] = turned;
      const isCause = refused.length > 0;
      return {
        args: {
          rule,
          written: first?.entry?.value ?? null,
          becomes: first?.url.text ?? "",
          refused: isCause,
        },
        severity: isCause ? "error" : "note",
        // That it is so is certain; that SSH is meant is not.
        confidence: isCause ? "likely" : "certain",
        cause: isCause,
        location: entryLocation(rule),
        evidence: [
          { what: `\`${rule.key}\` is \`${rule.value ?? ""}\``, source: fromEntry(rule) },
          ...turned.map((one) => ({
            what: `\`${commandOf(one)}\` goes to \`${one.url.text}\``,
            source: fromEntry(one.entry ?? rule),
          })),
          ...refused.flatMap(answerEvidence),
        ],
      };
    }),
  explain: ({ rule, written, becomes, refused }) => {
    const at = standsAt(entryLocation(rule));
    return {
      what: `${written === null ? "a URL over SSH" : `\`${written}\``} leads to \`${becomes}\`, by \`${rule.key}\`${at === "" ? "" : ` in ${at}`}`,
      why: `the URL says SSH, and Git wants a user name and a token all the same, because the rule goes first${refused ? "; what it sends there is refused" : ""}`,
      next: refused
        ? `if SSH is meant, take the rule out (\`git rekey fix --accept ${ID}\` does it); if HTTPS is meant, leave it, and \`git rekey fix\` gives Git a token`
        : "nothing has to be done where HTTPS is meant; a key has no part in it",
    };
  },
  typical: {
    rule: configEntry("url.https://bitbucket.org/.insteadof", "git@bitbucket.org:", { file: "~/.gitconfig" }),
    written: "git@bitbucket.org:WORKSPACE/REPOSITORY.git",
    becomes: "https://bitbucket.org/WORKSPACE/REPOSITORY.git",
    refused: true,
  },
  remedy: ({ rule, refused }) => {
    const base = rule.subsection === null ? null : splitUrl(rule.subsection);
    const steps = base?.host === GIT_HOST ? dropEntryStep(ID, "ask", rule) : [];
    if (!refused || steps.length === 0) return null;
    const summary = "take out the rule, so that Git goes by SSH again";
    return { safety: "ask", summary, needsToken: false, steps: () => steps };
  },
  examples: () => {
    const rule = configEntry("url.https://bitbucket.org/.insteadof", "git@bitbucket.org:");
    const written = configEntry("remote.origin.url", "git@bitbucket.org:acme/site.git", {
      scope: "local",
      file: "/srv/site/.git/config",
    });
    const turned = route({ entry: written, rewrittenBy: rule });
    const short = configEntry("url.https://bitbucket.org/.insteadof", "bb:");
    const named = route({
      entry: configEntry("remote.origin.url", "bb:acme/site", { scope: "local" }),
      rewrittenBy: short,
    });
    const pushRule = configEntry("url.https://bitbucket.org/.pushinsteadof", "git@bitbucket.org:");
    const pushed = route({ direction: "push", entry: written, rewrittenBy: pushRule, pushOnly: true });
    const bare = route({ purpose: "url", remote: null, entry: null, rewrittenBy: rule });
    const intent = { push: false };
    const https = configEntry("url.git@bitbucket.org:.insteadof", "https://bitbucket.org/");
    return {
      broken: [
        { intent, routes: [turned], outcomes: [outcome(source("helper"), answer(410), { route: turned })] },
        { intent, routes: [turned], outcomes: [outcome(null, answer(401), { route: turned })] },
        { intent, routes: [turned], outcomes: [{ ...healthy(), route: turned }] },
        { intent, routes: [bare], outcomes: [] },
      ],
      healthy: [
        { intent, routes: [route()], outcomes: [outcome(source("helper"), answer(410))] },
        { intent, routes: [sshRoute({ rewrittenBy: https })], outcomes: [] },
        { intent, routes: [sshRoute()], outcomes: [] },
        { intent, routes: [named], outcomes: [outcome(null, answer(401), { route: named })] },
        { intent, routes: [pushed], outcomes: [outcome(source("helper"), answer(410), { route: pushed })] },
      ],
    };
  },
});
