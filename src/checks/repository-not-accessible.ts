import { defineCheck, type Found } from "../core/check.ts";
import type { Outcome } from "../core/setup.ts";
import { foundPerCredential, repositoryName, statusOf } from "./evidence.ts";
import { answer, healthy, outcome, route, secret, source } from "./example.ts";
import { repositoryNotAccessibleOverSsh } from "./repository-not-accessible-ssh.ts";
import { isUnknownToRest, sayingOf } from "./why-refused.ts";

interface Args {
  repository: string;
  push: boolean;
}

const argsOf = (one: Outcome): Args => ({
  repository: repositoryName(one.route),
  push: one.route.direction === "push",
});

function isSaid(one: Outcome): boolean {
  const status = statusOf(one.last?.answer);
  return one.last?.secret != null && (sayingOf(one) === "no-permission" || status === 404);
}

export const repositoryNotAccessible = defineCheck<"outcomes" | "intent" | "rest", Args>({
  id: "repository-not-accessible",
  title: "The account has no access to the repository",
  needs: ["outcomes", "intent", "rest"],
  find: ({ outcomes, intent, rest }): Found<Args>[] => [
    ...foundPerCredential(outcomes.filter(isSaid), intent, "certain", argsOf),
    ...foundPerCredential(
      outcomes.filter((one) => !isSaid(one) && isUnknownToRest(one, rest)),
      intent,
      "likely",
      argsOf,
    ),
  ],
  explain: ({ repository, push }) => ({
    what: `Bitbucket knows the credential, but does not let it ${push ? "write to" : "read"} \`${repository}\``,
    why: "a token never has more rights than its account; the repository may also have been renamed, moved or deleted",
    next: `open https://bitbucket.org/${repository} as that account; if it is not shown, send its administrator: "Please give me ${push ? "write" : "read"} access to ${repository} in Bitbucket (Repository settings, Repository permissions)."`,
  }),
  also: [repositoryNotAccessibleOverSsh],
  typical: { repository: "WORKSPACE/REPOSITORY", push: false },
  examples: () => {
    const token = source("helper", { user: "x-bitbucket-api-token-auth", secret: secret("api-token") });
    return {
      broken: [
        {
          intent: { push: false },
          rest: [],
          outcomes: [outcome(token, answer(403, { kind: "no-permission" }))],
        },
        {
          intent: { push: true },
          rest: [],
          outcomes: [
            outcome(token, answer(403, { kind: "no-permission" }), { route: route({ direction: "push" }) }),
          ],
        },
        {
          intent: { push: false },
          rest: [{ secret: secret("api-token"), user: "ana@acme.example", as: "basic", answer: answer(404) }],
          outcomes: [outcome(token, answer(401))],
        },
      ],
      healthy: [
        { intent: { push: false }, rest: [], outcomes: [healthy()] },
        { intent: { push: false }, rest: [], outcomes: [outcome(token, answer(401))] },
      ],
    };
  },
});
