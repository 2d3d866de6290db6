import { defineFileCheck } from "../../core/file-check.ts";
import { spotOf } from "./example.ts";
import { adviceOr, secretWords } from "./words.ts";

export const tokenInFile = defineFileCheck({
  id: "token-in-file",
  title: "A file that others may see holds a token",
  explain: (spot) => ({
    what: secretWords(spot),
    why: "whoever reads the file, its copies or its history can sign in with the token until it is revoked or expires",
    next: adviceOr(
      spot,
      "revoke the token at Bitbucket first, make a new one, and keep that where only its user reads it: `git rekey token add` or the secret store of the product",
    ),
  }),
  examples: () => [spotOf("api-token", { tracked: true }), spotOf("access-token", { role: "documentation" })],
});
