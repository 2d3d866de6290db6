import { type CannotTell, defineCheck, type Found } from "../core/check.ts";
import { foundPerCredential, repositoryName } from "./evidence.ts";
import { answer, healthy, outcome, route, source } from "./example.ts";
import { isUnanswered, UNANSWERED } from "./host-unreachable.ts";
import { sayingOf } from "./why-refused.ts";

interface Args {
  repository: string;
}

export const ipNotAllowed = defineCheck<"outcomes" | "intent", Args>({
  id: "ip-not-allowed",
  title: "The workspace does not let this machine's address in",
  needs: ["outcomes", "intent"],
  find: ({ outcomes, intent }): Found<Args>[] | CannotTell => {
    if (isUnanswered(outcomes)) return UNANSWERED;
    const refused = outcomes.filter((one) => sayingOf(one) === "ip-not-allowed");
    return foundPerCredential(refused, intent, "certain", ({ route }) => ({
      repository: repositoryName(route),
    }));
  },
  explain: ({ repository }) => ({
    what: `Bitbucket opens \`${repository}\` only to addresses on its workspace's list, and this machine's is not on it`,
    why: "the list is looked at after the credential, so the credential is accepted, and another one is refused just the same",
    next: `only an administrator of the workspace \`${repository.split("/")[0]}\` can change it; find this machine's public address (behind a VPN or NAT, the one it leaves by) and send: "Please add the address ADDRESS to the IP allowlist of our Bitbucket workspace, so that Git can reach ${repository} from there."`,
  }),
  typical: { repository: "WORKSPACE/REPOSITORY" },
  examples: () => {
    const refusal = answer(
      403,
      { kind: "ip-not-allowed" },
      "To access this repository, an admin must whitelist your IP.",
    );
    return {
      broken: [
        { intent: { push: false }, outcomes: [outcome(source("helper"), refusal)] },
        {
          intent: { push: true },
          outcomes: [outcome(source("helper"), refusal, { route: route({ direction: "push" }) })],
        },
      ],
      healthy: [
        { intent: { push: false }, outcomes: [healthy()] },
        {
          intent: { push: false },
          outcomes: [outcome(source("helper"), answer(403, { kind: "no-permission" }))],
        },
      ],
    };
  },
});
