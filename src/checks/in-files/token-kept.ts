import { defineFileCheck } from "../../core/file-check.ts";
import { spotOf } from "./example.ts";
import { adviceOr, secretWords } from "./words.ts";

export const tokenKept = defineFileCheck({
  id: "token-kept",
  title: "A token is kept where it belongs",
  explain: (spot) => ({
    what: secretWords(spot),
    why: "only its owner reads the file, and Git does not track it",
    next: adviceOr(spot, "nothing to do; it expires a year after it was made at the latest"),
  }),
  examples: () => [spotOf("api-token", { role: "store" })],
});
