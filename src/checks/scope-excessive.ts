import { isExcessiveScope, SCOPES, type SecretKind } from "../core/bitbucket.ts";
import { type CannotTell, defineCheck, type Found } from "../core/check.ts";
import { nameOf } from "../core/secret.ts";
import type { RestView } from "../core/setup.ts";
import { answer, secret } from "./example.ts";

interface Args {
  excessive: readonly string[];
  kind: SecretKind;
}

function lookAt(view: RestView): Found<Args>[] {
  if (view.answer.kind !== "http" || view.answer.scopes === null) return [];
  const excessive = view.answer.scopes.filter(isExcessiveScope);
  if (excessive.length === 0) return [];
  return [
    {
      args: { excessive, kind: view.secret.kind },
      severity: "warning",
      confidence: "certain",
      cause: false,
      location: null,
      evidence: [
        {
          what: `REST says the token ${nameOf(view.secret)} has: ${view.answer.scopes.join(", ")}`,
          source: { kind: "http", request: "GET api.bitbucket.org/2.0", status: view.answer.status },
        },
      ],
    },
  ];
}

function leastOf(kind: SecretKind): string {
  const { read, write } = kind === "access-token" ? SCOPES.accessToken : SCOPES.apiToken;
  return `\`${read}\` (and \`${write}\` to push)`;
}

export const scopeExcessive = defineCheck<"rest", Args>({
  id: "scope-excessive",
  title: "The token may do more than Git needs",
  needs: ["rest"],
  find: ({ rest }): Found<Args>[] | CannotTell => {
    const telling = rest.filter((view) => view.answer.kind === "http" && view.answer.scopes !== null);
    if (telling.length === 0)
      return { cannotTell: "only REST tells a token's scopes, and for an API token it wants `--email`" };
    return telling.flatMap(lookAt);
  },
  explain: ({ excessive, kind }) => ({
    what: `the token carries ${excessive.map((scope) => `\`${scope}\``).join(", ")}`,
    why: "Git only ever reads and writes repositories; who gets hold of this token can change settings or delete",
    next: `make one with ${leastOf(kind)} and revoke this one`,
  }),
  typical: { excessive: ["admin:repository:bitbucket"], kind: "api-token" },
  examples: () => {
    const withScopes = (scopes: readonly string[]): RestView => ({
      secret: secret("api-token"),
      user: "ana@acme.example",
      as: "basic",
      answer: { ...answer(200), scopes } as RestView["answer"],
    });
    return {
      broken: [
        { rest: [withScopes(["read:repository:bitbucket", "admin:repository:bitbucket"])] },
        { rest: [withScopes(["repository:delete"])] },
      ],
      healthy: [
        { rest: [withScopes(["read:repository:bitbucket", "write:repository:bitbucket"])] },
        { rest: [] },
      ],
    };
  },
});
