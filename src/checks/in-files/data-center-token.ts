import { defineFileCheck } from "../../core/file-check.ts";
import { spotOf } from "./example.ts";
import { secretWords } from "./words.ts";

export const dataCenterToken = defineFileCheck({
  id: "data-center-token",
  title: "A token of Bitbucket Data Center",
  explain: (spot) => ({
    what: secretWords(spot),
    why: "it is for a Bitbucket of somebody's own and never valid at bitbucket.org, so the end of app passwords does not touch it",
    next: "nothing to do for Bitbucket Cloud; whether it may stand here is for its owner to say",
  }),
  examples: () => [spotOf("data-center", { certainty: "literal-shaped" })],
});
