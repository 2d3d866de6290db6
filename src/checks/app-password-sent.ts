import { DATES, KIND_WORDS, type SecretKind } from "../core/bitbucket.ts";
import { defineCheck } from "../core/check.ts";
import type { RemoteUrl, Source } from "../core/setup.ts";
import { labelOf } from "../core/source-label.ts";
import { foundPerCredential, statusOf } from "./evidence.ts";
import { answer, healthy, outcome, route, secret, source } from "./example.ts";
import { replaceCredential } from "./steps.ts";
import { isAppPassword } from "./why-refused.ts";

interface Args {
  kind: SecretKind;
  used: Source | null;
  url: RemoteUrl | null;
  answered: number | null;
}

export const appPasswordSent = defineCheck<"outcomes" | "intent", Args>({
  id: "app-password-sent",
  title: "Bitbucket refuses the app password Git sends",
  needs: ["outcomes", "intent"],
  find: ({ outcomes, intent }) =>
    foundPerCredential(
      outcomes.filter(isAppPassword),
      intent,
      (one) => (statusOf(one.last?.answer) === 410 ? "certain" : "likely"),
      ({ last, used, route: { url } }) => ({
        kind: last?.secret?.kind ?? "unknown",
        used,
        url,
        answered: statusOf(last?.answer),
      }),
    ),
  explain: ({ kind, used, answered }) => ({
    what: `Git sends ${KIND_WORDS[kind === "unknown" ? "app-password" : kind]}${used ? ` from ${labelOf(used)}` : ""}`,
    why:
      `Bitbucket Cloud removed app passwords on ${DATES.appPasswordsRemoved}` +
      (answered === 410 ? ", and Git keeps a credential that was answered 410" : ""),
    next: "make an API token with scopes and let Git use it instead: `git rekey fix` does it step by step",
  }),
  typical: { kind: "app-password", used: null, url: null, answered: 410 },
  remedy: ({ used, url }) =>
    replaceCredential(
      "app-password-sent",
      used,
      url,
      (source) => `store an API token, then take the app password out of ${labelOf(source)}`,
    ),
  examples: () => ({
    broken: [
      {
        intent: { push: false },
        outcomes: [outcome(source("helper"), answer(410, { kind: "app-password" }))],
      },
      { intent: { push: false }, outcomes: [outcome(source("netrc"), answer(401))] },
      {
        intent: { push: true },
        outcomes: [outcome(source("header"), answer(410), { route: route({ direction: "push" }) })],
      },
    ],
    healthy: [
      { intent: { push: false }, outcomes: [healthy()] },
      {
        intent: { push: false },
        outcomes: [outcome(source("helper", { secret: secret("api-token") }), answer(401))],
      },
    ],
  }),
});
