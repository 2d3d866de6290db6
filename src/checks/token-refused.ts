import { API_TOKEN_USER, accessTokenPage, KIND_WORDS, PAGES, type SecretKind } from "../core/bitbucket.ts";
import { defineCheck } from "../core/check.ts";
import type { RemoteUrl, Source } from "../core/setup.ts";
import { labelOf } from "../core/source-label.ts";
import { foundPerCredential, repositoryName } from "./evidence.ts";
import { answer, healthy, outcome, secret, source } from "./example.ts";
import { replaceCredential } from "./steps.ts";
import { isUnexplained, restExplains } from "./why-refused.ts";

interface Args {
  kind: SecretKind;
  user: string;
  repository: string;
  used: Source | null;
  url: RemoteUrl | null;
}

/** What the one sentence of Bitbucket may mean, each with the way to find out. */
function candidates({ kind, user, repository }: Args): string[] {
  if (kind === "data-center") {
    return [
      "it is a token of Bitbucket Data Center, which bitbucket.org never accepts: make one at Bitbucket Cloud",
    ];
  }
  const [workspace = "", name = ""] = repository.split("/");
  if (kind === "access-token" || kind === "oauth") {
    return [
      `it expired or was revoked: see ${accessTokenPage(workspace, name)}`,
      `it belongs to another repository than \`${repository}\`: the same page lists the tokens of this one`,
      "it is an organisation's API key, which begins alike: those are made at admin.atlassian.com and never work for Git",
    ];
  }
  const list = [
    `it expired or was revoked: ${PAGES.apiTokens} shows each token's date`,
    'it was made without scopes ("Create API token"), or for another app: the same page shows "Bitbucket" beside a right one',
    `its account has no access to \`${repository}\`, or the repository was moved: open https://bitbucket.org/${repository} signed in as that account`,
  ];
  if (user !== "" && user !== API_TOKEN_USER) {
    list.push(
      `\`${user}\` is not that account's Bitbucket user name (upper and lower case count): see ${PAGES.accountSettings}`,
    );
  }
  return list;
}

export const tokenRefused = defineCheck<"outcomes" | "intent" | "rest", Args>({
  id: "token-refused",
  title: "Bitbucket refuses the token, for one of several reasons",
  needs: ["outcomes", "intent", "rest"],
  find: ({ outcomes, intent, rest }) =>
    foundPerCredential(
      outcomes.filter((one) => isUnexplained(one) && !restExplains(one, rest)),
      intent,
      "likely",
      ({ last, used, route }) => ({
        kind: last?.secret?.kind ?? "unknown",
        user: last?.user ?? "",
        repository: repositoryName(route),
        used,
        url: route.url,
      }),
    ),
  explain: (args) => ({
    what: `${KIND_WORDS[args.kind]}${args.used ? ` from ${labelOf(args.used)}` : ""} is answered 401`,
    why: `Bitbucket has one sentence for all of these: (${candidates(args)
      .map((text, index) => `${index + 1}) ${text}`)
      .join("; (")}`,
    next: "`git rekey doctor --email YOU@EXAMPLE.COM` asks REST and narrows it down; a new token made by `git rekey fix` settles the first two",
  }),
  typical: { kind: "api-token", user: "", repository: "WORKSPACE/REPOSITORY", used: null, url: null },
  remedy: ({ used, url }) => replaceCredential("token-refused", used, url, "store a new token in its place"),
  examples: () => ({
    broken: [
      {
        intent: { push: false },
        rest: [],
        outcomes: [outcome(source("helper", { secret: secret("api-token") }), answer(401))],
      },
      {
        intent: { push: false },
        rest: [],
        outcomes: [
          outcome(source("helper", { user: "x-token-auth", secret: secret("access-token") }), answer(401)),
        ],
      },
    ],
    healthy: [
      { intent: { push: false }, rest: [], outcomes: [healthy()] },
      { intent: { push: false }, rest: [], outcomes: [outcome(source("helper"), answer(410))] },
      {
        intent: { push: false },
        rest: [],
        outcomes: [
          outcome(source("helper", { user: "a@b.example", secret: secret("api-token") }), answer(401)),
        ],
      },
    ],
  }),
});
