import { PAGES, SCOPES } from "../core/bitbucket.ts";
import { defineCheck } from "../core/check.ts";
import type { RemoteUrl, RestView, Source } from "../core/setup.ts";
import { foundPerCredential } from "./evidence.ts";
import { answer, healthy, outcome, secret, source } from "./example.ts";
import { replaceCredential } from "./steps.ts";
import { looksUnscoped } from "./why-refused.ts";

interface Args {
  used: Source | null;
  url: RemoteUrl | null;
}

export const tokenUnscoped = defineCheck<"outcomes" | "intent" | "rest", Args>({
  id: "token-unscoped",
  title: "The API token was made without scopes",
  needs: ["outcomes", "intent", "rest"],
  find: ({ outcomes, intent, rest }) =>
    foundPerCredential(
      outcomes.filter((one) => looksUnscoped(one, rest)),
      intent,
      "likely",
      ({ used, route: { url } }) => ({ used, url }),
    ),
  explain: () => ({
    what: "Git's host refuses the token, and REST answers it as it answers tokens without scopes",
    why: 'the button "Create API token" makes one that Bitbucket never accepts; both kinds look the same',
    next: `at ${PAGES.apiTokens} choose "Create API token with scopes", the app Bitbucket and \`${SCOPES.apiToken.read}\`, then run \`git rekey fix\``,
  }),
  typical: { used: null, url: null },
  remedy: ({ used, url }) =>
    replaceCredential("token-unscoped", used, url, "store a token with scopes in its place"),
  examples: () => {
    const bearerView = (acceptsScopes: boolean): RestView => ({
      secret: secret("api-token"),
      user: "",
      as: "bearer",
      answer: {
        ...answer(401),
        challenge: "BitbucketCustom realm=Bitbucket.org HTTP",
        acceptsScopes,
      } as RestView["answer"],
    });
    return {
      broken: [
        {
          intent: { push: false },
          outcomes: [outcome(source("helper", { secret: secret("api-token") }), answer(401))],
          rest: [bearerView(false)],
        },
      ],
      healthy: [
        { intent: { push: false }, outcomes: [healthy()], rest: [] },
        {
          intent: { push: false },
          outcomes: [outcome(source("helper", { secret: secret("api-token") }), answer(401))],
          rest: [bearerView(true)],
        },
      ],
    };
  },
});
