/** What to say about a token that was handed over, before anybody is asked. Pure. */
import { accessTokenPage, KIND_WORDS, PAGES, SCOPES } from "./bitbucket.ts";
import type { Choices } from "./plan.ts";
import { FLAW_WORDS, type TokenShape } from "./token.ts";

/** Why this text cannot be the token that is needed; null when nothing speaks against it. */
export function whyNotThisToken(shape: TokenShape, way: Choices["with"]): string | null {
  const flaw = shape.flaws[0];
  if (flaw !== undefined) return `this cannot be the token: it ${FLAW_WORDS[flaw]}`;
  const wanted = way === "access-token" ? "access-token" : "api-token";
  if (shape.kind === wanted || shape.kind === "oauth") return null;
  if (shape.kind === "app-password" || shape.kind === "legacy-app-password") {
    return `this is ${KIND_WORDS[shape.kind]}, which Bitbucket no longer accepts`;
  }
  if (shape.kind === "data-center")
    return `this is ${KIND_WORDS[shape.kind]}; bitbucket.org takes only tokens made there`;
  if (shape.kind === "access-token")
    return "this is an access token (it begins `ATCTT`): `--with access-token` is the way for it";
  if (shape.kind === "api-token")
    return "this is an API token (it begins `ATATT`): leave `--with access-token` out for it";
  return "this is no token: API tokens begin `ATATT`, access tokens `ATCTT`";
}

/** The exact way to make the token, one step a line. */
export function stepsToMakeToken(
  choices: Choices,
  repository: { workspace: string; repository: string } | null,
): string[] {
  if (choices.with === "access-token") {
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
