import { PAGES, SCOPES } from "../core/bitbucket.ts";
import { scopeMissing } from "./scope-missing.ts";

export const readScopeMissing = scopeMissing({
  id: "read-scope-missing",
  title: "The token lacks the scope for fetching",
  direction: "fetch",
  may: "read",
  why: (kind) =>
    kind === "access-token"
      ? `fetching needs \`${SCOPES.accessToken.read}\``
      : `fetching needs \`${SCOPES.apiToken.read}\`, and no other scope brings it: neither write nor admin contains read`,
  next: (kind) =>
    kind === "access-token"
      ? `make an access token with \`${SCOPES.accessToken.read}\` for this repository; scopes cannot be added to one that exists`
      : `make an API token at ${PAGES.apiTokens} with \`${SCOPES.apiToken.read}\` and run \`git rekey fix\`; scopes cannot be added to one that exists`,
});
