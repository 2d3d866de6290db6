import { defineFileCheck } from "../../core/file-check.ts";
import { nameSpot } from "./example.ts";
import { adviceOr, secretWords } from "./words.ts";

export const oneUserForGitAndRest = defineFileCheck({
  id: "one-user-for-git-and-rest",
  title: "One user name is used for Git and for REST",
  explain: (spot) => ({
    what: secretWords(spot),
    why: "with an API token REST wants the e-mail and Git refuses it, so that no single user name serves both",
    next: adviceOr(
      spot,
      "use an access token, which needs no user for REST, or give Git and REST a user each",
    ),
  }),
  examples: () => [nameSpot("app-password", { trouble: "one-user-for-git-and-rest" })],
});
