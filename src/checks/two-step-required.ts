import { type CannotTell, defineCheck, type Found } from "../core/check.ts";
import { foundPerCredential, repositoryName } from "./evidence.ts";
import { answer, healthy, outcome, source } from "./example.ts";
import { isUnanswered, UNANSWERED } from "./host-unreachable.ts";
import { sayingOf } from "./why-refused.ts";

interface Args {
  repository: string;
}

export const twoStepRequired = defineCheck<"outcomes" | "intent", Args>({
  id: "two-step-required",
  title: "The workspace wants two-step verification of the account",
  needs: ["outcomes", "intent"],
  find: ({ outcomes, intent }): Found<Args>[] | CannotTell => {
    if (isUnanswered(outcomes)) return UNANSWERED;
    const refused = outcomes.filter((one) => sayingOf(one) === "two-step-required");
    return foundPerCredential(refused, intent, "certain", ({ route }) => ({
      repository: repositoryName(route),
    }));
  },
  explain: ({ repository }) => ({
    what: `Bitbucket opens \`${repository}\` only to accounts with two-step verification, and this token's account has none`,
    why: "the workspace asks it of every account, and a token has no more rights than its account; the token itself is accepted",
    next: `whoever owns the account turns two-step verification on in its Atlassian account, under Security; the token can stay. Where nobody can sign in as that account (a machine's), send an administrator of \`${repository.split("/")[0]}\`: "Our workspace wants two-step verification of every account. Please make a repository access token for ${repository}, so that a machine can use Git without an account."`,
  }),
  typical: { repository: "WORKSPACE/REPOSITORY" },
  examples: () => ({
    broken: [
      {
        intent: { push: false },
        outcomes: [outcome(source("helper"), answer(403, { kind: "two-step-required" }))],
      },
    ],
    healthy: [
      { intent: { push: false }, outcomes: [healthy()] },
      {
        intent: { push: false },
        outcomes: [outcome(source("helper"), answer(403, { kind: "ip-not-allowed" }))],
      },
    ],
  }),
});
