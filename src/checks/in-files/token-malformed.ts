import { defineFileCheck } from "../../core/file-check.ts";
import { spotOf } from "./example.ts";
import { secretWords } from "./words.ts";

export const tokenMalformed = defineFileCheck({
  id: "token-malformed",
  title: "A token that does not match its own checksum",
  explain: (spot) => ({
    what: secretWords(spot),
    why: "Atlassian's tokens end in a checksum, so this one was changed, cut off or made up as an example",
    next: "nothing to do if it is an example; where it should work, copy the token again or make a new one",
  }),
  examples: () => [spotOf("api-token", { certainty: "literal-shaped" }, ["cut-off"])],
});
