import { DATES, PAGES } from "../core/bitbucket.ts";
import { defineCheck } from "../core/check.ts";
import type { RemoteUrl, Source } from "../core/setup.ts";
import { labelOf } from "../core/source-label.ts";
import { foundPerCredential } from "./evidence.ts";
import { answer, healthy, outcome, secret, source } from "./example.ts";
import { replaceCredential } from "./steps.ts";
import { isAccountPassword, sayingOf } from "./why-refused.ts";

interface Args {
  user: string;
  used: Source | null;
  url: RemoteUrl | null;
}

export const accountPasswordSent = defineCheck<"outcomes" | "intent", Args>({
  id: "account-password-sent",
  title: "Git sends an account password where only tokens are accepted",
  needs: ["outcomes", "intent"],
  find: ({ outcomes, intent }) =>
    foundPerCredential(
      outcomes.filter(isAccountPassword),
      intent,
      (one) =>
        sayingOf(one) === null || sayingOf(one) === "no-access-or-bad-credential" ? "likely" : "certain",
      ({ last, used, route }) => ({ user: last?.user ?? "", used, url: route.url }),
    ),
  explain: ({ user, used }) => ({
    what: `Git sends a password that is no token${user ? `, as \`${user}\`` : ""}${used ? `, from ${labelOf(used)}` : ""}`,
    why: `Bitbucket Cloud takes no account passwords for Git since ${DATES.accountPasswordsRemoved.slice(0, 4)}; it accepts API tokens, access tokens and SSH keys`,
    next: `make an API token with scopes at ${PAGES.apiTokens} and run \`git rekey fix\``,
  }),
  typical: { user: "", used: null, url: null },
  remedy: ({ used, url }) =>
    replaceCredential(
      "account-password-sent",
      used,
      url,
      (source) => `store an API token, then take the password out of ${labelOf(source)}`,
    ),
  examples: () => ({
    broken: [
      {
        intent: { push: false },
        outcomes: [outcome(source("helper"), answer(401, { kind: "account-password" }))],
      },
      {
        intent: { push: false },
        outcomes: [outcome(source("url", { secret: secret("unknown") }), answer(401))],
      },
    ],
    healthy: [
      { intent: { push: false }, outcomes: [healthy()] },
      { intent: { push: false }, outcomes: [outcome(source("helper"), answer(410))] },
    ],
  }),
});
