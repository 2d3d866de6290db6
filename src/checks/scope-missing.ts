/** What the checks for the two scopes have in common. Pure. */
import { KIND_WORDS, type SecretKind } from "../core/bitbucket.ts";
import { type AnyCheck, defineCheck } from "../core/check.ts";
import type { Direction } from "../core/plan.ts";
import type { RemoteUrl, Source } from "../core/setup.ts";
import { foundPerCredential } from "./evidence.ts";
import { answer, healthy, outcome, route, secret, source } from "./example.ts";
import { replaceCredential } from "./steps.ts";
import { sayingOf } from "./why-refused.ts";

interface Args {
  kind: SecretKind;
  used: Source | null;
  url: RemoteUrl | null;
}

interface Kind {
  id: "read-scope-missing" | "write-scope-missing";
  title: string;
  direction: Direction;
  /** "read" or "write to": what the token may not do to the repository. */
  may: string;
  why(kind: SecretKind): string;
  next(kind: SecretKind): string;
}

export function scopeMissing(kind: Kind): AnyCheck {
  const other: Direction = kind.direction === "fetch" ? "push" : "fetch";
  return defineCheck<"outcomes" | "intent", Args>({
    id: kind.id,
    title: kind.title,
    needs: ["outcomes", "intent"],
    find: ({ outcomes, intent }) =>
      foundPerCredential(
        outcomes.filter(
          (one) =>
            one.route.direction === kind.direction &&
            one.last?.secret != null &&
            sayingOf(one) === "scope-missing",
        ),
        intent,
        "certain",
        ({ last, used, route: { url } }) => ({ kind: last?.secret?.kind ?? "api-token", used, url }),
      ),
    explain: (args) => ({
      what: `Bitbucket accepts ${KIND_WORDS[args.kind]}, but it may not ${kind.may} the repository`,
      why: kind.why(args.kind),
      next: kind.next(args.kind),
    }),
    typical: { kind: "api-token", used: null, url: null },
    remedy: ({ used, url }) =>
      replaceCredential(kind.id, used, url, "store a token with the scope in its place"),
    examples: () => {
      const token = source("helper", { user: "x-bitbucket-api-token-auth", secret: secret("api-token") });
      const refusal = answer(403, { kind: "scope-missing", required: null, granted: null });
      return {
        broken: [
          {
            intent: { push: true },
            outcomes: [outcome(token, refusal, { route: route({ direction: kind.direction }) })],
          },
        ],
        healthy: [
          { intent: { push: false }, outcomes: [healthy()] },
          {
            intent: { push: true },
            outcomes: [outcome(token, refusal, { route: route({ direction: other }) })],
          },
        ],
      };
    },
  });
}
