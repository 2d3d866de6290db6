import { defineFileCheck } from "../../core/file-check.ts";
import { spotOf } from "./example.ts";
import { adviceOr, secretWords } from "./words.ts";

export const wrongUsernameForToken = defineFileCheck({
  id: "wrong-username-for-token",
  title: "A token stands beside a user name that does not go with it",
  explain: (spot) => ({
    what: secretWords(spot),
    why: "Git wants `x-bitbucket-api-token-auth` with an API token and `x-token-auth` with an access token; REST wants the e-mail with an API token",
    next: adviceOr(spot, "change the user name; the token can stay if nobody else could read it"),
  }),
  examples: () => [spotOf("api-token", { trouble: "wrong-user", user: "ana@acme.example" })],
});
