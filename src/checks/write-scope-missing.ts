import { PAGES, SCOPES } from "../core/bitbucket.ts";
import { scopeMissing } from "./scope-missing.ts";

export const writeScopeMissing = scopeMissing({
  id: "write-scope-missing",
  title: "The token lacks the scope for pushing",
  direction: "push",
  may: "write to",
  why: (kind) =>
    `pushing needs \`${kind === "access-token" ? SCOPES.accessToken.write : SCOPES.apiToken.write}\`, and reading does not contain it`,
  next: (kind) =>
    kind === "access-token"
      ? `make an access token with \`${SCOPES.accessToken.write}\` for this repository; scopes cannot be added to one that exists`
      : `if you push from here, make an API token at ${PAGES.apiTokens} with \`${SCOPES.apiToken.read}\` and \`${SCOPES.apiToken.write}\` and run \`git rekey fix --push\`; scopes cannot be added to one that exists`,
});
