import { defineFileCheck } from "../../core/file-check.ts";
import { spotOf } from "./example.ts";
import { adviceOr, secretWords } from "./words.ts";

export const appPasswordInFile = defineFileCheck({
  id: "app-password-in-file",
  title: "A file holds an app password, which Bitbucket no longer takes",
  explain: (spot) => ({
    what: secretWords(spot),
    why: "Bitbucket Cloud removed app passwords on 2026-07-28; whatever uses this one has stopped working, and it is still a password that stands in a file",
    next: adviceOr(
      spot,
      "put a token in its place (`git rekey fix` in a checkout), or remove the line if nothing uses it any more",
    ),
  }),
  examples: () => [spotOf("app-password"), spotOf("legacy-app-password", { certainty: "literal-shaped" })],
});
