import { KIND_WORDS, type SecretKind } from "../core/bitbucket.ts";
import { defineCheck } from "../core/check.ts";
import type { RemoteUrl, Source } from "../core/setup.ts";
import { labelOf } from "../core/source-label.ts";
import { FLAW_WORDS, type TokenFlaw } from "../core/token.ts";
import { foundPerCredential } from "./evidence.ts";
import { answer, healthy, outcome, secret, source } from "./example.ts";
import { replaceCredential } from "./steps.ts";
import { isMalformed } from "./why-refused.ts";

interface Args {
  kind: SecretKind;
  length: number;
  flaws: readonly TokenFlaw[];
  used: Source | null;
  url: RemoteUrl | null;
}

export const tokenMalformed = defineCheck<"outcomes" | "intent", Args>({
  id: "token-malformed",
  title: "The token was mistyped or cut off",
  needs: ["outcomes", "intent"],
  find: ({ outcomes, intent }) =>
    foundPerCredential(outcomes.filter(isMalformed), intent, "certain", ({ last, used, route: { url } }) => ({
      kind: last?.secret?.kind ?? "unknown",
      length: last?.secret?.length ?? 0,
      flaws: last?.secret?.flaws ?? [],
      used,
      url,
    })),
  explain: ({ kind, length, flaws, used }) => ({
    what: `${KIND_WORDS[kind]} of ${length} characters${used ? ` from ${labelOf(used)}` : ""} ${flaws.map((flaw) => FLAW_WORDS[flaw]).join(", and ")}`,
    why: "Atlassian's tokens end in a checksum of eight hex digits, so a damaged copy shows without asking anybody; Bitbucket answers it with 401",
    next: "copy the token again with the copy button and run `git rekey fix`; if it is lost, make a new one: it is shown only once",
  }),
  typical: { kind: "api-token", length: 183, flaws: ["cut-off"], used: null, url: null },
  remedy: ({ used, url }) =>
    replaceCredential("token-malformed", used, url, "store the whole token in its place"),
  examples: () => ({
    broken: [
      {
        intent: { push: false },
        outcomes: [outcome(source("helper", { secret: secret("api-token", ["cut-off"]) }), answer(401))],
      },
    ],
    healthy: [
      { intent: { push: false }, outcomes: [healthy()] },
      {
        intent: { push: false },
        outcomes: [outcome(source("helper", { secret: secret("api-token") }), answer(401))],
      },
    ],
  }),
});
