import { defineFileCheck } from "../../core/file-check.ts";
import { nameSpot } from "./example.ts";
import { adviceOr, secretWords } from "./words.ts";

export const toolWithoutApiTokens = defineFileCheck({
  id: "tool-without-api-tokens",
  title: "A program is used that cannot sign in with an API token",
  explain: (spot) => ({
    what: secretWords(spot),
    why: "this release of it knows a user and an app password only, which Bitbucket no longer takes",
    next: adviceOr(spot, "use a release that takes access tokens or API tokens, or another program"),
  }),
  examples: () => [nameSpot("app-password", { trouble: "tool-without-api-tokens" })],
});
