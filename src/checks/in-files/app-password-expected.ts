import { defineFileCheck } from "../../core/file-check.ts";
import { nameSpot } from "./example.ts";
import { adviceOr, nameWords } from "./words.ts";

const HOW = {
  shape: "is used with a user name that goes with no token",
  name: "has the name of an app password",
} as const;

export const appPasswordExpected = defineFileCheck({
  id: "app-password-expected",
  title: "Something signs in as only app passwords did",
  explain: (spot) => ({
    what: `${nameWords(spot)} ${HOW[spot.certainty === "legacy-by-shape" ? "shape" : "name"]}${spot.user === null ? "" : `, with the user \`${spot.user.replaceAll("`", "")}\``}`,
    why: "app passwords are gone since 2026-07-28; an API token needs the e-mail as its user for REST and `x-bitbucket-api-token-auth` for Git, so that a new value alone may not do",
    next: adviceOr(
      spot,
      "give it an access token (`x-token-auth` for Git, `Authorization: Bearer` for REST), or an API token with the right user for each",
    ),
  }),
  examples: () => [
    nameSpot("app-password", { certainty: "legacy-by-shape", user: "$BITBUCKET_USERNAME" }),
    nameSpot("app-password"),
  ],
});
