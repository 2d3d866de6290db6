/** What to say about a token that was handed over, before anybody is asked. Pure. */
import { accessTokenPage, KIND_WORDS, PAGES, SCOPES, type SecretKind } from "./bitbucket.ts";
import type { Choices } from "./plan.ts";
import { FLAW_WORDS, type TokenShape } from "./token.ts";

/** The way that fits a kind of token; null for kinds that fit none. */
export function wayOf(kind: SecretKind): "remote" | "access-token" | null {
  if (kind === "api-token") return "remote";
  return kind === "access-token" ? "access-token" : null;
}

/**
 * Why this text cannot be the token that is needed; null when nothing speaks against it. `way` is null where the
 * person left the way open: then the token decides it.
 */
export function whyNotThisToken(shape: TokenShape, way: Choices["with"] | null): string | null {
  const flaw = shape.flaws[0];
  if (flaw !== undefined) return `this cannot be the token: it ${FLAW_WORDS[flaw]}`;
  const fitting = wayOf(shape.kind);
  if (fitting !== null && (way === null || way === fitting)) return null;
  switch (shape.kind) {
    case "app-password":
    case "legacy-app-password":
      return `this is ${KIND_WORDS[shape.kind]}, which Bitbucket no longer accepts`;
    case "data-center":
      return `this is ${KIND_WORDS[shape.kind]}; bitbucket.org takes only tokens made there`;
    case "oauth":
      return "this is an OAuth token, which lives two hours: make an API token or an access token";
    case "access-token":
      return "this is an access token (it begins `ATCTT`): `--with access-token` is the way for it";
    case "api-token":
      return "this is an API token (it begins `ATATT`): leave `--with access-token` out for it";
    default:
      return "this is no token: API tokens begin `ATATT`, access tokens `ATCTT`";
  }
}

/** The exact way to make the token, one step a line. */
export function stepsToMakeToken(
  choices: Choices,
  repository: { workspace: string; repository: string } | null,
): string[] {
  if (choices.kind === "access-token") {
    const page =
      repository === null
        ? "Repository settings, Security, Access tokens"
        : accessTokenPage(repository.workspace, repository.repository);
    const scopes = choices.push
      ? [SCOPES.accessToken.read, SCOPES.accessToken.write]
      : [SCOPES.accessToken.read];
    return [
      `open ${page} (an administrator of the repository must do this)`,
      'choose "Create Access Token", give it a name that says where it is used, and an expiry',
      `tick ${scopes.map((scope) => `\`${scope}\``).join(" and ")} and nothing else`,
      "create it and copy it: it is shown once",
    ];
  }
  const scopes = choices.push ? [SCOPES.apiToken.read, SCOPES.apiToken.write] : [SCOPES.apiToken.read];
  return [
    `open ${PAGES.apiTokens}`,
    'choose "Create API token with scopes" (the other button makes one that Bitbucket never accepts)',
    "give it a name that says where it is used, and an expiry of at most a year",
    "choose the app Bitbucket",
    `tick ${scopes.map((scope) => `\`${scope}\``).join(" and ")} and nothing else`,
    "create it and copy it: it is shown once",
  ];
}
