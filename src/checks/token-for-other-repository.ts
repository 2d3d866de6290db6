import { accessTokenPage } from "../core/bitbucket.ts";
import { defineCheck } from "../core/check.ts";
import type { RemoteUrl, Source } from "../core/setup.ts";
import { foundPerCredential, repositoryName } from "./evidence.ts";
import { answer, healthy, outcome, secret, source } from "./example.ts";
import { replaceCredential } from "./steps.ts";
import { isAliveElsewhere } from "./why-refused.ts";

interface Args {
  repository: string;
  used: Source | null;
  url: RemoteUrl | null;
}

export const tokenForOtherRepository = defineCheck<"outcomes" | "intent" | "rest", Args>({
  id: "token-for-other-repository",
  title: "The access token belongs to another repository",
  needs: ["outcomes", "intent", "rest"],
  find: ({ outcomes, intent, rest }) =>
    foundPerCredential(
      outcomes.filter((one) => isAliveElsewhere(one, rest)),
      intent,
      "likely",
      ({ used, route }) => ({ repository: repositoryName(route), used, url: route.url }),
    ),
  explain: ({ repository }) => ({
    what: `the access token is alive but does not open \`${repository}\``,
    why: "a repository access token opens the one repository it was made in; for any other, Git's host answers 401 as if it were wrong",
    next: `make one at ${accessTokenPage(...splitName(repository))} and run \`git rekey fix --with access-token\``,
  }),
  typical: { repository: "WORKSPACE/REPOSITORY", used: null, url: null },
  remedy: ({ used, url }) => {
    // What a helper keeps is alive, and another repository's: nothing makes it forget that.
    const isKept = used?.kind === "helper" && !used.helper?.startsWith("!");
    const summary = `store this repository's own token ${isKept ? "beside it" : "in its place"}`;
    const remedy = replaceCredential("token-for-other-repository", used, url, summary);
    return remedy && isKept ? { ...remedy, steps: () => [] } : remedy;
  },
  examples: () => {
    const accessToken = secret("access-token");
    const refused = outcome(source("helper", { user: "x-token-auth", secret: accessToken }), answer(401));
    return {
      broken: [
        {
          intent: { push: false },
          outcomes: [refused],
          rest: [{ secret: accessToken, user: "", as: "bearer", answer: answer(404) }],
        },
      ],
      healthy: [
        { intent: { push: false }, outcomes: [healthy()], rest: [] },
        {
          intent: { push: false },
          outcomes: [refused],
          rest: [{ secret: accessToken, user: "", as: "bearer", answer: answer(401) }],
        },
      ],
    };
  },
});

function splitName(repository: string): [string, string] {
  const [workspace = "", name = ""] = repository.split("/");
  return [workspace, name];
}
