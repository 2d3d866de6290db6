import { KIND_WORDS, type SecretKind } from "../core/bitbucket.ts";
import { defineCheck } from "../core/check.ts";
import type { RemoteUrl, Source } from "../core/setup.ts";
import { foundPerCredential } from "./evidence.ts";
import { answer, healthy, outcome, secret, source } from "./example.ts";
import { replaceCredential } from "./steps.ts";
import { isDeadToken, sayingOf } from "./why-refused.ts";

interface Args {
  kind: SecretKind;
  used: Source | null;
  url: RemoteUrl | null;
}

export const tokenExpired = defineCheck<"outcomes" | "intent" | "rest", Args>({
  id: "token-expired",
  title: "The token has expired or was revoked",
  needs: ["outcomes", "intent", "rest"],
  find: ({ outcomes, intent, rest }) =>
    foundPerCredential(
      outcomes.filter((one) => isDeadToken(one, rest)),
      intent,
      (one) => (sayingOf(one) === "oauth-expired" ? "certain" : "likely"),
      ({ last, used, route: { url } }) => ({ kind: last?.secret?.kind ?? "oauth", used, url }),
    ),
  explain: ({ kind }) => ({
    what: `Git and REST both refuse ${KIND_WORDS[kind]}`,
    why:
      kind === "oauth"
        ? "an OAuth access token lives two hours"
        : "a token that neither door knows has expired or was revoked",
    next: "make a new one and run `git rekey fix`",
  }),
  typical: { kind: "access-token", used: null, url: null },
  remedy: ({ used, url }) => replaceCredential("token-expired", used, url, "store a new token in its place"),
  examples: () => ({
    broken: [
      {
        intent: { push: false },
        outcomes: [
          outcome(source("helper", { user: "x-token-auth", secret: secret("access-token") }), answer(401)),
        ],
        rest: [{ secret: secret("access-token"), user: "", as: "bearer", answer: answer(401) }],
      },
    ],
    healthy: [
      { intent: { push: false }, outcomes: [healthy()], rest: [] },
      {
        intent: { push: false },
        outcomes: [
          outcome(source("helper", { user: "x-token-auth", secret: secret("access-token") }), answer(401)),
        ],
        rest: [{ secret: secret("access-token"), user: "", as: "bearer", answer: answer(404) }],
      },
    ],
  }),
});
