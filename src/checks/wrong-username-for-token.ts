import { gitUserFor, KIND_WORDS, type SecretKind } from "../core/bitbucket.ts";
import { defineCheck, type Found } from "../core/check.ts";
import type { Outcome, Route, Source } from "../core/setup.ts";
import { foundPerCredential } from "./evidence.ts";
import { answer, healthy, outcome, secret, source } from "./example.ts";
import { renameSteps } from "./steps.ts";
import { isRightUnderAnotherName, isWrongUser } from "./why-refused.ts";

interface Args {
  user: string;
  kind: SecretKind;
  used: Source | null;
  route: Route | null;
}

const argsOf = ({ last, used, route }: Outcome): Args => ({
  user: last?.user ?? "",
  kind: last?.secret?.kind ?? "unknown",
  used,
  route,
});

export const wrongUsernameForToken = defineCheck<"outcomes" | "intent" | "rest", Args>({
  id: "wrong-username-for-token",
  title: "The user name does not fit the kind of token",
  needs: ["outcomes", "intent", "rest"],
  find: ({ outcomes, intent, rest }): Found<Args>[] => [
    ...foundPerCredential(outcomes.filter(isWrongUser), intent, "certain", argsOf),
    ...foundPerCredential(
      outcomes.filter((one) => isRightUnderAnotherName(one, rest)),
      intent,
      "likely",
      argsOf,
    ),
  ],
  explain: ({ user, kind }) => ({
    what: `Git sends ${KIND_WORDS[kind]} as ${user ? `\`${user}\`` : "nobody"}`,
    why: `${KIND_WORDS[kind]} is accepted only with ${kind === "api-token" ? "the account's Bitbucket user name or " : ""}\`${gitUserFor(kind) ?? "its owner's user name"}\``,
    next: `use \`${gitUserFor(kind) ?? "the owner's user name"}\` as the user name; the token can stay`,
  }),
  typical: { user: "x-token-auth", kind: "api-token", used: null, route: null },
  remedy: ({ used, route, kind }) =>
    used === null || route === null
      ? null
      : {
          safety: "safe",
          summary: `keep the token and store it under \`${gitUserFor(kind)}\``,
          needsToken: true,
          steps: (choices) => renameSteps("wrong-username-for-token", used, choices, route),
        },
  examples: () => ({
    broken: [
      {
        intent: { push: false },
        rest: [],
        outcomes: [
          outcome(source("helper", { user: "x-token-auth", secret: secret("api-token") }), answer(401)),
        ],
      },
      {
        intent: { push: false },
        rest: [],
        outcomes: [outcome(source("url", { user: "ana", secret: secret("access-token") }), answer(401))],
      },
      {
        intent: { push: false },
        rest: [{ secret: secret("api-token"), user: "ana@acme.example", as: "basic", answer: answer(200) }],
        outcomes: [outcome(source("helper", { user: "Ana", secret: secret("api-token") }), answer(401))],
      },
    ],
    healthy: [
      { intent: { push: false }, rest: [], outcomes: [healthy()] },
      {
        intent: { push: false },
        rest: [],
        outcomes: [outcome(source("helper", { user: "ana", secret: secret("api-token") }), answer(401))],
      },
    ],
  }),
});
