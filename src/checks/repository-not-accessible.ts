import { PAGES } from "../core/bitbucket.ts";
import { defineCheck, type Found } from "../core/check.ts";
import type { Intent, Outcome } from "../core/setup.ts";
import type { SshView } from "../core/ssh.ts";
import { foundPerCredential, repositoryName, statusOf } from "./evidence.ts";
import { answer, healthy, outcome, route, secret, source, ssh, sshOutcome, sshRoute } from "./example.ts";
import { foundPerDestination } from "./ssh-evidence.ts";
import { keyEvidence } from "./ssh-keys-shown.ts";
import { isUnknownToRest, sayingOf } from "./why-refused.ts";

interface Args {
  repository: string;
  push: boolean;
  /** Over SSH a key stands for the account, and Bitbucket does not say for which. */
  byKey: boolean;
}

const argsOf = (one: Outcome): Args => ({
  repository: repositoryName(one.route),
  push: one.route.direction === "push",
  byKey: false,
});

function isSaid(one: Outcome): boolean {
  const status = statusOf(one.last?.answer);
  return one.last?.secret != null && (sayingOf(one) === "no-permission" || status === 404);
}

/** Bitbucket took the key, and its account, or the access key, does not reach the repository. */
function overSsh(view: SshView, intent: Intent): Found<Args>[] {
  return foundPerDestination(view, intent, ["repository-not-accessible"], ({ destination, outcomes }) => {
    const wanted = outcomes.find(({ route }) => route.direction === "fetch") ?? outcomes[0];
    const { direction } = wanted.route;
    return {
      args: { repository: repositoryName(wanted.route), push: direction === "push", byKey: true },
      evidence: keyEvidence(destination, view.agent),
    };
  });
}

export const repositoryNotAccessible = defineCheck<"outcomes" | "intent" | "rest", Args, "ssh">({
  id: "repository-not-accessible",
  title: "The account has no access to the repository",
  needs: ["outcomes", "intent", "rest"],
  uses: ["ssh"],
  find: ({ outcomes, intent, rest, ssh }): Found<Args>[] => [
    ...foundPerCredential(outcomes.filter(isSaid), intent, "certain", argsOf),
    ...foundPerCredential(
      outcomes.filter((one) => !isSaid(one) && isUnknownToRest(one, rest)),
      intent,
      "likely",
      argsOf,
    ),
    ...(ssh === undefined ? [] : overSsh(ssh, intent)),
  ],
  explain: ({ repository, push, byKey }) => ({
    what: `Bitbucket knows the ${byKey ? "SSH key" : "credential"}, but does not let it ${push ? "write to" : "read"} \`${repository}\``,
    why: `a ${byKey ? "key" : "token"} never has more rights than its account${byKey ? ", and with several accounts ssh may show the key of another one" : ""}; the repository may also have been renamed, moved or deleted`,
    next: `open https://bitbucket.org/${repository} as that account${byKey ? ` (its keys are listed at ${PAGES.sshKeys})` : ""}; if it is not shown, send its administrator: "Please give me ${push ? "write" : "read"} access to ${repository} in Bitbucket (Repository settings, Repository permissions)."`,
  }),
  typical: { repository: "WORKSPACE/REPOSITORY", push: false, byKey: false },
  examples: () => {
    const token = source("helper", { user: "x-bitbucket-api-token-auth", secret: secret("api-token") });
    const text = "conq: repository does not exist.";
    const unreachable = sshOutcome({ state: "refused", saying: "repository-not-accessible", text });
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
        { intent: { push: false }, rest: [], outcomes: [], ssh: ssh({ outcomes: [unreachable] }) },
        {
          intent: { push: true },
          rest: [],
          outcomes: [],
          ssh: ssh({ outcomes: [sshOutcome(), { ...unreachable, route: sshRoute({ direction: "push" }) }] }),
        },
      ],
      healthy: [
        { intent: { push: false }, rest: [], outcomes: [], ssh: ssh() },
        { intent: { push: false }, rest: [], outcomes: [healthy()] },
        { intent: { push: false }, rest: [], outcomes: [outcome(token, answer(401))] },
      ],
    };
  },
});
