import { API_TOKEN_USER } from "../core/bitbucket.ts";
import { defineCheck } from "../core/check.ts";
import type { Route, Source } from "../core/setup.ts";
import { foundPerCredential } from "./evidence.ts";
import { answer, healthy, outcome, secret, source } from "./example.ts";
import { renameSteps } from "./steps.ts";
import { isEmailSent } from "./why-refused.ts";

interface Args {
  user: string;
  used: Source | null;
  route: Route | null;
}

export const emailAsGitUsername = defineCheck<"outcomes" | "intent", Args>({
  id: "email-as-git-username",
  title: "Git sends an e-mail address as the user name",
  needs: ["outcomes", "intent"],
  find: ({ outcomes, intent }) =>
    foundPerCredential(outcomes.filter(isEmailSent), intent, "certain", ({ last, used, route }) => ({
      user: last?.user ?? "",
      used,
      route,
    })),
  explain: ({ user }) => ({
    what: user ? `Git signs in as \`${user}\`` : "Git signs in with an e-mail address",
    why: "an API token takes two user names: REST wants the e-mail, Git wants the Bitbucket user name or a fixed one, and refuses the e-mail with 401",
    next: `use \`${API_TOKEN_USER}\` as the user name for Git; the token can stay`,
  }),
  typical: { user: "", used: null, route: null },
  remedy: ({ used, route }) =>
    used === null || route === null
      ? null
      : {
          safety: "safe",
          summary: `keep the token and store it under \`${API_TOKEN_USER}\``,
          needsToken: true,
          steps: (choices) => renameSteps("email-as-git-username", used, choices, route),
        },
  examples: () => {
    const token = secret("api-token");
    return {
      broken: [
        {
          intent: { push: false },
          outcomes: [outcome(source("helper", { user: "ana@acme.example", secret: token }), answer(401))],
        },
      ],
      healthy: [
        { intent: { push: false }, outcomes: [healthy()] },
        {
          intent: { push: false },
          outcomes: [outcome(source("helper", { user: "ana@acme.example" }), answer(410))],
        },
      ],
    };
  },
});
